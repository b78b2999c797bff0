"""The tables agree with themselves, with one another and with what is written by them."""

import ast
import inspect
import re

import pytest
import x12_strategies
from hypothesis import HealthCheck, Phase, given, settings
from x12_values import positions, settled

from edi.x12.guides import GUIDES
from edi.x12.judging.walk import walk
from edi.x12.profile import INBOUND
from edi.x12.tables import elements
from edi.x12.tables.elements import DATA_ELEMENTS
from edi.x12.tables.patterns import segment_pattern
from edi.x12.tables.schema import KEYED, Composite, Loop, S, Segment
from edi.x12.tables.set_837p import SET_837P
from edi.x12.writer import SetWriter

EVERY = pytest.mark.parametrize("table", [guide.table for guide in GUIDES], ids=lambda table: table.id)
TYPES = {"AN", "ID", "N0", "R", "DT", "TM"}


def loops(loop, above=()):
    """Every loop with the loops above it, outermost first."""
    yield loop, above
    for item in loop.contents:
        if isinstance(item, Loop):
            yield from loops(item, (*above, loop))


def leaves(row):
    """Every simple element and component of a row."""
    for element in row.elements:
        yield from element.parts if isinstance(element, Composite) else (element,)


def trigger(item):
    return item if isinstance(item, Segment) else item.trigger


def meet(one, other):
    """Whether one segment could be taken for both rows."""
    same = trigger(one).id == trigger(other).id
    keys = trigger(one).key, trigger(other).key
    return same and (None in keys or keys[0][0] != keys[1][0] or bool(keys[0][1] & keys[1][1]))


@EVERY
def test_every_row_is_sound(table):
    for where, row in table.walk():
        assert row.usage in "RS", (where, row.id)
        assert row.elements, (where, row.id)
        assert row.elements[-1].usage != "N" or row.id in {"HCP", "N4", "SVC", "NM1", "SV1", "CLP"}, (where, row.id)
        for part in leaves(row):
            assert part.usage == "N" or part.number in DATA_ELEMENTS
            assert len(set(part.codes)) == len(part.codes), (where, row.id, part)
            assert all(part.minimum <= len(code) <= part.maximum for code in part.codes), (where, row.id, part)
        assert segment_pattern(row, INBOUND.charset)


@EVERY
def test_every_qualifier_tells_what_follows(table):
    """An element that says which kind of value comes next has codes, wherever a segment is told from others by it."""
    for loop, _ in loops(table):
        ids = [trigger(item).id for item in loop.contents]
        for item in loop.contents:
            row = trigger(item)
            if ids.count(row.id) > 1:
                assert row.key is not None, (loop.id, row.id)
                assert leaves(row), (loop.id, row.id)


@EVERY
def test_notes_name_elements_and_can_hold(table):
    for where, row in table.walk():
        required = {at for at, element in enumerate(row.elements, 1) if element.usage == "R"}
        unused = {at for at, element in enumerate(row.elements, 1) if element.usage == "N"}
        for note in row.notes:
            assert re.fullmatch(r"[PRECL](\d\d){2,}", note), (where, row.id, note)
            assert len(set(positions(note))) == len(positions(note)), (where, row.id, note)
            assert max(positions(note)) <= len(row.elements), (where, row.id, note)
        for at in range(1, len(row.elements) + 1):
            if at not in unused:
                given_ = settled(row, required | {at})
                assert required <= given_, (where, row.id, at)
                assert not given_ & unused, (where, row.id, at)
                assert at in given_ or any(note[0] == "E" for note in row.notes), (where, row.id, at)


@EVERY
def test_neighbours_are_told_apart(table):
    for loop, _ in loops(table):
        items = loop.contents
        for at, item in enumerate(items):
            assert not any(meet(item, other) for other in items[:at]), (loop.id, trigger(item).id)
        assert isinstance(items[0], Segment), loop.id
        assert items[0].usage == "R", loop.id
        assert items[0].maximum == 1, loop.id


@EVERY
def test_what_continues_a_loop_opens_nothing_outside(table):
    """A segment that has a place in an open loop has none in a loop around it from there on, save to repeat itself."""
    for loop, above in loops(table):
        inner = loop
        for outer in reversed(above):
            start = next(at for at, item in enumerate(outer.contents) if item is inner)
            start += inner.maximum == 1  # what comes once does not repeat itself either
            for outside in outer.contents[start:]:
                assert not any(meet(item, outside) for item in loop.contents[1:]), (loop.id, outer.id, outside.id)
            inner = outer


@EVERY
def test_no_loop_has_its_id_twice_with_different_rows(table):
    known = {}
    for loop, _ in loops(table):
        assert known.setdefault(loop.id, loop) == loop, loop.id


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_loop_can_be_reached(guide):
    for loop, above in loops(guide.table):
        drawn = _one_with(guide, (*above, loop))
        ts = drawn.read()
        findings, root = walk(ts, guide.table, INBOUND)
        assert findings == []
        assert loop is guide.table or list(_nodes(root, loop.id)), loop.id


def _nodes(node, name):
    for child in node.children:
        if child.id == name:
            yield child
        yield from _nodes(child, name)


def _one_with(guide, through):
    """A set with these loops in it."""
    kept = []

    @settings(max_examples=1, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(x12_strategies.sets(guide, through))
    def keep(drawn):
        kept.append(drawn)

    keep()
    return kept[0]


@pytest.mark.parametrize(
    "name", ["837P", "837I", "835", "820-X218", "820-X306", "820", "277CA", "270", "271", "276", "277", "999"]
)
def test_a_writer_fills_what_the_table_requires_of_the_loops_it_opens(codecs, name, monkeypatch):
    """Over all shapes. Required elements need no proof of their own: a row takes no segment without them."""
    codec, _functional_id, shapes = codecs[name]
    put, written = SetWriter.put, set()

    def noted(self, row, *values):
        written.add((row.loop, id(row.segment)))
        put(self, row, *values)

    monkeypatch.setattr(SetWriter, "put", noted)
    for value in shapes.values():
        codec.write_set(value, "0001")
    [table] = [guide.table for guide in GUIDES if guide.name == name]
    for loop, _ in loops(table):
        if (loop.id, id(loop.trigger)) in written:
            for item in loop.contents:
                home = loop.id if isinstance(item, Segment) else item.id
                assert item.usage == "S" or (home, id(trigger(item))) in written, (loop.id, trigger(item).id)


def test_data_elements_are_possible_and_used():
    assert all(kind in TYPES and 1 <= low <= high for kind, low, high in DATA_ELEMENTS.values())
    assert set(KEYED.values()) <= {1, 2, 3}
    used = {part.number for guide in GUIDES for _, row in guide.table.walk() for part in leaves(row)}
    assert used - {""} == set(DATA_ELEMENTS)


def test_no_data_element_is_defined_twice():
    tree = ast.parse(inspect.getsource(elements))
    [table] = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    numbers = [ast.literal_eval(key) for key in table.keys]
    assert len(numbers) == len(set(numbers))


def test_a_row_that_is_no_row():
    with pytest.raises(ValueError):
        S("N3", "X", 1, "R 166")
    with pytest.raises(KeyError):
        S("N3", "R", 1, "R 99999")
    with pytest.raises(KeyError):
        SET_837P.segment("2300", "ZZZ")
