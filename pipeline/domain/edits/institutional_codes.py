"""Institutional claims: diagnoses and procedures, the committee's codes, revenue codes and what stands under them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.domain.edits.codes_institutional import (
    ACUTE,
    COVERED_DAYS,
    DAYS,
    NON_COVERED_DAYS,
    PRESENT_ON_ADMISSION,
    TOTAL,
    UNITS,
    is_accommodation,
    is_emergency,
    is_priced_by_procedure,
)
from pipeline.domain.edits.coding import is_diagnosis
from pipeline.domain.edits.money import MAX_CENTS
from pipeline.domain.edits.parties import procedures
from pipeline.domain.edits.rule import Facts, Found, rule
from pipeline.domain.institutional_claim import Diagnosis, InstitutionalClaim

_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}", re.ASCII)
_DRG = re.compile(r"[0-9]{3,4}", re.ASCII)
_TWO = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_REVENUE = re.compile(r"[0-9]{4}", re.ASCII)
_EXTERNAL = tuple("VWXY")
_UNPLANNED = frozenset("125")
_MOST = {
    "visit_reasons": 3,
    "external_causes": 12,
    "other_diagnoses": 24,
    "other_procedures": 24,
    "occurrence_spans": 24,
    "occurrences": 24,
    "value_amounts": 24,
    "condition_codes": 24,
}
_MOST_LINES = 999


def _main(claim: InstitutionalClaim) -> list[tuple[str, Diagnosis]]:
    """Path and value of the principal diagnosis and the others."""
    others = [(f"other_diagnoses[{index}]", one) for index, one in enumerate(claim.other_diagnoses)]
    return [("principal_diagnosis", claim.principal_diagnosis), *others]


def _causes(claim: InstitutionalClaim) -> list[tuple[str, Diagnosis]]:
    return [(f"external_causes[{index}]", one) for index, one in enumerate(claim.external_causes)]


@rule("INS20")
def all_diagnoses_well_formed(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Every diagnosis has the form of ICD-10-CM; the principal one is a condition, an external cause is V to Y."""
    codes = [(f"{path}.code", one.code) for path, one in (*_main(claim), *_causes(claim))]
    codes += [(f"visit_reasons[{index}]", code) for index, code in enumerate(claim.visit_reasons)]
    codes += [("admitting_diagnosis", claim.admitting_diagnosis)] if claim.admitting_diagnosis is not None else []
    for path, code in codes:
        if not is_diagnosis(code):
            yield path, "not the form of an ICD-10-CM code", "look the diagnosis up"
        elif path == "principal_diagnosis.code" and code.startswith(_EXTERNAL):
            yield path, "an external cause cannot be the principal diagnosis", "put the injury or condition first"
        elif path.startswith("external") and not code.startswith(_EXTERNAL):
            yield path, "no external cause", "give it as another diagnosis"


@rule("INS21")
def principal_and_others_differ(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """No diagnosis is principal and other at once, or other twice."""
    seen: set[str] = set()
    for path, one in _main(claim):
        plain = one.code.replace(".", "")
        if plain in seen:
            yield f"{path}.code", "the diagnosis is given twice", "remove it"
        seen.add(plain)


@rule("INS22")
def lists_within_their_limits(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """At most three reasons, twelve external causes, 24 of each other list; one to 999 lines."""
    for field, most in _MOST.items():
        if len(getattr(claim, field)) > most:
            yield field, f"a claim has at most {most} of these", "keep those that bear on payment"
    if not 1 <= len(claim.lines) <= _MOST_LINES:
        yield "lines", "a claim has one to 999 lines", "add the service, or split the claim"


@rule("INS23")
def presence_belongs_to_a_stay(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Present on admission is Y, N, U or W, and is told of a stay only."""
    for path, one in (*_main(claim), *_causes(claim)):
        given = one.present_on_admission
        if given not in {None, *PRESENT_ON_ADMISSION}:
            yield f"{path}.present_on_admission", "the code is unknown", "give Y, N, U or W; nothing for an exempt code"
        elif given is not None and not claim.inpatient:
            yield f"{path}.present_on_admission", "present on admission, and nobody was admitted", "leave it out"


@rule("INS24", "warning")
def presence_told(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """In an acute stay (11) each diagnosis says whether it was present on admission, unless its code is exempt."""
    if claim.facility_type != ACUTE:
        return
    for path, one in _main(claim):
        if one.present_on_admission is None:
            yield (
                f"{path}.present_on_admission",
                "not said whether it was present on admission",
                "give Y, N, U or W, unless the code is exempt",
            )


@rule("INS25")
def admitting_diagnosis_told(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """A stay has the diagnosis with which the patient was admitted."""
    if claim.inpatient and claim.admitting_diagnosis is None:
        yield "admitting_diagnosis", "a stay without admitting diagnosis", "give it"


@rule("INS26", "warning")
def visit_reason_told(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """An unplanned visit to emergency, urgent care or observation has the patient's reason for it."""
    unplanned = claim.facility_type in {"13", "85"} and claim.admission_type in _UNPLANNED
    if unplanned and not claim.visit_reasons and any(is_emergency(line.revenue_code) for line in claim.lines):
        yield "visit_reasons", "an unplanned visit without the patient's reason", "give it as a diagnosis"


@rule("INS27")
def procedures_of_the_stay_sound(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Procedures have the form of ICD-10-PCS and a day not after the statement; others stand beside a principal one."""
    if claim.other_procedures and claim.principal_procedure is None:
        yield "principal_procedure", "other procedures and no principal one", "say which is the principal one"
    for path, one in procedures(claim):
        if not _PCS.fullmatch(one.code):
            yield f"{path}.code", "not the form of an ICD-10-PCS code", "look the procedure up"
        if one.performed_on > claim.statement_to:
            yield f"{path}.performed_on", "done after the last day of the statement", "correct the day"


@rule("INS28")
def drg_well_formed(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """A diagnosis related group has three or four digits."""
    if claim.drg is not None and not _DRG.fullmatch(claim.drg):
        yield "drg", "not the form of a diagnosis related group", "give its digits"


@rule("INS29")
def committee_codes_well_formed(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Occurrence, span, value and condition codes are two capitals or digits; spans run forward; no condition or value is told twice."""
    given: dict[str, Sequence[str]] = {
        name: [one.code for one in getattr(claim, name)]
        for name in ("occurrences", "occurrence_spans", "value_amounts")
    }
    for name, codes in {**given, "condition_codes": claim.condition_codes}.items():
        for index, code in enumerate(codes):
            if not _TWO.fullmatch(code):
                yield _code_path(name, index), "not two capitals or digits", "look the code up"
            elif name in {"condition_codes", "value_amounts"} and code in codes[:index]:
                yield _code_path(name, index), "the code is told twice", "remove one"
    for index, span in enumerate(claim.occurrence_spans):
        if span.last < span.first:
            yield f"occurrence_spans[{index}].last", "the last day is before the first", "correct the dates"


def _code_path(name: str, index: int) -> str:
    return f"{name}[{index}]" if name == "condition_codes" else f"{name}[{index}].code"


@rule("INS30")
def value_amounts_sound(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """A value code has an amount or a count, not below zero, with two decimals at most; 80 to 83 count whole days."""
    for index, one in enumerate(claim.value_amounts):
        path = f"value_amounts[{index}]"
        if (one.amount_cents is None) == (one.count is None):
            yield path, "neither amount nor count, or both", "give amount_cents for money, else count"
            continue
        hundredths = one.count * 100 if one.count is not None else one.amount_cents or 0
        if not 0 <= hundredths <= MAX_CENTS or hundredths != int(hundredths):
            yield path, "no amount that a value code can have", "correct it"
        elif one.code in DAYS and (one.count is None or one.count != int(one.count)):
            yield path, "the code counts days", "give whole days as count"


@rule("INS31")
def revenue_codes_well_formed(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Revenue codes have four digits; the total (0001) is no line. Units are UN or DA."""
    for index, line in enumerate(claim.lines):
        if not _REVENUE.fullmatch(line.revenue_code):
            yield f"lines[{index}].revenue_code", "not four digits", "give them with the leading zero"
        elif line.revenue_code == TOTAL:
            yield f"lines[{index}].revenue_code", "the total is no line", "remove it; charge_cents is the total"
        if line.unit not in UNITS:
            yield f"lines[{index}].unit", "the unit is neither UN nor DA", "give UN, or DA for days"
        for decided, one in enumerate(line.adjudications or ()):
            if not _REVENUE.fullmatch(one.revenue_code):
                yield (
                    f"lines[{index}].adjudications[{decided}].revenue_code",
                    "not four digits",
                    "copy it from the remittance",
                )


@rule("INS32")
def procedure_where_it_is_priced_by(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """An outpatient service that is priced by its procedure has one; modifiers and description go with a procedure."""
    for index, line in enumerate(claim.lines):
        if line.procedure is not None:
            continue
        if not claim.inpatient and is_priced_by_procedure(line.revenue_code):
            yield f"lines[{index}].procedure", "an outpatient service without its procedure", "give the HCPCS code"
        if line.modifiers or line.description is not None:
            yield f"lines[{index}].procedure", "modifiers or description without a procedure", "give the HCPCS code"


@rule("INS33")
def charges_and_their_parts(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """No charge is below zero, and what is not covered is not more than it."""
    for index, line in enumerate(claim.lines):
        if line.charge_cents < 0:
            yield f"lines[{index}].charge_cents", "the charge is below zero", "give the charge, or remove the line"
        elif not 0 <= (line.non_covered_cents or 0) <= line.charge_cents:
            yield f"lines[{index}].non_covered_cents", "more is not covered than was charged", "correct it"
    if claim.charge_cents <= 0:
        yield "charge_cents", "the claim charges nothing", "give its lines with their charges"
    if not 0 <= (claim.patient_due_cents or 0) <= MAX_CENTS:
        yield "patient_due_cents", "no amount that a patient can owe", "correct it"


@rule("INS34")
def days_add_up(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Where value codes count the days of a stay, covered (80) and not covered (81) are those of room and board."""
    counted = Counter(
        {one.code: one.count for one in claim.value_amounts if one.code in DAYS and one.count is not None}
    )
    if not claim.inpatient or COVERED_DAYS not in counted:
        return
    days = sum(line.units for line in claim.lines if is_accommodation(line.revenue_code))
    if days != counted[COVERED_DAYS] + counted[NON_COVERED_DAYS]:
        yield "value_amounts", "covered and other days are not those of room and board", "count the days again"


RULES = (
    all_diagnoses_well_formed,
    principal_and_others_differ,
    lists_within_their_limits,
    presence_belongs_to_a_stay,
    presence_told,
    admitting_diagnosis_told,
    visit_reason_told,
    procedures_of_the_stay_sound,
    drg_well_formed,
    committee_codes_well_formed,
    value_amounts_sound,
    revenue_codes_well_formed,
    procedure_where_it_is_priced_by,
    charges_and_their_parts,
    days_add_up,
)
