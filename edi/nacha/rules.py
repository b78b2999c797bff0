"""Rules of meaning, one function each: what an operator or a receiving bank would reject or send back.

Each function takes rows and yields findings; all are listed in FILE_RULES, BATCH_RULES and ENTRY_RULES. Fields whose
columns could not be read are None here and were reported by the reader: a rule stays silent about them.
"""

import re
from collections.abc import Callable, Iterator

from edi.findings import Finding, Severity
from edi.nacha import codes, totals
from edi.nacha.codes import Layout
from edi.nacha.records import ADDENDA_05, ADDENDA_98, ADDENDA_99
from edi.nacha.rows import BatchRows, EntryRows, FileRows, Row, all_entries, error


def _empty(value: object) -> bool:
    """Blank, or nothing but zeros: both count as absent to the operator."""
    return isinstance(value, str) and not value.strip(" 0")


def _international(batch: BatchRows) -> bool:
    """International batches are not taken apart: their header, control and addenda count follow other columns."""
    return batch.entry_class is not None and batch.entry_class.layout is Layout.INTERNATIONAL


def _required(row: Row, *names: str) -> Iterator[Finding]:
    for name in names:
        if name in row.values and (row[name] is None or _empty(row[name])):
            label = name.replace("_", " ")
            yield error(
                "ACH-REQUIRED", f"{row.table.name}: {label} is blank or zero", f"give the {label}", row.place(name)
            )


# ---- file


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
    yield from _required(row, "destination", "origin", "created_date")
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
        if trace is not None and seen.setdefault(trace, batch) is not batch:
            yield error(
                "ACH-TRACE-TWICE",
                "the trace number stands in another batch too",
                "give each entry its own",
                item.entry.place("trace"),
            )


# ---- batch


def batch_header_fields(batch: BatchRows) -> Iterator[Finding]:
    """Record 5: service class, names and identifications, class, effective date, originator status."""
    row = batch.header
    if row is None:
        return
    names = ("company_id", "description") if _international(batch) else ("company_name", "company_id", "description")
    yield from _required(row, *names)
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
        yield from _required(batch.header, "effective_date")


def control_agrees(batch: BatchRows) -> Iterator[Finding]:
    """Record 8 repeats service class, company, bank and number of record 5."""
    header, control = batch.header, batch.control
    if header is None or control is None:
        return
    names = (
        ("service_class", "odfi", "number")
        if _international(batch)
        else ("service_class", "company_id", "odfi", "number")
    )
    for name in names:
        if None not in (header[name], control[name]) and header[name] != control[name]:
            yield error(
                "ACH-BATCH-AGREES",
                f"{name.replace('_', ' ')} of batch header and control differ",
                "repeat the header's value in the control",
                control.place(name),
            )


def has_entries(batch: BatchRows) -> Iterator[Finding]:
    if not batch.entries:
        yield error("ACH-BATCH-EMPTY", "the batch has no entries", "leave the batch out", batch.first().place())


def layout_read(batch: BatchRows) -> Iterator[Finding]:
    """Says where a class is read less deeply than PPD and CCD."""
    entry_class = batch.entry_class
    if entry_class is None or entry_class.layout not in {Layout.OTHER, Layout.INTERNATIONAL, Layout.ADVICE}:
        return
    advice = entry_class.layout is Layout.ADVICE
    what = "advices are not read" if advice else "columns 40-76 and addenda are read as text"
    yield Finding(
        severity=Severity.WARNING if advice else Severity.INFO,
        code="ACH-LAYOUT",
        message=f"entry class {entry_class.code}: {what}",
        cure="none needed, unless this batch has to be worked",
        place=batch.first().place(),
    )


def traces_ascend(batch: BatchRows) -> Iterator[Finding]:
    """Trace numbers go up within a batch."""
    last = ""
    for item in batch.entries:
        trace = item.entry["trace"]
        if trace is not None:
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
    kinds = {any(a.table is ADDENDA_99 for a in item.addenda) for item in batch.entries}
    if len(kinds) > 1:
        yield error(
            "ACH-RETURN-MIXED",
            "forward and returned entries stand in one batch",
            "use a batch for each",
            batch.first().place(),
        )


# ---- entry


def transaction_code(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The transaction code exists and is on a side that the service class allows."""
    row, code = item.entry, item.entry["transaction_code"]
    if code is None:
        return
    place = row.place("transaction_code")
    if code not in codes.TRANSACTION_CODES:
        yield error("ACH-TRANSACTION-CODE", "the transaction code is unknown", "use a code of the rules", place, code)
        return
    service = batch.header["service_class"] if batch.header else None
    wrong = codes.DEBITS if service == codes.CREDITS_ONLY else codes.CREDITS if service == codes.DEBITS_ONLY else ()
    if code in wrong:
        yield error(
            "ACH-SIDE",
            f"service class {service} does not allow this transaction code",
            "use service class 200, or a batch for each side",
            place,
            code,
        )


def routing_number(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    rdfi = item.entry["rdfi"]
    if rdfi is not None and not codes.is_routing_number(rdfi):
        yield error(
            "ACH-CHECK-DIGIT",
            "the check digit of the receiving bank's routing number is wrong",
            "correct the routing number",
            item.entry.place("rdfi"),
            rdfi,
        )


def required_fields(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Account and receiver's name are given; a name may be absent in what comes back and in check conversions."""
    yield from _required(item.entry, "account")
    entry_class = batch.entry_class
    if entry_class is not None and entry_class.code in {"PPD", "CCD", "CTX", "WEB", "TEL"}:
        yield from _required(item.entry, "name")


def amount(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Live entries move money, prenotes and zero-dollar entries do not."""
    row, code, cents = item.entry, item.entry["transaction_code"], item.entry["amount_cents"]
    if code is None or cents is None:
        return
    comes_back = any(a.table in {ADDENDA_98, ADDENDA_99} for a in item.addenda)
    if code in codes.LIVE and not cents and not comes_back:
        yield error(
            "ACH-AMOUNT", "a live entry has amount zero", "give an amount or use a prenote", row.place("amount_cents")
        )
    if code in codes.PRENOTE | codes.ZERO_DOLLAR and cents:
        yield error(
            "ACH-AMOUNT", "a prenote or zero-dollar entry has an amount", "write amount zero", row.place("amount_cents")
        )


def trace(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The trace begins with the batch's bank and ends in a sequence number."""
    number, odfi = item.entry["trace"], batch.header["odfi"] if batch.header else None
    if number is not None and odfi is not None and number[:8] != odfi:
        yield error(
            "ACH-TRACE-BANK",
            "the trace number does not begin with the batch's bank",
            "begin it with columns 80-87 of the batch header",
            item.entry.place("trace"),
        )


def addenda_indicator(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Column 79 says whether addenda follow; the class says how many may."""
    row, stated, count = item.entry, item.entry["addenda_indicator"], len(item.addenda)
    if stated is not None and stated != (1 if count else 0):
        yield error(
            "ACH-ADDENDA-INDICATOR",
            f"the addenda indicator is {stated}, {count} addenda follow",
            "write 1 where addenda follow, else 0",
            row.place("addenda_indicator"),
        )
    comes_back = any(a.table in {ADDENDA_98, ADDENDA_99} for a in item.addenda)
    most = batch.entry_class.max_addenda if batch.entry_class else 9999
    if count > most and not (comes_back and count == 1):
        yield error(
            "ACH-ADDENDA-MANY", f"{count} addenda, the class allows {most}", "keep to the class's limit", row.place()
        )
    if row["addenda_count"] not in {None, count} and not _international(batch):
        yield error(
            "ACH-ADDENDA-COUNT",
            f"the entry states {row['addenda_count']} addenda, {count} follow",
            "state the number that follows",
            row.place("addenda_count"),
        )


def addenda_sequence(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """05 addenda count from 1 and repeat the last seven digits of the entry's trace."""
    end = item.entry["trace"]
    for number, row in enumerate((a for a in item.addenda if a.table is ADDENDA_05), start=1):
        if row["sequence"] is not None and row["sequence"] != number:
            yield error(
                "ACH-ADDENDA-SEQUENCE",
                "the addenda sequence does not count from 1",
                "number addenda 1, 2, 3 ...",
                row.place("sequence"),
            )
        if None not in (end, row["entry_sequence"]) and int(end[-7:]) != row["entry_sequence"]:
            yield error(
                "ACH-ADDENDA-ENTRY",
                "the addenda names another entry's sequence number",
                "repeat the last seven digits of the trace",
                row.place("entry_sequence"),
            )


def addenda_kind(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Return codes carry a return or change addenda and only they do; COR carries 98; zero-dollar carries 05."""
    row, code = item.entry, item.entry["transaction_code"]
    tables = [a.table for a in item.addenda]
    comes_back = ADDENDA_98 in tables or ADDENDA_99 in tables
    if comes_back and len(tables) > 1 and any(t is ADDENDA_05 for t in tables):
        yield error(
            "ACH-RETURN-ADDENDA",
            "a returned entry carries payment addenda too",
            "send only the return addenda",
            item.addenda[0].place(),
        )
    if code in codes.TRANSACTION_CODES and comes_back != (code in codes.RETURN_OR_CHANGE):
        yield error(
            "ACH-RETURN-CODE",
            "transaction code and kind of addenda do not belong together",
            "use 21, 26, 31, 36 ... with addenda 98 or 99, and only there",
            row.place("transaction_code"),
            code,
        )
    sec = batch.entry_class.code if batch.entry_class else ""
    if sec == "COR" and tables != [ADDENDA_98]:
        yield error(
            "ACH-CHANGE-ADDENDA", "a notification of change does not carry one 98 addenda", "add it", row.place()
        )
    if sec in {"CCD", "CTX"} and code in codes.ZERO_DOLLAR and not tables:
        yield error(
            "ACH-ZERO-ADDENDA", "a zero-dollar entry has no addenda", "add its remittance information", row.place()
        )


_ADDENDA_TYPES = {
    "PPD": {"05"}, "CCD": {"05"}, "CTX": {"05"}, "WEB": {"05"}, "CIE": {"05"}, "ACK": {"05"}, "ATX": {"05"},
    "DNE": {"05"}, "ENR": {"05"}, "TRX": {"05"}, "POS": {"02"}, "SHR": {"02"}, "MTE": {"02"},
}  # fmt: skip


def addenda_type(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Addenda are of a type that the class knows."""
    allowed = _ADDENDA_TYPES.get(batch.entry_class.code) if batch.entry_class else None
    for row in item.addenda:
        type_code = {ADDENDA_05: "05", ADDENDA_98: "98", ADDENDA_99: "99"}.get(row.table) or row["type_code"]
        if allowed is not None and type_code is not None and type_code not in allowed | {"98", "99"}:
            yield error(
                "ACH-ADDENDA-TYPE",
                "the class has no addenda of this type",
                "use the class's type",
                row.place(),
                type_code,
            )


def codes_known(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Reason and change codes are in the tables; an unknown one holds the entry, it is never passed over."""
    for row in item.addenda:
        name = "reason" if row.table is ADDENDA_99 else "change_code" if row.table is ADDENDA_98 else ""
        known = codes.RETURN_REASONS if name == "reason" else codes.CHANGE_CODES
        if name and row[name] not in known:
            yield error(
                "ACH-UNKNOWN-CODE",
                f"the {name.replace('_', ' ')} is not in the tables",
                "have a person look at it",
                row.place(name),
                row[name],
            )


FILE_RULES: tuple[Callable[[FileRows], Iterator[Finding]], ...] = (
    header_and_control, header_fields, batch_numbers_ascend, traces_unique, totals.file_totals, totals.blocking,
)  # fmt: skip
BATCH_RULES: tuple[Callable[[BatchRows], Iterator[Finding]], ...] = (
    batch_header_fields, effective_date, control_agrees, has_entries, layout_read, traces_ascend,
    forward_and_return_apart, totals.batch_totals,
)  # fmt: skip
ENTRY_RULES: tuple[Callable[[BatchRows, EntryRows], Iterator[Finding]], ...] = (
    transaction_code, routing_number, required_fields, amount, trace, addenda_indicator, addenda_sequence,
    addenda_kind, addenda_type, codes_known,
)  # fmt: skip


def all_findings(file: FileRows) -> Iterator[Finding]:
    """Every rule's findings over the whole file."""
    for rule in FILE_RULES:
        yield from rule(file)
    for batch in file.batches:
        for batch_rule in BATCH_RULES:
            yield from batch_rule(batch)
    for batch, item in all_entries(file):
        for entry_rule in ENTRY_RULES:
            yield from entry_rule(batch, item)
