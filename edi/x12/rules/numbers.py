"""How the numbers of claims are written. Which elements hold amounts and quantities, the table knows."""

import re
from collections.abc import Iterable, Iterator

from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, rule
from edi.x12.rules.values import cents, quantity
from edi.x12.tables.schema import Element
from edi.x12.tables.set_837i import SET_837I
from edi.x12.tables.set_837p import SET_837P
from edi.x12.tree import Item, Node

_AMOUNT = "782"  # data element
_BETWEEN = "\x1f"
_ODD = re.compile(r"\x1f-|\x1f0[0-9]|\.[0-9]{3}")
_COUNTED = {"SV1": 4, "CTP": 4, "QTY": 2}


def _positions(*numbers: str) -> dict[str, tuple[int, ...]]:
    """By segment the elements that hold decimal numbers, or only those with one of the data element numbers."""
    found: dict[str, set[int]] = {}
    for _, row in (*SET_837P.walk(), *SET_837I.walk()):
        for at, element in enumerate(row.elements, 1):
            if isinstance(element, Element) and element.kind == "R" and (not numbers or element.number in numbers):
                found.setdefault(row.id, set()).add(at)
    return {name: tuple(sorted(places)) for name, places in found.items()}


_NUMBERS, _AMOUNTS = _positions(), _positions(_AMOUNT)


@rule("X837-CENTS", 2, "I12")
def amount_is_whole_cents(item: Item, _facts: Facts) -> Iterator[Found]:
    """Amounts have two digits of cents at most."""
    for at in _AMOUNTS.get(item.id, ()):
        if item[at] and cents(item[at]) is None and quantity(item[at]) is not None:
            yield Found(At(item, at), "an amount with parts of a cent", "Give whole cents; nothing is rounded here.")


@rule("X837-LEADING-ZERO", 1, "6", severity=DOUBTFUL)
def number_begins_with_its_first_digit(item: Item, _facts: Facts) -> Iterator[Found]:
    """Numbers have no zeros in front, but one before the point."""
    for at in _NUMBERS[item.id]:
        digits = item[at].removeprefix("-")
        if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
            yield Found(At(item, at), "a number with zeros in front", "Leave them out.")


@rule("X837-SIGN", 3, "I12", "A7:402")
def number_is_not_negative(item: Item, _facts: Facts) -> Iterator[Found]:
    """Nothing in a claim is below zero but what another payer has adjusted (CAS)."""
    if item.id != "CAS":
        for at in _NUMBERS[item.id]:
            if item[at].startswith("-"):
                yield Found(
                    At(item, at), "a number below zero", "Send a replacement or a void instead of a correction."
                )


@rule("X837-UNITS", 4, "I12", "A7:476")
def something_was_done(item: Item, _facts: Facts) -> Iterator[Found]:
    """Units of a service, of a drug and patients aboard are above zero."""
    at = _COUNTED[item.id]
    if quantity(item[at]) == 0:
        yield Found(At(item, at), "a quantity of zero", "Give what was done, or leave it out.")


def odd(nodes: Iterable[Node]) -> list[Item]:
    """Segments in which something looks like a number that is not written as it should be: few, so few are judged."""
    given = [item for node in nodes for item in node.items if item.elements[0] in _NUMBERS]
    if not _ODD.search(_BETWEEN.join([_BETWEEN.join(item.elements) for item in given])):
        return []
    return [item for item in given if _ODD.search(_BETWEEN.join(["", *(item[at] for at in _NUMBERS[item.id])]))]


NUMBER = (amount_is_whole_cents, number_begins_with_its_first_digit, number_is_not_negative)
COUNT = dict.fromkeys(_COUNTED, (something_was_done,))
