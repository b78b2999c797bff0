"""The operator's windows for same-day settlement: `ach_windows.csv` beside this module, or the one in the folder of the settings.

From the Reserve Banks' FedACH processing schedule (deadline and settlement, Eastern) and the ACH rules (limit an entry).
docs/operations/bank-files.md explains the columns.
"""

from collections.abc import Mapping
from datetime import time
from pathlib import Path

from pipeline.domain.ach_calendar import Window, WindowBook
from pipeline.domain.errors import ConfigurationError
from pipeline.rules.dated_table import DAYS, Column, Wrong, one_after_another, rows, text_of, word

FILE = "ach_windows.csv"


def read(folder: Path | None) -> WindowBook:
    """The book of the folder, or the one that comes with the program; ConfigurationError tells what is wrong and where."""
    path, text = text_of(folder, FILE, "the windows of same-day settlement", own=False)
    try:
        return _book(text)
    except Wrong as wrong:
        raise ConfigurationError(f"{path}, {wrong}") from None


def _book(text: str) -> WindowBook:
    numbered = [(number, _window(number, values)) for number, values in rows(text, _COLUMNS, "same-day windows")]
    one_after_another(numbered, lambda row: row.name)
    return WindowBook(row for _, row in numbered)


def _window(number: int, values: dict[str, object]) -> Window:
    window = Window(**values)  # type: ignore[arg-type]
    if window.settlement <= window.deadline:
        raise Wrong(f"row {number}, settlement: not after the deadline (correct the times)")
    return window


def _time(cell: str) -> time:
    if len(cell) != len("16:45"):
        raise ValueError
    return time.fromisoformat(cell)


def _cents(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit()):
        raise ValueError
    return int(cell)


_COLUMNS: Mapping[str, Column] = {
    "name": Column("a name in one word", word),
    **DAYS,
    "deadline": Column("a time of day as 16:45, Eastern", _time),
    "settlement": Column("a time of day as 18:00, Eastern", _time),
    "limit_cents": Column("the most an entry may have, in cents", _cents),
}
