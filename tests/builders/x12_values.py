"""Strategies for what stands in one segment, drawn from its row of a table: elements, composites, repeats, notes.

Values are drawn with the private separators of ``edi.x12.tables.patterns`` between components and repeats; a set puts its own
delimiters in their places.
"""

import string
from datetime import date, time
from functools import lru_cache

from hypothesis import strategies as st

from edi.x12.tables.notes import broken_notes
from edi.x12.tables.patterns import COMPONENT, REPETITION
from edi.x12.tables.schema import Composite

CODE = string.ascii_uppercase + string.digits
_PRINTABLE = "".join(chr(one) for one in range(32, 127))
_MONEY, _COUNT = "782", "380"


@lru_cache(maxsize=8192)
def value(element, marks, *, form=""):
    """One value of a simple element or component. ``form`` is what stands before it: for a date, its qualifier."""
    if element.kind.startswith("DP"):
        return _FORMS.get(form, _days)()
    if element.codes:
        return st.sampled_from(element.codes)
    match element.kind:
        case "N0":
            return _whole(element.minimum, element.maximum)
        case "R" if element.number == _COUNT:
            return _whole(element.minimum, element.maximum)
        case "R":
            return _decimals(element.minimum, element.maximum, money=element.number == _MONEY)
        case "DT":
            return _days()
        case "TM":
            return _times()
        case "ID":
            return st.text(CODE, min_size=element.minimum, max_size=element.maximum)
    return _texts(element.minimum, element.maximum, marks)


@lru_cache(maxsize=1)
def _days():
    return st.dates(date(1901, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%Y%m%d}")


@lru_cache(maxsize=1)
def _ranges():
    return st.tuples(_days(), _days()).map(lambda pair: "-".join(sorted(pair)))


@lru_cache(maxsize=1)
def _minutes():
    return st.times().map(lambda drawn: f"{drawn:%H%M}")


@lru_cache(maxsize=1)
def _moments():
    return st.tuples(_days(), _minutes()).map("".join)


_FORMS = {"RD8": _ranges, "TM": _minutes, "DT": _moments}


@lru_cache(maxsize=1)
def _times():
    times = st.times(time(0), time(23, 59, 59))
    return st.tuples(times, st.sampled_from(["%H%M", "%H%M%S", "%H%M%S5", "%H%M%S07"])).map(
        lambda drawn: drawn[0].strftime(drawn[1])
    )


@lru_cache(maxsize=64)
def _whole(low, high):
    return st.integers(0, 10 ** min(high, 12) - 1).map(lambda number: str(number).zfill(low))


@lru_cache(maxsize=64)
def _decimals(low, high, *, money):
    """Numbers within the length, sign and point uncounted; an amount of money has no third decimal."""
    places = st.integers(0, min(high - 1, 2 if money else 4))
    digits = st.integers(0, 10 ** min(high, 12) - 1)
    return st.tuples(digits, places, st.booleans()).map(lambda drawn: _decimal(*drawn, low=low, high=high))


def _decimal(digits, places, minus, *, low, high):
    text = str(digits).zfill(max(places, low))[: max(high, low)]
    text = f"{text[: len(text) - places]}.{text[len(text) - places :]}" if places else text
    return f"-{text}" if minus else text


def _texts(low, high, marks):
    """Printable text of the element's length, without the delimiters and without blanks around it."""
    alphabet = "".join(one for one in "AB1 " + _PRINTABLE if one not in marks)
    inside = st.text(alphabet, min_size=low, max_size=min(high, low + 8)).map(_trimmed)
    return inside | st.just("X" * high)


def _trimmed(text):
    return text.strip(" ").rjust(len(text), "Z")


@st.composite
def elements(draw, row, marks, fixed=None):
    """Values of a whole segment, its id first, nothing trailing. ``fixed`` gives values by position."""
    fixed = fixed or {}
    given = settled(row, chosen(draw, row.elements) | set(fixed))
    values = [row.id]
    for position, element in enumerate(row.elements, 1):
        if position not in given:
            values.append("")
        elif position in fixed:
            values.append(fixed[position])
        else:
            values.append(draw(_element(element, marks, values[-1])))
    return trimmed(values)


def trimmed(values):
    """Without the blanks at the end."""
    while len(values) > 1 and not values[-1]:
        values = values[:-1]
    return values


def chosen(draw, items):
    """Positions, from 1, of the elements that are there: the required ones and a few of the others."""
    optional = [at for at, item in enumerate(items, 1) if item.usage == "S"]
    extra = draw(st.sets(st.sampled_from(optional), max_size=4)) if optional else set()
    return {at for at, item in enumerate(items, 1) if item.usage == "R"} | extra


def settled(row, given):
    """The positions changed until every note of the row holds: companions come in, exclusive ones go."""
    given = set(given)
    for _ in range(40):
        there = [row.id, *("x" if at in given else "" for at in range(1, len(row.elements) + 1))]
        broken = next((note for note in row.notes if any(broken_notes([note], there))), None)
        if broken is None:
            return given
        given = _mended(row, broken, given)
    raise AssertionError(f"the notes of {row.id} cannot all hold")


def _mended(row, note, given):
    first, *others = positions(note)
    if note[0] == "E":
        keep = next((at for at in (first, *others) if at in given and row.elements[at - 1].usage == "R"), first)
        return given - ({first, *others} - {keep})
    if note[0] in "PC":
        return given | {first, *others}
    return given | {first if note[0] == "R" else others[0]}


def positions(note):
    """The element positions that a note names."""
    return [int(note[at : at + 2]) for at in range(1, len(note), 2)]


def _element(element, marks, before):
    composite = isinstance(element, Composite)
    single = _composite(element, marks) if composite else value(element, marks, form=before)
    if element.repeat == 1:
        return single
    return st.lists(single, min_size=1, max_size=min(element.repeat, 3)).map(REPETITION.join)


@st.composite
def _composite(draw, composite, marks):
    given = chosen(draw, composite.parts) or {1}
    parts = [""]
    for at, part in enumerate(composite.parts, 1):
        parts.append(draw(value(part, marks, form=parts[-1])) if at in given else "")
    del parts[0]
    return COMPONENT.join(parts).rstrip(COMPONENT)
