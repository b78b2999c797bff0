"""The short way of reading: whole columns of a batch at once, where a file is clean and of plain entries.

Column by column, every check is one call of the interpreter for all entries. Headers and controls are held to the same
rules as on the long way. A file in which anything at all is amiss, or which has other classes, gives None here and is
read record by record, which says what is wrong and where; so this way never tells a finding.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from itertools import pairwise
from operator import lt
from typing import Any

from edi.makers import maker
from edi.nacha import codes, rules
from edi.nacha.addenda import ADDENDA_05
from edi.nacha.columns import BLOCKING_FACTOR, RECORD_LENGTH, Record
from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda05
from edi.nacha.plain import Sums, added, column_sums
from edi.nacha.records import BATCH_CONTROL, BATCH_HEADER, ENTRY, FILE_CONTROL, FILE_HEADER, FILLER
from edi.nacha.rows import BatchRows, FileRows, Row

_STEP = RECORD_LENGTH + 1
_ENTRIES = re.compile(f"{ENTRY.pattern}\n(?:{ADDENDA_05.pattern}\n)?")
_CHUNK = 250
_EMPTY = re.compile("^[ 0]*$", re.MULTILINE)
_ALONE = ("transaction_code", "rdfi", "account", "amount_cents", "individual_id", "name", "discretionary", "trace")
assert tuple(field.name for field in ENTRY.valued) == (*_ALONE[:-1], "addenda_indicator", "trace"), "columns have moved"

_entry = maker(AchEntry, *_ALONE)
_entry_with = maker(AchEntry, *_ALONE, "addenda")


class _Amiss(Exception):
    """Something is not clean or not plain."""


class _Text:
    """The file's text with one line end, taken record by record."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def row(self, table: Record) -> Row:
        """The next record by its table."""
        values = table.clean(self.text[self.at : self.at + RECORD_LENGTH])
        if values is None or self.text[self.at + RECORD_LENGTH] != "\n":
            raise _Amiss
        self.at += _STEP
        return Row(self.at // _STEP, table, values)

    def until_control(self) -> str:
        """All lines up to the next that begins with 8."""
        end = self.text.find("\n8", self.at - 1) + 1
        if end <= self.at:
            raise _Amiss
        taken, self.at = self.text[self.at : end], end
        return taken


def read_clean(data: bytes) -> tuple[AchFile, int, str] | None:
    """The file, its number of records and its line end; None where it has to be read the long way."""
    try:
        text, line_end = _one_line_end(data)
        return _read(_Text(text)), len(text) // _STEP, line_end
    except (_Amiss, UnicodeDecodeError):
        return None


def _one_line_end(data: bytes) -> tuple[str, str]:
    text, line_end = data.decode("ascii"), "\n"
    if text[RECORD_LENGTH : RECORD_LENGTH + 2] == "\r\n":
        text, line_end = text.replace("\r\n", "\n"), "\r\n"
        if len(text) + len(text) // _STEP != len(data):
            raise _Amiss
    if not text or len(text) % (_STEP * BLOCKING_FACTOR):
        raise _Amiss
    return text, line_end


def _read(text: _Text) -> AchFile:
    header = text.row(FILE_HEADER)
    frames: list[BatchRows] = []
    batches: list[AchBatch] = []
    sums: list[Sums] = []
    while text.text.startswith("5", text.at):
        batch, frame, batch_sums = _batch(text)
        frames.append(frame)
        batches.append(batch)
        sums.append(batch_sums)
    control = text.row(FILE_CONTROL)
    filler, rest = divmod(len(text.text) - text.at, _STEP)
    if rest or text.text[text.at :] != f"{FILLER}\n" * filler:
        raise _Amiss
    lines = len(text.text) // _STEP
    rows = FileRows(header, frames, control, lines=lines, filler=filler)
    if any(True for rule in rules.FILE_FRAME for _ in rule(rows)) or not _apart(batches):
        raise _Amiss
    _compare(control, {"batch_count": len(batches)} | added(sums).fields())
    clock: time = header["created_time"] or time()
    return AchFile(
        origin=header["origin"],
        origin_name=header["origin_name"],
        destination=header["destination"],
        destination_name=header["destination_name"],
        created=datetime.combine(header["created_date"], clock),
        modifier=header["modifier"],
        reference=header["reference"],
        batches=batches,
    )


def _apart(batches: Sequence[AchBatch]) -> bool:
    """Whether no two batches' trace numbers overlap, so that none can stand twice."""
    spans = sorted((batch.entries[0].trace, batch.entries[-1].trace) for batch in batches)
    return all(one[1] < other[0] for one, other in pairwise(spans))


def _compare(control: Row, expected: dict[str, int]) -> None:
    if any(control[name] != value for name, value in expected.items()):
        raise _Amiss


def _batch(text: _Text) -> tuple[AchBatch, BatchRows, Sums]:
    header = text.row(BATCH_HEADER)
    frame = BatchRows(header)
    entry_class = frame.entry_class
    if entry_class is None or entry_class.entry is not ENTRY or not entry_class.named:
        raise _Amiss
    entries, sums = _entries(text.until_control(), header, entry_class.most_addenda)
    if not entry_class.credits and sums.credit_cents:
        raise _Amiss
    control = frame.control = text.row(BATCH_CONTROL)
    if any(True for rule in rules.BATCH_FRAME for _ in rule(frame)):
        raise _Amiss
    _compare(control, sums.fields())
    batch = AchBatch(mac=control["mac"], entries=entries, **header.values)
    return batch, frame, sums


def _entries(lines: str, header: Row, most_addenda: int) -> tuple[list[AchEntry], Sums]:
    entries: list[AchEntry] = []
    transaction_codes: list[int] = []
    rdfis: list[str] = []
    amounts: list[int] = []
    last, addenda = "", 0
    for chunk in _chunks(lines):
        found = _ENTRIES.findall(chunk)
        if not found:
            raise _Amiss
        tcs, routing, accounts, cents, ids, names, free, indicators, traces, texts, sequences, ends = zip(
            *found, strict=True
        )
        with_addenda = len(found) - sequences.count("")
        whole = (len(found) + with_addenda) * _STEP == len(chunk)
        if not whole or _blank_in(accounts) or _blank_in(names) or not _ascend(last, traces, header["odfi"]):
            raise _Amiss
        last = traces[-1]
        transaction_codes += map(int, tcs)
        rdfis += routing
        amounts += (some := list(map(int, cents)))
        columns: list[Any] = [transaction_codes[-len(found) :], routing, map(str.rstrip, accounts), some]
        columns += [map(str.rstrip, column) for column in (ids, names, free)] + [traces]
        if with_addenda:
            addenda += with_addenda
            entries += map(_entry_with, *columns, _addenda(indicators, traces, texts, sequences, ends))
        elif set(indicators) == {"0"}:
            entries += map(_entry, *columns)
        else:
            raise _Amiss
    _codes_fit(set(transaction_codes), transaction_codes, amounts, header["service_class"])
    if not all(map(codes.is_routing_number, set(rdfis))) or (addenda and not most_addenda) or not entries:
        raise _Amiss
    return entries, column_sums(transaction_codes, rdfis, amounts, addenda)


def _chunks(lines: str) -> Iterator[str]:
    """The lines in pieces that end before an entry: what is made on the way is small and soon gone."""
    at = 0
    while at < len(lines):
        end = lines.find("\n6", at + _CHUNK * _STEP) + 1 or len(lines)
        yield lines[at:end]
        at = end


def _ascend(last: str, traces: Sequence[str], odfi: str) -> bool:
    """Whether traces go up and all begin with the bank: of numbers that go up, the first and the last tell."""
    return last < traces[0] and traces[0][:8] == odfi == traces[-1][:8] and all(map(lt, traces, traces[1:]))


def _addenda(
    indicators: Sequence[str],
    traces: Sequence[str],
    texts: Sequence[str],
    sequences: Sequence[str],
    ends: Sequence[str],
) -> list[list[Addenda05]]:
    if ["1" if one else "0" for one in sequences] != list(indicators) or not set(sequences) <= {"", "0001"}:
        raise _Amiss
    if any(end and end != trace[8:] for end, trace in zip(ends, traces, strict=True)):
        raise _Amiss
    return [
        [Addenda05(text=text.rstrip())] if sequence else [] for text, sequence in zip(texts, sequences, strict=True)
    ]


def _blank_in(column: Sequence[str]) -> bool:
    """Whether one of them is blank, or nothing but zeros."""
    return _EMPTY.search("\n".join(column)) is not None


def _codes_fit(present: set[int], transaction_codes: Sequence[int], amounts: Sequence[int], service_class: int) -> None:
    """Live entries with money and prenotes without, on the sides that the service class allows; else amiss."""
    if not present <= codes.LIVE | codes.PRENOTE:
        raise _Amiss
    if service_class != codes.MIXED and not present <= _SIDES.get(service_class, frozenset()):
        raise _Amiss
    if present <= codes.LIVE:
        fits = 0 not in amounts
    else:
        fits = all((code in codes.LIVE) == (cents > 0) for code, cents in zip(transaction_codes, amounts, strict=True))
    if not fits:
        raise _Amiss


_SIDES = {codes.CREDITS_ONLY: codes.CREDITS, codes.DEBITS_ONLY: codes.DEBITS}
