"""Reading ACH files: bytes to values and findings, strictly (what we send) or by a bank's profile (what we get)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from edi.findings import Finding, Place, Severity
from edi.nacha import file as values
from edi.nacha import rules
from edi.nacha.records import ADDENDA_05, ADDENDA_98, ADDENDA_99
from edi.nacha.rows import BatchRows, EntryRows, FileRows, Reader, Row, error


@dataclass(frozen=True, slots=True)
class Profile:
    """How much a source may depart from the rules: findings with a `tolerated` code become warnings."""

    name: str
    tolerated: frozenset[str] = frozenset()


STRICT = Profile("strict")
# Banks hand back batches without file records, unfilled blocks, other people's trace order and lower-case words.
# Nothing here touches money: amounts, totals, counts, sides and check digits stay errors.
INBOUND = Profile(
    "inbound",
    frozenset({
        "ACH-DATE",
        "ACH-FILE-HEADER", "ACH-FILE-CONTROL", "ACH-BLOCKING", "ACH-BLOCK-COUNT", "ACH-FILL", "ACH-BLANK-LINE",
        "ACH-CHARSET", "ACH-RESERVED", "ACH-PARTY", "ACH-MODIFIER", "ACH-REQUIRED", "ACH-BATCH-NUMBER",
        "ACH-TRACE-ORDER", "ACH-TRACE-TWICE", "ACH-TRACE-BANK", "ACH-ORIGINATOR-STATUS", "ACH-ADDENDA-SEQUENCE",
        "ACH-ADDENDA-ENTRY", "ACH-RETURN-CODE",
    }),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AchDocument:
    """What a file says. `file` is None where nothing of it could be read; `lines` counts its physical records.

    `complete` tells a whole file (header, a control for every batch, file control) from one cut off or still arriving.
    With an error among the findings the values may be incomplete: entries with unreadable columns are left out.
    """

    file: values.AchFile | None
    findings: list[Finding]
    lines: int
    complete: bool

    @property
    def ok(self) -> bool:
        """No finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def read(data: bytes, profile: Profile = STRICT) -> AchDocument:
    """The file as values with every finding, in the order of its lines. Never raises on bad bytes."""
    reader = Reader()
    reader.read(data)
    findings = [*reader.findings, *rules.all_findings(reader.file)]
    if not reader.file.header and not reader.file.batches:
        findings.insert(0, error("ACH-NOT-ACH", "no file header and no batch", "send an ACH file", Place(line=1)))
        return AchDocument(file=None, findings=_judged(findings, profile), lines=reader.file.lines, complete=False)
    return AchDocument(
        file=_file(reader.file),
        findings=_judged(findings, profile),
        lines=reader.file.lines,
        complete=None not in (reader.file.header, reader.file.control, *(b.control for b in reader.file.batches)),
    )


def check(data: bytes) -> list[Finding]:
    """Every finding of the strict rules on bytes that are about to be sent; empty means fit to send."""
    return read(data, STRICT).findings


def _judged(findings: Sequence[Finding], profile: Profile) -> list[Finding]:
    judged = [
        replace(finding, severity=Severity.WARNING)
        if finding.code in profile.tolerated and finding.severity is Severity.ERROR
        else finding
        for finding in findings
    ]
    return sorted(judged, key=lambda finding: finding.place.line or 0)


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
        batches=[_batch(batch) for batch in rows.batches if not batch.is_advice],
    )


def _batch(rows: BatchRows) -> values.AchBatch:
    header = rows.header
    return values.AchBatch(
        service_class=(header["service_class"] if header else None) or 0,
        number=(header["number"] if header else None) or 0,
        effective_date=header["effective_date"] if header else None,
        mac=_text(rows.control, "mac"),
        entries=[_entry(item) for item in rows.entries if not item.entry.damaged],
        **{name: _text(header, name) for name in _BATCH_TEXTS},
    )


_BATCH_TEXTS = (
    "company_name", "company_data", "company_id", "sec", "description", "descriptive_date", "settlement_day",
    "originator_status", "odfi",
)  # fmt: skip
_ENTRY_TEXTS = ("rdfi", "account", "individual_id", "name", "discretionary", "trace")


def _entry(item: EntryRows) -> values.AchEntry:
    row = item.entry
    return values.AchEntry(
        transaction_code=row["transaction_code"],
        amount_cents=row["amount_cents"],
        addenda=[_addenda(addenda) for addenda in item.addenda if not addenda.damaged],
        **{name: _text(row, name) for name in _ENTRY_TEXTS},
    )


def _addenda(row: Row) -> values.Addenda:
    if row.table is ADDENDA_05:
        return values.Addenda05(text=row["text"], sequence=row["sequence"])
    made: dict[Any, type[values.Addenda98 | values.Addenda99]] = {
        ADDENDA_98: values.Addenda98,
        ADDENDA_99: values.Addenda99,
    }
    kind = made.get(row.table, values.OtherAddenda)
    return kind(**{f.name: row[f.name] for f in row.table.fields if f.name in kind.__dataclass_fields__})
