"""The rules of the 837P, SNIP 2 to 5, by what they are about."""

from collections.abc import Iterator

from edi.x12.rules import ambulance, balance, claim, coding, dates, levels, others, parties
from edi.x12.rules.claims import claims_of
from edi.x12.rules.rule import Facts, Rule, RuleBook, by_segment

_SET = claim.SET
_LEVEL = levels.LEVEL
_SUBSCRIBER = (*levels.LEVEL, *levels.SUBSCRIBER, *claim.SUBSCRIBER)
_CLAIM = (*balance.CLAIM, *claim.CLAIM, *ambulance.CLAIM, *coding.CLAIM, *others.CLAIM, *dates.CLAIM)
_LINE = (*balance.LINE, *claim.LINE, *ambulance.LINE, *coding.LINE)
_SEGMENT: dict[str, tuple[Rule, ...]] = {
    "NM1": parties.NAME,
    "N3": parties.STREET,
    "N4": parties.CITY,
    "REF": (*parties.REFERENCE, *claim.NUMBER),
    "PRV": parties.SPECIALTY,
    "CLM": (*claim.NUMBER, *balance.AMOUNT),
    "SV1": balance.AMOUNT,
    "AMT": balance.AMOUNT,
    "SVD": balance.AMOUNT,
    "PWK": claim.PAPERWORK,
    "CAS": others.ADJUSTMENT,
    "LIN": coding.DRUG,
    "DTP": dates.DATE,
    "DMG": dates.BIRTH,
}


def _subjects(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, _SET
    for node in facts.root.walk():
        if node.id == "2000B":
            yield node, _SUBSCRIBER
        elif node.id == "2000C":
            yield node, _LEVEL
    for one in claims_of(facts.root):
        yield one, _CLAIM
        for line in one.lines:
            yield line, _LINE
    yield from by_segment(facts.root, _SEGMENT)


_EVERY = (*_SET, *_SUBSCRIBER, *_CLAIM, *_LINE, *(one for rules in _SEGMENT.values() for one in rules))
BOOK = RuleBook(tuple(dict.fromkeys(_EVERY)), _subjects)
"""Every rule of the 837P."""
