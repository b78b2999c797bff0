"""The payers' rules from a CSV file: `payers.csv` beside this module, or the one in the folder of the settings.

A row says for whom (`payer_id`, `filing_code`; `*` is everybody), for services of which days (`valid_from` to
`valid_to`, both included, blank is open), and every rule; docs/operations/configuration.md explains the columns.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
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


class _Wrong(Exception):
    """Something in the file, told as "row 3, mileage: what (cure)"."""


def _book(text: str) -> PayerBook:
    heading, *lines = _cells(text) or [[]]
    if heading != list(_COLUMNS):
        raise _Wrong(f"row 1: the heading is not that of payers' rules (give {','.join(_COLUMNS)})")
    numbered = [(number, _row(number, cells)) for number, cells in enumerate(lines, 2) if any(cells)]
    by_whom: dict[tuple[str, str], list[tuple[int, DatedRules]]] = {}
    for number, row in numbered:
        by_whom.setdefault(row.whom, []).append((number, row))
    for rows in by_whom.values():
        _one_after_another(rows)
    _without_a_gap(by_whom.get((ANY, ANY), []))
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


def _one_after_another(rows: list[tuple[int, DatedRules]]) -> None:
    for number, row in rows:
        if row.valid_from is not None and row.valid_to is not None and row.valid_to < row.valid_from:
            raise _Wrong(f"row {number}, valid_to: before valid_from (correct the dates)")
    for (_, earlier), (number, later) in _neighbours(rows):
        if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
            raise _Wrong(
                f"row {number}, valid_from: two rows hold for the same payer on one day"
                " (end the earlier one the day before)"
            )


def _without_a_gap(rows: list[tuple[int, DatedRules]]) -> None:
    if not rows:
        raise _Wrong(f"row 2, payer_id: no row holds for everybody (give one with {ANY},{ANY} and no dates)")
    ordered = _in_time(rows)
    if ordered[0][1].valid_from is not None or ordered[-1][1].valid_to is not None:
        raise _Wrong(f"row {ordered[0][0]}, valid_from: the rows for everybody leave days out (open both ends)")
    for (_, earlier), (number, later) in _neighbours(rows):
        assert earlier.valid_to is not None
        if later.valid_from != earlier.valid_to + timedelta(days=1):
            raise _Wrong(f"row {number}, valid_from: the rows for everybody leave days out (begin the day after)")


def _neighbours(
    rows: list[tuple[int, DatedRules]],
) -> Iterator[tuple[tuple[int, DatedRules], tuple[int, DatedRules]]]:
    return pairwise(_in_time(rows))


def _in_time(rows: list[tuple[int, DatedRules]]) -> list[tuple[int, DatedRules]]:
    return sorted(rows, key=lambda numbered: numbered[1].valid_from or date.min)


# -- columns --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Column:
    looks: str
    read: Callable[[str], object]


def _whom(cell: str) -> str:
    if not cell or " " in cell:
        raise ValueError
    return cell


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


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
    "valid_from": _Column("a date as 2026-01-31, or nothing", _day),
    "valid_to": _Column("a date as 2026-01-31, or nothing", _day),
    "mileage": _Column(", ".join(MileageRule), MileageRule),
    "tenths_to_miles": _Column("a number of miles, as 100", _miles),
    "origin_destination_required": _Column("yes or no", _yes_or_no),
    "certification_required": _Column("yes or no", _yes_or_no),
    "insurance_type_required": _Column("yes or no", _yes_or_no),
    "frequencies": _Column("1, or 1 and some of 7 and 8, with blanks between", _frequencies),
    "filing_limit_days": _Column("a whole number of days, or nothing", _days),
}
