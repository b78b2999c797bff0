"""What a bank's files tell of deposits, as the domain has it: from ACH files (CCD+, CTX) and from BAI2 reports."""

from edi import bai2
from edi.nacha.deposits import Deposit, deposits
from edi.nacha.file import AchFile
from pipeline.domain.deposits import ACH, BAI2, Told
from pipeline.mapping.orders_in_addenda import trace_carried


def from_ach(file: AchFile) -> list[Told]:
    """Credits and debits of the file, in its order. A trace whose end is missing may be cut: it is left out."""
    return [_told(position, one) for position, one in enumerate(deposits(file), start=1)]


def _told(position: int, one: Deposit) -> Told:
    """An entry that brings its 820 along has the trace of that, whichever separators it is written with."""
    whole = (one.trn_trace, one.payer_id) if one.trn_terminated else (None, None)
    trace_number, payer_id = trace_carried(one) or whole
    return Told(
        position=position,
        source=ACH,
        trace_number=trace_number,
        payer_id=payer_id or one.company_id.strip() or None,
        amount_cents=one.amount_cents,
        effective_date=one.effective_date,
        sender=one.company_name.strip() or None,
        reference=one.trace.strip() or None,
    )


def from_bai2(file: bai2.BaiFile) -> list[Told]:
    """Credits and debits of the report that may be payers', in its order."""
    return [
        Told(
            position=position,
            source=BAI2,
            trace_number=one.trn_trace,
            payer_id=one.payer_id or one.company_id or None,
            amount_cents=one.amount_cents,
            effective_date=one.day,
            sender=one.company_name or None,
            reference=one.reference or None,
        )
        for position, one in enumerate(bai2.movements(file), start=1)
    ]
