"""What an originator makes of entries: prenotes that try an account out, reversals that ask money back, offsets.

A reversal keeps class, company, amount and receiver of what it takes back, says REVERSAL, and turns the side (the rules'
articles on reversing files and entries). It has to reach the receiving bank within five banking days of settlement, and
within a day of finding the mistake: whoever makes one looks at the calendar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from edi.nacha import codes
from edi.nacha.file import AchBatch, AchEntry, AchFile

REVERSAL = "REVERSAL"
_LAST_SEQUENCE = 9_999_999


def prenote(entry: AchEntry, trace: str) -> AchEntry:
    """The prenote that tries out the account of a live entry: no amount, no addenda, a trace number of its own.

    Raises ValueError for an entry that is not live.
    """
    return replace(
        entry,
        transaction_code=codes.prenote_code(entry.transaction_code),
        amount_cents=0,
        trace=trace,
        addenda=[],
    )


def reversal_file(
    sent: AchFile,
    traces: Iterable[str],
    *,
    created: datetime,
    effective_date: date,
    modifier: str = "A",
    first_sequence: int = 1,
) -> AchFile:
    """A file that reverses the entries of `sent` with these trace numbers, a batch for each batch that has some.

    The descriptive date is the effective date of what is reversed; traces are the same bank's, from `first_sequence`.
    Raises ValueError where a trace number is unknown, nothing is named, or an entry is not live: a prenote has nothing
    to take back, a return is no payment of ours.
    """
    wanted = set(traces)
    batches: list[AchBatch] = []
    sequence = first_sequence
    for batch in sent.batches:
        entries = [entry for entry in batch.entries if entry.trace in wanted]
        if entries:
            batches.append(_reversal_batch(batch, entries, len(batches) + 1, sequence, effective_date))
            sequence += len(entries)
    if not wanted or sum(len(batch.entries) for batch in batches) != len(wanted):
        raise ValueError("a trace number is not in the file that was sent, or is there twice")
    return replace(sent, created=created, modifier=modifier, batches=batches)


def _reversal_batch(
    batch: AchBatch, entries: Sequence[AchEntry], number: int, first: int, effective_date: date
) -> AchBatch:
    turned = [
        replace(
            entry,
            transaction_code=codes.reversed_code(entry.transaction_code),
            trace=trace_number(batch.odfi, sequence),
            addenda=[],
        )
        for sequence, entry in enumerate(entries, start=first)
    ]
    return replace(
        batch,
        service_class=service_class(turned),
        description=REVERSAL,
        descriptive_date=f"{batch.effective_date:%y%m%d}" if batch.effective_date else "",
        effective_date=effective_date,
        settlement_day="",
        number=number,
        entries=turned,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetAccount:
    """The originator's own account, from which a balanced file is paid: routing number (9 digits), account, its holder."""

    routing_number: str
    account: str
    name: str
    savings: bool = False
    individual_id: str = ""


def balanced(batch: AchBatch, account: OffsetAccount) -> AchBatch:
    """The batch with an entry on the originator's account against each side, so that debits and credits are equal.

    Traces go on from the last one. Raises ValueError for a batch that has no entries, moves no money, or whose traces
    are spent.
    """
    if not batch.entries or not (batch.credit_cents or batch.debit_cents):
        raise ValueError("nothing is to be offset")
    sequence = int(batch.entries[-1].trace[8:])
    savings = 10 if account.savings else 0
    offsets = [
        AchEntry(
            transaction_code=code + savings,
            rdfi=account.routing_number,
            account=account.account,
            amount_cents=cents,
            individual_id=account.individual_id,
            name=account.name,
            trace=trace_number(batch.odfi, sequence + number),
        )
        for number, (code, cents) in enumerate(_sides(batch), start=1)
    ]
    return replace(batch, service_class=codes.MIXED, entries=[*batch.entries, *offsets])


def _sides(batch: AchBatch) -> list[tuple[int, int]]:
    """Transaction code of an offset on a checking account, and cents, for each side that has any."""
    return [(code, cents) for code, cents in ((27, batch.credit_cents), (22, batch.debit_cents)) if cents]


def service_class(entries: Iterable[AchEntry]) -> int:
    """200 where both sides are there, else 220 credits only or 225 debits only. ValueError for an unknown code."""
    sides = {entry.is_credit for entry in entries}
    if len(sides) != 1:
        return codes.MIXED
    return codes.CREDITS_ONLY if sides == {True} else codes.DEBITS_ONLY


def trace_number(odfi: str, sequence: int) -> str:
    """The bank's 8 digits and a sequence of 7. Raises ValueError where the sequence is spent: it never starts over."""
    if not 0 < sequence <= _LAST_SEQUENCE:
        raise ValueError("the trace sequence of this bank is spent")
    return f"{odfi}{sequence:07d}"
