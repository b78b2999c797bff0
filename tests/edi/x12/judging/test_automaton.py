"""What the walk remembers of a table: the same answers as without memory, and never more than the table has."""

import random
from dataclasses import replace

import pytest
from damage import damaged
from places import GOLDEN
from x12_mutations import golden
from x12_slow_walk import slow_walk

from edi.x12.guides import GUIDES, guide_of
from edi.x12.judging.automaton import start_of
from edi.x12.judging.walk import walk
from edi.x12.profile import INBOUND
from edi.x12.syntax.reader import read
from edi.x12.tables.schema import KEYED

FILES = [golden(path.stem) for path in sorted((GOLDEN / "x12").glob("*.x12"))]


def damaged_sets(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        yield from read(damaged(rng, rng.choice(FILES), FILES)).sets


def tree_of(node):
    numbers, strays = [item.number for item in node.items], [item.number for item in node.strays]
    return [node.id, numbers, strays, [tree_of(one) for one in node.children]]


def told_of(findings):
    segments = [one for one in findings if one.code.startswith("X12-SEGMENT")]
    return [(one.place.segment_number, one.standard_code, one.place.loop, one.place.segment) for one in segments]


@pytest.mark.parametrize("seed", range(4))
def test_a_set_is_walked_as_if_every_segment_were_looked_for_in_every_open_loop(seed):
    """Each set through its own table and one that need not be its own."""
    rng = random.Random(seed)
    told = 0
    for ts in damaged_sets(seed, 200):
        for guide in (guide_of(ts.set_id, ts.version), rng.choice(GUIDES)):
            if guide is not None:
                findings, root = walk(ts, guide.table, INBOUND)
                expected = slow_walk(ts, guide.table)
                assert (told_of(findings), tree_of(root)) == expected
                told += len(expected[0])
    assert told > 2000


def test_memory_is_bounded_by_the_table_whatever_is_read():
    table = replace(guide_of("837", "005010X222A1").table)  # a table that nobody has walked yet
    for ts in damaged_sets(5, 150):
        walk(ts, table, INBOUND)
    places = start_of(table, INBOUND.charset)._places
    assert 50 < len(places) <= sum(1 for _ in table.walk())
    allowed = {(row.id, one) for _, row in table.walk() for one in (row.key[1] if row.key else {""})}
    kept = {(name, one) for place in places.values() for name, steps in place._steps.items() for one in steps}
    assert {(name, one) for name, one in kept if one or name not in KEYED} <= allowed
