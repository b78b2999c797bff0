"""One fact of a table broken in a drawn set, and what a 999 would say of it: the code is the standard's, the place ours.

Each kind of fault is a function that yields every way to break a given set so. Nothing is decided at random here: which
of them is tried is the test's choice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from x12_strategies import DrawnSet
from x12_values import positions, trimmed

from edi.x12.tables.patterns import COMPONENT, REPETITION
from edi.x12.tables.schema import Composite, Element

_FIXED = {"ST", "SE", "HL"}  # their values follow from the whole set


@dataclass(frozen=True, slots=True)
class Fault:
    """``make`` gives the broken set; the fault is at segment ``number`` (ST = 1), in one of ``elements`` if any."""

    code: str | None
    number: int
    segment: str
    make: Callable[[], DrawnSet]
    elements: tuple[int, ...] = ()
    component: int | None = None


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value in a set: simple element or component, with its row of the table."""

    index: int
    position: int
    component: int | None
    element: Element
    value: str


def _leaves(drawn):
    """Every element that has a row and no part in telling its segment from others."""
    for index, one in enumerate(drawn.segments):
        key = one.row.key[0] if one.row.key else 0
        if one.row.id in _FIXED:
            continue
        for position, element in enumerate(one.row.elements, 1):
            value = one.values[position] if position < len(one.values) else ""
            if isinstance(element, Element):
                if position != key and element.usage != "N" and element.repeat == 1:
                    yield _Leaf(index, position, None, element, value)
            elif value and element.repeat == 1:
                parts = [*value.split(COMPONENT), *[""] * len(element.parts)]
                for at, part in enumerate(element.parts, 1):
                    if part.usage != "N" and (position != key or at > 1):
                        yield _Leaf(index, position, at, part, parts[at - 1])


def _with(drawn, index, position, value, component=None):
    """The set with another value at one place."""
    one = drawn.segments[index]
    values = [*one.values, *[""] * (position + 1 - len(one.values))]
    if component is not None:
        parts = [*values[position].split(COMPONENT), *[""] * component]
        parts[component - 1] = value
        value = COMPONENT.join(parts).rstrip(COMPONENT)
    values[position] = value
    return _instead(drawn, index, trimmed(values))


def _instead(drawn, index, values):
    segments = [*drawn.segments]
    segments[index] = replace(segments[index], values=values)
    return replace(drawn, segments=segments)


def _at(drawn, leaf, value, code):
    return Fault(
        code,
        leaf.index + 1,
        drawn.segments[leaf.index].row.id,
        lambda: _with(drawn, leaf.index, leaf.position, value, leaf.component),
        (leaf.position,),
        leaf.component,
    )


def _element(drawn, index, position, value, code):
    """A fault of an element as a whole."""
    row = drawn.segments[index].row
    return Fault(code, index + 1, row.id, lambda: _with(drawn, index, position, value), (position,))


def required_element_blank(drawn):
    for leaf in _leaves(drawn):
        alone = leaf.component is not None and drawn.segments[leaf.index].values[leaf.position] == leaf.value
        if leaf.element.usage == "R" and leaf.value and not alone:
            yield _at(drawn, leaf, "", "1")


def foreign_code(drawn):
    for leaf in _leaves(drawn):
        element = leaf.element
        if leaf.value and element.codes and element.number != "1250":
            sign = "9" if element.kind == "N0" else "Q"
            sizes = range(element.minimum, element.maximum + 1)
            foreign = [sign * size for size in sizes if sign * size not in element.codes]
            yield from (_at(drawn, leaf, value, "7") for value in foreign[:1])


def too_long(drawn):
    for leaf in _leaves(drawn):
        if leaf.value:
            yield _at(drawn, leaf, "1" * (leaf.element.maximum + 1), "5")


def too_short(drawn):
    for leaf in _leaves(drawn):
        if leaf.value and leaf.element.minimum > 1:
            yield _at(drawn, leaf, "1" * (leaf.element.minimum - 1), "4")


def wrong_kind(drawn):
    for leaf in _leaves(drawn):
        kind = leaf.element.kind[:2]
        value, code = {
            "N0": ("A" * leaf.element.minimum, "6"),
            "R": ("1.2.3"[: max(leaf.element.maximum, 2) + 1], "6"),
            "DT": ("20261301", "8"),
            "DP": ("20261301", "8"),
            "TM": ("2561", "9"),
        }.get(kind, ("\x01" * leaf.element.minimum, "6"))
        if leaf.element.codes and kind == "N0":
            continue  # told as no code
        if leaf.value and (kind != "R" or leaf.element.maximum > 3) and "\x01" not in drawn.delimiters.all:
            yield _at(drawn, leaf, value, code)


def element_beyond_the_last(drawn):
    for index, one in enumerate(drawn.segments):
        if one.row.id not in _FIXED:
            yield _element(drawn, index, len(one.row.elements) + 1, "X", "3")


def unused_element(drawn):
    for index, one in enumerate(drawn.segments):
        for position, element in enumerate(one.row.elements, 1):
            if element.usage == "N":
                yield _element(drawn, index, position, "X", "I10")


def component_beyond_the_last(drawn):
    for index, one in enumerate(drawn.segments):
        for position, element in enumerate(one.row.elements, 1):
            value = one.values[position] if position < len(one.values) else ""
            if isinstance(element, Composite) and element.repeat == 1 and value:
                full = [*value.split(COMPONENT), *["X"] * len(element.parts)][: len(element.parts)]
                yield _element(drawn, index, position, COMPONENT.join([*full, "X"]), "13")


def too_many_repeats(drawn):
    for index, one in enumerate(drawn.segments):
        for position, element in enumerate(one.row.elements, 1):
            value = one.values[position] if position < len(one.values) else ""
            if element.repeat > 1 and value:
                many = REPETITION.join([value.split(REPETITION)[0]] * (element.repeat + 1))
                yield _element(drawn, index, position, many, "12")


def blank_at_the_end(drawn):
    for index, one in enumerate(drawn.segments):
        if one.row.id not in _FIXED:
            make = lambda index=index, one=one: _instead(drawn, index, [*one.values, ""])  # noqa: E731
            yield Fault(None, index + 1, one.row.id, make, (len(one.values),))


def note_broken(drawn):
    for index, one in enumerate(drawn.segments):
        for note in one.row.notes:
            named = positions(note)
            given = [at for at in named if at < len(one.values) and one.values[at]]
            changes = _against(note, named, given, one.row)
            if changes:
                values = [*one.values, *[""] * (max(changes) + 1 - len(one.values))]
                for at, value in changes.items():
                    values[at] = value
                make = lambda index=index, values=values: _instead(drawn, index, trimmed(values))  # noqa: E731
                yield Fault("10" if note[0] == "E" else "2", index + 1, one.row.id, make, tuple(named))


def _against(note, named, given, row):
    """Changes by position that break the note; none where required elements stand in the way."""
    first, *others = named
    optional = {at for at in named if row.elements[at - 1].usage == "S"}
    if note[0] == "E":
        return {at: "X" for at in named if at not in given}
    if note[0] == "P" and not given:
        return {first: "X"}
    gone = {"P": optional & {named[-1]}, "R": optional, "C": optional & set(others), "L": optional & set(others)}[
        note[0]
    ]
    enough = gone == set(named if note[0] == "R" else others) or (note[0] in "PC" and gone)
    return dict.fromkeys(gone, "") if enough and first in given else {}


def segment_of_no_set(drawn):
    for index, one in enumerate(drawn.segments[:-1]):
        stray = replace(one, values=["ZZ1", "X"])
        yield _segments(drawn, index + 1, 0, [stray], "1", index + 2, "ZZ1")


def required_segment_left_out(drawn):
    for index, one in enumerate(drawn.segments):
        same = sum(other.instance == one.instance and other.row is one.row for other in drawn.segments)
        if one.row.usage == "R" and not one.opens and same == 1 and one.row.id not in _FIXED:
            yield _segments(drawn, index, 1, [], "3", None, one.row.id)


def segment_twice(drawn):
    for index, one in enumerate(drawn.segments):
        if one.row.maximum == 1 and not one.opens and one.row.id not in _FIXED:
            yield _segments(drawn, index, 0, [one], "5", index + 2, one.row.id)


def segments_out_of_order(drawn):
    for index, (one, other) in enumerate(zip(drawn.segments, drawn.segments[1:], strict=False)):
        inside = one.instance == other.instance and not one.opens and not {one.row.id, other.row.id} & _FIXED
        if inside and one.row is not other.row:
            yield _segments(drawn, index, 2, [other, one], "7", index + 2, one.row.id)


def _segments(drawn, start, length, new, code, number, name):
    """A fault made by putting other segments in the place of ``length`` ones; ``number`` None: wherever it is told."""

    def make():
        segments = [*drawn.segments]
        segments[start : start + length] = new
        return drawn.holding(segments)

    return Fault(code, number or 0, name, make)


def level_misnumbered(drawn):
    for index, one in enumerate(drawn.segments):
        if one.row.id == "HL":
            yield _element(drawn, index, 1, "9999", "7")


def parent_unknown(drawn):
    for index, one in enumerate(drawn.segments):
        if one.row.id == "HL" and one.row.elements[1].usage == "R":
            yield _element(drawn, index, 2, "9999", "7")


KINDS = (
    required_element_blank,
    foreign_code,
    too_long,
    too_short,
    wrong_kind,
    element_beyond_the_last,
    unused_element,
    component_beyond_the_last,
    too_many_repeats,
    blank_at_the_end,
    note_broken,
    segment_of_no_set,
    required_segment_left_out,
    segment_twice,
    segments_out_of_order,
    level_misnumbered,
    parent_unknown,
)
