"""The tables agree with themselves."""

import re

import pytest

from edi.x12.elements import DATA_ELEMENTS
from edi.x12.patterns import Charset, segment_pattern
from edi.x12.schema import KEYED, Composite, Loop, S, Segment
from edi.x12.tables.set_277ca import SET_277CA
from edi.x12.tables.set_835 import SET_835
from edi.x12.tables.set_837p import SET_837P
from edi.x12.tables.set_997 import SET_997
from edi.x12.tables.set_999 import SET_999

TABLES = [SET_837P, SET_835, SET_277CA, SET_999, SET_997]


def loops(loop):
    yield loop
    for item in loop.contents:
        if isinstance(item, Loop):
            yield from loops(item)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_row_is_sound(table):
    for where, row in table.walk():
        assert row.usage in "RS", (where, row.id)
        assert row.elements, (where, row.id)
        for element in row.elements:
            for part in element.parts if isinstance(element, Composite) else (element,):
                assert part.usage == "N" or part.number in DATA_ELEMENTS
                assert len(set(part.codes)) == len(part.codes)
                assert all(part.minimum <= len(code) <= part.maximum for code in part.codes), (where, row.id, part)
        for note in row.notes:
            assert re.fullmatch(r"[PRECL](\d\d){2,}", note)
            assert all(int(note[at : at + 2]) <= len(row.elements) for at in range(1, len(note), 2)), (
                where,
                row.id,
                note,
            )
        assert segment_pattern(row, Charset.EXTENDED)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_neighbours_are_told_apart(table):
    for loop in loops(table):
        seen = {}
        for item in loop.contents:
            row = item if isinstance(item, Segment) else item.trigger
            codes = row.key[1] if row.key else frozenset({"any"})
            earlier = seen.setdefault(row.id, set())
            assert row.id == "N3" or not earlier & codes, (loop.id, row.id, codes)
            earlier |= codes
        assert loop.trigger.usage == "R"


def test_every_length_is_possible():
    assert all(1 <= low <= high for _, low, high in DATA_ELEMENTS.values())
    assert set(KEYED.values()) <= {1, 2, 3}


def test_a_row_that_is_no_row():
    with pytest.raises(ValueError):
        S("N3", "X", 1, "R 166")
    with pytest.raises(KeyError):
        S("N3", "R", 1, "R 99999")
    with pytest.raises(KeyError):
        SET_837P.segment("2300", "ZZZ")
