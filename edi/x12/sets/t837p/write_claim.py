"""Loop 2300 as segments: one claim, its other payers and its lines."""

from edi.x12.sets.t837.parties import write_condition, write_facility, write_provider
from edi.x12.sets.t837.rows import CONTRACT, PRICING, ClaimWriter
from edi.x12.sets.t837.write_details import write_attachments, write_fixed_format
from edi.x12.sets.t837.write_other import write_other_payer
from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values_claim import ProfessionalClaim
from edi.x12.sets.t837p.write_line import write_line
from edi.x12.sets.t837p.write_trip import write_conditions, write_transport, write_trip
from edi.x12.tables.line_837p import SERVICE_LINE
from edi.x12.tables.other_837p import OTHER_SUBSCRIBER
from edi.x12.writer import composite, day, money

_CLM, _AMT, _NTE, _CR1 = row("2300", "CLM"), row("2300", "AMT", "F5"), row("2300", "NTE"), row("2300", "CR1")
_CRC, _HI, _LX = row("2300", "CRC", "07"), row("2300", "HI", "ABK"), row("2400", "LX")
_TRIP = ("2310E", "2310F")
_DIAGNOSES = {10: ("ABK", "ABF"), 9: ("BK", "BF")}
_CODES_PER_HI = 12


def write_claim(out: ClaimWriter, claim: ProfessionalClaim) -> None:
    """The segments of one claim, CLM to its last line."""
    _clm(out, claim)
    _dates(out, claim)
    if claim.attachments:
        write_attachments(out, row("2300", "PWK"), claim.attachments)
    if claim.contract:
        CONTRACT.put(out, row("2300", "CN1"), claim.contract)
    if claim.patient_paid_cents is not None:
        out.put(_AMT, "F5", money(claim.patient_paid_cents))
    rows.CLAIM_REFERENCES.put(out, claim)
    if claim.fixed_format:
        write_fixed_format(out, row("2300", "K3"), claim.fixed_format)
    if claim.note:
        out.put(_NTE, claim.note_code, claim.note)
    _conditions(out, claim)
    _codes(out, claim)
    if claim.pricing:
        PRICING.put(out, row("2300", "HCP"), claim.pricing)
    _parties(out, claim)
    if claim.other_payers:
        out.allow(row("2320", "SBR"), len(claim.other_payers), OTHER_SUBSCRIBER)
        for payer in claim.other_payers:
            write_other_payer(out, payer, payer.patient_signature_code or "")
    out.allow(_LX, len(claim.lines), SERVICE_LINE)
    for line in claim.lines:
        write_line(out, line)


def _clm(out: ClaimWriter, claim: ProfessionalClaim) -> None:
    causes = ""
    if claim.related_causes:
        one, two = [*claim.related_causes, ""][:2]
        if len(claim.related_causes) > 2:
            raise out.refuse(_CLM, 11, "two related causes at most")
        causes = composite(one, two, "", claim.accident_state or "", claim.accident_country or "")
    elif claim.accident_state or claim.accident_country:
        raise out.refuse(_CLM, 11, "an accident's state or country needs its cause")
    late = (claim.special_program or "", "", "", "", "", "", "", "", claim.delay_reason or "")
    out.put(
        _CLM,
        claim.patient_control_number,
        money(claim.charge_cents),
        "",
        "",
        composite(claim.place_of_service, "B", claim.frequency),
        "Y" if claim.signature_on_file else "N",
        claim.assignment_code,
        claim.benefits_assigned,
        claim.release_code,
        claim.patient_signature_code or "",
        causes,
        *late,
    )


def _dates(out: ClaimWriter, claim: ProfessionalClaim) -> None:
    rows.CLAIM_DATES_EARLY.put(out, claim)
    start, end = claim.disability_start, claim.disability_end
    if start and end:
        out.put(row("2300", "DTP", "314"), "314", "RD8", f"{day(start)}-{day(end)}")
    elif start:
        out.put(row("2300", "DTP", "360"), "360", "D8", day(start))
    elif end:
        out.put(row("2300", "DTP", "361"), "361", "D8", day(end))
    rows.CLAIM_DATES_LATE.put(out, claim)


def _conditions(out: ClaimWriter, claim: ProfessionalClaim) -> None:
    if claim.ambulance:
        write_transport(out, _CR1, claim.ambulance)
    if claim.spinal:
        rows.SPINAL.put(out, row("2300", "CR2"), claim.spinal)
    if claim.conditions:
        write_conditions(out, _CRC, claim.conditions)
    if claim.vision_conditions:
        where = row("2300", "CRC", "E1")
        out.allow(where, len(claim.vision_conditions))
        for one in claim.vision_conditions:
            write_condition(out, where, one.category, one)
    if claim.homebound:
        out.put(row("2300", "CRC", "75"), "75", "Y", "IH")
    if claim.epsdt_referral:
        write_condition(out, row("2300", "CRC", "ZZ"), "ZZ", claim.epsdt_referral)


def _codes(out: ClaimWriter, claim: ProfessionalClaim) -> None:
    if claim.diagnoses:
        main, other = _DIAGNOSES.get(claim.icd_version, ("", ""))
        first, *others = claim.diagnoses
        out.put(_HI, composite(main, first), *[composite(other, code) for code in others])
    if claim.anesthesia_procedures:
        first, *others = claim.anesthesia_procedures
        out.put(row("2300", "HI", "BP"), composite("BP", first), *[composite("BO", code) for code in others])
    if claim.condition_codes:
        where = row("2300", "HI", "BG")
        starts = range(0, len(claim.condition_codes), _CODES_PER_HI)
        out.allow(where, len(starts))
        for at in starts:
            out.put(where, *[composite("BG", code) for code in claim.condition_codes[at : at + _CODES_PER_HI]])


def _parties(out: ClaimWriter, claim: ProfessionalClaim) -> None:
    if claim.referring:
        write_provider(out, "2310A", "DN", claim.referring)
    if claim.primary_care:
        write_provider(out, "2310A", "P3", claim.primary_care)
    if claim.rendering:
        write_provider(out, "2310B", "82", claim.rendering)
    if claim.facility:
        write_facility(out, "2310C", claim.facility)
    if claim.supervising:
        write_provider(out, "2310D", "DQ", claim.supervising)
    write_trip(out, _TRIP, claim.pick_up, claim.drop_off)
