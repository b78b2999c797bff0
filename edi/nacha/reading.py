"""Reading ACH files: bytes to values and findings, strictly (what we send) or by a bank's profile (what we get)."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from edi.findings import Finding, Place, Severity
from edi.nacha import addenda as tables
from edi.nacha import file as values
from edi.nacha import rules
from edi.nacha.clean import read_clean
from edi.nacha.profiles import INBOUND, STRICT, Profile
from edi.nacha.rows import BatchRows, EntryRows, FileRows, Row, error
from edi.nacha.rules.of_addenda import type_of
from edi.nacha.tree import Reader
from edi.pause import collector_paused

__all__ = ["INBOUND", "STRICT", "AchDocument", "Profile", "check", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AchDocument:
    """What a file says. `file` is None where nothing of it could be read; `lines` counts its physical records.

    `complete` tells a whole file (header, a control for every batch, file control) from one cut off or still arriving.
    With an error among the findings the values may be incomplete: entries with unreadable columns are left out.
    `rows` are its records by their tables, for `write_back`; None where the values alone give the bytes back, with
    `line_end` after each line.
    """

    file: values.AchFile | None
    findings: list[Finding]
    lines: int
    complete: bool
    rows: FileRows | None = None
    line_end: str = "\n"

    @property
    def ok(self) -> bool:
        """No finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def read(data: bytes, profile: Profile = STRICT) -> AchDocument:
    """The file as values with every finding, in the order of its lines. Never raises on bad bytes."""
    with collector_paused():
        clean = read_clean(data)
        if clean is None:
            return read_rows(data, profile)
    file, lines, line_end = clean
    return AchDocument(file=file, findings=[], lines=lines, complete=True, line_end=line_end)


def read_rows(data: bytes, profile: Profile = STRICT) -> AchDocument:
    """As `read`, record by record whatever the file is like."""
    reader = Reader()
    reader.read(data)
    rows = reader.file
    findings = [*reader.findings, *rules.all_findings(rows)]
    readable = rows.header is not None or bool(rows.batches)
    if not readable:
        findings.insert(0, error("ACH-NOT-ACH", "no file header and no batch", "send an ACH file", Place(line=1)))
    return AchDocument(
        file=_file(rows) if readable else None,
        findings=profile.judged(findings),
        lines=rows.lines,
        complete=readable and None not in (rows.header, rows.control, *(batch.control for batch in rows.batches)),
        rows=rows,
    )


def check(data: bytes) -> list[Finding]:
    """Every finding of the strict rules on bytes that are about to be sent; empty means fit to send."""
    return read(data, STRICT).findings


def _text(row: Row | None, name: str) -> str:
    return str(row[name] or "") if row else ""


def _file(rows: FileRows) -> values.AchFile:
    header = rows.header
    created = header["created_date"] if header else None
    clock: time = (header["created_time"] if header else None) or time()
    return values.AchFile(
        origin=_text(header, "origin"),
        origin_name=_text(header, "origin_name"),
        destination=_text(header, "destination"),
        destination_name=_text(header, "destination_name"),
        created=datetime.combine(created, clock) if created else None,
        modifier=_text(header, "modifier"),
        reference=_text(header, "reference"),
        batches=[_batch(batch) for batch in rows.batches],
    )


def _batch(rows: BatchRows) -> values.AchBatch:
    header = rows.header
    return values.AchBatch(
        service_class=(header["service_class"] if header else None) or 0,
        number=(header["number"] if header else None) or 0,
        effective_date=header["effective_date"] if header else None,
        mac=_text(rows.control, "mac"),
        entries=[_entry(item) for item in rows.entries if not item.entry.damaged],
        other=_others(header, _BATCH_NAMES) + _others(rows.control, _CONTROL_NAMES),
        **{name: _text(header, name) for name in _BATCH_TEXTS},
    )


_BATCH_TEXTS = (
    "company_name", "company_data", "company_id", "sec", "description", "descriptive_date", "settlement_day",
    "originator_status", "odfi",
)  # fmt: skip
_BATCH_NAMES = frozenset({*_BATCH_TEXTS, "service_class", "number", "effective_date"})
_CONTROL_NAMES = frozenset({
    "service_class", "entry_addenda_count", "entry_hash", "debit_cents", "credit_cents", "company_id", "mac", "odfi",
    "number",
})  # fmt: skip
_ENTRY_TEXTS = ("rdfi", "account", "individual_id", "name", "discretionary", "trace")
_ENTRY_NAMES = frozenset({*_ENTRY_TEXTS, "transaction_code", "amount_cents", "addenda_indicator", "addenda_count"})


def _others(row: Row | None, known: frozenset[str]) -> tuple[tuple[str, Any], ...]:
    """Name and value of the columns that the typed values have no field for, in the table's order."""
    if row is None:
        return ()
    names = (field.name for field in row.table.valued if field.name not in known)
    return tuple((name, row[name]) for name in names if row[name] is not None)


def _entry(item: EntryRows) -> values.AchEntry:
    row = item.entry
    rows = [one for one in item.addenda if not one.damaged]
    return values.AchEntry(
        transaction_code=row["transaction_code"],
        amount_cents=row["amount_cents"],
        addenda=[_addenda(one, number) for number, one in enumerate(rows, start=1)],
        other=_others(row, _ENTRY_NAMES),
        **{name: _text(row, name) for name in _ENTRY_TEXTS},
    )


_ADDENDA_TYPES: dict[Any, Any] = {
    tables.ADDENDA_98: values.Addenda98,
    tables.ADDENDA_98_REFUSED: values.Addenda98,
    tables.ADDENDA_98_INTERNATIONAL: values.Addenda98,
    tables.ADDENDA_99: values.Addenda99,
    tables.ADDENDA_99_DISHONORED: values.DishonoredReturn,
    tables.ADDENDA_99_CONTESTED: values.ContestedReturn,
    tables.ADDENDA_OTHER: values.OtherAddenda,
}


def _addenda(row: Row, number: int) -> values.Addenda:
    if row.table is tables.ADDENDA_05:
        return values.Addenda05(text=row["text"], sequence=number if row["sequence"] is None else row["sequence"])
    kind = _ADDENDA_TYPES.get(row.table)
    if kind is None:
        return values.ClassAddenda(type_code=type_of(row), columns=_others(row, frozenset({"entry_sequence"})))
    made: values.Addenda = kind(**row.values)
    return made
