import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.amounts import cents_from_text, dollars_text, text_from_cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0),
        ("45", 4500),
        ("12.5", 1250),
        ("12.50", 1250),
        (".07", 7),
        ("-45", -4500),
        ("-.5", -50),
        ("007", 700),
        ("3.", 300),
    ],
)
def test_reads_an_x12_decimal(text, cents):
    assert cents_from_text(text) == cents


@pytest.mark.parametrize(
    "text", ["", " ", ".", "-", "1.005", "1e3", "+1", "1,000", "1_0", "--1", "1.2.3", " 1", "١", "NaN", "²"]
)
def test_refuses_whatever_is_not_whole_cents_without_telling_the_text(text):
    with pytest.raises(ValueError) as caught:
        cents_from_text(text)
    assert not text.strip() or len(text) < 3 or text not in str(caught.value)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0"), (1250, "12.5"), (1205, "12.05"), (-4500, "-45"), (7, "0.07"), (-7, "-0.07")]
)
def test_writes_the_shortest_decimal(cents, text):
    assert text_from_cents(cents) == text


@given(st.integers(-(10**15), 10**15))
def test_comes_back_equal(cents):
    assert cents_from_text(text_from_cents(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (7, "0.07"), (1250, "12.50"), (-45, "-0.45"), (123456789, "1234567.89")]
)
def test_prints_dollars_for_people(cents, text):
    assert dollars_text(cents) == text
    assert cents_from_text(text) == cents
