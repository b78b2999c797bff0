"""A claim as its rules see it: loops 2300, 2320 and 2400 with what every rule asks for."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from edi.x12.rules.values import cents, quantity
from edi.x12.tree import Item, Node

AMBULANCE_PLACES = frozenset({"41", "42"})


class Claim:
    """Loop 2300. ``charge`` is CLM02 in cents, None where unreadable; ``refs`` holds the claim's REF by qualifier.

    ``diagnoses`` are the codes of the first HI in their order, blank ones left out.
    """

    __slots__ = ("charge", "clm", "diagnoses", "frequency", "lines", "node", "others", "person", "place", "refs")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.clm = node.opening
        self.charge = cents(self.clm[2])
        kind = self.clm.parts(5)
        self.place = kind[0]
        self.frequency = kind[2] if len(kind) > 2 else ""
        self.refs = references(node)
        self.person = node.parent or node  # loop 2000B or 2000C
        self.lines = [Line(one, self) for one in node.children if one.id == "2400"]
        self.diagnoses = _diagnoses(node)
        self.others = [OtherPayer(one) for one in node.children if one.id == "2320"]

    @property
    def by_ambulance(self) -> bool:
        return self.place in AMBULANCE_PLACES

    def insured(self) -> Item | None:
        """SBR of the payer that the claim goes to (2000B)."""
        level: Node | None = self.person
        while level is not None and level.id != "2000B":
            level = level.parent
        return level.first("SBR") if level else None


class Diagnosis:
    """One code of HI and its element."""

    __slots__ = ("code", "element", "item", "qualifier")

    def __init__(self, item: Item, element: int, qualifier: str, code: str) -> None:
        self.item = item
        self.element = element
        self.qualifier = qualifier
        self.code = code


class Line:
    """Loop 2400. ``charge`` is SV102 or SV203 in cents; ``procedure`` SV101-2 or SV202-2. A professional line has ``sv1``,
    an institutional one ``sv2``; ``served`` is its day of service (DTP 472).
    """

    __slots__ = ("charge", "claim", "modifiers", "node", "procedure", "refs", "served", "sv1", "sv2")

    def __init__(self, node: Node, claim: Claim) -> None:
        self.node = node
        self.claim = claim
        self.refs = references(node)
        self.sv1 = node.first("SV1")
        self.sv2 = None if self.sv1 else node.first("SV2")
        self.served = node.first("DTP", "472")
        parts = self.sv1.parts(1) if self.sv1 else self.sv2.parts(2) if self.sv2 else []
        self.procedure = parts[1] if len(parts) > 1 else ""
        self.modifiers = [part for part in parts[2:6] if part]
        self.charge = cents(self.sv1[2]) if self.sv1 else cents(self.sv2[3]) if self.sv2 else None

    @property
    def units(self) -> Decimal | None:
        return quantity(self.sv1[4]) if self.sv1 else None

    def decisions(self) -> list[Node]:
        """What other payers decided about the line: loops 2430."""
        return [one for one in self.node.children if one.id == "2430"]


class OtherPayer:
    """Loop 2320. ``identifier`` is NM109 of its 2330B, "" where absent; ``paid`` is AMT*D."""

    __slots__ = ("identifier", "node", "paid", "payer")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.paid = node.first("AMT", "D")
        self.payer = next((one for one in node.children if one.id == "2330B"), None)
        self.identifier = self.payer.opening[9] if self.payer else ""


def _diagnoses(node: Node) -> list[Diagnosis]:
    item = node.first("HI", "ABK", "BK")
    found: list[Diagnosis] = []
    if item is not None:
        for at, text in enumerate(item.elements[1:], 1):
            parts = text.split(node.component, 2)
            if len(parts) > 1 and parts[1]:
                found.append(Diagnosis(item, at, parts[0], parts[1]))
    return found


def references(node: Node) -> dict[str, Item]:
    """The first REF of each qualifier in a loop itself."""
    found: dict[str, Item] = {}
    for item in node.items:
        if item.elements[0] == "REF":
            found.setdefault(item[1], item)
    return found


def total(*amounts: int | None) -> int | None:
    """The sum of amounts; None where one of them cannot be read."""
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None


def adjustments(node: Node) -> int | None:
    """The sum of a loop's CAS in cents; None where an amount cannot be read."""
    return total(*(cents(item[at] or "0") for item in node.all("CAS") for at in range(3, len(item.elements), 3)))


def claims_of(nodes: Iterable[Node]) -> Iterator[Claim]:
    """Every claim among the loops of a set, on either branch of the hierarchy."""
    return (Claim(node) for node in nodes if node.id == "2300")
