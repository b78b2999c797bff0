"""Compiled constructors give what the dataclass itself would give."""

from dataclasses import dataclass, field

import pytest

from edi.makers import maker


@dataclass(slots=True, kw_only=True)
class Thing:
    name: str
    count: int = 3
    note: str | None = None
    parts: list[str] = field(default_factory=list)


def test_it_is_equal_to_a_made_one():
    make = maker(Thing, "count", "name")
    assert make(7, "a") == Thing(name="a", count=7)
    assert maker(Thing, "name")("a") == Thing(name="a")


def test_lists_are_not_shared():
    make = maker(Thing, "name")
    one, other = make("a"), make("b")
    one.parts.append("x")
    assert other.parts == []


def test_a_field_without_default_must_be_given():
    with pytest.raises(TypeError, match=r"Thing\.name"):
        maker(Thing, "count")


def test_a_field_that_is_not_there():
    with pytest.raises(TypeError, match="colour"):
        maker(Thing, "name", "colour")
