"""ACH files that a customer sends its bank: payments, prenotes and debits to accounts that say what becomes of them."""

from collections.abc import Sequence
from datetime import date, datetime

from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda05

DAY = date(2026, 11, 23)
ROUTING = "091000080"


def refunds(*accounts: str, modifier: str = "A") -> AchFile:
    """One PPD batch of credits of 10.01, 10.02 and so on."""
    return orders([(account, 22) for account in accounts], modifier=modifier)


def orders(
    *batches: Sequence[tuple[str, int]],
    sec: str = "PPD",
    modifier: str = "A",
    days: Sequence[date] = (),
    addenda: str = "",
    rdfi: str = ROUTING,
) -> AchFile:
    """A batch each of (account, transaction code); amounts go up from 10.01 over the file, a prenote has none."""
    made, place = [], 0
    for number, entries in enumerate(batches, start=1):
        rows = []
        for account, code in entries:
            place += 1
            rows.append(_entry(account, code, place, addenda, rdfi))
        on = days[number - 1] if days else DAY
        made.append(_batch(rows, number, sec, on))
    return AchFile(
        origin="1123456789",
        origin_name="SAMPLE EMS",
        destination=ROUTING,
        destination_name="SANDBOX BANK",
        created=datetime.fromisoformat("2026-11-21T10:30"),
        modifier=modifier,
        batches=made,
    )


def _entry(account: str, code: int, place: int, addenda: str, rdfi: str) -> AchEntry:
    return AchEntry(
        transaction_code=code,
        rdfi=rdfi,
        account=account,
        amount_cents=0 if code % 10 in {3, 8} else 1000 + place,
        individual_id=f"PAY{place:08d}",
        name="PAT SAMPLE",
        trace=f"09100008{place:07d}",
        addenda=[Addenda05(text=addenda)] if addenda else [],
    )


def _batch(entries: list[AchEntry], number: int, sec: str, on: date) -> AchBatch:
    sides = {entry.is_credit for entry in entries}
    return AchBatch(
        service_class=200 if len(sides) > 1 else 220 if sides == {True} else 225,
        company_name="SAMPLE EMS",
        company_id="1123456789",
        sec=sec,
        description="REFUND",
        effective_date=on,
        odfi=ROUTING[:8],
        number=number,
        entries=entries,
    )
