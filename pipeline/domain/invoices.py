"""What vendors ask for: invoices, as people enter them, and how those that are due become payments."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from pipeline.domain.wire_text import is_identifier

NUMBER_MOST = 30
"""Characters of an invoice's number: what receivers of an 820 take in RMR02, and what fits beside a CCD entry."""
COLUMNS = ("payee", "number", "date", "due", "amount", "discount")
_NEEDED = COLUMNS[:-1]
_DOLLARS = re.compile(r"(\d{1,8})(?:\.(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice. `gross_cents` is what it asks for, `discount_cents` what is taken off where it is paid by `due_on`."""

    number: str
    invoiced_on: date
    due_on: date
    gross_cents: int
    discount_cents: int = 0

    @property
    def net_cents(self) -> int:
        """What is paid."""
        return self.gross_cents - self.discount_cents

    @property
    def content_sha256(self) -> bytes:
        """Equal for an invoice that is entered again."""
        return hashlib.sha256(self.to_json()).digest()

    def to_json(self) -> bytes:
        days = (self.invoiced_on.isoformat(), self.due_on.isoformat())
        return json.dumps([self.number, *days, self.gross_cents, self.discount_cents]).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Invoice":
        number, invoiced, due, gross, discount = json.loads(data)
        return cls(
            number=number,
            invoiced_on=date.fromisoformat(invoiced),
            due_on=date.fromisoformat(due),
            gross_cents=gross,
            discount_cents=discount,
        )

    def faults(self) -> list[str]:
        """What is wrong with it, each with the column, and the cure; none of its values."""
        tests = (
            (
                is_identifier(self.number) and len(self.number) <= NUMBER_MOST,
                f"number: 1 to {NUMBER_MOST} capitals, digits and . , / + & ( ) ' - within; write it as the 820 can carry it",
            ),
            (self.gross_cents > 0, "amount: an invoice asks for more than zero; a credit note is no invoice"),
            (
                0 <= self.discount_cents < max(self.gross_cents, 1),
                "discount: it is below the amount, and not below zero",
            ),
            (self.invoiced_on <= self.due_on, "due: it is not before the invoice's own date"),
        )
        return [reason for holds, reason in tests if not holds]


# -- from a table -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of invoices; `line` counts from 1, the heading being 1."""

    line: int
    payee_id: int
    invoice: Invoice


def cents_of(text: str) -> int | None:
    """Whole cents of dollars as people write them, 1234 or 1234.50; None for anything else, nothing being rounded."""
    found = _DOLLARS.fullmatch(text.strip())
    return int(found[1]) * 100 + int(found[2] or 0) if found else None


def read_table(text: str) -> tuple[list[Row], list[str]]:
    """The rows of a CSV with the columns of `COLUMNS` (discount may be left out), and all that is wrong, line by line."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    strange = [name for name in reader.fieldnames or () if name not in COLUMNS]
    if missing or strange:
        told = [f"line 1: column {name} is missing: add it" for name in missing]
        return [], told + [
            f"line 1: there is no column {name!r}: the columns are {', '.join(COLUMNS)}" for name in strange
        ]
    rows: list[Row] = []
    faults: list[str] = []
    for cells in reader:
        line, found = reader.line_num, _read_row(cells)
        if isinstance(found, Row):
            rows.append(Row(line, found.payee_id, found.invoice))
        else:
            faults += [f"line {line}, {fault}" for fault in found]
    return rows, faults


def _read_row(cells: dict[Any, Any]) -> Row | list[str]:
    if None in cells or None in cells.values():
        return ["all columns: the row has more or fewer cells than the heading; put text with commas in quotes"]
    payee, days = cells["payee"].strip(), {name: _day(cells[name]) for name in ("date", "due")}
    money = {"amount": cents_of(cells["amount"]), "discount": cents_of(cells.get("discount", "").strip() or "0")}
    faults = [] if payee.isascii() and payee.isdigit() else ["payee: a number, as `claimrail payees` lists it"]
    faults += [f"{name}: a day as 2026-11-30" for name, day in days.items() if day is None]
    faults += [f"{name}: dollars as 1234.50, without signs or commas" for name, cents in money.items() if cents is None]
    invoiced_on, due_on, gross, discount = days["date"], days["due"], money["amount"], money["discount"]
    if faults or invoiced_on is None or due_on is None or gross is None or discount is None:
        return faults
    invoice = Invoice(
        number=cells["number"].strip(),
        invoiced_on=invoiced_on,
        due_on=due_on,
        gross_cents=gross,
        discount_cents=discount,
    )
    return invoice.faults() or Row(0, int(payee), invoice)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


# -- to payments --------------------------------------------------------------------------------------------------------
class Due(Protocol):
    """What grouping looks at."""

    @property
    def id(self) -> int: ...
    @property
    def payee_id(self) -> int: ...
    @property
    def entered_by(self) -> str: ...


D = TypeVar("D", bound=Due)


def together(due: Iterable[D], secs: dict[int, str]) -> Iterator[list[D]]:
    """The invoices of each payment: all of a payee in CTX, one a payment in CCD, which has room for one only.

    Those that different people entered are not paid together: who entered one has prepared its payment, and a payment has
    one preparer, who must not approve it.
    """
    groups: dict[tuple[int, str, int], list[D]] = {}
    for one in due:
        alone = 0 if secs.get(one.payee_id) == "CTX" else one.id
        groups.setdefault((one.payee_id, one.entered_by, alone), []).append(one)
    yield from groups.values()


def vendor_obligation(payee_id: int, invoice_ids: Sequence[int]) -> str:
    """The name of what is owed: the first of the invoices, and how many they are."""
    count = f"-{len(invoice_ids)}" if len(invoice_ids) > 1 else ""
    return f"vendor:{payee_id}:{min(invoice_ids)}{count}"
