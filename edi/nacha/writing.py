"""Writing ACH files: values to bytes with computed counts, hashes, totals and filler.

Writes PPD, CCD and COR (returns keep the class of what comes back). What does not fit, or would have to be guessed,
is refused with record and columns. Whether the file is fit to send is a second question: `check` reads the bytes back.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity
from edi.nacha import codes, records
from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda, Addenda05, Addenda98, Addenda99
from edi.nacha.records import BLOCKING_FACTOR, MisfitAt, Record

LINE_ENDS = ("\n", "\r\n", "")


def write(file: AchFile, line_end: str = "\n") -> bytes:
    """The file in ASCII, blocks filled with nines; `line_end` is LF, CRLF or nothing, as the bank wants it.

    Raises NotRepresentable where a value does not fit its columns, traces do not go up or do not begin with the
    batch's bank, a transaction code is unknown, a class is not written here, or file or batch are empty.
    """
    if line_end not in LINE_ENDS:
        raise ValueError("line_end is LF, CRLF or empty")
    if not file.batches:
        raise _refusal("ACH-EMPTY", "an ACH file needs a batch", 1)
    lines = [_line(records.FILE_HEADER, _file_values(file), 1)]
    for batch in file.batches:
        _write_batch(batch, lines)
    lines.append("")
    blocks = -(-len(lines) // BLOCKING_FACTOR)
    lines[-1] = _line(records.FILE_CONTROL, _file_totals(file, blocks), len(lines))
    lines += [records.FILLER] * (blocks * BLOCKING_FACTOR - len(lines))
    return "".join(line + line_end for line in lines).encode("ascii")


def _file_values(file: AchFile) -> dict[str, Any]:
    if file.created is None:
        raise _refusal("ACH-REQUIRED", "a file needs its creation date and time", 1)
    return _values(file) | {"created_date": file.created.date(), "created_time": file.created.time()}


def _file_totals(file: AchFile, blocks: int) -> dict[str, Any]:
    return _totals(file) | {"batch_count": len(file.batches), "block_count": blocks}


def _totals(value: AchFile | AchBatch) -> dict[str, Any]:
    names = ("entry_addenda_count", "entry_hash", "debit_cents", "credit_cents")
    return {name: getattr(value, name) for name in names}


def _values(value: AchFile | AchBatch | AchEntry | Addenda) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _write_batch(batch: AchBatch, lines: list[str]) -> None:
    entry_class = codes.ENTRY_CLASSES.get(batch.sec)
    if entry_class is None or not entry_class.written:
        raise _refusal("ACH-CLASS", "this entry class is not written", len(lines) + 1, (51, 53))
    if not batch.entries:
        raise _refusal("ACH-BATCH-EMPTY", "a batch needs an entry", len(lines) + 1)
    lines.append(_line(records.BATCH_HEADER, _values(batch), len(lines) + 1))
    last_trace = ""
    for entry in batch.entries:
        _refuse_trace(batch, entry, last_trace, len(lines) + 1)
        last_trace = entry.trace
        _write_entry(entry, entry_class, lines)
    lines.append(_line(records.BATCH_CONTROL, _values(batch) | _totals(batch), len(lines) + 1))


def _refuse_trace(batch: AchBatch, entry: AchEntry, last: str, line: int) -> None:
    columns = (80, 94)
    if entry.trace <= last:
        raise _refusal("ACH-TRACE-ORDER", "trace numbers have to go up within a batch", line, columns)
    if entry.trace[:8] != batch.odfi:
        raise _refusal("ACH-TRACE-BANK", "a trace number begins with the batch's bank", line, columns)


def _write_entry(entry: AchEntry, entry_class: codes.EntryClass, lines: list[str]) -> None:
    line = len(lines) + 1
    if entry.transaction_code not in codes.TRANSACTION_CODES:
        raise _refusal("ACH-TRANSACTION-CODE", "the transaction code is unknown", line, (2, 3))
    if len(entry.addenda) > entry_class.max_addenda:
        raise _refusal("ACH-ADDENDA-MANY", f"the class allows {entry_class.max_addenda} addenda", line)
    lines.append(_line(records.ENTRY, _values(entry) | {"addenda_indicator": int(bool(entry.addenda))}, line))
    lines.extend(_addenda_lines(entry, line))


def _addenda_lines(entry: AchEntry, line: int) -> Iterator[str]:
    tables: dict[type[Addenda], Record] = {
        Addenda05: records.ADDENDA_05,
        Addenda98: records.ADDENDA_98,
        Addenda99: records.ADDENDA_99,
    }
    for number, addenda in enumerate(entry.addenda, start=line + 1):
        table = tables.get(type(addenda), records.ADDENDA_OTHER)
        yield _line(table, _values(addenda) | {"entry_sequence": int(entry.trace[-7:])}, number)


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
