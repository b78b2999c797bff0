"""Rules about record 7: how many, of which kind, in which order, and what returns and notifications say.

Each takes rows and yields findings. Fields whose columns could not be read are None here and were reported by the
reader: a rule stays silent about them.
"""

from collections.abc import Iterator

from edi.findings import Finding
from edi.nacha import codes
from edi.nacha.addenda import ADDENDA_05, ADDENDA_99, CHANGES, INTERNATIONAL, RETURNS
from edi.nacha.rows import BatchRows, EntryRows, Row, error

_ANSWERS = CHANGES | RETURNS
_MANY = 9_999


def type_of(row: Row) -> str:
    """Columns 2-3 of an addenda row."""
    return str(row["type_code"]) if "type_code" in row.table.by_name else row.table.fields[0].constant[1:]


def _answers(item: EntryRows) -> list[Row]:
    return [row for row in item.addenda if row.table in _ANSWERS]


def addenda_indicator(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Column 79 says whether addenda follow."""
    row, stated, count = item.entry, item.entry["addenda_indicator"], len(item.addenda)
    if stated is not None and stated != (1 if count else 0):
        yield error(
            "ACH-ADDENDA-INDICATOR",
            f"the addenda indicator is {stated}, {count} addenda follow",
            "write 1 where addenda follow, else 0",
            row.place("addenda_indicator"),
        )


def addenda_many(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The class says how many addenda an entry may have; what comes back carries one 98 or 99 in their place."""
    row, count, answers = item.entry, len(item.addenda), len(_answers(item))
    if answers > 1:
        yield error(
            "ACH-RETURN-HISTORY",
            f"{answers} returns or notifications on one entry",
            "send only the newest",
            item.addenda[0].place(),
        )
    most = batch.entry_class.most_addenda if batch.entry_class else _MANY
    if count - answers > most:
        yield error(
            "ACH-ADDENDA-MANY", f"{count} addenda, the class allows {most}", "keep to the class's limit", row.place()
        )


def addenda_count(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Classes with many addenda state their number in the entry."""
    row, count = item.entry, len(item.addenda)
    if row["addenda_count"] not in {None, count}:
        yield error(
            "ACH-ADDENDA-COUNT-IAT" if batch.international else "ACH-ADDENDA-COUNT",
            f"the entry states {row['addenda_count']} addenda, {count} follow",
            "state the number that follows",
            row.place("addenda_count"),
        )


def addenda_sequence(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Numbered addenda count from 1 by type; all but returns repeat the last seven digits of the entry's trace."""
    end = item.entry["trace"]
    counted: dict[str, int] = {}
    for row in item.addenda:
        if "sequence" in row.table.by_name:
            kind = type_of(row)
            counted[kind] = counted.get(kind, 0) + 1
            if row["sequence"] is not None and row["sequence"] != counted[kind]:
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


def addenda_kind(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Return codes carry a return or change addenda and only they do; COR carries 98; zero-dollar carries 05."""
    row, code = item.entry, item.entry["transaction_code"]
    answers, tables = _answers(item), [a.table for a in item.addenda]
    if answers and ADDENDA_05 in tables:
        yield error(
            "ACH-RETURN-ADDENDA",
            "a returned entry carries payment addenda too",
            "send only the return addenda",
            item.addenda[0].place(),
        )
    if answers and code in codes.TRANSACTION_CODES - codes.RETURN_OR_CHANGE:
        yield error(
            "ACH-RETURN-CODE",
            "a returned entry or notification has the transaction code of one that goes out",
            "use 21, 26, 31, 36 ... with addenda 98 or 99",
            row.place("transaction_code"),
            code,
        )
    if not answers and code in codes.RETURN_OR_CHANGE:
        yield error(
            "ACH-RETURN-REASON",
            "a returned entry does not say why: its addenda is missing",
            "add the addenda 99, or 98 of a notification",
            row.place("transaction_code"),
            code,
        )


def addenda_wanted(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """A notification of change has its 98, a zero-dollar entry its remittance, an international one its parties."""
    tables = [a.table for a in item.addenda]
    sec = batch.entry_class.code if batch.entry_class else ""
    row = item.entry
    noticed = tables[-1:] and tables[-1] in CHANGES if batch.international else tables and set(tables) <= CHANGES
    if sec == "COR" and not noticed:
        yield error(
            "ACH-CHANGE-ADDENDA", "a notification of change does not carry one 98 addenda", "add it", row.place()
        )
    if sec in {"CCD", "CTX"} and row["transaction_code"] in codes.ZERO_DOLLAR and not tables:
        yield error(
            "ACH-ZERO-ADDENDA", "a zero-dollar entry has no addenda", "add its remittance information", row.place()
        )
    if batch.international and not _answers(item):
        missing = [kind for kind in _IAT_MANDATORY if INTERNATIONAL[kind] not in tables]
        if missing:
            yield error(
                "ACH-IAT-ADDENDA",
                f"an international entry lacks addenda {', '.join(missing)}",
                "give all of 10 to 16",
                row.place(),
            )


_IAT_MANDATORY = ("10", "11", "12", "13", "14", "15", "16")


def addenda_order(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Addenda of an international entry stand in the order of their types, 17 and 18 more than once if need be."""
    last = ""
    for row in item.addenda if batch.international else ():
        kind = type_of(row)
        if kind < last or (kind == last and kind not in {"17", "18"}):
            yield error("ACH-IAT-ORDER", "addenda are out of order, or twice", "order them 10 to 18", row.place())
        last = kind


def addenda_type(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Addenda are of a type that the class knows."""
    if batch.entry_class is None or not batch.entry_class.addenda:
        return
    for row in item.addenda:
        if row.table not in _ANSWERS and row.table not in batch.entry_class.addenda.values():
            yield error(
                "ACH-ADDENDA-TYPE",
                "the class has no addenda of this type",
                "use the class's type",
                row.place(),
                type_of(row),
            )


def codes_known(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Reason and change codes are in the tables; an unknown one holds the entry, it is never passed over."""
    for row in _answers(item):
        name, known = ("reason", codes.RETURN_REASONS) if row.table in RETURNS else ("change_code", codes.CHANGE_CODES)
        if row[name] not in known:
            yield error(
                "ACH-UNKNOWN-CODE",
                f"the {name.replace('_', ' ')} is not in the tables",
                "have a person look at it",
                row.place(name),
                row[name],
            )


def answers_name_the_original(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Returns and notifications name the entry they speak of; dishonored and contested ones the return too."""
    for row in _answers(item):
        for name in ("original_trace", "return_trace", "dishonored_trace"):
            if name in row.table.by_name and row[name] is not None and not row[name].strip(" 0"):
                yield error(
                    "ACH-RETURN-TRACE",
                    f"{row.table.name}: {name.replace('_', ' ')} is blank",
                    "repeat the trace number of the entry that is meant",
                    row.place(name),
                )


def return_dates(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Columns 22-27 of a return are the date of death of R14 and R15, and blank for all other reasons."""
    for row in item.addenda:
        if row.table is ADDENDA_99 and row["date_of_death"] is not None and row["reason"] not in {"R14", "R15"}:
            yield error(
                "ACH-RESERVED",
                "a date of death stands in a return for another reason",
                "leave columns 22-27 blank but for R14 and R15",
                row.place("date_of_death"),
            )
