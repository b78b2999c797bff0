"""Rules of arithmetic: counts, entry hash, dollar totals, blocks (records 8 and 9).

A total over records that could not be read is not compared: the unreadable record is the finding.
"""

from collections.abc import Iterable, Iterator

from edi.findings import Finding
from edi.nacha import codes
from edi.nacha.columns import BLOCKING_FACTOR
from edi.nacha.rows import BatchRows, FileRows, Row, error

_HASH_MODULUS = 10**10
_CURE = "recompute the control record from the entries"


def _sums(batch: BatchRows) -> dict[str, int]:
    """What the control of this batch has to say, by field name."""
    entries = [e.entry for e in batch.entries]
    return {
        "entry_addenda_count": sum(1 + len(e.addenda) for e in batch.entries),
        "entry_hash": sum(int(e["rdfi"][:8]) for e in entries) % _HASH_MODULUS,
        "debit_cents": sum(e["amount_cents"] for e in entries if e["transaction_code"] in codes.DEBITS),
        "credit_cents": sum(e["amount_cents"] for e in entries if e["transaction_code"] in codes.CREDITS),
    }


def _compared(control: Row, expected: dict[str, int], level: str) -> Iterator[Finding]:
    for name, computed in expected.items():
        stated = control[name]
        if stated is not None and stated != computed:
            yield error(
                f"ACH-{level}-{name.split('_', maxsplit=1)[0].upper()}-{name.rsplit('_', maxsplit=1)[-1].upper()}",
                f"{control.table.name} states {stated} as {name.replace('_', ' ')}, the records give {computed}",
                _CURE,
                control.place(name),
            )


def batch_totals(batch: BatchRows) -> Iterator[Finding]:
    """Record 8 against the entries and addenda of its batch."""
    if batch.control is not None and not batch.damaged:
        yield from _compared(batch.control, _sums(batch), "BATCH")


def _summed(totals: Iterable[dict[str, int]]) -> dict[str, int]:
    names = ("entry_addenda_count", "entry_hash", "debit_cents", "credit_cents")
    rows = list(totals)
    summed = {name: sum(row[name] for row in rows) for name in names}
    summed["entry_hash"] %= _HASH_MODULUS
    return summed


def file_totals(file: FileRows) -> Iterator[Finding]:
    """Record 9 against all entries and addenda, and its batch count."""
    if file.control is None:
        return
    expected = {"batch_count": len(file.batches)}
    if not file.misplaced and not any(batch.damaged for batch in file.batches):
        expected |= _summed(_sums(batch) for batch in file.batches)
    yield from _compared(file.control, expected, "FILE")


def blocking(file: FileRows) -> Iterator[Finding]:
    """Blocks of ten records, the last filled with nines and no block more; record 9 states their number."""
    control = file.control
    if control is None:
        return
    if file.lines % BLOCKING_FACTOR or file.filler >= BLOCKING_FACTOR:
        yield error(
            "ACH-BLOCKING",
            f"{file.lines} records, of them {file.filler} filler, do not make full blocks of {BLOCKING_FACTOR}",
            "fill the last block, and only that, with records of nines",
            control.place(),
        )
    blocks = -(-file.lines // BLOCKING_FACTOR)
    if control["block_count"] is not None and control["block_count"] != blocks:
        yield error(
            "ACH-BLOCK-COUNT",
            f"the file control states {control['block_count']} blocks, the file has {blocks}",
            _CURE,
            control.place("block_count"),
        )
