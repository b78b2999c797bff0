"""What follows from an answer, as decisions alone: which rejection is believed, who is at fault, who goes again.

The stages ask here and do in Postgres what follows; the simulation asks the same and does it in memory. An answer comes
late, twice, before an earlier one, or denies it. One rule stands above all others: what the partner may have is never
sent again by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.domain.states import contradicts

# -- a file and its group ----------------------------------------------------------------------------------------------
NOT_LEFT = ("BUNDLED", "RESERVED", "VOIDED")
"""States of a file of which no byte can have reached the partner."""


def here(state: str, *, direct: bool) -> bool:
    """Whether nothing in a file can be at the partner: nothing has left, or a temporary alone that it does not see.

    A lease may fail in STAGING for days while the partner is full or away. `direct`: it writes under the final name.
    """
    return state in NOT_LEFT or (state == "STAGING" and not direct)


_TAKEN = frozenset({"A", "E", "P"})  # AK901: accepted, accepted with errors, partially accepted


@dataclass(frozen=True, slots=True)
class OfGroup:
    """What a 999 says of the group, which stands above what it says of its sets."""

    refused: bool
    event: str | None
    """How the file moves; None where every set is rejected in a group that is not."""


def of_group(code: str, sets: Sequence[bool]) -> OfGroup:
    """`code` is AK901, `sets` whether each set that is answered was accepted; none at all speaks for all of them.

    A refused group holds no accepted set, whatever is said of its sets.
    """
    if code not in _TAKEN:
        return OfGroup(refused=True, event="rejected")
    return OfGroup(refused=False, event="accepted" if any(sets) or not sets else None)


def set_by_set(*, reasons: bool, answered: int, rejected: int, sent: int) -> bool:
    """Whether a group is refused only because each of its sets is: then what is said of the sets counts.

    `reasons`: the refusal has one of its own (AK905); `sent` counts the sets of the file.
    """
    return not reasons and rejected == answered == sent


def denies_file(state: str, event: str) -> bool:
    """Whether an answer denies what an earlier one said of the file."""
    return {state, event.upper()} == {"ACCEPTED", "REJECTED"}


# -- a rejected set ----------------------------------------------------------------------------------------------------
_SHOWS_NOTHING = frozenset({"IN_FILE", "SET_REJECTED"})


def taken_in(state: str, *, identified: bool) -> bool:
    """Whether somebody outside has shown that he has this try, so that its set cannot have been lost.

    `identified`: the clearinghouse or the payer has given it a number of theirs.
    """
    return identified or state not in _SHOWS_NOTHING


class Belief(Enum):
    """What becomes of the rejection of a set."""

    STANDS = "it is news, and nothing speaks against it: its submissions move"
    LATE = "it was told before: written down"
    DENIED = "something of the set was taken in: written down, and a person asks"


def belief(members: Iterable[tuple[str, bool]]) -> Belief:
    """From the state of each submission of the set, and whether it was taken in."""
    told = list(members)
    if any(shown for _, shown in told):
        return Belief.DENIED
    return Belief.STANDS if any(state == "IN_FILE" for state, _ in told) else Belief.LATE


def most_rejected(*, sent: int, rejected: int, by_a_person: bool, held_from: int) -> bool:
    """Whether so many sets of a file are rejected, `held_from` at least, that the fault is hardly each claim's.

    A person who has looked and sent it again has said that it is: else he would hold the same sets for ever.
    """
    return not by_a_person and rejected >= held_from and 2 * rejected > sent


def held(*, most: bool, outside: bool) -> bool:
    """Whether a set is held whole: sending again would repeat a fault that is no claim's. Else it is taken apart."""
    return most or outside


class Part(Enum):
    """Where a member of a set falls that is taken apart."""

    ELSEWHERE = "a further try is under way: the answer is the old one's alone"
    AT_FAULT = "to the biller"
    DOUBTED = "an answer says that the partner has an earlier try: held for a person"
    AGAIN = "a further try, under other numbers"
    EXHAUSTED = "not at fault, and lost so often that a person must look"


def part(*, latest: bool, at_fault: bool, doubtful: bool, tries: int, most_tries: int) -> Part:
    """`doubtful`: answers contradict each other about the claim; `tries` counts how often it has gone out by now."""
    if not latest:
        return Part.ELSEWHERE
    if at_fault:
        return Part.AT_FAULT
    if doubtful:
        return Part.DOUBTED
    return Part.AGAIN if tries < most_tries else Part.EXHAUSTED


# -- one claim ---------------------------------------------------------------------------------------------------------
def claim_follows(*, latest: bool) -> bool:
    """Whether a rejection that moved a submission is its claim's too; that of an earlier try is not."""
    return latest


class Denial(Enum):
    """What an answer that moves nothing says against an earlier one."""

    NOTHING = "it is only late"
    TOLD = "it denies it: a person asks"
    DOUBTED = "it denies it, and the partner has the claim: what is still here does not go"


def denial(state: str, event: str, *, moved: bool) -> Denial:
    if moved or not contradicts(state, event):
        return Denial.NOTHING
    return Denial.DOUBTED if event.endswith("_accepted") else Denial.TOLD


def still_here(claim: str, *, file_here: bool) -> bool:
    """Whether nothing has left of a claim's further try.

    `claim` is its state, `file_here` whether the file with its unanswered try is `here`; False without one.
    """
    return claim == "VALIDATED" or file_here


def settles(by: str) -> tuple[str, ...]:
    """Whose "not found" (A4) is settled by an answer of the clearinghouse or the payer that knows the claim.

    A clearinghouse has what it passes on: that it took the claim in says nothing of a payer who cannot find it.
    """
    return ("clearinghouse", "payer") if by == "payer" else (by,)


WANTED = "SUBMITTED"
"""The state of a claim that is to leave with its file; once decided or held it must not."""


def wanted(claim: str) -> bool:
    return claim == WANTED


def sendable(claim: str, last_try: str | None, *, named_outside: bool) -> bool:
    """Whether a person may send a claim again: it was lost with its set, or is held since a restore.

    `last_try` is the state of its last submission that was not withdrawn.
    """
    return claim in {"HELD", "REJECTED"} and (last_try == "SET_REJECTED" or named_outside)
