"""Bytes of an ACH file into rows, and rows into the tree file > batch > entry > addenda, with what is wrong on the way.

Lines may end in LF, CRLF or CR, or not at all (94 characters after 94). Every byte is accounted for: what is not a
record of the tree is a finding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from edi.findings import Finding, Place, Severity, class_of
from edi.nacha import codes, records
from edi.nacha.codes import Layout
from edi.nacha.records import RECORD_LENGTH, Kind, Record

_ENTRY_TABLES: dict[Layout, Record] = {
    Layout.COUNTED: records.ENTRY_COUNTED,
    Layout.SWAPPED: records.ENTRY_SWAPPED,
    Layout.INTERNATIONAL: records.ENTRY_INTERNATIONAL,
}
_MISFIT_CODES = {Kind.BLANK: "ACH-RESERVED", Kind.DATE: "ACH-DATE", Kind.TIME: "ACH-DATE"}
_ADDENDA_TABLES = {"05": records.ADDENDA_05, "98": records.ADDENDA_98, "99": records.ADDENDA_99}


@dataclass(slots=True)
class Row:
    """One record: its table, its values by field name, and `damaged` where some columns could not be read."""

    line: int
    table: Record
    values: dict[str, Any] = field(default_factory=dict)
    damaged: bool = False

    def __getitem__(self, name: str) -> Any:
        """The value, or None where its columns could not be read."""
        return self.values.get(name)

    def place(self, name: str = "") -> Place:
        """The address of a field, or of the whole line."""
        return Place(line=self.line, columns=self.table.by_name[name].columns if name else (1, RECORD_LENGTH))


@dataclass(slots=True)
class EntryRows:
    entry: Row
    addenda: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class BatchRows:
    """A batch as found; `header` or `control` is None where the file lacks it."""

    header: Row | None
    entries: list[EntryRows] = field(default_factory=list)
    control: Row | None = None

    @property
    def entry_class(self) -> codes.EntryClass | None:
        return codes.ENTRY_CLASSES.get(str(self.header["sec"])) if self.header else None

    @property
    def is_advice(self) -> bool:
        row = self.entry_class
        return row is not None and row.layout is Layout.ADVICE

    @property
    def damaged(self) -> bool:
        """Whether counts and totals of the entries cannot be known."""
        return any(item.entry.damaged for item in self.entries)

    def first(self) -> Row:
        """The first row there is, for the address of a finding about the whole batch."""
        row = self.header or (self.entries[0].entry if self.entries else self.control)
        assert row is not None, "a batch is opened by a row"
        return row


@dataclass(slots=True)
class FileRows:
    header: Row | None = None
    batches: list[BatchRows] = field(default_factory=list)
    control: Row | None = None
    lines: int = 0
    filler: int = 0
    misplaced: int = 0


def error(code: str, message: str, cure: str, place: Place, value: object = None) -> Finding:
    """An error finding; a value is told by class and length only."""
    text = None if value is None else str(value)
    return Finding(
        severity=Severity.ERROR,
        code=code,
        message=message,
        cure=cure,
        place=place,
        value_class=None if text is None else class_of(text),
        value_length=None if text is None else len(text),
    )


def split_lines(data: bytes) -> list[bytes]:
    """The physical records: by line end, and where a line is several times 94 long, by length."""
    lines: list[bytes] = []
    for line in re.split(rb"\r\n|\n|\r", data):
        if len(line) > RECORD_LENGTH and (len(line) % RECORD_LENGTH == 0 or len(line) > 2 * RECORD_LENGTH):
            lines += [line[at : at + RECORD_LENGTH] for at in range(0, len(line), RECORD_LENGTH)]
        else:
            lines.append(line)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _decoded(line: bytes) -> str:
    """Text with one character a column: UTF-8 only where that gives exactly the record length."""
    if not line.isascii():
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            return line.decode("latin-1")
        if len(text) == RECORD_LENGTH:
            return text
    return line.decode("latin-1")


class Reader:
    """Builds the tree line by line and collects findings. One use a file."""

    def __init__(self) -> None:
        self.file = FileRows()
        self.findings: list[Finding] = []
        self._batch: BatchRows | None = None

    def read(self, data: bytes) -> None:
        lines = split_lines(data)
        self.file.lines = len(lines)
        for number, line in enumerate(lines, start=1):
            self._line(number, _decoded(line))
        self._close_batch(len(lines))

    def _line(self, number: int, text: str) -> None:
        if not text.strip():
            self._report("ACH-BLANK-LINE", "a blank line stands between the records", "remove the line", number)
            return
        if set(text.rstrip()) == {"9"}:
            self.file.filler += 1
            self._filler(number, text)
            return
        self._characters(number, text)
        handler = self._HANDLERS.get(text[0])
        if handler is None:
            self.file.misplaced += 1
            self._report(
                "ACH-RECORD-TYPE",
                "no record begins with this character",
                "records begin 1, 5, 6, 7, 8 or 9",
                number,
                (1, 1),
                text[0],
            )
            return
        if self.file.control is not None and text[0] != "9":
            self._report(
                "ACH-ORDER", "a record follows the file control", "end the file with its control and filler", number
            )
        handler(self, number, text)

    def _filler(self, number: int, text: str) -> None:
        if self.file.control is None:
            self._report("ACH-ORDER", "filler stands before the file control", "put filler at the end", number)
        if text != records.FILLER:
            code = "ACH-FILL" if text.rstrip(" ") == records.FILLER else "ACH-LENGTH"
            self._report(code, "a filler record is not 94 nines", "fill the record to 94 characters", number)

    def _characters(self, number: int, text: str) -> None:
        bad = [at for at, char in enumerate(text, start=1) if not " " <= char <= "~"]
        if bad:
            self._report(
                "ACH-CHARSET",
                f"{len(bad)} characters are not printable ASCII",
                "use letters, digits, blank and printable ASCII specials",
                number,
                (bad[0], bad[-1]),
            )

    def _header(self, number: int, text: str) -> None:
        row = self._row(records.FILE_HEADER, number, text)
        if self.file.header is not None or self.file.batches:
            self._report(
                "ACH-ORDER", "the file header is not the first record", "one file header begins a file", number
            )
        if self.file.header is None:
            self.file.header = row

    def _batch_header(self, number: int, text: str) -> None:
        self._close_batch(number)
        self._batch = BatchRows(self._row(records.BATCH_HEADER, number, text))
        self.file.batches.append(self._batch)

    def _entry(self, number: int, text: str) -> None:
        batch = self._open_batch(number, "an entry")
        entry_class = batch.entry_class
        if batch.is_advice:
            batch.entries.append(EntryRows(Row(number, records.ENTRY)))
            return
        table = _ENTRY_TABLES.get(entry_class.layout, records.ENTRY) if entry_class else records.ENTRY
        batch.entries.append(EntryRows(self._row(table, number, text)))

    def _addenda(self, number: int, text: str) -> None:
        if self._batch is None or not self._batch.entries:
            self.file.misplaced += 1
            self._report("ACH-ORDER", "an addenda record stands before any entry", "put it after its entry", number)
            return
        entry_class = self._batch.entry_class
        plain = entry_class is None or entry_class.layout is not Layout.INTERNATIONAL or text[1:3] == "99"
        table = _ADDENDA_TABLES.get(text[1:3], records.ADDENDA_OTHER) if plain else records.ADDENDA_OTHER
        self._batch.entries[-1].addenda.append(self._row(table, number, text))

    def _batch_control(self, number: int, text: str) -> None:
        batch = self._open_batch(number, "a batch control")
        batch.control = (
            Row(number, records.BATCH_CONTROL) if batch.is_advice else self._row(records.BATCH_CONTROL, number, text)
        )
        self._batch = None

    def _file_control(self, number: int, text: str) -> None:
        self._close_batch(number)
        if self.file.control is not None:
            self._report("ACH-ORDER", "a second file control", "one file control ends a file", number)
            return
        advice = any(batch.is_advice for batch in self.file.batches)
        self.file.control = (
            Row(number, records.FILE_CONTROL) if advice else self._row(records.FILE_CONTROL, number, text)
        )

    _HANDLERS = {  # noqa: RUF012 - a constant table
        "1": _header,
        "5": _batch_header,
        "6": _entry,
        "7": _addenda,
        "8": _batch_control,
        "9": _file_control,
    }

    def _open_batch(self, number: int, what: str) -> BatchRows:
        if self._batch is None:
            self._report(
                "ACH-BATCH-HEADER", f"{what} stands outside a batch", "begin the batch with its header", number
            )
            self._batch = BatchRows(None)
            self.file.batches.append(self._batch)
        return self._batch

    def _close_batch(self, number: int) -> None:
        if self._batch is not None:
            self._report("ACH-BATCH-CONTROL", "a batch has no control record", "end the batch with its control", number)
            self._batch = None

    def _row(self, table: Record, number: int, text: str) -> Row:
        """The row of a line; a line of wrong length gives no values, unless only fill blanks are amiss."""
        row = Row(number, table)
        if len(text) != RECORD_LENGTH:
            fill_only = len(text.rstrip(" ")) <= RECORD_LENGTH
            self._report(
                "ACH-FILL" if fill_only else "ACH-LENGTH",
                f"the {table.name} has {len(text)} characters, not 94",
                "write 94 characters a record",
                number,
            )
            if not fill_only:
                row.damaged = True
                return row
            text = text.rstrip(" ").ljust(RECORD_LENGTH)
        row.values, misfits = table.read(text)
        for misfit, reason in misfits:
            row.damaged = row.damaged or misfit.kind in {Kind.NUMBER, Kind.DIGITS}
            first, last = misfit.columns
            self._report(
                _MISFIT_CODES.get(misfit.kind, "ACH-FIELD"),
                f"{table.name}: {misfit.name.replace('_', ' ')} {reason}",
                "correct these columns",
                number,
                (first, last),
                text[first - 1 : last],
            )
        return row

    def _report(
        self,
        code: str,
        message: str,
        cure: str,
        line: int,
        columns: tuple[int, int] | None = None,
        value: object = None,
    ) -> None:
        self.findings.append(error(code, message, cure, Place(line=line, columns=columns), value))


def all_entries(file: FileRows) -> Iterator[tuple[BatchRows, EntryRows]]:
    """Every entry with its batch, advices left out."""
    for batch in file.batches:
        if not batch.is_advice:
            for entry in batch.entries:
                yield batch, entry
