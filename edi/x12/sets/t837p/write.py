"""Writer of the 837P: what its levels have besides those of both guides, and its claims."""

from datetime import date
from decimal import Decimal

from edi.x12.sets.t837.parties import write_contact, write_references
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.write import Parts, TreeWriter
from edi.x12.sets.t837p.rows import COMMON, row
from edi.x12.sets.t837p.values import BillingProvider, Patient, ProfessionalSet, Subscriber
from edi.x12.sets.t837p.write_claim import write_claim
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.claim_837p import CLAIM
from edi.x12.tables.patterns import Charset
from edi.x12.writer import Row, day, number
from edi.x12.written import WrittenSet

VERSION = "005010X222A1"


def write_set(
    value: ProfessionalSet, control_number: str, delimiters: Delimiters = DEFAULT, charset: Charset = Charset.BASIC
) -> WrittenSet:
    """The whole set, in the characters that its receiver takes: upper-case basic ones only, or all of ASCII.

    ``ranges`` of the result leads from CLM01 to the claim's first and last segment number (ST = 1). Where a
    subscriber or patient has only this one claim, his hierarchical level belongs to the range; a billing provider's
    level never does. Raises NotRepresentable, naming the place, for whatever does not fit the guide's table.
    """
    out = ClaimWriter(COMMON, delimiters, charset)
    return TreeWriter(out, _PARTS).write(value, value.billing, control_number, VERSION)


def _billing_numbers(out: ClaimWriter, value: BillingProvider) -> None:
    write_references(out, row("2010AA", "REF", "0B"), value.references)


def _subscriber_condition(out: ClaimWriter, value: Subscriber) -> None:
    if value.death_date or value.weight_lb is not None or value.pregnant:
        _pat(out, row("2000B", "PAT"), "", value)


def _patient_condition(out: ClaimWriter, value: Patient) -> None:
    _pat(out, row("2000C", "PAT"), value.relationship, value)


def _contact(out: ClaimWriter, loop: str, value: Subscriber | Patient) -> None:
    if value.contact:
        write_contact(out, row(loop, "PER"), value.contact)


def _pat(out: ClaimWriter, where: Row, relationship: str, value: Subscriber | Patient) -> None:
    """PAT of a subscriber (without relationship) or a patient."""
    out.put(where, relationship, "", "", "", *_vital(value.death_date, value.weight_lb), "Y" if value.pregnant else "")


def _vital(death: date | None, weight_lb: Decimal | None) -> tuple[str, str, str, str]:
    died = ("D8", day(death)) if death else ("", "")
    return (*died, *(("01", number(weight_lb)) if weight_lb is not None else ("", "")))


_PARTS = Parts(
    claims=CLAIM,
    claim=write_claim,
    patient_condition=_patient_condition,
    subscriber_condition=_subscriber_condition,
    billing_numbers=_billing_numbers,
    contact=_contact,
)
