"""The short way of writing: whole columns of a batch at once, where all its entries are plain and sound.

Column by column, every check is one call of the interpreter for all entries. A batch that is not plain, or in which
anything is amiss, gives None here and is written entry by entry, which says what is wrong and where.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter, lt
from typing import Any

from edi.nacha import codes, records
from edi.nacha.addenda import ADDENDA_05
from edi.nacha.classes import EntryClass
from edi.nacha.columns import RECORD_LENGTH, Field, Kind, Record
from edi.nacha.file import AchBatch, AchEntry, Addenda05

_HASH_MODULUS = 10**10


@dataclass(frozen=True, slots=True)
class Sums:
    """What a control record says of entries: counts, entry hash (right 10 digits), cents."""

    entry_addenda_count: int
    entry_hash: int
    debit_cents: int
    credit_cents: int

    def fields(self) -> dict[str, Any]:
        return {
            "entry_addenda_count": self.entry_addenda_count,
            "entry_hash": self.entry_hash,
            "debit_cents": self.debit_cents,
            "credit_cents": self.credit_cents,
        }


def added(sums: Sequence[Sums]) -> Sums:
    """The sums of a file from those of its batches."""
    return Sums(
        sum(one.entry_addenda_count for one in sums),
        sum(one.entry_hash for one in sums) % _HASH_MODULUS,
        sum(one.debit_cents for one in sums),
        sum(one.credit_cents for one in sums),
    )


def batch_sums(batch: AchBatch) -> Sums:
    """The sums of a batch, entry by entry."""
    return Sums(batch.entry_addenda_count, batch.entry_hash, batch.debit_cents, batch.credit_cents)


def column_sums(transaction_codes: Sequence[int], rdfis: Sequence[str], cents: Sequence[int], addenda: int) -> Sums:
    """The sums of entries that are given as columns; transaction codes are known ones."""
    sides = set(transaction_codes)
    total = sum(cents)
    if sides <= codes.CREDITS:
        credit = total
    elif sides <= codes.DEBITS:
        credit = 0
    else:
        credit = sum(one for code, one in zip(transaction_codes, cents, strict=True) if code in codes.CREDITS)
    hashed = sum(int(rdfi[:8]) * times for rdfi, times in Counter(rdfis).items()) % _HASH_MODULUS
    return Sums(len(rdfis) + addenda, hashed, total - credit, credit)


def _template(field: Field) -> str:
    if field.kind is Kind.CONST:
        return field.constant
    return {Kind.NUMBER: f"%0{field.width}d", Kind.TEXT: f"%-{field.width}s"}.get(field.kind, "%s")


def _compiled(table: Record) -> str:
    """The table as a template for `%`; each of its fields takes its width at least."""
    return "".join(_template(field) for field in table.fields)


_ENTRY, _ADDENDA = _compiled(records.ENTRY), _compiled(ADDENDA_05)
_FIELDS = records.ENTRY.valued
_TRACE, _INDICATOR = records.ENTRY.by_name["trace"], records.ENTRY.by_name["addenda_indicator"]
_values = attrgetter(*("addenda" if field is _INDICATOR else field.name for field in _FIELDS))
_other = attrgetter("other")
_CHUNK = 250
_AT = {field.name: at for at, field in enumerate(_FIELDS)}


def entry_lines(batch: AchBatch, entry_class: EntryClass) -> tuple[list[str], Sums] | None:
    """The lines of all entries and addenda with their sums; None where the batch has to be written entry by entry."""
    if entry_class.entry is not records.ENTRY or not entry_class.written or not batch.entries:
        return None
    lines: list[str] = []
    sums: list[Sums] = []
    last = ""
    for at in range(0, len(batch.entries), _CHUNK):
        written = _chunk(batch.entries[at : at + _CHUNK], batch.odfi, last, entry_class.most_addenda)
        if written is None:
            return None
        lines += written[0]
        sums.append(written[1])
        last = batch.entries[at : at + _CHUNK][-1].trace
    return lines, added(sums)


def _chunk(entries: list[AchEntry], odfi: str, last: str, most_addenda: int) -> tuple[list[str], Sums] | None:
    """The lines of some entries: what is made on the way is small and soon gone."""
    columns: list[Any] = list(zip(*map(_values, entries), strict=True))
    addenda = columns[_AT["addenda_indicator"]]
    columns[_AT["addenda_indicator"]] = indicators = [1 if one else 0 for one in addenda]
    traces, tcs, rdfis, cents = (columns[_AT[name]] for name in ("trace", "transaction_code", "rdfi", "amount_cents"))
    if not _sound(columns) or not last < traces[0] or not _in_order(traces, odfi):
        return None
    if not set(tcs) <= codes.TRANSACTION_CODES or any(map(_other, entries)):
        return None
    lines = list(map(_ENTRY.__mod__, zip(*columns, strict=True)))
    count = sum(indicators)
    if count:
        pieces = _with_addenda(entries, lines) if most_addenda == 1 else None
        if pieces is None:
            return None
        lines = pieces
    text = "".join(lines)
    if set(map(len, lines)) != {RECORD_LENGTH} or not (text.isascii() and text.isprintable()):
        return None
    return lines, column_sums(tcs, rdfis, cents, count)


def _sound(columns: Sequence[Sequence[Any]]) -> bool:
    """Whether every value is of its field's type, numbers not below zero, digits digits and exactly as many as columns."""
    for field, column in zip(_FIELDS, columns, strict=True):
        if set(map(type, column)) != {int if field.kind is Kind.NUMBER else str}:
            return False
        if field.kind is Kind.NUMBER and min(column) < 0:
            return False
        if field.kind is Kind.DIGITS and not _all_digits(column, field.width):
            return False
    return True


def _all_digits(column: Sequence[str], width: int) -> bool:
    text = "".join(column)
    return set(map(len, column)) == {width} and text.isascii() and text.isdigit()


def _in_order(traces: Sequence[str], odfi: str) -> bool:
    """Whether traces go up and all begin with the bank: of numbers that go up, the first and the last tell."""
    return traces[0][:8] == odfi == traces[-1][:8] and all(map(lt, traces, traces[1:]))


def _with_addenda(entries: list[AchEntry], lines: list[str]) -> list[str] | None:
    """The lines with those of one plain payment addenda after its entry; None where an addenda is of another kind."""
    told: list[str] = []
    for entry, line in zip(entries, lines, strict=True):
        told.append(line)
        if not entry.addenda:
            continue
        one = entry.addenda[0]
        if len(entry.addenda) > 1 or type(one) is not Addenda05 or type(one.text) is not str or one.sequence != 1:
            return None
        told.append(_ADDENDA % (one.text, 1, int(entry.trace[8:])))
    return told
