"""The rules of the 837I, SNIP 1 to 5: those of all claims, and what a type of bill asks for."""

from collections.abc import Iterator

from edi.x12.rules import balance, claim, coding, dates, levels, numbers, others, parties, repeats, stay_codes, stays
from edi.x12.rules.bills import bills_of
from edi.x12.rules.rule import Facts, Found, Rule, RuleBook, by_segment, rule, together
from edi.x12.tree import Item

_SEVERAL = "LX"


@rule("X837-REF-REPEATED", 4, "5")
def references_differ(item: Item, facts: Facts) -> Iterator[Found]:
    """A kind of number comes once in a loop, or once for each payer that it is meant for; devices may be several."""
    if item[1] != _SEVERAL:
        yield from repeats.references_differ.find(item, facts)


_SET = claim.SET
_PATIENT = (*levels.LEVEL, *levels.PERSON)
_SUBSCRIBER = (*_PATIENT, *levels.SUBSCRIBER)
_CLAIM = (
    *balance.CLAIM,
    *claim.OF_BOTH_GUIDES,
    *stays.CLAIM,
    *stay_codes.CLAIM,
    *others.CLAIM,
    *dates.CLAIM,
    *repeats.CLAIM,
)
_LINE = (*balance.LINE, *stay_codes.LINE)
_SEGMENT = together(
    {
        "NM1": parties.NAME,
        "N3": parties.STREET,
        "N4": parties.CITY,
        "PER": parties.CONTACT,
        "REF": (*parties.REFERENCE, *claim.NUMBER, references_differ),
        "PRV": parties.SPECIALTY,
        "CLM": (*claim.NUMBER, *balance.AMOUNT),
        "SV2": (*balance.AMOUNT, *coding.PROCEDURE, *stay_codes.REVENUE),
        "AMT": balance.AMOUNT,
        "SVD": (*balance.AMOUNT, *coding.PROCEDURE, *stay_codes.REVENUE),
        "PWK": claim.PAPERWORK,
        "CAS": others.ADJUSTMENT,
        "MOA": others.REMARK,
        "MIA": others.REMARK,
        "LIN": coding.DRUG,
        "DTP": dates.IN_ORDER,
        "DMG": dates.BIRTH,
    },
    numbers.COUNT,
    repeats.LIST,
)


def _subjects(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, _SET
    nodes = list(facts.root.walk())
    for node in nodes:
        if node.id == "2000B":
            yield node, _SUBSCRIBER
        elif node.id == "2000C":
            yield node, _PATIENT
    for one in bills_of(nodes):
        yield one, _CLAIM
        for line in one.lines:
            yield line, _LINE
    yield from by_segment(nodes, _SEGMENT)
    for item in numbers.odd(nodes):
        yield item, numbers.NUMBER


_EVERY = (
    *_SET,
    *_SUBSCRIBER,
    *_CLAIM,
    *_LINE,
    *numbers.NUMBER,
    *(one for rules in _SEGMENT.values() for one in rules),
)
BOOK = RuleBook(tuple(dict.fromkeys(_EVERY)), _subjects)
"""Every rule of the 837I."""
