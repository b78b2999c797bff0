"""What was wrong with the patient and what was done: diagnoses, procedures, modifiers, pointers.

The form of codes is checked here, not whether a code is in force on the date: that list changes with each quarter.
"""

import re
from collections.abc import Iterator

from pipeline.domain.claim import BaseClaim, Claim
from pipeline.domain.edits.codes import DRUG_UNITS, RELATED_CAUSES, STATES, UNITS, UNLISTED
from pipeline.domain.edits.rule import Facts, Found, rule

_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_PROCEDURE = re.compile(r"[A-EGHJ-MP-V][0-9]{4}|[0-9]{4}[0-9AFMTU]", re.ASCII)
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_NDC = re.compile(r"[0-9]{11}")


def is_diagnosis(code: str) -> bool:
    """True for the form of ICD-10-CM, with or without point."""
    return _ICD10.fullmatch(code) is not None and not (len(code) == 4 and code.endswith("."))


def is_procedure(code: str) -> bool:
    """True for the form of HCPCS or CPT."""
    return _PROCEDURE.fullmatch(code) is not None


def is_modifier(code: str) -> bool:
    """True for two capitals or digits."""
    return _MODIFIER.fullmatch(code) is not None


@rule("COD01")
def diagnoses_one_to_twelve(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A claim has one to twelve diagnoses; of a transport AMB11 says it."""
    if not 1 <= len(claim.diagnoses) <= 12:
        yield "diagnoses", "a claim has one to twelve diagnoses", "add the diagnosis, or split the claim"


@rule("COD02")
def diagnosis_well_formed(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Diagnoses have the form of ICD-10-CM: three to seven characters."""
    for index, code in enumerate(claim.diagnoses):
        if not is_diagnosis(code):
            yield f"diagnoses[{index}]", "not the form of an ICD-10-CM code", "look the diagnosis up"


@rule("COD03")
def diagnoses_differ(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """No diagnosis is given twice; of a transport AMB11 says it."""
    seen: set[str] = set()
    for index, code in enumerate(claim.diagnoses):
        plain = code.replace(".", "")
        if plain in seen:
            yield f"diagnoses[{index}]", "the diagnosis is given twice", "remove it and correct the pointers"
        seen.add(plain)


@rule("COD04")
def main_diagnosis_is_no_external_cause(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The first diagnosis is a condition; external causes (V to Y) come after it."""
    if claim.diagnoses and claim.diagnoses[0][0] in "VWXY":
        yield "diagnoses[0]", "an external cause cannot be the main diagnosis", "put the injury or condition first"


@rule("COD05")
def lines_one_to_fifty(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A claim has one to fifty service lines."""
    if not 1 <= len(claim.lines) <= 50:
        yield "lines", "a claim has one to fifty lines", "add the service, or split the claim"


@rule("COD06")
def procedure_well_formed(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Procedures have the form of HCPCS or CPT: five characters."""
    for index, line in enumerate(claim.lines):
        if line.procedure is not None and not is_procedure(line.procedure):
            yield f"lines[{index}].procedure", "not the form of a HCPCS or CPT code", "look the procedure up"


@rule("COD07")
def modifiers_well_formed(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A line has at most four modifiers of two characters."""
    for index, line in enumerate(claim.lines):
        if len(line.modifiers) > 4:
            yield f"lines[{index}].modifiers", "a line has at most four modifiers", "keep those that decide payment"
        for place, modifier in enumerate(line.modifiers):
            if not is_modifier(modifier):
                yield f"lines[{index}].modifiers[{place}]", "not two capitals or digits", "correct the modifier"


@rule("COD08")
def modifiers_differ(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """No modifier stands twice on a line."""
    for index, line in enumerate(claim.lines):
        if len(set(line.modifiers)) < len(line.modifiers):
            yield f"lines[{index}].modifiers", "a modifier stands twice on the line", "remove one"


@rule("COD09")
def pointers_point_at_diagnoses(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A line points at one to four different diagnoses of the claim."""
    for index, line in enumerate(claim.lines):
        pointers = line.diagnosis_pointers
        if not 1 <= len(pointers) <= 4 or len(set(pointers)) < len(pointers):
            yield f"lines[{index}].diagnosis_pointers", "a line has one to four different pointers", "correct them"
        for place, pointer in enumerate(pointers):
            if not 1 <= pointer <= len(claim.diagnoses):
                yield (
                    f"lines[{index}].diagnosis_pointers[{place}]",
                    "the pointer points at no diagnosis of the claim",
                    "count the diagnoses from 1",
                )


@rule("COD10")
def unlisted_code_described(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """An unlisted procedure says in words what was done."""
    for index, line in enumerate(claim.lines):
        if line.procedure in UNLISTED and line.description is None:
            yield f"lines[{index}].description", "an unlisted procedure needs a description", "say what was done"


@rule("COD11")
def unit_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The unit is UN or MJ."""
    for index, line in enumerate(claim.lines):
        if line.unit not in UNITS:
            yield f"lines[{index}].unit", "the unit is neither UN nor MJ", "give UN, or MJ for anaesthesia minutes"


@rule("COD12")
def drug_whole(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A drug has its eleven-digit code, a quantity above zero and its unit."""
    for index, line in enumerate(claim.lines):
        given = [line.ndc is not None, line.ndc_units is not None, line.ndc_unit is not None]
        if not any(given):
            continue
        if not all(given):
            yield f"lines[{index}].ndc", "drug code, quantity and unit go together", "give all three or none"
        if line.ndc is not None and not _NDC.fullmatch(line.ndc):
            yield f"lines[{index}].ndc", "a national drug code has eleven digits", "pad its parts to 5-4-2"
        if line.ndc_units is not None and line.ndc_units <= 0:
            yield f"lines[{index}].ndc_units", "the quantity is not above zero", "correct it"
        if line.ndc_unit not in {None, *DRUG_UNITS}:
            yield f"lines[{index}].ndc_unit", "the drug unit is unknown", "give F2, GR, ME, ML or UN"


@rule("COD13")
def related_causes_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Related causes are AA, EM, OA, at most two; an auto accident has a state, and nothing else has."""
    causes = claim.related_causes
    if len(causes) > 2 or len(set(causes)) < len(causes) or not set(causes) <= RELATED_CAUSES:
        yield "related_causes", "at most two different of AA, EM, OA", "correct them"
    if ("AA" in causes) != (claim.accident_state is not None):
        yield "accident_state", "the state goes with an auto accident, and only with one", "give or remove it"
    if claim.accident_state is not None and claim.accident_state not in STATES:
        yield "accident_state", "the state is not a postal code of two capitals", "give it as in TX"


@rule("COD14")
def authorization_and_referral_differ(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Prior authorization and referral are two numbers, not one given twice."""
    if claim.prior_authorization is not None and claim.prior_authorization == claim.referral_number:
        yield "referral_number", "the same number stands as authorization and as referral", "keep the one it is"


DIAGNOSES_COUNTED = (diagnoses_one_to_twelve, diagnoses_differ)
"""Of every claim but a transport, whose AMB11 says the same."""

RULES = (
    procedure_well_formed,
    modifiers_well_formed,
    modifiers_differ,
    unlisted_code_described,
    drug_whole,
    authorization_and_referral_differ,
)
PROFESSIONAL = (
    diagnosis_well_formed,
    main_diagnosis_is_no_external_cause,
    lines_one_to_fifty,
    pointers_point_at_diagnoses,
    unit_known,
    related_causes_known,
)
