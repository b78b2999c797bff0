"""What differs from payer to payer and decides whether a claim is well made for this one, each rule for its time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ANY = "*"
"""Stands for every payer id, or for every filing code."""


class MileageRule(StrEnum):
    """How loaded miles must have been rounded before they are billed. Claimrail checks, it never rounds."""

    MEDICARE = "medicare"  # ground: tenths up to a number of miles, whole miles above; air: whole miles
    WHOLE = "whole"  # whole miles always
    TENTHS = "tenths"  # tenths always


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRules:
    """The rules of one payer at one time."""

    mileage: MileageRule = MileageRule.MEDICARE
    tenths_to_miles: Decimal = Decimal(100)
    """By the Medicare rule: the most ground miles that may be billed in tenths; more are whole."""
    origin_destination_required: bool = True  # the modifier pair on every ambulance line
    certification_required: bool = False  # the physician's, of a transport that was no emergency
    insurance_type_required: bool = False  # SBR05, where this payer is not the first
    frequencies: frozenset[str] = frozenset("178")  # of CLM05-3
    filing_limit_days: int | None = None  # from the first day of service; None: not known
    ask_after_days: int | None = None  # of silence, until a status inquiry (276) asks; None: never by itself
    ask_again_days: int | None = None  # after an inquiry, until the next; None: once
    ask_at_most: int | None = None  # inquiries about one try of a claim, a person's included; None: as many as it takes
    eligibility_id: str | None = None  # the payer's id in questions about coverage; None: the one of its claims


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRules:
    """Rules with whom and when they hold for: services from `valid_from` to `valid_to`, both included."""

    payer_id: str = ANY
    filing_code: str = ANY
    valid_from: date = date.min
    valid_to: date = date.max
    rules: PayerRules


class PayerBook:
    """All payers' rules. What is said of a payer goes before what is said of its kind, that before what holds for all.

    One row decides alone: nothing is put together from several. What holds for all holds on every day, and no two rows
    for the same payer on one day: whoever makes a book has seen to it.
    """

    def __init__(self, rows: Iterable[DatedRules]) -> None:
        self.rows = tuple(rows)
        self._by_whom: dict[tuple[str, str], list[DatedRules]] = {}
        for row in self.rows:
            self._by_whom.setdefault((row.payer_id, row.filing_code), []).append(row)
        days = [row.rules.ask_after_days for row in self.rows if row.rules.ask_after_days is not None]
        self.asks_after_days = min(days, default=None)
        """The shortest silence after which any payer is asked; None where none ever is by itself."""

    def of(self, payer_id: str, filing_code: str, day: date) -> PayerRules:
        """The rules of a payer (2010BB NM109) for a claim of this kind (SBR09) whose service began on `day`."""
        for whom in ((payer_id, filing_code), (payer_id, ANY), (ANY, filing_code), (ANY, ANY)):
            for row in self._by_whom.get(whom, ()):
                if row.valid_from <= day <= row.valid_to:
                    return row.rules
        raise ValueError("no rules hold for every payer on this day")
