"""Loop 2300 of the 837I: the claim itself."""

from datetime import date, time

from edi.x12.sets.reading import cents, day, element, optional, period
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps, once
from edi.x12.sets.t837.read_details import read_condition, take_attachment, take_fixed_format
from edi.x12.sets.t837.read_party import meet_facility, meet_provider
from edi.x12.sets.t837.rows import CONTRACT
from edi.x12.sets.t837i import rows
from edi.x12.sets.t837i.codes import take_codes
from edi.x12.sets.t837i.values_claim import InstitutionalClaim

_UNSET_DAY = date.min
"""Statement days until DTP*434 is read."""


def make_claim(segment: list[str], component: str, number: int) -> InstitutionalClaim:
    """A claim of its CLM; ValueError where the charge cannot be read."""
    bill = [*element(segment, 5).split(component), "", ""]
    return InstitutionalClaim(
        patient_control_number=element(segment, 1),
        charge_cents=cents(element(segment, 2)),
        facility_code=bill[0],
        frequency=bill[2],
        assignment_code=element(segment, 7),
        benefits_assigned=element(segment, 8),
        release_code=element(segment, 9),
        delay_reason=optional(segment, 20),
        statement_from=_UNSET_DAY,
        statement_to=_UNSET_DAY,
        admission_type="",
        patient_status="",
        principal_diagnosis=None,
        segment_number=number,
    )


def fault_of(claim: InstitutionalClaim) -> str | None:
    """What a claim lacks to be whole."""
    if claim.statement_from is _UNSET_DAY:
        return "a claim without the days of its statement"
    if any(not line.revenue_code for line in claim.lines):
        return "a service line without revenue code"
    return None


def _claim(cursor: Cursor) -> InstitutionalClaim:
    claim: InstitutionalClaim = cursor.claim
    return claim


def _dtp(cursor: Cursor, segment: list[str]) -> bool:
    claim, code = _claim(cursor), element(segment, 1)
    form, text = element(segment, 2), element(segment, 3)
    if code == "434" and claim.statement_from is _UNSET_DAY:
        first, last = period(form, text)
        claim.statement_from, claim.statement_to = first, last or first
    elif code == "435" and claim.admission_date is None:
        claim.admission_date = day(text[:8] if form == "DT" else text)
        claim.admission_time = _minute(text[8:]) if form == "DT" else None
    elif code == "096" and claim.discharge_time is None:
        claim.discharge_time = _minute(text)
    else:
        return rows.REPRICER_DATE.take(claim, segment)
    return True


def _minute(text: str) -> time:
    """HHMM; ValueError if it is none."""
    if len(text) != 4 or not text.isdigit() or not text.isascii():
        raise ValueError("not a time of day, HHMM")
    return time(int(text[:2]), int(text[2:]))


def _cl1(cursor: Cursor, segment: list[str]) -> bool:
    claim = _claim(cursor)
    if claim.patient_status:
        return False
    claim.admission_type, claim.admission_source = element(segment, 1), optional(segment, 2)
    claim.patient_status = element(segment, 3)
    return True


def _pwk(cursor: Cursor, segment: list[str]) -> bool:
    return take_attachment(_claim(cursor).attachments, segment)


def _cn1(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.claim, "contract", CONTRACT.read(segment))


def _amt(cursor: Cursor, segment: list[str]) -> bool:
    return rows.CLAIM_AMOUNTS.take(cursor.claim, segment)


def _ref(cursor: Cursor, segment: list[str]) -> bool:
    claim = _claim(cursor)
    if element(segment, 1) == "LX":
        claim.investigational_devices.append(element(segment, 2))
        return True
    return rows.REFERENCES_EARLY.take(claim, segment) or rows.REFERENCES_LATE.take(claim, segment)


def _k3(cursor: Cursor, segment: list[str]) -> bool:
    return take_fixed_format(_claim(cursor).fixed_format, segment)


def _nte(cursor: Cursor, segment: list[str]) -> bool:
    claim = _claim(cursor)
    if element(segment, 1) == "ADD":
        return once(claim, "billing_note", optional(segment, 2))
    claim.notes.append(rows.NOTE.read(segment))
    return True


def _crc(cursor: Cursor, segment: list[str]) -> bool:
    return element(segment, 1) == "ZZ" and once(cursor.claim, "epsdt_referral", read_condition(segment))


def _hi(cursor: Cursor, segment: list[str]) -> bool:
    return take_codes(_claim(cursor), segment, cursor.component)


def _hcp(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.claim, "pricing", rows.PRICING.read(segment))


def _nm1(cursor: Cursor, segment: list[str]) -> bool:
    claim, code = _claim(cursor), element(segment, 1)
    cursor.meet(NOBODY)
    if code == "77":
        return meet_facility(cursor, claim, segment)
    return code in rows.CLAIM_PROVIDERS and meet_provider(cursor, claim, rows.CLAIM_PROVIDERS[code][1], segment)


CLAIM: Steps = {
    "DTP": _dtp, "CL1": _cl1, "PWK": _pwk, "CN1": _cn1, "AMT": _amt, "REF": _ref, "K3": _k3, "NTE": _nte, "CRC": _crc,
    "HI": _hi, "HCP": _hcp, "NM1": _nm1,
}  # fmt: skip
