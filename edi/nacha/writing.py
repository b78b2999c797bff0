"""Writing ACH files: values to bytes with computed counts, hashes, totals and filler.

Writes PPD, CCD, CTX and COR for sending (returns keep the class of what comes back), any class as it was read. What
does not fit, or would have to be guessed, is refused with record and columns. Whether the file is fit to send is a
second question: `check` reads the bytes back.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity
from edi.nacha import addenda as tables
from edi.nacha import codes, plain, records
from edi.nacha.classes import EntryClass, class_to_write
from edi.nacha.columns import BLOCKING_FACTOR, MisfitAt, Record
from edi.nacha.file import (
    AchBatch,
    AchEntry,
    AchFile,
    Addenda,
    Addenda05,
    Addenda98,
    Addenda99,
    ClassAddenda,
    ContestedReturn,
    DishonoredReturn,
    OtherAddenda,
)

LINE_ENDS = ("\n", "\r\n", "")


def write(file: AchFile, line_end: str = "\n", *, any_class: bool = False) -> bytes:
    """The file in ASCII, blocks filled with nines; `line_end` is LF, CRLF or nothing, as the bank wants it.

    `any_class` sets down classes too that are not made here for sending, as they were read, in any order of traces.
    Raises NotRepresentable where a value does not fit its columns, traces do not go up or do not begin with the
    batch's bank, a transaction code is unknown, a class is not written here, or file or batch are empty.
    """
    if line_end not in LINE_ENDS:
        raise ValueError("line_end is LF, CRLF or empty")
    if not file.batches:
        raise _refusal("ACH-EMPTY", "an ACH file needs a batch", 1)
    lines = [_line(records.FILE_HEADER, _file_values(file), 1)]
    sums = [_write_batch(batch, lines, any_class=any_class) for batch in file.batches]
    blocks = -(-(len(lines) + 1) // BLOCKING_FACTOR)
    last = class_to_write(file.batches[-1].sec, ())
    lines.append(_line(last.file_control, _file_totals(file, sums, blocks), len(lines) + 1))
    lines += [records.FILLER] * (blocks * BLOCKING_FACTOR - len(lines))
    return (line_end.join(lines) + line_end).encode("ascii")


def _file_values(file: AchFile) -> dict[str, Any]:
    if file.created is None:
        raise _refusal("ACH-REQUIRED", "a file needs its creation date and time", 1)
    return _values(file) | {"created_date": file.created.date(), "created_time": file.created.time()}


def _file_totals(file: AchFile, sums: list[plain.Sums], blocks: int) -> dict[str, Any]:
    return plain.added(sums).fields() | {"batch_count": len(file.batches), "block_count": blocks}


def _values(value: AchFile | AchBatch | AchEntry | Addenda) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _write_batch(batch: AchBatch, lines: list[str], *, any_class: bool) -> plain.Sums:
    entry_class = class_to_write(batch.sec, batch.other)
    if not any_class:
        if not entry_class.written:
            raise _refusal("ACH-CLASS", "this entry class is not written", len(lines) + 1, (51, 53))
        if not batch.entries:
            raise _refusal("ACH-BATCH-EMPTY", "a batch needs an entry", len(lines) + 1)
    header = _values(batch) | dict(batch.other)
    lines.append(_line(entry_class.header, header, len(lines) + 1))
    written = plain.entry_lines(batch, entry_class)
    if written is None:
        last_trace = ""
        for entry in batch.entries:
            if not any_class:
                _refuse_trace(batch, entry, last_trace, len(lines) + 1)
            last_trace = entry.trace
            _write_entry(entry, entry_class, lines)
        sums = plain.batch_sums(batch)
    else:
        lines += written[0]
        sums = written[1]
    lines.append(_line(entry_class.control, header | sums.fields(), len(lines) + 1))
    return sums


def _refuse_trace(batch: AchBatch, entry: AchEntry, last: str, line: int) -> None:
    columns = (80, 94)
    if entry.trace <= last:
        raise _refusal("ACH-TRACE-ORDER", "trace numbers have to go up within a batch", line, columns)
    if entry.trace[:8] != batch.odfi:
        raise _refusal("ACH-TRACE-BANK", "a trace number begins with the batch's bank", line, columns)


def _write_entry(entry: AchEntry, entry_class: EntryClass, lines: list[str]) -> None:
    line = len(lines) + 1
    if entry.transaction_code not in codes.TRANSACTION_CODES:
        raise _refusal("ACH-TRANSACTION-CODE", "the transaction code is unknown", line, (2, 3))
    count = len(entry.addenda)
    answers = sum(isinstance(one, Addenda98 | Addenda99) for one in entry.addenda)
    if count - answers > entry_class.most_addenda or answers > 1:
        raise _refusal("ACH-ADDENDA-MANY", f"the class allows {entry_class.most_addenda} addenda", line)
    computed = {"addenda_indicator": int(bool(count)), "addenda_count": count}
    lines.append(_line(entry_class.entry, _values(entry) | dict(entry.other) | computed, line))
    lines.extend(_addenda_lines(entry, entry_class, line))


def _addenda_lines(entry: AchEntry, entry_class: EntryClass, line: int) -> Iterator[str]:
    sequence = {"entry_sequence": int(entry.trace[-7:])} if entry.trace else {}
    for number, addenda in enumerate(entry.addenda, start=line + 1):
        table = _table(addenda, entry_class)
        columns = dict(addenda.columns) if isinstance(addenda, ClassAddenda) else _values(addenda)
        yield _line(table, columns | sequence, number)


_TABLES: dict[type[Addenda], Record] = {
    Addenda05: tables.ADDENDA_05,
    Addenda99: tables.ADDENDA_99,
    DishonoredReturn: tables.ADDENDA_99_DISHONORED,
    ContestedReturn: tables.ADDENDA_99_CONTESTED,
    OtherAddenda: tables.ADDENDA_OTHER,
}


def _table(addenda: Addenda, entry_class: EntryClass) -> Record:
    if isinstance(addenda, ClassAddenda):
        return entry_class.addenda[addenda.type_code]
    if isinstance(addenda, Addenda98):
        if entry_class.international:
            return tables.ADDENDA_98_INTERNATIONAL
        return tables.ADDENDA_98_REFUSED if codes.is_refusal(addenda.change_code) else tables.ADDENDA_98
    return _TABLES[type(addenda)]


def _line(table: Record, values: dict[str, Any], line: int) -> str:
    try:
        return table.write(values)
    except MisfitAt as misfit:
        raise NotRepresentable(
            Finding(
                severity=Severity.ERROR,
                code="ACH-FIELD",
                message=str(misfit),
                cure="give a value that fits; nothing is cut",
                place=Place(line=line, columns=misfit.field.columns),
                value_class=misfit.value_class,
                value_length=misfit.value_length,
            )
        ) from None


def _refusal(code: str, message: str, line: int, columns: tuple[int, int] | None = None) -> NotRepresentable:
    return NotRepresentable(
        Finding(
            severity=Severity.ERROR,
            code=code,
            message=message,
            cure="correct the values handed to the writer",
            place=Place(line=line, columns=columns),
        )
    )
