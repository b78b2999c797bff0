"""The rules of the 837P, SNIP 2 to 5, by what they are about."""

from collections.abc import Iterator

from edi.x12.rules import ambulance, balance, claim, coding, dates, levels, numbers, others, parties, quiet, repeats
from edi.x12.rules.claims import claims_of
from edi.x12.rules.rule import Facts, Group, Rule, RuleBook, asked, asked_by_segment, together

_PATIENT = (Group((*levels.LEVEL, *levels.PERSON), quiet.patient),)
_SUBSCRIBER = (Group((*levels.LEVEL, *levels.PERSON, *levels.SUBSCRIBER, *claim.SUBSCRIBER), quiet.subscriber),)
_CLAIM = (
    Group(balance.CLAIM, quiet.balance),
    Group(claim.CLAIM, quiet.original),
    Group(ambulance.CLAIM, quiet.transport),
    Group(coding.CLAIM, quiet.diagnoses),
    Group(others.CLAIM, quiet.first_payer),
    Group(dates.CLAIM, quiet.never),
    Group(repeats.CLAIM, quiet.one_payer),
)
_LINE = (Group((*balance.LINE, *claim.LINE, *ambulance.LINE, *coding.LINE), quiet.line),)
_LOOP = (Group(repeats.LOOP, quiet.loop),)


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


_BY_SEGMENT = quiet.by_segment(_SEGMENT)


def _subjects(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    nodes = list(facts.root.walk())
    claims = list(claims_of(nodes))
    if facts.thorough or not quiet.claim_numbers(claims):
        yield facts.root, claim.SET
    for node in nodes:
        if node.id == "2000B":
            yield from asked(node, facts, _SUBSCRIBER)
        elif node.id == "2000C":
            yield from asked(node, facts, _PATIENT)
    for one in claims:
        yield from asked(one, facts, _CLAIM)
        yield from asked(one.node, facts, _LOOP)
        for line in one.lines:
            yield from asked(line, facts, _LINE)
            yield from asked(line.node, facts, _LOOP)
    yield from asked_by_segment(nodes, facts, _BY_SEGMENT)
    for item in numbers.odd(nodes):
        yield item, numbers.NUMBER


_EVERY = (
    *claim.SET,
    *(one for group in (*_SUBSCRIBER, *_CLAIM, *_LINE, *_LOOP, *_BY_SEGMENT.values()) for one in group.rules),
    *numbers.NUMBER,
)
BOOK = RuleBook(tuple(dict.fromkeys(_EVERY)), _subjects)
"""Every rule of the 837P."""
