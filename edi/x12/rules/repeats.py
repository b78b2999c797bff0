"""Lists inside claims: without gaps, and nothing in them twice."""

from collections.abc import Iterator

from edi.x12.rules.claims import Claim
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, differ, repeated, rule
from edi.x12.tree import Item, Node

_ELEMENTS = {"HI": range(1, 13), "CRC": range(3, 8), "MOA": range(3, 8), "PER": range(3, 8, 2)}
_COMPONENTS = {
    "SV1": ((1, range(3, 7)), (7, range(1, 5))),
    "SV2": ((2, range(3, 7)),),
    "SVD": ((3, range(3, 7)),),
    "CLM": ((11, range(1, 3)),),
}
_ONE_OF_EACH = ("2310A", "2330C", "2420F")
_UNKNOWN_ORDER = "U"
_GAP = ("a place left blank before others", "Move the others up.")


@rule("X837-GAP", 4, "I9", severity=DOUBTFUL)
def list_has_no_gap(item: Item, _facts: Facts) -> Iterator[Found]:
    """Diagnoses, conditions, remarks, means of contact, modifiers, pointers and causes stand side by side."""
    places = _ELEMENTS.get(item.elements[0])
    if places is not None:
        gap = _gap(item.elements[places.start : places.stop : places.step])
        if gap is not None:
            yield Found(At(item, places[gap]), *_GAP)
        return
    for at, components in _COMPONENTS[item.elements[0]]:
        if item.node.component not in item[at]:
            continue
        gap = _gap(item.parts(at)[components.start - 1 : components.stop - 1])
        if gap is not None:
            yield Found(At(item, at, components[gap]), *_GAP)


def _gap(texts: list[str]) -> int | None:
    """The first blank that stands before something else."""
    if "" not in texts:
        return None
    at = texts.index("")
    return at if any(texts[at:]) else None


@rule("X837-POINTER-REPEATED", 4, "7", "A7:477")
def pointers_differ(item: Item, _facts: Facts) -> Iterator[Found]:
    """A line points at a diagnosis once."""
    pointers = item.parts(7)
    if differ(pointers):
        return
    for where, earlier in repeated(At(item, 7, component) for component in range(1, len(pointers) + 1)):
        yield Found(where, "the diagnosis is pointed at twice", "Remove one.", earlier)


@rule("X837-AMB-CONDITIONS", 4, "7")
def conditions_differ(node: Node, _facts: Facts) -> Iterator[Found]:
    """A condition of a transport is certified once: as present or as absent."""
    certified = node.all("CRC", "07")
    if differ([text for item in certified for text in item.elements[3:8]]):
        return
    for where, earlier in repeated(At(item, at) for item in certified for at in _ELEMENTS["CRC"]):
        yield Found(where, "the condition is told twice", "Say once whether it was there.", earlier)


@rule("X837-PAYER-ORDER", 4, "7")
def payers_have_places_of_their_own(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Each payer of a claim has its own place in their order (SBR01); only unknown ones (U) may be several."""
    if not claim.others:
        return
    insured = claim.insured()
    places = [At(one, 1) for one in (insured, *(other.node.opening for other in claim.others)) if one is not None]
    for where, earlier in repeated(one for one in places if one.item[1] != _UNKNOWN_ORDER):
        yield Found(where, "another payer has the same place in the order", "Say which one comes first.", earlier)


@rule("X837-REF-REPEATED", 4, "5")
def references_differ(item: Item, _facts: Facts) -> Iterator[Found]:
    """A kind of number comes once in a loop, or once for each payer that it is meant for (REF04)."""
    kind = item[1]
    for one in item.node.items:
        if one is item:
            return
        if one.elements[0] == "REF" and one[1] == kind and one[4] == item[4]:
            yield Found(At(item), "a second number of the same kind", "Send the one that counts.", At(one, 1))
            return


@rule("X837-REFERRING-REPEATED", 4, "4")
def referring_providers_differ(node: Node, _facts: Facts) -> Iterator[Found]:
    """There is one referring provider (DN) and one of primary care (P3) at most."""
    if len(node.children) < 2:
        return
    for where, earlier in repeated(At(one.opening, 1) for one in node.loops(*_ONE_OF_EACH)):
        yield Found(At(where.item), "a second provider of the same kind", "Name the one that counts.", earlier)


LIST = dict.fromkeys((*_ELEMENTS, *_COMPONENTS), (list_has_no_gap,))
POINTERS = (pointers_differ,)
REFERENCE = (references_differ,)
CLAIM = (payers_have_places_of_their_own,)
LOOP = (conditions_differ, referring_providers_differ)
