"""Rules in a CSV file with a heading: a row says for whom and for which days it holds, a column how a cell is read.

The file is the one in the folder of the settings, or the one of the same name beside this module.
"""

import csv
import io
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar

from pipeline.domain.errors import ConfigurationError


class Wrong(Exception):
    """Something in the file, told as "row 3, mileage: what (cure)"."""


@dataclass(frozen=True, slots=True)
class Column:
    looks: str
    """What a cell should be, in words."""
    read: Callable[[str], object]


class Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date: ...


def text_of(folder: Path | None, file: str, what: str, *, own: bool = True) -> tuple[Path, str]:
    """The file's path and text; ConfigurationError where it cannot be read.

    With `own` false a folder may leave the file out: then the one that comes with the program counts.
    """
    packaged = Path(__file__).with_name(file)
    path = packaged if folder is None else folder / file
    if folder is not None and not own and folder.is_dir() and not path.exists():
        path = packaged
    try:
        return path, path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{what} {path} cannot be read ({type(error).__name__}): put the file there in UTF-8,"
            " or unset CLAIMRAIL_RULES_FOLDER"
        ) from None


def rows(
    text: str, columns: Mapping[str, Column], what: str, later: Collection[str] = ()
) -> list[tuple[int, dict[str, object]]]:
    """Each row with its number in the file (the heading is row 1) as values by column; Wrong at the first fault.

    `later` are the last columns, which a table made before there were any need not have: they are blank then.
    """
    heading, *lines = _cells(text) or [[]]
    names = list(columns)
    absent = names[len(heading) :]
    if heading != names[: len(heading)] or not set(absent) <= set(later):
        raise Wrong(f"row 1: the heading is not that of {what} (give {','.join(columns)})")
    known = {name: columns[name] for name in heading}
    blank = {name: columns[name].read("") for name in absent}
    return [(number, _row(number, cells, known) | blank) for number, cells in enumerate(lines, 2) if any(cells)]


def _cells(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        raise Wrong("row 1: the file is no CSV (save it as CSV with commas, in UTF-8)") from None


def _row(number: int, cells: list[str], columns: Mapping[str, Column]) -> dict[str, object]:
    if len(cells) != len(columns):
        raise Wrong(f"row {number}: {len(cells)} cells, {len(columns)} are needed (put text with commas in quotes)")
    values: dict[str, object] = {}
    for (name, column), cell in zip(columns.items(), cells, strict=True):
        try:
            values[name] = column.read(cell.strip())
        except (ValueError, InvalidOperation):
            raise Wrong(f"row {number}, {name}: not a value of this column (give {column.looks})") from None
    return values


D = TypeVar("D", bound=Dated)


def one_after_another(numbered: Iterable[tuple[int, D]], key: Callable[[D], Hashable]) -> None:
    """No row ends before it begins, and no two rows of one key hold on the same day."""
    by_key: dict[Hashable, list[tuple[int, D]]] = {}
    for number, row in numbered:
        if row.valid_to < row.valid_from:
            raise Wrong(f"row {number}, valid_to: before valid_from (correct the dates)")
        by_key.setdefault(key(row), []).append((number, row))
    for of_key in by_key.values():
        for (_, earlier), (number, later) in pairwise(sorted(of_key, key=lambda one: one[1].valid_from)):
            if later.valid_from <= earlier.valid_to:
                raise Wrong(
                    f"row {number}, valid_from: two rows hold for the same payer on one day"
                    " (end the earlier one the day before)"
                )


# -- cells ------------------------------------------------------------------------------------------------------------
def word(cell: str) -> str:
    """One word that is not empty."""
    if not cell or " " in cell:
        raise ValueError
    return cell


def first_day(cell: str) -> date:
    return date.fromisoformat(cell) if cell else date.min


def last_day(cell: str) -> date:
    return date.fromisoformat(cell) if cell else date.max


WHOM: Mapping[str, Column] = {
    "payer_id": Column("the payer's id, or * for every payer", word),
    "filing_code": Column("the claim filing code, as MB, or * for every one", word),
}
DAYS: Mapping[str, Column] = {
    "valid_from": Column("a date as 2026-01-31, or nothing", first_day),
    "valid_to": Column("a date as 2026-01-31, or nothing", last_day),
}
