"""Sets drawn at random from the tables: what the tables allow is found sound, read back equal and written equal."""

import pytest
import x12_strategies
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from edi.findings import Severity
from edi.x12.guides import GUIDES
from edi.x12.judging.check import check_set
from edi.x12.syntax.reader import read
from edi.x12.syntax.write_back import write_back
from edi.x12.tables.patterns import Charset
from edi.x12.writer import Row, SetWriter

SETTINGS = settings(
    max_examples=30,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# Where a typed value wants more than a table can say: whole pounds, an amount beside each reason.
MEANING = {"837P": {"CR1", "CAS"}, "837I": {"CAS"}, "835": {"CAS"}}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
@SETTINGS
@given(st.data())
def test_a_drawn_set_is_sound_and_reads_and_writes_back_equal(guide, data):
    drawn = data.draw(x12_strategies.sets(guide))
    document = read(drawn.interchange)
    assert document.findings == []
    [ts] = document.sets
    assert ts.segments == drawn.wire
    assert write_back(ts) == drawn.data
    assert check_set(ts) == []
    _value, findings = guide.read(ts)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    assert [one for one in errors if one.place.segment not in MEANING.get(guide.name, ())] == []
    assert _written(drawn) == drawn.data


def _written(drawn):
    out = SetWriter(drawn.delimiters, Charset.EXTENDED)
    for one in drawn.segments:
        out.put(Row(one.row, one.loop), *one.values[1:])
    return out.finish().data
