"""Loop 2300 of the 837P: the claim itself."""

from edi.x12.sets.reading import cents, element, optional, period
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps, once
from edi.x12.sets.t837.read_details import read_condition, take_attachment, take_fixed_format
from edi.x12.sets.t837.read_party import meet_facility, meet_provider
from edi.x12.sets.t837.rows import CONTRACT, PRICING
from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.read_line import UNSET_DAY
from edi.x12.sets.t837p.read_trip import meet_trip_end, read_transport
from edi.x12.sets.t837p.values_claim import ProfessionalClaim
from edi.x12.sets.t837p.values_details import VisionCondition


def make_claim(segment: list[str], component: str, number: int) -> ProfessionalClaim:
    """A claim of its CLM; ValueError where the charge cannot be read."""
    given = segment if len(segment) > 20 else [*segment, *_BLANKS]
    place = [*given[5].split(component), "", ""]
    causes = [*given[11].split(component), "", "", "", ""] if given[11] else _BLANKS
    return ProfessionalClaim(
        patient_control_number=given[1],
        charge_cents=cents(given[2]),
        place_of_service=place[0],
        frequency=place[2],
        signature_on_file=given[6] == "Y",
        assignment_code=given[7],
        benefits_assigned=given[8],
        release_code=given[9],
        patient_signature_code=given[10] or None,
        related_causes=[one for one in causes[:3] if one],
        accident_state=causes[3] or None,
        accident_country=causes[4] or None,
        special_program=given[12] or None,
        delay_reason=given[20] or None,
        segment_number=number,
    )


def fault_of(claim: ProfessionalClaim) -> str | None:
    """What a claim lacks to be whole."""
    if any(line.service_date is UNSET_DAY or not line.procedure for line in claim.lines):
        return "a service line without procedure or date"
    return None


def _claim(cursor: Cursor) -> ProfessionalClaim:
    claim: ProfessionalClaim = cursor.claim
    return claim


def _dtp(cursor: Cursor, segment: list[str]) -> bool:
    claim, code = _claim(cursor), element(segment, 1)
    if code in {"314", "360", "361"}:
        return _disability(claim, code, segment)
    return rows.CLAIM_DATES_EARLY.take(claim, segment) or rows.CLAIM_DATES_LATE.take(claim, segment)


def _disability(claim: ProfessionalClaim, code: str, segment: list[str]) -> bool:
    if claim.disability_start is not None or claim.disability_end is not None:
        return False
    first, last = period(element(segment, 2), element(segment, 3))
    if (code == "314") != (last is not None):
        return False  # both ends under the qualifier of one, or the reverse
    if code == "361":
        claim.disability_end = first
    else:
        claim.disability_start, claim.disability_end = first, last
    return True


def _pwk(cursor: Cursor, segment: list[str]) -> bool:
    return take_attachment(_claim(cursor).attachments, segment)


def _cn1(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.claim, "contract", CONTRACT.read(segment))


def _amt(cursor: Cursor, segment: list[str]) -> bool:
    if element(segment, 1) != "F5":
        return False
    return once(cursor.claim, "patient_paid_cents", cents(element(segment, 2)))


def _ref(cursor: Cursor, segment: list[str]) -> bool:
    return rows.CLAIM_REFERENCES.take(cursor.claim, segment)


def _k3(cursor: Cursor, segment: list[str]) -> bool:
    return take_fixed_format(_claim(cursor).fixed_format, segment)


def _nte(cursor: Cursor, segment: list[str]) -> bool:
    claim = _claim(cursor)
    if claim.note is not None:
        return False
    claim.note_code, claim.note = element(segment, 1), optional(segment, 2)
    return True


def _cr1(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.claim, "ambulance", read_transport(segment))


def _cr2(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.claim, "spinal", rows.SPINAL.read(segment))


def _crc(cursor: Cursor, segment: list[str]) -> bool:
    claim, code, condition = _claim(cursor), element(segment, 1), read_condition(segment)
    if code == "07":
        claim.conditions.append(condition)
    elif code in {"E1", "E2", "E3"}:
        one = VisionCondition(category=code, applies=condition.applies, codes=condition.codes)
        claim.vision_conditions.append(one)
    elif code == "ZZ":
        return once(claim, "epsdt_referral", condition)
    elif code == "75" and condition.applies and condition.codes == ["IH"] and not claim.homebound:
        claim.homebound = True
    else:
        return False
    return True


def _hi(cursor: Cursor, segment: list[str]) -> bool:
    claim = _claim(cursor)
    pairs = [part.split(cursor.component) for part in segment[1:] if part]
    kinds = {pair[0] for pair in pairs}
    codes = [pair[1] for pair in pairs if len(pair) > 1]
    if kinds <= {"ABK", "ABF"}:
        claim.diagnoses += codes
    elif kinds <= {"BK", "BF"} and not claim.diagnoses:
        claim.icd_version, claim.diagnoses = 9, codes
    elif kinds <= {"BP", "BO"}:
        claim.anesthesia_procedures += codes
    elif kinds == {"BG"}:
        claim.condition_codes += codes
    else:
        return False
    return True


def _hcp(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.claim, "pricing", PRICING.read(segment))


def _nm1(cursor: Cursor, segment: list[str]) -> bool:
    claim, code = _claim(cursor), element(segment, 1)
    cursor.meet(NOBODY)
    if code in {"PW", "45"}:
        return meet_trip_end(cursor, claim, segment)
    if code == "77":
        return meet_facility(cursor, claim, segment)
    name = rows.CLAIM_PROVIDERS.get(code)
    return name is not None and meet_provider(cursor, claim, name, segment)


_BLANKS = ("",) * 20
CLAIM: Steps = {
    "DTP": _dtp, "PWK": _pwk, "CN1": _cn1, "AMT": _amt, "REF": _ref, "K3": _k3, "NTE": _nte, "CR1": _cr1, "CR2": _cr2,
    "CRC": _crc, "HI": _hi, "HCP": _hcp, "NM1": _nm1,
}  # fmt: skip
