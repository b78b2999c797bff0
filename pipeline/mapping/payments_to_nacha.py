"""Approved payments as an ACH file: patient refunds as PPD credits in one batch."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from edi.errors import NotRepresentable
from edi.nacha.codes import CREDITS_ONLY
from edi.nacha.file import AchBatch, AchEntry, AchFile
from edi.nacha.reading import check
from edi.nacha.writing import write
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import AccountType, Payee
from pipeline.domain.wire_text import wire_text

_CREDIT_OF = {AccountType.CHECKING: 22, AccountType.SAVINGS: 32}
_LAST_SEQUENCE = 9_999_999


class Payable(NamedTuple):
    payment_id: int
    amount_cents: int
    payee: Payee


def trace_number(odfi: str, sequence: int) -> str:
    """ODFI (8) and sequence (7). Raises ValueError when the sequence is spent: it never starts over by itself."""
    if not 0 < sequence <= _LAST_SEQUENCE:
        raise ValueError("the trace sequence of this ODFI is spent")
    return f"{odfi}{sequence:07d}"


def individual_id(payment_id: int) -> str:
    """Entry columns 40-54: our payment, nothing of the patient."""
    return f"P{payment_id}"


def to_ach(
    profile: BankProfile,
    payables: Sequence[Payable],
    traces: Sequence[str],
    *,
    created: datetime,
    modifier: str,
    effective_date: date,
) -> AchFile:
    """One file with one PPD batch, an entry a payment, in the order given; traces must ascend.

    Names are written as on claims: upper-case, accents off. Raises ValueError for one that would lose a character.
    """
    batch = AchBatch(
        service_class=CREDITS_ONLY,
        company_name=profile.company_name,
        company_id=profile.company_id,
        sec="PPD",
        description="REFUND",
        descriptive_date=f"{created:%y%m%d}",
        effective_date=effective_date,
        odfi=profile.odfi,
        number=1,
        entries=[_entry(payable, trace) for payable, trace in zip(payables, traces, strict=True)],
    )
    return AchFile(
        origin=profile.origin,
        origin_name=profile.origin_name,
        destination=profile.destination,
        destination_name=profile.destination_name,
        created=created.replace(tzinfo=None),
        modifier=modifier,
        batches=[batch],
    )


def _entry(payable: Payable, trace: str) -> AchEntry:
    payee = payable.payee
    return AchEntry(
        transaction_code=_CREDIT_OF[payee.account_type],
        rdfi=payee.routing_number,
        account=payee.account_number,
        amount_cents=payable.amount_cents,
        individual_id=individual_id(payable.payment_id),
        name=wire_text(payee.name),
        trace=trace,
    )


def written(file: AchFile) -> tuple[bytes, str | None]:
    """The bytes, read again by the strict check, and why they may not go (None: they may)."""
    try:
        data = write(file)
    except NotRepresentable as refusal:
        return b"", str(refusal)
    findings = check(data)
    return data, f"{findings[0].code} at {findings[0].place}: {findings[0].message}" if findings else None


def misfit(profile: BankProfile, payable: Payable, created: datetime) -> str | None:
    """Why this one payment cannot stand in a file of this bank; None where it can. Nothing is cut to fit."""
    traces = [trace_number(profile.odfi, 1)]
    try:
        file = to_ach(profile, [payable], traces, created=created, modifier="A", effective_date=created.date())
    except ValueError as error:
        return f"the name of the account holder: {error}"
    return written(file)[1]
