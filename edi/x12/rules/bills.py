"""An institutional claim as its rules see it: its type of bill, the days of its statement, its coded facts."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from edi.x12.rules.claims import Claim
from edi.x12.rules.values import period
from edi.x12.tree import Item, Node

_INPATIENT = frozenset({"11", "18", "21", "28", "41", "65", "66"})
"""Hospital, swing bed, skilled nursing, religious nonmedical and intermediate care, each for patients who stay."""
_ACUTE = "11"
_SKILLED_NURSING = frozenset({"18", "21", "28"})
OF_ICD_9 = {"BK": "ABK", "BJ": "ABJ", "PR": "APR", "BN": "ABN", "BF": "ABF", "BR": "BBR", "BQ": "BBQ"}
"""Qualifiers of the version before, by those of ICD-10 that mean the same."""


class Code(NamedTuple):
    """One code of HI: where it stands, its qualifier as that of ICD-10, and as it was given."""

    item: Item
    element: int
    kind: str
    code: str
    given: str


class Bill(Claim):
    """Loop 2300 of the 837I. ``place`` is CLM05-1: what kind of institution, and what it does for the patient.

    ``kinds`` are those that its codes have.
    """

    __slots__ = ("cl1", "codes", "kinds", "statement")

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.cl1 = node.first("CL1")
        self.statement: tuple[date, date] | None = period(node.first("DTP", "434"))
        self.codes = list(_codes(node))
        self.kinds = {one.kind for one in self.codes}

    @property
    def inpatient(self) -> bool:
        return self.place in _INPATIENT

    @property
    def acute(self) -> bool:
        """A stay in a hospital, where it is asked what was present on admission."""
        return self.place == _ACUTE

    @property
    def nursing(self) -> bool:
        return self.place in _SKILLED_NURSING

    @property
    def patient_status(self) -> str:
        return self.cl1[3] if self.cl1 else ""

    def of_kind(self, *kinds: str) -> list[Code]:
        """The codes of these kinds, of either version of ICD."""
        return [one for one in self.codes if one.kind in kinds] if self.kinds.intersection(kinds) else []


def _codes(node: Node) -> Iterator[Code]:
    for item in node.all("HI"):
        for at in range(1, len(item.elements)):
            kind, _, rest = item.elements[at].partition(node.component)
            code = rest.partition(node.component)[0]
            if code:
                yield Code(item, at, OF_ICD_9.get(kind, kind), code, kind)


def bills_of(nodes: Iterable[Node]) -> Iterator[Bill]:
    """Every claim among the loops of a set, on either branch of the hierarchy."""
    return (Bill(node) for node in nodes if node.id == "2300")
