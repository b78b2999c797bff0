"""Writer of the 837P: the tree of values as segments, in the order of the guide."""

from datetime import date
from decimal import Decimal

from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.parties import write_address, write_contact, write_contacts, write_name, write_references
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values import (
    BillingProvider,
    Patient,
    Payer,
    PayToPlan,
    ProfessionalSet,
    Submitter,
    Subscriber,
)
from edi.x12.sets.t837p.values_claim import ProfessionalClaim
from edi.x12.sets.t837p.write_claim import write_claim
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.claim_837p import CLAIM
from edi.x12.tables.patterns import Charset
from edi.x12.writer import Row, SetWriter, day, maybe_day, number
from edi.x12.written import WrittenSet

VERSION = "005010X222A1"

_ST, _BHT, _SE = row("837", "ST"), row("837", "BHT"), row("837", "SE")
_SUBMITTER, _RECEIVER, _BILLING = row("1000A", "NM1"), row("1000B", "NM1"), row("2010AA", "NM1")
_SUBSCRIBER, _PAYER, _PATIENT = row("2010BA", "NM1"), row("2010BB", "NM1"), row("2010CA", "NM1")
_LEVELS = {code: row(loop, "HL") for code, loop in (("20", "2000A"), ("22", "2000B"), ("23", "2000C"))}
_CLM = row("2300", "CLM")
_SBR, _DMG, _PATIENT_DMG = row("2000B", "SBR"), row("2010BA", "DMG"), row("2010CA", "DMG")


def write_set(
    value: ProfessionalSet, control_number: str, delimiters: Delimiters = DEFAULT, charset: Charset = Charset.BASIC
) -> WrittenSet:
    """The whole set, in the characters that its receiver takes: upper-case basic ones only, or all of ASCII.

    ``ranges`` of the result leads from CLM01 to the claim's first and last segment number (ST = 1). Where a
    subscriber or patient has only this one claim, his hierarchical level belongs to the range; a billing provider's
    level never does. Raises NotRepresentable, naming the place, for whatever does not fit the guide's table.
    """
    out = SetWriter(delimiters, charset)
    out.put(_ST, "837", control_number, VERSION)
    if value.when is None:
        raise out.refuse(_BHT, 4, "a set needs its date and time")
    out.put(_BHT, "0019", value.purpose, value.reference, day(value.when.date()), f"{value.when:%H%M%S}", value.kind)
    _submitter(out, value.submitter)
    out.put(_RECEIVER, "40", "2", value.receiver.name, "", "", "", "", "46", value.receiver.identifier)
    level = 0
    for provider in value.billing:
        level = _billing(out, provider, level + 1)
    out.put(_SE, str(out.count + 1), control_number)
    return out.finish()


def _submitter(out: SetWriter, value: Submitter) -> None:
    names = (value.name, value.first_name or "", value.middle_name or "")
    out.put(_SUBMITTER, "41", "1" if value.first_name else "2", *names, "", "", "46", value.identifier)
    before = out.count
    write_contacts(out, row("1000A", "PER"), value)
    if out.count == before:
        raise out.refuse(row("1000A", "PER"), 3, "a submitter needs a contact with a number")


def _billing(out: SetWriter, value: BillingProvider, level: int) -> int:
    """One billing provider from hierarchical level ``level`` on; the last level used."""
    out.put(_LEVELS["20"], str(level), "", "20", "1")
    if value.taxonomy:
        out.put(row("2000A", "PRV"), "BI", "PXC", value.taxonomy)
    if value.currency:
        out.put(row("2000A", "CUR"), "85", value.currency)
    write_name(out, _BILLING, "85", value, "XX", value.npi)
    write_address(out, "2010AA", value.address)
    out.put(row("2010AA", "REF", "EI"), value.tax_id_kind, value.tax_id)
    write_references(out, row("2010AA", "REF", "0B"), value.references)
    write_contacts(out, row("2010AA", "PER"), value)
    if value.pay_to:
        out.put(row("2010AB", "NM1"), "87", "1" if value.last_name else "2")
        write_address(out, "2010AB", value.pay_to)
    if value.pay_to_plan:
        _pay_to_plan(out, value.pay_to_plan)
    last = level
    for subscriber in value.subscribers:
        last = _subscriber(out, subscriber, last + 1, level)
    return last


def _pay_to_plan(out: SetWriter, value: PayToPlan) -> None:
    who = (value.name, "", "", "", "", value.identifier_kind, value.identifier)
    out.put(row("2010AC", "NM1"), "PE", "2", *who)
    write_address(out, "2010AC", value.address)
    if value.secondary:
        write_references(out, row("2010AC", "REF", "2U"), [value.secondary])
    out.put(row("2010AC", "REF", "EI"), "EI", value.tax_id)


def _subscriber(out: SetWriter, value: Subscriber, level: int, parent: int) -> int:
    first = out.count + 1
    out.put(_LEVELS["22"], str(level), str(parent), "22", "1" if value.patients else "0")
    rows.SUBSCRIBER_SBR.put(out, _SBR, value)
    if value.death_date or value.weight_lb is not None or value.pregnant:
        _pat(out, row("2000B", "PAT"), "", value)
    write_name(out, _SUBSCRIBER, "IL", value, value.member_id_kind, value.member_id)
    if value.address:
        write_address(out, "2010BA", value.address)
    if value.birth_date or value.sex:
        out.put(_DMG, "D8", maybe_day(value.birth_date), value.sex or "")
    rows.SUBSCRIBER_REFERENCES.put(out, value)
    if value.contact:
        write_contact(out, row("2010BA", "PER"), value.contact)
    _payer(out, value.payer)
    alone = len(value.claims) + sum(len(patient.claims) for patient in value.patients) == 1
    _claims(out, value.claims, first if alone else None)
    last = level
    for patient in value.patients:
        last += 1
        _patient(out, patient, last, level, first if alone else None)
    return last


def _payer(out: SetWriter, value: Payer) -> None:
    out.put(_PAYER, "PR", "2", value.name, "", "", "", "", value.identifier_kind, value.identifier)
    if value.address:
        write_address(out, "2010BB", value.address)
    if value.secondary_id or value.references:
        write_references(out, row("2010BB", "REF", "2U"), value.references, "2U", value.secondary_id)
    if value.billing_provider_id or value.provider_references:
        write_references(out, row("2010BB", "REF", "G2"), value.provider_references, "G2", value.billing_provider_id)


def _pat(out: SetWriter, where: Row, relationship: str, value: Subscriber | Patient) -> None:
    """PAT of a subscriber (without relationship) or a patient."""
    out.put(where, relationship, "", "", "", *_vital(value.death_date, value.weight_lb), "Y" if value.pregnant else "")


def _vital(death: date | None, weight_lb: Decimal | None) -> tuple[str, str, str, str]:
    died = ("D8", day(death)) if death else ("", "")
    return (*died, *(("01", number(weight_lb)) if weight_lb is not None else ("", "")))


def _patient(out: SetWriter, value: Patient, level: int, parent: int, owner: int | None) -> None:
    first = out.count + 1
    out.put(_LEVELS["23"], str(level), str(parent), "23", "0")
    _pat(out, row("2000C", "PAT"), value.relationship, value)
    names = (value.last_name, value.first_name or "", value.middle_name or "", "", value.suffix or "")
    out.put(_PATIENT, "QC", "1", *names)
    write_address(out, "2010CA", value.address)
    out.put(_PATIENT_DMG, "D8", maybe_day(value.birth_date), value.sex)
    rows.PATIENT_REFERENCES.put(out, value)
    if value.secondary_id:
        out.put(row("2010CA", "REF", value.secondary_id_kind), value.secondary_id_kind, value.secondary_id)
    if value.contact:
        write_contact(out, row("2010CA", "PER"), value.contact)
    _claims(out, value.claims, owner or (first if len(value.claims) == 1 else None))


def _claims(out: SetWriter, claims: list[ProfessionalClaim], owner: int | None) -> None:
    """Write claims; the range of each starts at segment ``owner`` where it has a level to itself."""
    out.allow(_CLM, len(claims), CLAIM)
    for claim in claims:
        first = owner or out.count + 1
        write_claim(out, claim)
        out.mark(claim.patient_control_number, first)
