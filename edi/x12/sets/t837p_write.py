"""Writer of the 837P: the tree of values as segments, in the order of the guide."""

from edi.x12.delimiters import DEFAULT, Delimiters
from edi.x12.sets import t837p_rows as rows
from edi.x12.sets.professional import (
    BillingProvider,
    Patient,
    Payer,
    ProfessionalClaim,
    ProfessionalSet,
    Submitter,
    Subscriber,
)
from edi.x12.sets.t837p_parties import write_address, write_name
from edi.x12.sets.t837p_write_claim import write_claim
from edi.x12.writer import SetWriter, day, maybe_day
from edi.x12.written import WrittenSet

VERSION = "005010X222A1"


def write_set(value: ProfessionalSet, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set, upper-case basic characters only.

    ``ranges`` of the result leads from CLM01 to the claim's first and last segment number (ST = 1). Where a
    subscriber or patient has only this one claim, his hierarchical level belongs to the range; a billing provider's
    level never does. Raises NotRepresentable, naming the place, for whatever does not fit the guide's table.
    """
    out = SetWriter(delimiters)
    out.put(rows.ST, "837", control_number, VERSION)
    if value.when is None:
        raise out.refuse(rows.BHT, 4, "a set needs its date and time")
    out.put(
        rows.BHT, "0019", value.purpose, value.reference, day(value.when.date()), f"{value.when:%H%M%S}", value.kind
    )
    _submitter(out, value.submitter)
    out.put(rows.RECEIVER, "40", "2", value.receiver.name, "", "", "", "", "46", value.receiver.identifier)
    level = 0
    for provider in value.billing:
        level = _billing(out, provider, level + 1)
    out.put(rows.SE, str(out.count + 1), control_number)
    return out.finish()


def _submitter(out: SetWriter, value: Submitter) -> None:
    kind = "1" if value.first_name else "2"
    out.put(rows.SUBMITTER, "41", kind, value.name, value.first_name or "", "", "", "", "46", value.identifier)
    numbers = [("TE", value.phone), ("EX", value.phone_extension), ("EM", value.email)]
    pairs = [part for kind, number in numbers if number for part in (kind, number)]
    out.put(rows.SUBMITTER_PER, "IC", value.contact_name or "", *pairs)


def _billing(out: SetWriter, value: BillingProvider, level: int) -> int:
    """One billing provider from hierarchical level ``level`` on; the last level used."""
    out.put(rows.BILLING_HL, str(level), "", "20", "1")
    if value.taxonomy:
        out.put(rows.BILLING_PRV, "BI", "PXC", value.taxonomy)
    write_name(out, rows.BILLING, "85", value, "XX", value.npi)
    write_address(out, "2010AA", value.address)
    out.put(rows.BILLING_REF, value.tax_id_kind, value.tax_id)
    if value.phone:
        out.put(rows.BILLING_PER, "IC", value.contact_name or "", "TE", value.phone)
    elif value.contact_name:
        raise out.refuse(rows.BILLING_PER, 4, "a contact name needs a phone number")
    if value.pay_to:
        out.put(rows.PAY_TO, "87", "1" if value.last_name else "2")
        write_address(out, "2010AB", value.pay_to)
    last = level
    for subscriber in value.subscribers:
        last = _subscriber(out, subscriber, last + 1, level)
    return last


def _subscriber(out: SetWriter, value: Subscriber, level: int, parent: int) -> int:
    first = out.count + 1
    out.put(rows.SUBSCRIBER_HL, str(level), str(parent), "22", "1" if value.patients else "0")
    insured = (value.group_number or "", value.group_name or "", value.insurance_type or "")
    out.put(rows.SBR, value.responsibility, value.relationship or "", *insured, "", "", "", value.filing_code or "")
    write_name(out, rows.SUBSCRIBER, "IL", value, "MI", value.member_id)
    if value.address:
        write_address(out, "2010BA", value.address)
    if value.birth_date or value.sex:
        out.put(rows.DMG, "D8", day(value.birth_date) if value.birth_date else "", value.sex or "")
    if value.property_casualty_number:
        out.put(rows.SUBSCRIBER_REF_Y4, "Y4", value.property_casualty_number)
    _payer(out, value.payer)
    alone = len(value.claims) + sum(len(patient.claims) for patient in value.patients) == 1
    _claims(out, value.claims, first if alone else None)
    last = level
    for patient in value.patients:
        last += 1
        _patient(out, patient, last, level, first if alone else None)
    return last


def _payer(out: SetWriter, value: Payer) -> None:
    out.put(rows.PAYER, "PR", "2", value.name, "", "", "", "", value.identifier_kind, value.identifier)
    if value.address:
        write_address(out, "2010BB", value.address)
    if value.secondary_id:
        out.put(rows.PAYER_REF, "2U", value.secondary_id)
    if value.billing_provider_id:
        out.put(rows.PAYER_REF_G2, "G2", value.billing_provider_id)


def _patient(out: SetWriter, value: Patient, level: int, parent: int, owner: int | None) -> None:
    first = out.count + 1
    out.put(rows.PATIENT_HL, str(level), str(parent), "23", "0")
    out.put(rows.PAT, value.relationship)
    names = (value.last_name, value.first_name or "", value.middle_name or "", "", value.suffix or "")
    out.put(rows.PATIENT, "QC", "1", *names)
    write_address(out, "2010CA", value.address)
    out.put(rows.PATIENT_DMG, "D8", maybe_day(value.birth_date), value.sex)
    _claims(out, value.claims, owner or (first if len(value.claims) == 1 else None))


def _claims(out: SetWriter, claims: list[ProfessionalClaim], owner: int | None) -> None:
    """Write claims; the range of each starts at segment ``owner`` where it has a level to itself."""
    for claim in claims:
        first = owner or out.count + 1
        write_claim(out, claim)
        out.mark(claim.patient_control_number, first)
