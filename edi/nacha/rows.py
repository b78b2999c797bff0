"""The rows of an ACH file as a tree file > batch > entry > addenda: each record by its table, with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from edi.findings import Finding, Place, Severity, class_of
from edi.nacha import records
from edi.nacha.classes import EntryClass, entry_class_of
from edi.nacha.columns import RECORD_LENGTH, Record


@dataclass(slots=True)
class Row:
    """One record: its table, its values by field name, and `damaged` where some columns could not be read.

    `unlike` has the columns, by field name, that the values would not give back.
    """

    line: int
    table: Record
    values: dict[str, Any] = field(default_factory=dict)
    damaged: bool = False
    unlike: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """The value, or None where its columns could not be read or the table has no such field."""
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
    def entry_class(self) -> EntryClass | None:
        return entry_class_of(str(self.header["sec"]), self.header["international_indicator"]) if self.header else None

    @property
    def international(self) -> bool:
        return self.header is not None and self.header.table is records.BATCH_HEADER_INTERNATIONAL

    @property
    def is_advice(self) -> bool:
        row = self.entry_class
        return row is not None and row.advice

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
class Written:
    """How a physical line was written: the row in it, or its own text where no table reads it; how far, how ended."""

    row: Row | None
    text: str
    length: int
    end: bytes
    encoding: str


@dataclass(slots=True)
class FileRows:
    header: Row | None = None
    batches: list[BatchRows] = field(default_factory=list)
    control: Row | None = None
    lines: int = 0
    filler: int = 0
    misplaced: int = 0
    written: list[Written] = field(default_factory=list)


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


def all_entries(file: FileRows) -> Iterator[tuple[BatchRows, EntryRows]]:
    """Every entry with its batch."""
    for batch in file.batches:
        for entry in batch.entries:
            yield batch, entry
