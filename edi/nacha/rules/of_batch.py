"""Rules about records 5 and 8: what an operator or a receiving bank would reject or send back.

Each takes rows and yields findings. Fields whose columns could not be read are None here and were reported by the
reader: a rule stays silent about them.
"""

from collections.abc import Iterator

from edi.findings import Finding
from edi.nacha import codes
from edi.nacha.addenda import RETURNS
from edi.nacha.rows import BatchRows, error
from edi.nacha.rules.required import required


def batch_header_fields(batch: BatchRows) -> Iterator[Finding]:
    """Record 5: service class, names and identifications, class, effective date, originator status."""
    row = batch.header
    if row is None:
        return
    names = ("company_id", "description") if batch.international else ("company_name", "company_id", "description")
    yield from required(row, *names)
    if row["service_class"] is not None and row["service_class"] not in codes.SERVICE_CLASSES:
        yield error(
            "ACH-SERVICE-CLASS",
            "the service class is none of 200, 220, 225, 280",
            "use 200, 220 or 225",
            row.place("service_class"),
            row["service_class"],
        )
    if batch.entry_class is None and "sec" in row.values:
        yield error(
            "ACH-CLASS",
            "the entry class is unknown",
            "use a class of the rules, in capitals",
            row.place("sec"),
            row["sec"],
        )
    if row["originator_status"] not in {"0", "1", "2", None}:
        yield error(
            "ACH-ORIGINATOR-STATUS", "the originator status is none of 0, 1, 2", "use 1", row.place("originator_status")
        )


def effective_date(batch: BatchRows) -> Iterator[Finding]:
    """The effective entry date is given; whether it is a day of the calendar the reader has told already."""
    undated = batch.entry_class is not None and batch.entry_class.code in {"ADV", "ENR"}
    if batch.header is not None and not undated:
        yield from required(batch.header, "effective_date")


def control_agrees(batch: BatchRows) -> Iterator[Finding]:
    """Record 8 repeats service class, company, bank and number of record 5."""
    header, control = batch.header, batch.control
    if header is None or control is None:
        return
    names = ("service_class", "odfi", "number")
    for name in names if batch.international else (*names, "company_id"):
        if None not in (header[name], control[name]) and header[name] != control[name]:
            shifted = str(header[name]).strip() == str(control[name]).strip()
            yield error(
                "ACH-BATCH-SHIFTED" if shifted else "ACH-BATCH-AGREES",
                f"{name.replace('_', ' ')} of batch header and control differ",
                "repeat the header's value in the control",
                control.place(name),
            )


def has_entries(batch: BatchRows) -> Iterator[Finding]:
    """A batch holds entries."""
    if not batch.entries:
        yield error("ACH-BATCH-EMPTY", "the batch has no entries", "leave the batch out", batch.first().place())


def traces_ascend(batch: BatchRows) -> Iterator[Finding]:
    """Trace numbers go up within a batch."""
    last = ""
    for item in batch.entries:
        trace = item.entry["trace"]
        if trace:
            if trace <= last:
                yield error(
                    "ACH-TRACE-ORDER",
                    "the trace number does not go up",
                    "sort the batch by trace number",
                    item.entry.place("trace"),
                )
            last = trace


def forward_and_return_apart(batch: BatchRows) -> Iterator[Finding]:
    """A batch holds forward entries or returned ones, never both."""
    kinds = {any(a.table in RETURNS for a in item.addenda) for item in batch.entries}
    if len(kinds) > 1:
        yield error(
            "ACH-RETURN-MIXED",
            "forward and returned entries stand in one batch",
            "use a batch for each",
            batch.first().place(),
        )
