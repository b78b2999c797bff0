"""Money that the bank saw arrive or leave by CCD and CTX entries, as told in the bank's own file."""

from dataclasses import dataclass, field
from datetime import date

from edi.nacha import codes
from edi.nacha.file import AchBatch, AchEntry, AchFile
from edi.nacha.trn import find_trn

_CLASSES = frozenset({"CCD", "CTX"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One movement on our account.

    `amount_cents` is positive for a credit and negative where the sender took money back (a debit, as a reversal is).
    `trn_trace` and `payer_id` are TRN02 and TRN03 of the 835 that belongs to it, None where the addenda hold no whole
    TRN; `trn_terminated` is False where its end was missing, which wants a person's eye before it is matched.
    `trace` is the entry's own 15 digits: with `company_id` and `effective_date` it tells deposits apart. `information` is
    the text of the addenda, in which a whole 820 may stand.
    """

    trn_trace: str | None
    payer_id: str | None
    trn_terminated: bool
    amount_cents: int
    effective_date: date | None
    company_name: str
    company_id: str
    description: str
    trace: str
    information: str = field(default="", repr=False)


def deposits(file: AchFile) -> list[Deposit]:
    """Live CCD and CTX entries of the file, in its order; prenotes, zero-dollar entries, returns are no deposits."""
    return [
        _deposit(batch, entry)
        for batch in file.batches
        if batch.sec in _CLASSES
        for entry in batch.entries
        if entry.transaction_code in codes.LIVE and entry.returned is None and entry.change is None
    ]


def _deposit(batch: AchBatch, entry: AchEntry) -> Deposit:
    trn = find_trn(entry.information)
    return Deposit(
        trn_trace=trn.trace_number if trn else None,
        payer_id=trn.payer_id if trn else None,
        trn_terminated=trn is not None and trn.terminated,
        amount_cents=entry.amount_cents if entry.is_credit else -entry.amount_cents,
        effective_date=batch.effective_date,
        company_name=batch.company_name,
        company_id=batch.company_id,
        description=batch.description,
        trace=entry.trace,
        information=entry.information,
    )
