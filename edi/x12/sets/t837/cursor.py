"""Where the reader of a claim set stands: the values at hand and the steps for the segments that may come next.

A step takes one segment into the values at hand. It returns False where they have no room for it (the segment is then
reported and stays in the file), and raises ValueError where an element cannot be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from edi.x12.sets.shared import Address
from edi.x12.sets.t837.rows import CommonRows
from edi.x12.sets.t837.values import BaseBillingProvider, BasePatient, BaseSubscriber
from edi.x12.sets.t837.values_other import BaseLineAdjudication, BaseOtherPayer

Step = Callable[["Cursor", list[str]], bool]
Steps = Mapping[str, Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """What the reader of one guide makes, and the steps for what only that guide has.

    ``claim`` makes a claim of its CLM, which is segment number so and so; ``fault`` tells what a claim lacks to be
    whole, or None.
    """

    rows: CommonRows
    billing: type[BaseBillingProvider]
    subscriber: type[BaseSubscriber]
    patient: type[BasePatient]
    other: type[BaseOtherPayer]
    levels: Steps  # header and hierarchical levels
    billing_steps: Steps  # after the NM1 of each
    subscriber_steps: Steps
    patient_steps: Steps
    claim: Callable[[list[str], str, int], Any]
    claim_steps: Steps
    other_steps: Steps
    open_line: Step
    fault: Callable[[Any], str | None]


class Cursor:
    """``inner`` are the steps of the party or detail that was opened last, ``outer`` those of what it belongs to."""

    __slots__ = (
        "address", "billing", "claim", "component", "decided", "form", "inner", "kinds", "line", "number", "other",
        "outer", "party", "patient", "subscriber", "value",
    )  # fmt: skip

    def __init__(self, kinds: Kinds, value: Any, component: str) -> None:
        self.kinds = kinds
        self.value = value
        self.component = component
        self.number = 0  # of the segment at hand, ST = 1
        self.billing: Any = None  # these are the guide's own kinds of value
        self.subscriber: Any = None
        self.patient: Any = None
        self.claim: Any = None
        self.line: Any = None
        self.other: BaseOtherPayer | None = None
        self.decided: BaseLineAdjudication | None = None
        self.form: Any = None
        self.party: Any = None  # whoever the last NM1 named
        self.address: Address | None = None  # where his N3 and N4 go
        self.inner: Steps = NOBODY
        self.outer = kinds.levels

    def step(self, name: str) -> Step | None:
        """The step for a segment id here."""
        return self.inner.get(name) or self.outer.get(name)

    def scope(self, outer: Steps) -> None:
        """Enter a level, claim, other payer or line; no party is at hand yet."""
        self.outer, self.inner = outer, {}
        self.party = self.address = None

    def meet(self, steps: Steps, party: object = None, address: Address | None = None) -> None:
        """A party is at hand, or with NOBODY one that the values have no room for."""
        self.inner, self.party, self.address = steps, party, address


def once(owner: object, name: str, given: object) -> bool:
    """Into a field of ``owner``, unless there is something already."""
    if getattr(owner, name) is not None:
        return False
    setattr(owner, name, given)
    return True


def refuse(_cursor: Cursor, _segment: list[str]) -> bool:
    """No room for it."""
    return False


NOBODY: Steps = dict.fromkeys(("N3", "N4", "PRV", "REF", "PER"), refuse)
"""What belongs to a party, and must not go to whoever the party belongs to."""
