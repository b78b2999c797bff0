"""Writing BAI2: values to bytes, with all totals and counts. What could not be read back equal is refused."""

from collections.abc import Iterable
from datetime import date

from edi.bai2 import codes
from edi.bai2.file import Account, BaiFile, Group, Summary, Transaction
from edi.bai2.lines import finding
from edi.errors import NotRepresentable
from edi.findings import Place

_CURE = "give a value that the format can carry"


def write(file: BaiFile) -> bytes:
    """The file, a record a line, every line ended by a slash. Raises NotRepresentable."""
    lines = _file(file)
    return "".join(f"{line}/\n" for line in lines).encode("latin-1")


def _file(file: BaiFile) -> list[str]:
    lines = [
        _record(
            "01", file.sender, file.receiver, _day(file.created), file.created_time, file.file_id,
            _number(file.record_length), _number(file.block_size), file.version,
        )
    ]  # fmt: skip
    for group in file.groups:
        lines += _group(group)
    return [*lines, _record("99", str(file.total_cents), str(len(file.groups)), str(len(lines) + 1))]


def _group(group: Group) -> list[str]:
    lines = [
        _record(
            "02", group.receiver, group.originator, group.status, _day(group.as_of), group.as_of_time, group.currency,
            group.modifier,
        )
    ]  # fmt: skip
    for account in group.accounts:
        lines += _account(account)
    return [*lines, _record("98", str(group.total_cents), str(len(group.accounts)), str(len(lines) + 1))]


def _account(account: Account) -> list[str]:
    lines = [_record("03", account.number, account.currency, *(p for s in account.summaries for p in _summary(s)))]
    for one in account.transactions:
        lines += _transaction(one)
    return [*lines, _record("49", str(account.total_cents), str(len(lines) + 1))]


def _summary(summary: Summary) -> Iterable[str]:
    yield from (summary.type_code, _number(summary.amount_cents), _number(summary.items), summary.funds_type)
    yield from _availability(summary.funds_type, summary.availability)


def _transaction(one: Transaction) -> list[str]:
    if one.amount_cents and (one.amount_cents < 0) != one.is_debit:
        raise _misfit("the amount's sign is not its type code's")
    amount = "" if one.amount_cents is None else str(abs(one.amount_cents))
    fields = (one.type_code, amount, one.funds_type, *_availability(one.funds_type, one.availability))
    head = _record("16", *fields, one.bank_reference, one.customer_reference)
    first, *more = one.text.split("\n") if one.text else [""]
    for text in (first, *more):
        if text != text.strip() or not text.isprintable() or not _latin(text) or (one.text and not text):
            raise _misfit("a text's lines are printable, not blank and without blanks around them")
    return [f"{head},{first}", *(f"88,{text}" for text in more)]


def _availability(funds_type: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    expected = codes.FUNDS_FIELDS.get(funds_type, 0)
    if funds_type == "D":
        expected = 1 + 2 * int(fields[0]) if fields and fields[0].isascii() and fields[0].isdigit() else -1
    if funds_type not in codes.FUNDS_TYPES or len(fields) != expected:
        raise _misfit("the availability is not what the funds type brings")
    return fields


def _record(code: str, *fields: str) -> str:
    for text in fields:
        if text != text.strip() or set(text) & set(",/") or not text.isprintable() or not _latin(text):
            raise _misfit(f"a field of record {code} holds a comma, a slash, blanks around it or what is not printable")
    return ",".join((code, *fields))


def _latin(text: str) -> bool:
    return all(mark < "\x80" for mark in text)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%y%m%d}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _misfit(message: str) -> NotRepresentable:
    return NotRepresentable(finding("BAI2-UNWRITABLE", message, _CURE, Place()))
