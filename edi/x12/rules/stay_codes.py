"""The coded facts of an institutional claim (HI) and the codes of its lines."""

import re
from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules.bills import OF_ICD_9, Bill, Code
from edi.x12.rules.claims import Line
from edi.x12.rules.coding import ICD10
from edi.x12.rules.rule import At, Facts, Found, after, repeated, rule
from edi.x12.rules.values import cents, day, days
from edi.x12.tree import Item

_DIAGNOSES = ("ABK", "ABJ", "APR", "ABN", "ABF")
_ASKED_ON_ADMISSION = ("ABK", "ABF")
_EXTERNAL = frozenset("VWXY")
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}", re.ASCII)
_DRG = re.compile(r"[0-9]{3,4}", re.ASCII)
_TWO = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_REVENUE = re.compile(r"[0-9]{4}", re.ASCII)
_TOTAL = "0001"
_EMERGENCY = re.compile(r"045[0-9]|0516|0526|0762", re.ASCII)
_VISITS = frozenset({"13", "85"})
_UNPLANNED = frozenset("125")
_DAYS = frozenset({"80", "81", "82", "83"})
_DAY_IN_CENTS = 100
_COMMITTEE = ("BI", "BH", "BE", "BG")


def _place(one: Code) -> At:
    return At(one.item, one.element, 2)


@rule("X837-DIAGNOSIS", 5, "I12", "A7:254")
def diagnoses_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Diagnoses have the form of ICD-10-CM: a letter, a digit, and one to five more; no point."""
    for one in claim.of_kind(*_DIAGNOSES):
        if not _of_icd_9(one) and not ICD10.fullmatch(one.code):
            yield Found(_place(one), "not the form of an ICD-10-CM code", "Look the diagnosis up; no point.")


def _of_icd_9(one: Code) -> bool:
    return one.given in OF_ICD_9


@rule("X837-DIAGNOSIS-REPEATED", 4, "7", "A7:255")
def principal_and_other_diagnoses_differ(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """No diagnosis is principal and other at once, or other twice."""
    for where, earlier in repeated(_place(one) for one in claim.of_kind("ABK", "ABF")):
        yield Found(where, "the diagnosis is given twice", "Remove it.", earlier)


@rule("X837-DIAGNOSIS-VERSION", 4, "7", "A7:254")
def codes_are_of_one_version(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """All diagnoses and procedures of a claim come from ICD-10, or all from ICD-9."""
    given = claim.of_kind(*OF_ICD_9.values())
    for one in given[1:]:
        if _of_icd_9(one) != _of_icd_9(given[0]):
            yield Found(At(one.item, one.element, 1), "codes of two versions in one claim", "Use one version.")


@rule("X837I-POA", 4, "I9", "A6:255", severity=Severity.WARNING)
def present_on_admission_told(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """In a hospital stay each diagnosis says whether it was present on admission; a code that is exempt says nothing."""
    if claim.acute:
        for one in claim.of_kind(*_ASKED_ON_ADMISSION):
            if not one.item.part(one.element, 9):
                yield Found(
                    At(one.item, one.element, 9), "not said whether it was present on admission",
                    "Give Y, N, U or W, unless the code is exempt.", At(claim.clm, 5, 1),
                )  # fmt: skip


@rule("X837I-POA-OUTPATIENT", 4, "I13", "A7:255", severity=Severity.WARNING)
def present_on_admission_belongs_to_a_stay(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Where nobody was admitted, no diagnosis says that it was present on admission."""
    if not claim.inpatient:
        for one in claim.of_kind("ABK", "ABF", "ABN"):
            if one.item.part(one.element, 9):
                yield Found(
                    At(one.item, one.element, 9), "present on admission, and nobody was admitted", "Leave it out.",
                    At(claim.clm, 5, 1),
                )  # fmt: skip


@rule("X837I-ADMITTING", 4, "I6", "A6:232")
def admitting_diagnosis_told(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """A stay has the diagnosis with which the patient was admitted (HI ABJ)."""
    if claim.inpatient and not claim.of_kind("ABJ"):
        yield Found(after(claim.node, "HI"), "a stay without admitting diagnosis", "Add HI*ABJ.", At(claim.clm, 5, 1))


@rule("X837I-VISIT-REASON", 4, "I6", severity=Severity.WARNING)
def reason_for_the_visit_told(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """An unplanned visit to emergency, urgent care or observation has the patient's reason for it (HI APR)."""
    unplanned = claim.place in _VISITS and claim.cl1 is not None and claim.cl1[1] in _UNPLANNED
    if not unplanned or claim.of_kind("APR"):
        return
    for line in claim.lines:
        if line.sv2 and _EMERGENCY.fullmatch(line.sv2[1]):
            yield Found(
                after(claim.node, "HI"), "an unplanned visit without the patient's reason", "Add HI*APR.",
                At(line.sv2, 1),
            )  # fmt: skip
            return


@rule("X837I-EXTERNAL-CAUSE", 5, "I12", "A7:255")
def external_causes_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """External causes are codes of ICD-10-CM that begin with V, W, X or Y."""
    for one in claim.of_kind("ABN"):
        if not _of_icd_9(one) and one.code[0] not in _EXTERNAL:
            yield Found(_place(one), "no external cause", "Give it as another diagnosis.")


@rule("X837I-DRG", 5, "I12", "A7:256")
def drg_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """A diagnosis related group has three digits, four where it tells the severity too."""
    for one in claim.of_kind("DR"):
        if not _DRG.fullmatch(one.code):
            yield Found(_place(one), "not the form of a diagnosis related group", "Give its digits.")


@rule("X837I-PROCEDURE", 5, "I12", "A7:465")
def procedures_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Procedures have the form of ICD-10-PCS: seven digits or capitals, neither I nor O."""
    for one in claim.of_kind("BBR", "BBQ"):
        if not _of_icd_9(one) and not _PCS.fullmatch(one.code):
            yield Found(_place(one), "not the form of an ICD-10-PCS code", "Look the procedure up.")


@rule("X837I-PROCEDURE-FIRST", 4, "I6", "A6:465")
def other_procedures_have_a_principal_one(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """There are other procedures (BBQ) only beside a principal one (BBR)."""
    others = claim.of_kind("BBQ")
    if others and not claim.of_kind("BBR"):
        yield Found(
            after(claim.node, "HI"), "other procedures and no principal one", "Say which is the principal one.",
            _place(others[0]),
        )  # fmt: skip


@rule("X837I-PROCEDURE-DATE", 4, "8", "A7:465")
def procedures_before_the_statement_ends(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """No procedure is after the last day of the statement; before its first, tests may belong to the stay."""
    for one in claim.of_kind("BBR", "BBQ"):
        done = day(one.item.part(one.element, 4))
        if done and claim.statement and done > claim.statement[1]:
            yield Found(At(one.item, one.element, 4), "done after the last day of the statement", "Correct the day.")


@rule("X837I-SPAN-ORDER", 5, "8", "A7:462")
def spans_run_forward(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """The last day of an occurrence span is not before its first."""
    for one in claim.of_kind("BI"):
        given = days(one.item.part(one.element, 3), one.item.part(one.element, 4))
        if given and given[1] < given[0]:
            yield Found(At(one.item, one.element, 4), "the last day is before the first", "Correct the dates.")


@rule("X837I-OCCURRENCE-AHEAD", 5, "8", "A7:461")
def occurrences_are_not_ahead(claim: Bill, facts: Facts) -> Iterator[Found]:
    """What has happened is not after the day of the set."""
    for one in claim.of_kind("BH"):
        happened = day(one.item.part(one.element, 4))
        if happened and facts.today and happened > facts.today:
            yield Found(
                At(one.item, one.element, 4), "a day after the day on which the set was made", "Correct the date."
            )


@rule("X837I-VALUE", 3, "I12", "A7:463")
def value_amounts_are_sound(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Amounts of value codes have two decimals at most and are not below zero; codes that count days (80 to 83) count
    whole ones.
    """
    for one in claim.of_kind("BE"):
        amount = cents(one.item.part(one.element, 5))
        if amount is None or amount < 0:
            yield Found(At(one.item, one.element, 5), "no amount that a value code can have", "Correct it.")
        elif one.code in _DAYS and amount % _DAY_IN_CENTS:
            yield Found(At(one.item, one.element, 5), "parts of a day", "Count whole days.", _place(one))


@rule("X837I-CODE-FORM", 5, "I12", "A7:460")
def committee_codes_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Occurrence, span, value and condition codes are two digits or capitals."""
    for one in claim.of_kind(*_COMMITTEE):
        if not _TWO.fullmatch(one.code):
            yield Found(_place(one), "not two digits or capitals", "Look the code up.")


@rule("X837I-CODE-REPEATED", 4, "7", "A7:460")
def conditions_and_values_differ(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """No condition and no value code is told twice."""
    for kind in ("BG", "BE"):
        for where, earlier in repeated(_place(one) for one in claim.of_kind(kind)):
            yield Found(where, "the code is told twice", "Remove one.", earlier)


@rule("X837I-REVENUE", 5, "I12", "A7:455")
def revenue_code_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """Revenue codes have four digits with the leading zero; the total (0001) is no line, for CLM02 tells it."""
    at = 1 if item.id == "SV2" else 4
    if item[at] and (not _REVENUE.fullmatch(item[at]) or item[at] == _TOTAL):
        yield Found(At(item, at), "no revenue code of a line", "Give its four digits; leave the total out.")


@rule("X837I-NON-COVERED", 3, "I12", "A7:178")
def non_covered_is_part_of_the_charge(line: Line, _facts: Facts) -> Iterator[Found]:
    """What is not covered (SV207) is not more than the line's charge."""
    denied = cents(line.sv2[7]) if line.sv2 else None
    if line.sv2 and denied is not None and line.charge is not None and denied > line.charge:
        yield Found(At(line.sv2, 7), "more is not covered than was charged", "Correct it.", At(line.sv2, 3))


CLAIM = (
    diagnoses_well_formed,
    principal_and_other_diagnoses_differ,
    codes_are_of_one_version,
    present_on_admission_told,
    present_on_admission_belongs_to_a_stay,
    admitting_diagnosis_told,
    reason_for_the_visit_told,
    external_causes_well_formed,
    drg_well_formed,
    procedures_well_formed,
    other_procedures_have_a_principal_one,
    procedures_before_the_statement_ends,
    spans_run_forward,
    occurrences_are_not_ahead,
    value_amounts_are_sound,
    committee_codes_well_formed,
    conditions_and_values_differ,
)
LINE = (non_covered_is_part_of_the_charge,)
REVENUE = (revenue_code_well_formed,)
