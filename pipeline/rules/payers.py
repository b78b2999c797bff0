"""The payers' rules from a CSV file: `payers.csv` beside this module, or the one in the folder of the settings.

A row says for whom (`payer_id`, `filing_code`; `*` is everybody), for services of which days (`valid_from` to
`valid_to`, both included, blank is open), and every rule; docs/operations/payers-rules.md explains the columns.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.payer_rules import ANY, DatedRules, MileageRule, PayerBook, PayerRules
from pipeline.rules.dated_table import DAYS, WHOM, Column, Wrong, one_after_another, rows, text_of, word

FILE = "payers.csv"


def read(folder: Path | None) -> PayerBook:
    """The book of the folder, or the one that comes with the program.

    ConfigurationError tells file, row (the heading is row 1), column and cure of the first thing that is wrong.
    """
    path, text = text_of(folder, FILE, "the payers' rules")
    try:
        return _book(text)
    except Wrong as wrong:
        raise ConfigurationError(f"{path}, {wrong}") from None


_Numbered = tuple[int, DatedRules]
"""A row with its number in the file."""


def _book(text: str) -> PayerBook:
    numbered = [(number, _dated(values)) for number, values in rows(text, _COLUMNS, "payers' rules", _ASKS)]
    one_after_another(numbered, lambda row: (row.payer_id, row.filing_code))
    for_all = [one for one in numbered if (one[1].payer_id, one[1].filing_code) == (ANY, ANY)]
    _without_a_gap(sorted(for_all, key=_began))
    return PayerBook(row for _, row in numbered)


def _dated(values: dict[str, object]) -> DatedRules:
    whom = {name: values.pop(name) for name in (*WHOM, *DAYS)}
    return DatedRules(**whom, rules=PayerRules(**values))  # type: ignore[arg-type]


def _began(numbered: _Numbered) -> date:
    return numbered[1].valid_from


def _without_a_gap(rows: list[_Numbered]) -> None:
    """What holds for everybody begins with time, ends with it, and leaves no day out between."""
    if not rows:
        raise Wrong(f"row 2, payer_id: no row holds for everybody (give one with {ANY},{ANY} and no dates)")
    if rows[0][1].valid_from != date.min:
        raise Wrong(f"row {rows[0][0]}, valid_from: the first row for everybody has a beginning (leave it blank)")
    if rows[-1][1].valid_to != date.max:
        raise Wrong(f"row {rows[-1][0]}, valid_to: the last row for everybody has an end (leave it blank)")
    for (_, earlier), (number, later) in pairwise(rows):
        if later.valid_from != earlier.valid_to + timedelta(days=1):
            raise Wrong(f"row {number}, valid_from: the rows for everybody leave days out (begin the day after)")


# -- columns --------------------------------------------------------------------------------------------------------
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


_ASKS = ("ask_after_days", "ask_again_days", "ask_at_most", "eligibility_id")
_COLUMNS: Mapping[str, Column] = {
    **WHOM,
    **DAYS,
    "mileage": Column(", ".join(MileageRule), MileageRule),
    "tenths_to_miles": Column("a number of miles, as 100", _miles),
    "origin_destination_required": Column("yes or no", _yes_or_no),
    "certification_required": Column("yes or no", _yes_or_no),
    "insurance_type_required": Column("yes or no", _yes_or_no),
    "frequencies": Column("1, or 1 and some of 7 and 8, with blanks between", _frequencies),
    "filing_limit_days": Column("a whole number of days, or nothing", _days),
    "ask_after_days": Column("a whole number of days, or nothing", _days),
    "ask_again_days": Column("a whole number of days, or nothing", _days),
    "ask_at_most": Column("a whole number of inquiries, or nothing", _days),
    "eligibility_id": Column("one word, or nothing", lambda cell: word(cell) if cell else None),
}
