"""Rules about records 1 and 9: what an operator or a receiving bank would reject or send back.

Each takes rows and yields findings. Fields whose columns could not be read are None here and were reported by the
reader: a rule stays silent about them.
"""

import re
from collections.abc import Iterator

from edi.findings import Finding
from edi.nacha import codes
from edi.nacha.rows import BatchRows, FileRows, all_entries, error
from edi.nacha.rules.required import required


def header_and_control(file: FileRows) -> Iterator[Finding]:
    """A file begins with one record 1 and ends with one record 9."""
    at = (file.header or file.control or (file.batches[0].first() if file.batches else None)) if file.lines else None
    if at is None:
        return
    if file.header is None:
        yield error("ACH-FILE-HEADER", "the file has no header record", "begin the file with record 1", at.place())
    if file.control is None:
        yield error("ACH-FILE-CONTROL", "the file has no control record", "end the file with record 9", at.place())
    if not file.batches:
        yield error("ACH-EMPTY", "the file has no batches", "send a file only with entries", at.place())


def header_fields(file: FileRows) -> Iterator[Finding]:
    """Record 1: parties, creation date and modifier; with origin they tell files apart."""
    row = file.header
    if row is None:
        return
    yield from required(row, "destination", "origin", "created_date")
    if row["modifier"] is not None and not re.fullmatch("[A-Z0-9]", row["modifier"]):
        yield error(
            "ACH-MODIFIER",
            "the file ID modifier is no capital letter or digit",
            "use A-Z or 0-9",
            row.place("modifier"),
            row["modifier"],
        )
    for name in ("destination", "origin"):
        party = row[name]
        if party and len(party) not in {9, 10}:
            yield error(
                "ACH-PARTY",
                f"{name} has neither 9 nor 10 characters",
                "write a blank and the routing number",
                row.place(name),
                party,
            )
    destination = row["destination"] or ""
    if len(destination) == 9 and not codes.is_routing_number(destination):
        yield error(
            "ACH-CHECK-DIGIT",
            "the destination is no routing number with a right check digit",
            "correct the destination",
            row.place("destination"),
            destination,
        )


def batch_numbers_ascend(file: FileRows) -> Iterator[Finding]:
    """Batch numbers of a file go up."""
    last = 0
    for batch in file.batches:
        number = batch.header["number"] if batch.header else None
        if batch.header is not None and number is not None:
            if number <= last:
                yield error(
                    "ACH-BATCH-NUMBER",
                    "the batch number does not go up",
                    "number batches upwards from 1",
                    batch.header.place("number"),
                    number,
                )
            last = number


def traces_unique(file: FileRows) -> Iterator[Finding]:
    """No trace number stands twice in a file; within a batch that is already a question of order."""
    seen: dict[str, BatchRows] = {}
    for batch, item in all_entries(file):
        trace = item.entry["trace"]
        if trace and seen.setdefault(trace, batch) is not batch:
            yield error(
                "ACH-TRACE-TWICE",
                "the trace number stands in another batch too",
                "give each entry its own",
                item.entry.place("trace"),
            )
