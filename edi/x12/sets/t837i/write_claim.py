"""Loop 2300 of the 837I as segments: one claim, its other payers and its lines."""

from datetime import time

from edi.x12.sets.t837.parties import write_condition, write_facility, write_provider
from edi.x12.sets.t837.rows import CONTRACT, ClaimWriter
from edi.x12.sets.t837.write_details import write_attachments, write_fixed_format
from edi.x12.sets.t837.write_other import write_other_payer
from edi.x12.sets.t837i import rows
from edi.x12.sets.t837i.codes import write_codes
from edi.x12.sets.t837i.rows import row
from edi.x12.sets.t837i.values_claim import InstitutionalClaim, OtherPayer
from edi.x12.sets.t837i.write_line import write_line
from edi.x12.tables.line_837i import SERVICE_LINE
from edi.x12.tables.other_837i import OTHER_SUBSCRIBER
from edi.x12.writer import composite, day, money

_CLM, _CL1, _LX = row("2300", "CLM"), row("2300", "CL1"), row("2400", "LX")
_DISCHARGE, _STATEMENT, _ADMISSION = (row("2300", "DTP", code) for code in ("096", "434", "435"))


def write_claim(out: ClaimWriter, claim: InstitutionalClaim) -> None:
    """The segments of one claim, CLM to its last line."""
    _clm(out, claim)
    _dates(out, claim)
    out.put(_CL1, claim.admission_type, claim.admission_source or "", claim.patient_status)
    write_attachments(out, row("2300", "PWK"), claim.attachments)
    if claim.contract:
        CONTRACT.put(out, row("2300", "CN1"), claim.contract)
    rows.CLAIM_AMOUNTS.put(out, claim)
    _references(out, claim)
    _words(out, claim)
    write_codes(out, claim)
    if claim.pricing:
        rows.PRICING.put(out, row("2300", "HCP"), claim.pricing)
    _parties(out, claim)
    out.allow(row("2320", "SBR"), len(claim.other_payers), OTHER_SUBSCRIBER)
    for payer in claim.other_payers:
        _other_payer(out, payer)
    out.allow(_LX, len(claim.lines), SERVICE_LINE)
    for line in claim.lines:
        write_line(out, line)


def _clm(out: ClaimWriter, claim: InstitutionalClaim) -> None:
    out.put(
        _CLM,
        claim.patient_control_number,
        money(claim.charge_cents),
        "",
        "",
        composite(claim.facility_code, "A", claim.frequency),
        "",
        claim.assignment_code,
        claim.benefits_assigned,
        claim.release_code,
        *[""] * 10,
        claim.delay_reason or "",
    )


def _dates(out: ClaimWriter, claim: InstitutionalClaim) -> None:
    if claim.discharge_time is not None:
        out.put(_DISCHARGE, "096", "TM", _minute(claim.discharge_time))
    out.put(_STATEMENT, "434", "RD8", f"{day(claim.statement_from)}-{day(claim.statement_to)}")
    if claim.admission_date is None:
        if claim.admission_time is not None:
            raise out.refuse(_ADMISSION, 3, "a time of admission needs its day")
    elif claim.admission_time is None:
        out.put(_ADMISSION, "435", "D8", day(claim.admission_date))
    else:
        out.put(_ADMISSION, "435", "DT", f"{day(claim.admission_date)}{_minute(claim.admission_time)}")
    rows.REPRICER_DATE.put(out, claim)


def _minute(value: time) -> str:
    return f"{value.hour:02d}{value.minute:02d}"


def _references(out: ClaimWriter, claim: InstitutionalClaim) -> None:
    rows.REFERENCES_EARLY.put(out, claim)
    device = row("2300", "REF", "LX")
    out.allow(device, len(claim.investigational_devices))
    for number in claim.investigational_devices:
        out.put(device, "LX", number)
    rows.REFERENCES_LATE.put(out, claim)


def _words(out: ClaimWriter, claim: InstitutionalClaim) -> None:
    write_fixed_format(out, row("2300", "K3"), claim.fixed_format)
    where = row("2300", "NTE", "MED")
    out.allow(where, len(claim.notes))
    for note in claim.notes:
        rows.NOTE.put(out, where, note)
    if claim.billing_note:
        out.put(row("2300", "NTE", "ADD"), "ADD", claim.billing_note)
    if claim.epsdt_referral:
        write_condition(out, row("2300", "CRC", "ZZ"), "ZZ", claim.epsdt_referral)


def _parties(out: ClaimWriter, claim: InstitutionalClaim) -> None:
    for code, (loop, name) in rows.CLAIM_PROVIDERS.items():
        value = getattr(claim, name)
        if value and name == "facility":
            write_facility(out, loop, value)
        elif value:
            write_provider(out, loop, code, value)


def _other_payer(out: ClaimWriter, payer: OtherPayer) -> None:
    def inpatient() -> None:
        if payer.inpatient:
            rows.INPATIENT.put(out, row("2320", "MIA"), payer.inpatient)

    write_other_payer(out, payer, before_outpatient=inpatient)
