"""The rules of the 837I, SNIP 1 to 5: those of all claims, and what a type of bill asks for."""

from collections.abc import Iterator

from edi.x12.rules import (
    balance,
    claim,
    coding,
    dates,
    levels,
    numbers,
    others,
    parties,
    quiet,
    quiet_bills,
    repeats,
    stay_codes,
    stays,
)
from edi.x12.rules.bills import bills_of
from edi.x12.rules.rule import Facts, Found, Group, Rule, RuleBook, asked, asked_by_segment, rule, together
from edi.x12.tree import Item

_SEVERAL = "LX"


@rule("X837-REF-REPEATED", 4, "5")
def references_differ(item: Item, facts: Facts) -> Iterator[Found]:
    """A kind of number comes once in a loop, or once for each payer that it is meant for; devices may be several."""
    if item[1] != _SEVERAL:
        yield from repeats.references_differ.find(item, facts)


_PATIENT = (Group((*levels.LEVEL, *levels.PERSON), quiet.patient),)
_SUBSCRIBER = (Group((*levels.LEVEL, *levels.PERSON, *levels.SUBSCRIBER), quiet.subscriber),)
_CLAIM = (
    Group(balance.CLAIM, quiet.balance),
    Group(claim.OF_BOTH_GUIDES, quiet.original),
    Group(stays.CLAIM, quiet_bills.whole_bill),
    Group(stay_codes.OF_DIAGNOSES, quiet_bills.diagnoses),
    Group(stay_codes.OF_PROCEDURES, quiet_bills.no_procedures),
    Group(stay_codes.OF_COMMITTEE, quiet_bills.committee_codes),
    Group(others.CLAIM, quiet.first_payer),
    Group(dates.CLAIM, quiet.never),
    Group(repeats.CLAIM, quiet.one_payer),
)
_LINE = (Group((*balance.LINE, *stay_codes.LINE), quiet_bills.line),)
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


_BY_SEGMENT = quiet.by_segment(_SEGMENT)


def _subjects(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    nodes = list(facts.root.walk())
    claims = list(bills_of(nodes))
    if facts.thorough or not quiet.claim_numbers(claims):
        yield facts.root, claim.SET
    for node in nodes:
        if node.id == "2000B":
            yield from asked(node, facts, _SUBSCRIBER)
        elif node.id == "2000C":
            yield from asked(node, facts, _PATIENT)
    for one in claims:
        yield from asked(one, facts, _CLAIM)
        for line in one.lines:
            yield from asked(line, facts, _LINE)
    yield from asked_by_segment(nodes, facts, _BY_SEGMENT)
    for item in numbers.odd(nodes):
        yield item, numbers.NUMBER


_EVERY = (
    *claim.SET,
    *(one for group in (*_SUBSCRIBER, *_CLAIM, *_LINE, *_BY_SEGMENT.values()) for one in group.rules),
    *numbers.NUMBER,
)
BOOK = RuleBook(tuple(dict.fromkeys(_EVERY)), _subjects)
"""Every rule of the 837I."""
