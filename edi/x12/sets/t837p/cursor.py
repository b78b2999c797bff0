"""Where the reader of an 837P stands: the values at hand and the steps for the segments that may come next.

A step takes one segment into the values at hand. It returns False where they have no room for it (the segment is then
reported and stays in the file), and raises ValueError where an element cannot be read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from edi.x12.sets.shared import Address
from edi.x12.sets.t837p.values import BillingProvider, Patient, ProfessionalSet, Subscriber
from edi.x12.sets.t837p.values_claim import OtherPayer, ProfessionalClaim
from edi.x12.sets.t837p.values_line import FormAnswers, LineAdjudication, ServiceLine

Step = Callable[["Cursor", list[str]], bool]
Steps = Mapping[str, Step]


class Cursor:
    """``inner`` are the steps of the party or detail that was opened last, ``outer`` those of what it belongs to."""

    __slots__ = (
        "address", "billing", "claim", "component", "decided", "form", "inner", "line", "number", "other", "outer",
        "party", "patient", "subscriber", "value",
    )  # fmt: skip

    def __init__(self, value: ProfessionalSet, component: str, outer: Steps) -> None:
        self.value = value
        self.component = component
        self.number = 0  # of the segment at hand, ST = 1
        self.billing: BillingProvider | None = None
        self.subscriber: Subscriber | None = None
        self.patient: Patient | None = None
        self.claim: ProfessionalClaim | None = None
        self.line: ServiceLine | None = None
        self.other: OtherPayer | None = None
        self.decided: LineAdjudication | None = None
        self.form: FormAnswers | None = None
        self.party: Any = None  # whoever the last NM1 named
        self.address: Address | None = None  # where his N3 and N4 go
        self.inner: Steps = NOBODY
        self.outer = outer

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
