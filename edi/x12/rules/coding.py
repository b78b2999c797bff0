"""What was wrong and what was done: diagnoses, pointers, procedures, modifiers, places, drugs."""

import re
from collections.abc import Iterator

from edi.x12.rules.claims import Claim, Line
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, differ, repeated, rule
from edi.x12.rules.values import whole
from edi.x12.tree import Item

ICD10 = re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}", re.ASCII)
_HCPCS = re.compile(r"[A-CEGHJ-MP-V][0-9]{4}|D[0-9]{4}|[0-9]{4}[0-9AFMTU]", re.ASCII)
_AMBULANCE = re.compile(r"A0[0-9]{3}", re.ASCII)
_MODIFIER = re.compile(r"[A-Z0-9]{2}", re.ASCII)
_NDC = re.compile(r"[0-9]{11}", re.ASCII)
_PROCEDURE = {"SV1": 1, "SV2": 2, "SVD": 3}
_ICD10_QUALIFIERS = frozenset({"ABK", "ABF"})


@rule("X837-DIAGNOSIS", 5, "I12", "A7:254")
def diagnosis_well_formed(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Diagnoses have the form of ICD-10-CM: a letter, a digit, and one to five more; no point."""
    for one in claim.diagnoses:
        if one.qualifier in _ICD10_QUALIFIERS and not ICD10.fullmatch(one.code):
            yield Found(
                At(one.item, one.element, 2), "not the form of an ICD-10-CM code", "Look the diagnosis up; no point."
            )


@rule("X837-DIAGNOSIS-REPEATED", 4, "7", "A7:255")
def diagnoses_differ(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """No diagnosis is given twice."""
    if differ([one.code for one in claim.diagnoses]):
        return
    for where, earlier in repeated(At(one.item, one.element, 2) for one in claim.diagnoses):
        yield Found(where, "the diagnosis is given twice", "Remove it and correct the pointers.", earlier)


@rule("X837-DIAGNOSIS-VERSION", 4, "7", "A7:254")
def diagnoses_are_of_one_version(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """All diagnoses of a claim come from ICD-10-CM, or all from ICD-9-CM."""
    given = claim.diagnoses
    for one in given[1:]:
        if (one.qualifier in _ICD10_QUALIFIERS) != (given[0].qualifier in _ICD10_QUALIFIERS):
            yield Found(At(one.item, one.element, 1), "codes of two versions in one claim", "Use one version.")


@rule("X837-POINTER", 4, "7", "A7:477")
def pointers_point_at_diagnoses(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A line points at diagnoses that the claim has."""
    count = len(claim.diagnoses)
    for line in claim.lines:
        if line.sv1 is None:
            continue
        for component, pointer in enumerate(line.sv1.parts(7), 1):
            if (whole(pointer) or 0) > count:
                yield Found(
                    At(line.sv1, 7, component),
                    f"points beyond the {count} diagnoses of the claim",
                    "Point at a diagnosis of HI, counted from 1.",
                )


@rule("X837-PROCEDURE", 5, "I12", "A7:507")
def procedure_well_formed(item: Item, facts: Facts) -> Iterator[Found]:
    """Procedures billed, and judged by another payer, have the form of HCPCS or CPT; ambulances' are on the list."""
    at = _PROCEDURE[item.id]
    kind, code, *_ = [*item.parts(at), ""]
    if kind != "HC" or not code:
        return
    if not _HCPCS.fullmatch(code):
        yield Found(At(item, at, 2), "not the form of a HCPCS or CPT code", "Look the procedure up.")
    elif _AMBULANCE.fullmatch(code) and not facts.known("hcpcs_ambulance", code):
        yield Found(At(item, at, 2), "no ambulance code of HCPCS", "Look the procedure up.")


@rule("X837-UNLISTED", 4, "I9", "A8:306")
def unlisted_procedure_described(line: Line, facts: Facts) -> Iterator[Found]:
    """A code for what has no code of its own comes with words."""
    if line.sv1 is not None and facts.known("hcpcs_unlisted", line.procedure) and not line.sv1.part(1, 7):
        yield Found(
            At(line.sv1, 1, 7),
            "an unlisted procedure without description",
            "Say in words what was done.",
            At(line.sv1, 1, 2),
        )


@rule("X837-MODIFIER", 5, "I12", "A7:453")
def modifiers_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """Modifiers are two capitals or digits."""
    for part, modifier in enumerate(_modifiers(item), 3):
        if modifier and not _MODIFIER.fullmatch(modifier):
            yield Found(At(item, _PROCEDURE[item.id], part), "not two capitals or digits", "Correct the modifier.")


@rule("X837-MODIFIER-REPEATED", 5, "7", "A7:453")
def modifiers_differ(item: Item, _facts: Facts) -> Iterator[Found]:
    """No modifier stands twice on a line."""
    given = _modifiers(item)
    if differ(given):
        return
    for where, _ in repeated(At(item, _PROCEDURE[item.id], part) for part in range(3, 3 + len(given))):
        yield Found(where, "the modifier stands twice on the line", "Remove one.")


def _modifiers(item: Item) -> list[str]:
    return item.parts(_PROCEDURE[item.id])[2:6]


@rule("X837-PLACE", 5, "7", "A7:249", severity=DOUBTFUL)
def place_of_claim_known(claim: Claim, facts: Facts) -> Iterator[Found]:
    """CLM05-1 is a place of service of the national list."""
    if claim.place and not facts.known("place_of_service", claim.place):
        yield Found(At(claim.clm, 5, 1), "a place of service that is not on the list", "Correct it.")


@rule("X837-LINE-PLACE", 5, "7", "A7:249", severity=DOUBTFUL)
def place_of_line_known(line: Line, facts: Facts) -> Iterator[Found]:
    """SV105 is a place of service of the national list."""
    if line.sv1 is not None and line.sv1[5] and not facts.known("place_of_service", line.sv1[5]):
        yield Found(At(line.sv1, 5), "a place of service that is not on the list", "Correct it.")


@rule("X837-NDC", 5, "I12", "A7:218")
def drug_code_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """A national drug code has eleven digits."""
    if item[2] == "N4" and not _NDC.fullmatch(item[3]):
        yield Found(At(item, 3), "a drug code that is not eleven digits", "Give it in the form 5-4-2, no hyphens.")


CLAIM = (
    diagnosis_well_formed,
    diagnoses_differ,
    diagnoses_are_of_one_version,
    pointers_point_at_diagnoses,
    place_of_claim_known,
)
LINE = (unlisted_procedure_described, place_of_line_known)
PROCEDURE = (procedure_well_formed, modifiers_well_formed, modifiers_differ)
DRUG = (drug_code_well_formed,)
