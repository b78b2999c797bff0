"""Example claims with some of their values changed to others of the same kind, as a Hypothesis strategy."""

import copy
from datetime import date

from hypothesis import strategies as st

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=90) | st.sampled_from(
    ["P", "S", "T", "U", "PS", "18", "10MB1", "30CI1", "CO", "45", "A0427", "MB", "physician", "8", "7", "1"]
)
NUMBER = st.integers(-(10**12), 10**12) | st.integers(-3, 3)
DAY = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)


def leaves(part, path=()):
    """Every place in a document that holds no object and no list."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else None
    if items is None:
        yield path
        return
    for step, inner in items:
        yield from leaves(inner, (*path, step))


def like(name, value):
    """Another value of the same kind."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return NUMBER
    return DAY if "_date" in str(name) else TEXT


@st.composite
def bent_claims(draw, document, most=5):
    """The document with one to `most` values changed."""
    bent = copy.deepcopy(document)
    places = sorted(leaves(bent), key=str)
    for place in draw(st.lists(st.sampled_from(places), min_size=1, max_size=most, unique=True)):
        holder = bent
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = draw(like(place[-1], holder[place[-1]]))
    return bent
