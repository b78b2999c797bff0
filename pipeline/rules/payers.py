"""The payers' rules from a CSV file: `payers.csv` beside this module, or the one in the folder of the settings.

A row says for whom (`payer_id`, `filing_code`; `*` is everybody), for services of which days (`valid_from` to
`valid_to`, both included, blank is open), and every rule; docs/operations/payers-rules.md explains the columns.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.payer_rules import ANY, DatedRules, MileageRule, PayerBook, PayerRules

FILE = "payers.csv"
_PACKAGED = Path(__file__).with_name(FILE)


def read(folder: Path | None) -> PayerBook:
    """The book of the folder, or the one that comes with the program.

    ConfigurationError tells file, row (the heading is row 1), column and cure of the first thing that is wrong.
    """
    path = _PACKAGED if folder is None else folder / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the payers' rules {path} cannot be read ({type(error).__name__}): put the file there in UTF-8,"
            " or unset CLAIMRAIL_RULES_FOLDER"
        ) from None
    try:
        return _book(text)
    except _Wrong as wrong:
        raise ConfigurationError(f"{path}, {wrong}") from None


_Numbered = tuple[int, DatedRules]
"""A row with its number in the file."""


class _Wrong(Exception):
    """Something in the file, told as "row 3, mileage: what (cure)"."""


def _book(text: str) -> PayerBook:
    heading, *lines = _cells(text) or [[]]
    if heading != list(_COLUMNS):
        raise _Wrong(f"row 1: the heading is not that of payers' rules (give {','.join(_COLUMNS)})")
    numbered = [(number, _row(number, cells)) for number, cells in enumerate(lines, 2) if any(cells)]
    by_whom: dict[tuple[str, str], list[_Numbered]] = {}
    for number, row in numbered:
        by_whom.setdefault((row.payer_id, row.filing_code), []).append((number, row))
    for rows in by_whom.values():
        _one_after_another(sorted(rows, key=_began))
    _without_a_gap(sorted(by_whom.get((ANY, ANY), []), key=_began))
    return PayerBook(row for _, row in numbered)


def _cells(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        raise _Wrong("row 1: the file is no CSV (save it as CSV with commas, in UTF-8)") from None


def _row(number: int, cells: list[str]) -> DatedRules:
    if len(cells) != len(_COLUMNS):
        raise _Wrong(f"row {number}: {len(cells)} cells, {len(_COLUMNS)} are needed (put text with commas in quotes)")
    values: dict[str, object] = {}
    for (name, column), cell in zip(_COLUMNS.items(), cells, strict=True):
        try:
            values[name] = column.read(cell.strip())
        except (ValueError, InvalidOperation):
            raise _Wrong(f"row {number}, {name}: not a value of this column (give {column.looks})") from None
    whom = {name: values.pop(name) for name in ("payer_id", "filing_code", "valid_from", "valid_to")}
    return DatedRules(**whom, rules=PayerRules(**values))  # type: ignore[arg-type]


def _began(numbered: _Numbered) -> date:
    return numbered[1].valid_from


def _one_after_another(rows: list[_Numbered]) -> None:
    for number, row in rows:
        if row.valid_to < row.valid_from:
            raise _Wrong(f"row {number}, valid_to: before valid_from (correct the dates)")
    for (_, earlier), (number, later) in pairwise(rows):
        if later.valid_from <= earlier.valid_to:
            raise _Wrong(
                f"row {number}, valid_from: two rows hold for the same payer on one day"
                " (end the earlier one the day before)"
            )


def _without_a_gap(rows: list[_Numbered]) -> None:
    """What holds for everybody begins with time, ends with it, and leaves no day out between."""
    if not rows:
        raise _Wrong(f"row 2, payer_id: no row holds for everybody (give one with {ANY},{ANY} and no dates)")
    if rows[0][1].valid_from != date.min:
        raise _Wrong(f"row {rows[0][0]}, valid_from: the first row for everybody has a beginning (leave it blank)")
    if rows[-1][1].valid_to != date.max:
        raise _Wrong(f"row {rows[-1][0]}, valid_to: the last row for everybody has an end (leave it blank)")
    for (_, earlier), (number, later) in pairwise(rows):
        if later.valid_from != earlier.valid_to + timedelta(days=1):
            raise _Wrong(f"row {number}, valid_from: the rows for everybody leave days out (begin the day after)")


# -- columns --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Column:
    looks: str
    read: Callable[[str], object]


def _whom(cell: str) -> str:
    if not cell or " " in cell:
        raise ValueError
    return cell


def _first_day(cell: str) -> date:
    return date.fromisoformat(cell) if cell else date.min


def _last_day(cell: str) -> date:
    return date.fromisoformat(cell) if cell else date.max


def _yes_or_no(cell: str) -> bool:
    if cell not in {"yes", "no"}:
        raise ValueError
    return cell == "yes"


def _miles(cell: str) -> Decimal:
    miles = Decimal(cell)
    if not 0 <= miles < 10_000:  # false for what is no number at all, too
        raise ValueError
    return miles


def _frequencies(cell: str) -> frozenset[str]:
    codes = frozenset(cell.split())
    if "1" not in codes or not codes <= set("178"):
        raise ValueError
    return codes


def _days(cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and int(cell)):
        raise ValueError
    return int(cell)


_COLUMNS: Mapping[str, _Column] = {
    "payer_id": _Column("the payer's id, or * for every payer", _whom),
    "filing_code": _Column("the claim filing code, as MB, or * for every one", _whom),
    "valid_from": _Column("a date as 2026-01-31, or nothing", _first_day),
    "valid_to": _Column("a date as 2026-01-31, or nothing", _last_day),
    "mileage": _Column(", ".join(MileageRule), MileageRule),
    "tenths_to_miles": _Column("a number of miles, as 100", _miles),
    "origin_destination_required": _Column("yes or no", _yes_or_no),
    "certification_required": _Column("yes or no", _yes_or_no),
    "insurance_type_required": _Column("yes or no", _yes_or_no),
    "frequencies": _Column("1, or 1 and some of 7 and 8, with blanks between", _frequencies),
    "filing_limit_days": _Column("a whole number of days, or nothing", _days),
}
