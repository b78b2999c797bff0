"""The rules of release from a CSV file: `release.csv` beside this module, or the one in the folder of the settings.

docs/operations/release-rules.md explains the columns.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.release_rules import NAMES, Answer, Condition, ReleaseBook, ReleaseRule
from pipeline.rules.dated_table import DAYS, Column, Wrong, one_after_another, rows, text_of, word

FILE = "release.csv"
_MOST_APPROVALS = 5


def read(folder: Path | None) -> ReleaseBook:
    """The book of the folder, or the one that comes with the program; ConfigurationError tells what is wrong and where."""
    path, text = text_of(folder, FILE, "the rules of release", own=False)
    try:
        return _book(text)
    except Wrong as wrong:
        raise ConfigurationError(f"{path}, {wrong}") from None


def _book(text: str) -> ReleaseBook:
    numbered = [(number, _rule(number, values)) for number, values in rows(text, _COLUMNS, "rules of release")]
    one_after_another(numbered, lambda row: row.name)
    if not numbered:
        raise Wrong("row 2, name: without a rule nothing could ever be paid (give one)")
    return ReleaseBook(row for _, row in numbered)


def _rule(number: int, values: dict[str, object]) -> ReleaseRule:
    try:
        values["when"] = Condition(str(values["when"]))
    except ValueError as error:
        raise Wrong(f"row {number}, when: {error} (write CEL over {', '.join(NAMES)})") from None
    return ReleaseRule(**values)  # type: ignore[arg-type]


def _version(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and int(cell)):
        raise ValueError
    return int(cell)


def _approvals(cell: str) -> int:
    count = _version(cell or "1")
    if count > _MOST_APPROVALS:
        raise ValueError
    return count


def _text(cell: str) -> str:
    if not cell:
        raise ValueError
    return cell


def _answer(cell: str) -> Answer:
    if cell not in _ANSWERS:
        raise ValueError
    return _ANSWERS[cell]


_ANSWERS = {answer.name.lower(): answer for answer in Answer}

_COLUMNS: Mapping[str, Column] = {
    "name": Column("a name in one word", word),
    "version": Column("a whole number from 1 on; raise it with each change", _version),
    "kind": Column("a kind of payment, as refund, or * for every one", word),
    **DAYS,
    "when": Column("an expression in CEL", _text),
    "answer": Column(", ".join(_ANSWERS), _answer),
    "approvals": Column(f"how many people, 1 to {_MOST_APPROVALS}, or nothing for one", _approvals),
    "reason": Column("words that people read", _text),
}
