"""The rules of adjustments from a CSV file: `adjustments.csv` beside this module, or the one in the folder of the settings.

docs/operations/adjustment-rules.md explains the columns.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.domain.adjustment_rules import AdjustmentBook, DatedTreatment, Treatment
from pipeline.domain.errors import ConfigurationError
from pipeline.rules.dated_table import DAYS, WHOM, Column, Wrong, one_after_another, rows, text_of, word

FILE = "adjustments.csv"
_GROUPS = frozenset({"CO", "OA", "PI", "CR"})


def read(folder: Path | None) -> AdjustmentBook:
    """The book of the folder, or the one that comes with the program; ConfigurationError tells what is wrong and where."""
    path, text = text_of(folder, FILE, "the rules of adjustments", own=False)
    try:
        return _book(text)
    except Wrong as wrong:
        raise ConfigurationError(f"{path}, {wrong}") from None


def _book(text: str) -> AdjustmentBook:
    numbered = [
        (number, DatedTreatment(**values))  # type: ignore[arg-type]
        for number, values in rows(text, _COLUMNS, "rules of adjustments")
    ]
    one_after_another(numbered, lambda row: (row.payer_id, row.filing_code, row.group, row.reason))
    return AdjustmentBook(row for _, row in numbered)


def _group(cell: str) -> str:
    if cell not in _GROUPS:
        raise ValueError
    return cell


_COLUMNS: Mapping[str, Column] = {
    **WHOM,
    "group": Column(f"one of {', '.join(sorted(_GROUPS))}; what group PR says is the patient's always", _group),
    "reason": Column("an adjustment reason code, as 45", word),
    **DAYS,
    "treatment": Column(", ".join(Treatment), Treatment),
}
