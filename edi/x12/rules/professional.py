"""The rules of the 837P, SNIP 2 to 5, by what they are about."""

from collections.abc import Iterator

from edi.x12.rules import ambulance, balance, claim, coding, dates, levels, numbers, others, parties, repeats
from edi.x12.rules.claims import claims_of
from edi.x12.rules.rule import Facts, Rule, RuleBook, by_segment, together

_SET = claim.SET
_PATIENT = (*levels.LEVEL, *levels.PERSON)
_SUBSCRIBER = (*_PATIENT, *levels.SUBSCRIBER, *claim.SUBSCRIBER)
_CLAIM = (
    *balance.CLAIM,
    *claim.CLAIM,
    *ambulance.CLAIM,
    *coding.CLAIM,
    *others.CLAIM,
    *dates.CLAIM,
    *repeats.CLAIM,
)
_LINE = (*balance.LINE, *claim.LINE, *ambulance.LINE, *coding.LINE)


_SEGMENT = together(
    {
        "NM1": parties.NAME,
        "N3": parties.STREET,
        "N4": parties.CITY,
        "PER": parties.CONTACT,
        "REF": (*parties.REFERENCE, *claim.NUMBER, *repeats.REFERENCE),
        "PRV": parties.SPECIALTY,
        "CLM": (*claim.NUMBER, *balance.AMOUNT, *parties.ACCIDENT),
        "SV1": (*balance.AMOUNT, *coding.PROCEDURE, *repeats.POINTERS),
        "AMT": balance.AMOUNT,
        "SVD": (*balance.AMOUNT, *coding.PROCEDURE),
        "PWK": claim.PAPERWORK,
        "CAS": others.ADJUSTMENT,
        "MOA": others.REMARK,
        "LIN": coding.DRUG,
        "DTP": dates.DATE,
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
    for one in claims_of(nodes):
        yield one, _CLAIM
        yield one.node, repeats.LOOP
        for line in one.lines:
            yield line, _LINE
            yield line.node, repeats.LOOP
    yield from by_segment(nodes, _SEGMENT)
    for item in numbers.odd(nodes):
        yield item, numbers.NUMBER


_EVERY = (
    *_SET,
    *_SUBSCRIBER,
    *_CLAIM,
    *_LINE,
    *repeats.LOOP,
    *numbers.NUMBER,
    *(one for rules in _SEGMENT.values() for one in rules),
)
BOOK = RuleBook(tuple(dict.fromkeys(_EVERY)), _subjects)
"""Every rule of the 837P."""
