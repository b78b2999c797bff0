"""What is known of the versions of a claim that went before one: whether its payer has them, and what he calls the claim.

A rejected claim is not adjudicated, so it is sent again as an original (CLM05-3 1); what the payer has is replaced (7) or
voided (8), and then REF*F8 names it by the payer's own number: CLP07 of the latest 835, else REF*1K of a 277CA or 277.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.rebilling import CHANGES

TAKEN_IN = frozenset({"CLEARINGHOUSE_ACCEPTED", "PAYER_ACCEPTED", "ADJUDICATED"})
"""States of a submission that the clearinghouse or the payer has."""
_WAITING = frozenset({"IN_FILE", "SET_ACCEPTED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier version for the same payer. `tries` are the states of its submissions, the numbers what he called it.

    Numbers are in the order in which he told them; those of a submission that was rejected are not among them.
    """

    version: int
    frequency: str
    state: str
    tries: Sequence[str] = ()
    by_status: Sequence[str] = ()
    by_remittance: Sequence[str] = ()

    @property
    def taken_in(self) -> bool:
        return bool(self.by_remittance) or not TAKEN_IN.isdisjoint(self.tries)

    @property
    def waits(self) -> bool:
        return not self.taken_in and not _WAITING.isdisjoint(self.tries)

    @property
    def number(self) -> str | None:
        """What he calls it by now: what he said as he decided counts before what he said as he took it in."""
        return next((numbers[-1] for numbers in (self.by_remittance, self.by_status) if numbers), None)


def told(earlier: Sequence[Earlier]) -> str | None:
    """The payer's number of a claim by its latest version that he has one for."""
    return next((one.number for one in reversed(earlier) if one.number is not None), None)


def ever_told(earlier: Sequence[Earlier], number: str) -> bool:
    return any(number in (*one.by_status, *one.by_remittance) for one in earlier)


def payers_number(given: str | None, earlier: Sequence[Earlier]) -> str | None:
    """What REF*F8 bears. A number that the payer has told is followed by his latest; one that he never told stays."""
    if given is not None and not ever_told(earlier, given):
        return given
    return told(earlier)


def at_payer(earlier: Sequence[Earlier]) -> bool:
    """Whether there is something that can be replaced or voided, or may be: nobody has said yet.

    What began as a replacement changes a claim that was billed elsewhere.
    """
    return any(one.taken_in or one.waits for one in earlier) or earlier[0].frequency in CHANGES
