"""How well a claim of ours fits a payer's decision that bears no number we know.

Each sign that speaks for or against it has points (`WEIGHTS`); their sum is the score. A claim is the decision's only
where the best score reaches `THRESHOLD` and the next claim is at least `MARGIN` below: two claims that fit alike (twins,
two runs of one day) are left to a person. What neither side tells gives no sign. docs/matching.md shows the table.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from pipeline.domain.wire_text import wire_text

THRESHOLD = 80
"""From here on a claim is taken for the decision's: a member id, the first day, the charge and the codes reach it."""
MARGIN = 15
"""So far below must the next claim be; more than whether a name is equal or only alike, or a claim decided before."""
NEAR_DAYS = 3
_ALIKE = 0.9
"""Jaro-Winkler from which two names may be one, written differently."""
_SHORTEST_CUT = 8
"""Characters that must be left of CLM01, whose characters are as good as random, to say whose it is."""


class Sign(StrEnum):
    LINE_NUMBER = "line_number"
    NUMBER_ALIKE = "number_alike"
    MEMBER_SAME = "member_same"
    MEMBER_OTHER = "member_other"
    DAY_SAME = "day_same"
    DAY_NEAR = "day_near"
    DAY_OTHER = "day_other"
    CHARGE_SAME = "charge_same"
    CHARGE_OTHER = "charge_other"
    CODES_SAME = "codes_same"
    CODES_SOME = "codes_some"
    CODES_OTHER = "codes_other"
    LAST_SAME = "last_name_same"
    LAST_ALIKE = "last_name_alike"
    LAST_OTHER = "last_name_other"
    FIRST_SAME = "first_name_same"
    FIRST_ALIKE = "first_name_alike"
    FIRST_OTHER = "first_name_other"
    PAYER_SAME = "payer_same"
    DECIDED = "decided"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


class Weight(NamedTuple):
    points: int
    words: str
    because: str


WEIGHTS: dict[Sign, Weight] = {
    Sign.LINE_NUMBER: Weight(45, "a line bears a line number of this claim", "only we write these numbers"),
    Sign.NUMBER_ALIKE: Weight(
        45, "its claim number is ours, cut or with marks added", "eight of our characters are no accident"
    ),
    Sign.MEMBER_SAME: Weight(35, "same member id", "names the family, not yet the patient"),
    Sign.MEMBER_OTHER: Weight(-20, "another member id", "a corrected id is told beside the one we sent"),
    Sign.DAY_SAME: Weight(20, "same first day of service", "without it no claim is matched by itself"),
    Sign.DAY_NEAR: Weight(
        -15, f"first day of service within {NEAR_DAYS} days", "dialysis runs: days apart, and alike in all else"
    ),
    Sign.DAY_OTHER: Weight(-40, "another day of service", "payers do not move days"),
    Sign.CHARGE_SAME: Weight(15, "same charge", "CLP03 is what we billed"),
    Sign.CHARGE_OTHER: Weight(-10, "another charge", "a payer may split a claim, a person should look"),
    Sign.CODES_SAME: Weight(10, "all procedures are the claim's", "what was sent (SVC06) before what was decided"),
    Sign.CODES_SOME: Weight(4, "some procedures are the claim's", "payers bundle and change codes"),
    Sign.CODES_OTHER: Weight(-15, "no procedure is the claim's", "another service of the same day"),
    Sign.LAST_SAME: Weight(8, "same last name", "letters alone are compared"),
    Sign.LAST_ALIKE: Weight(4, "last name alike", "cut, or written differently"),
    Sign.LAST_OTHER: Weight(-12, "another last name", "it may have changed, a person should look"),
    Sign.FIRST_SAME: Weight(6, "same first name", "tells members of a family apart"),
    Sign.FIRST_ALIKE: Weight(2, "first name alike", "an initial, or written differently; or a twin"),
    Sign.FIRST_OTHER: Weight(-20, "another first name", "another member of the family"),
    Sign.PAYER_SAME: Weight(4, "payer's name alike", "payers write their names in many ways, so another says nothing"),
    Sign.DECIDED: Weight(
        -5, "the claim was decided or replaced before", "less than the margin: of two alike it chooses none"
    ),
    Sign.REJECTED: Weight(
        -25, "the claim was rejected before any decision", "a corrected one went under another number"
    ),
    Sign.UNDECIDED: Weight(-25, "a reversal, and the claim was never decided", "there is nothing to take back"),
}
SEALED = (Sign.CODES_SAME, Sign.LAST_SAME, Sign.FIRST_SAME, Sign.PAYER_SAME)
"""The best that opening a claim can add to what its columns tell."""
_DECIDED_STATES = frozenset({"PAID", "PARTLY_PAID", "DENIED", "REVERSED", "REPLACED", "VOIDED"})
"""What was REPLACED may have been decided before: its payer takes that back when he decides the later version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a decision tells of its claim. A reversal's charge is turned round; names and indexes stay out of its repr."""

    number: str  # CLP01
    line_numbers: frozenset[str] = frozenset()  # CLM01s that line numbers (REF*6R) name
    member_indexes: frozenset[bytes] = field(default=frozenset(), repr=False)  # of each id it gives
    service_from: date | None = None
    charge_cents: int
    takes_back: bool = False
    procedures: frozenset[str] = frozenset()
    last_name: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    payer_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What only the claim's sealed document tells."""

    procedures: frozenset[str]
    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    payer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OurClaim:
    """A claim version that has left; `inside` is None while it is not opened."""

    claim_id: int
    clm01: str
    version: int
    state: str
    charge_cents: int
    service_from: date | None
    member_index: bytes | None = field(default=None, repr=False)
    inside: Inside | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    claim: OurClaim
    signs: tuple[Sign, ...]

    @property
    def points(self) -> int:
        return sum(WEIGHTS[sign].points for sign in self.signs)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The signs in words with their points; nothing of the patient."""
        return tuple(f"{WEIGHTS[sign].words} {WEIGHTS[sign].points:+d}" for sign in self.signs)


def score(told: Told, ours: OurClaim) -> Scored:
    """All signs, the strongest kind first."""
    signs: list[Sign | None] = [
        Sign.LINE_NUMBER if ours.clm01 in told.line_numbers else None,
        Sign.NUMBER_ALIKE if _is_ours(told.number, ours.clm01) else None,
        _member(told, ours),
        _day(told, ours),
        Sign.CHARGE_SAME if told.charge_cents == ours.charge_cents else Sign.CHARGE_OTHER,
    ]
    if ours.inside is not None:
        signs += _inside(told, ours.inside)
    signs.append(_state(told, ours))
    return Scored(ours, tuple(sign for sign in signs if sign is not None))


def ranked(told: Told, claims: Iterable[OurClaim]) -> list[Scored]:
    """The best first; of each claim (CLM01) the version that fits best, the latest of those that fit alike."""
    best: dict[str, Scored] = {}
    for one in sorted((score(told, claim) for claim in claims), key=lambda s: (-s.points, -s.claim.version)):
        best.setdefault(one.claim.clm01, one)
    return list(best.values())


def unique(ranking: Sequence[Scored]) -> Scored | None:
    """The first of a ranking, if it reaches the threshold and no other comes near it."""
    if not ranking or ranking[0].points < THRESHOLD:
        return None
    if len(ranking) > 1 and ranking[0].points - ranking[1].points < MARGIN:
        return None
    return ranking[0]


def worth_opening(told: Told, claims: Iterable[OurClaim]) -> list[OurClaim]:
    """Claims on which the outcome of `unique` can depend, whatever is sealed in them and in the others."""
    most = sum(WEIGHTS[sign].points for sign in SEALED)
    return [claim for claim in claims if score(told, claim).points + most >= THRESHOLD - MARGIN]


# -- the signs ------------------------------------------------------------------------------------------------------
def _is_ours(number: str, clm01: str) -> bool:
    """Whether a claim number is `clm01` in small letters, within other marks, or with one end cut off."""
    plain = re.sub(r"[^A-Z0-9]", "", number.upper())
    cut = len(plain) >= _SHORTEST_CUT and (clm01.startswith(plain) or clm01.endswith(plain))
    return cut or clm01 in plain


def _member(told: Told, ours: OurClaim) -> Sign | None:
    if not told.member_indexes or ours.member_index is None:
        return None
    return Sign.MEMBER_SAME if ours.member_index in told.member_indexes else Sign.MEMBER_OTHER


def _day(told: Told, ours: OurClaim) -> Sign | None:
    if told.service_from is None or ours.service_from is None:
        return None
    apart = abs((told.service_from - ours.service_from).days)
    if apart == 0:
        return Sign.DAY_SAME
    return Sign.DAY_NEAR if apart <= NEAR_DAYS else Sign.DAY_OTHER


def _state(told: Told, ours: OurClaim) -> Sign | None:
    decided = ours.state in _DECIDED_STATES
    if told.takes_back:
        return None if decided else Sign.UNDECIDED
    if ours.state == "REJECTED":
        return Sign.REJECTED
    return Sign.DECIDED if decided else None


def _inside(told: Told, inside: Inside) -> list[Sign | None]:
    payer = _name(told.payer_name, inside.payer_name, (Sign.PAYER_SAME, Sign.PAYER_SAME, None))
    return [
        _codes(told.procedures, inside.procedures),
        _name(told.last_name, inside.last_name, (Sign.LAST_SAME, Sign.LAST_ALIKE, Sign.LAST_OTHER)),
        _name(told.first_name, inside.first_name, (Sign.FIRST_SAME, Sign.FIRST_ALIKE, Sign.FIRST_OTHER)),
        payer,
    ]


def _codes(told: frozenset[str], ours: frozenset[str]) -> Sign | None:
    if not told:
        return None
    if told <= ours:
        return Sign.CODES_SAME
    return Sign.CODES_SOME if told & ours else Sign.CODES_OTHER


def _name(told: str | None, ours: str, signs: tuple[Sign, Sign, Sign | None]) -> Sign | None:
    """Equal, alike or other by letters alone; a name that the other begins with (an initial, one cut short) is alike."""
    same, alike, other = signs
    left, right = _letters(told or ""), _letters(ours)
    if not left or not right:
        return None
    if left == right:
        return same
    if left.startswith(right) or right.startswith(left) or JaroWinkler.similarity(left, right) >= _ALIKE:
        return alike
    return other


def _letters(name: str) -> str:
    try:
        plain = wire_text(name)  # as it went out: a payer tells it back in this alphabet
    except ValueError:
        plain = unicodedata.normalize("NFKD", name).upper()
    return "".join(mark for mark in plain if mark.isalnum())
