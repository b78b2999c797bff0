import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.wire_text import is_identifier, wire_text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Whitlock", "WHITLOCK"),
        ("Núñez-O’Brien", "NUNEZ-O'BRIEN"),
        ("Åse Jørgensen", "ASE JORGENSEN"),
        ("Łukasz Strauß", "LUKASZ STRAUSS"),
        ("Æther Œuvre Þor", "AETHER OEUVRE THOR"),
        ("12 Elm St, Apt #4", "12 ELM ST, APT 4"),
        ("Mile 3: north*side", "MILE 3 NORTH SIDE"),
        ("St. Mary’s – East", "ST. MARY'S - EAST"),
        ("two   blanks", "TWO BLANKS"),
        ("ﬁne", "FINE"),
    ],
)
def test_text_is_written_by_the_rules(text, written):
    assert wire_text(text) == written


@pytest.mark.parametrize("text", ["Иванова", "50% burn", "a<b", "李", "#", "name@home", "☎ 5"])
def test_text_that_would_lose_something_is_refused_without_showing_it(text):
    with pytest.raises(ValueError) as refusal:
        wire_text(text)
    assert text not in str(refusal.value).removeprefix("text of")


@given(st.text(min_size=1, max_size=30))
def test_what_is_written_is_basic_and_stays_as_it_is(text):
    try:
        written = wire_text(text)
    except ValueError:
        return
    assert re.fullmatch(r"""[A-Z0-9 !"&'()+,\-./;?=]+""", written)
    assert wire_text(written) == written == " ".join(written.split())


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("1EG4-TE5 MK72", True),
        ("abc1", False),
        ("A*1", False),
        (" A1", False),
        ("A1 ", False),
        ("A~", False),
        ("é1", False),
    ],
)
def test_identifiers_are_never_changed(text, sound):
    assert is_identifier(text) is sound
