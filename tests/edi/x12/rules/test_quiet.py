"""The short way of the rules: it finds what the long way finds, and is short where nothing is to be found."""

import random

import pytest
from damage import damaged
from places import GOLDEN
from x12_mutations import EVERY, golden, spoilt
from x12_mutations_837i import BILLS

from edi.x12 import codes
from edi.x12.guides import guide_of
from edi.x12.judging.judge import judge
from edi.x12.judging.walk import walk
from edi.x12.profile import OUTBOUND
from edi.x12.rules.rule import Facts
from edi.x12.rules.values import day
from edi.x12.syntax.reader import read

NAMES = [*sorted(path.stem for path in (GOLDEN / "x12").glob("837*.x12")), "secondary"]


def facts_of(ts, *, thorough):
    root = walk(ts, guide_of(ts.set_id, ts.version).table, OUTBOUND)[1]
    head = root.first("BHT")
    today = None if head is None else day(head[4])
    return Facts(ts=ts, root=root, profile=OUTBOUND, lists=codes.load(), today=today, thorough=thorough)


def claims_in(data):
    return [ts for ts in read(data).sets if ts.set_id == "837" and guide_of(ts.set_id, ts.version)]


def found_both_ways(data):
    """How much was found, by the short way and by the long one alike."""
    count = 0
    for ts in claims_in(data):
        rules = guide_of(ts.set_id, ts.version).rules
        short, long = (rules.judge(facts_of(ts, thorough=thorough)) for thorough in (False, True))
        assert short == long
        assert judge(ts, OUTBOUND)[-len(long) :] == long or not long
        count += len(long)
    return count


def test_every_fault_that_a_rule_finds_is_found_by_the_short_way_too():
    mutations = [one for one in (*EVERY, *BILLS) if one.file.startswith(("837", "secondary"))]
    assert sum(found_both_ways(spoilt(one)) for one in mutations) >= len(mutations)


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_find_the_same_in_damaged_claims(seed):
    rng = random.Random(seed)
    files = [golden(name) for name in NAMES]
    assert sum(found_both_ways(damaged(rng, rng.choice(files), files)) for _ in range(250)) > 500


@pytest.mark.parametrize(("name", "most"), [("837p-ambulance", 0.25), ("837p-office", 0.25), ("837i-outpatient", 0.25)])
def test_few_rules_are_asked_about_a_sound_claim(name, most):
    for ts in claims_in(golden(name)):
        book = guide_of(ts.set_id, ts.version).rules
        short, long = (
            sum(len(rules) for _, rules in book.subjects(facts_of(ts, thorough=thorough))) for thorough in (False, True)
        )
        assert short < most * long, (short, long)
