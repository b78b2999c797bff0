"""When a payer is asked what became of a claim, and what its answer (277, 005010X212) means. No clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from pipeline.domain.payer_rules import PayerRules

ASKABLE = ("SET_ACCEPTED", "CLEARINGHOUSE_ACCEPTED", "PAYER_ACCEPTED")
"""States of a submission that somebody outside has and nobody has decided: a status inquiry can find it."""


# -- when ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How a claim's latest submission stands; business times."""

    state: str
    sent: datetime
    heard: datetime | None  # the latest answer of anybody
    asked: datetime | None  # the latest inquiry since it was sent
    times: int  # inquiries since it was sent
    final: bool  # one of them was answered with an F category


def due(silence: Silence, rules: PayerRules, status_days: int) -> datetime | None:
    """When the payer is to be asked; None: not by itself, or not any more.

    Before the payer has taken a claim in, the clearinghouse reports for `status_days` after it was sent; nobody is asked
    before that is over. Only an F category ends the chase: whatever else is answered is asked about again.
    """
    if silence.state not in ASKABLE or silence.final or rules.ask_after_days is None:
        return None
    if rules.ask_at_most is not None and silence.times >= rules.ask_at_most:
        return None
    if silence.asked is not None:
        return None if rules.ask_again_days is None else silence.asked + timedelta(days=rules.ask_again_days)
    first = (silence.heard or silence.sent) + timedelta(days=rules.ask_after_days)
    over = silence.sent if silence.state == "PAYER_ACCEPTED" else silence.sent + timedelta(days=status_days)
    return max(first, over)


# -- what is answered -----------------------------------------------------------------------------------------------------
class Says(Enum):
    """What a status category says of a claim. The order is that of their weight where several are told.

    A claim that the payer holds twice is pending as long as one of the two is; what is found outweighs what is not.
    """

    MORE_WANTED = "the payer wants more before it decides"
    PENDING = "the payer has it and has not decided"
    FINAL = "the payer has decided"
    REJECTED = "it was not taken in"
    RECEIVED = "it was taken in or passed on"
    NOT_FOUND = "there is no such claim"
    FAILED = "the question could not be answered"
    OTHER = "a category that says nothing here"


_WEIGHT = tuple(Says)
_REJECTED = ("A3", "A6", "A7", "A8")
_NOT_FOUND = ("A4", "D0")
HAS_IT = frozenset({Says.MORE_WANTED, Says.PENDING, Says.FINAL, Says.RECEIVED})
"""What shows that the payer has the claim, as an acceptance in a 277CA would."""


def says(category: str) -> Says:
    """Of STC01-1 (code source 507)."""
    if category.startswith(_NOT_FOUND):
        return Says.NOT_FOUND
    if category.startswith(_REJECTED):
        return Says.REJECTED
    by_letter = {"F": Says.FINAL, "P": Says.PENDING, "R": Says.MORE_WANTED, "A": Says.RECEIVED, "E": Says.FAILED}
    return by_letter.get(category[:1], Says.OTHER)


def weightiest(categories: Sequence[str]) -> int:
    """The place of the category that counts, of several told about one claim; the first of equals. Not for none."""
    return min(range(len(categories)), key=lambda at: _WEIGHT.index(says(categories[at])))


_MEANS = {
    "F0": "decided, no more told",
    "F1": "decided: paid",
    "F2": "decided: denied",
    "F3": "decided: an earlier decision was revised",
    "F4": "decided: nothing will be paid",
    "F5": "decided: no payment by this payer",
    "P1": "in process",
    "P2": "under review",
    "P3": "waits for an answer of the provider",
    "P4": "waits for an answer of the patient",
    "P5": "held up at the payer's own",
}


def in_words(category: str) -> str:
    """A category in few words of ours."""
    return _MEANS.get(category[:2]) or says(category).value
