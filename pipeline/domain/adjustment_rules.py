"""What an adjustment of a payer ends, and what stays owed: rules by payer and reason, each for its time.

A payer's reason (CAS) says why he does not pay. Only some of them are price, agreed beforehand; the others are refusals, and
what is refused is not given up because a file says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.domain.payer_rules import ANY
from pipeline.domain.posting import Decision
from pipeline.domain.remittance import Adjusted

_PATIENT = "PR"


class Treatment(StrEnum):
    """What becomes of an amount that a payer does not pay."""

    PRICE = "price"  # agreed beforehand or set by law: it lowers what is owed
    EARLIER_PAYER = (
        "earlier_payer"  # what payers before this one have done: their own decisions have booked it, where we have them
    )
    KEPT = "kept"  # refused: still owed


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedTreatment:
    """One row: for services from `valid_from` to `valid_to`, both included."""

    payer_id: str = ANY
    filing_code: str = ANY
    group: str  # CAS01
    reason: str  # CARC
    valid_from: date = date.min
    valid_to: date = date.max
    treatment: Treatment


class AdjustmentBook:
    """All rules. A payer's own go before those of his kind, these before what holds for all; without a rule: kept."""

    def __init__(self, rows: Iterable[DatedTreatment]) -> None:
        self.rows = tuple(rows)
        self._rows: dict[tuple[str, str, str, str], list[DatedTreatment]] = {}
        for row in self.rows:
            self._rows.setdefault((row.payer_id, row.filing_code, row.group, row.reason), []).append(row)

    def of(self, payer_id: str, filing_code: str | None, group: str, reason: str, day: date) -> Treatment:
        """What the rules of a payer say of a reason for services of `day`."""
        kind = filing_code or ANY
        for whom in ((payer_id, kind), (payer_id, ANY), (ANY, kind), (ANY, ANY)):
            for row in self._rows.get((*whom, group, reason), ()):
                if row.valid_from <= day <= row.valid_to:
                    return row.treatment
        return Treatment.KEPT


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose rules count: NM109 of 2010BB, and his class SBR09."""

    payer_id: str
    filing_code: str | None


def judged(
    book: AdjustmentBook,
    payer: Payer,
    day: date,
    paid_cents: int,
    adjustments: Iterable[Adjusted],
    *,
    later_payer: bool = False,
) -> Decision:
    """The money of a decision, sorted into what ends, what is the patient's and what stays owed."""
    settled: dict[str, int] = {}
    earlier: dict[str, int] = {}
    patient = kept = 0
    for group, reason, cents in adjustments:
        if group == _PATIENT:
            patient += cents
            continue
        treatment = book.of(payer.payer_id, payer.filing_code, group, reason, day)
        if treatment is Treatment.KEPT:
            kept += cents
        else:
            into = settled if treatment is Treatment.PRICE or not later_payer else earlier
            into[group] = into.get(group, 0) + cents
    return Decision(paid_cents, settled, patient, kept, later_payer, earlier, payer.filing_code)


def kept_reasons(book: AdjustmentBook, payer: Payer, day: date, adjustments: Iterable[Adjusted]) -> list[str]:
    """Group and reason, such as "CO-16", of all that was refused; each once, in the payer's order."""
    return list(
        dict.fromkeys(
            f"{group}-{reason}"
            for group, reason, cents in adjustments
            if cents > 0
            and group != _PATIENT
            and book.of(payer.payer_id, payer.filing_code, group, reason, day) is Treatment.KEPT
        )
    )
