"""A sound set with one fact of its table broken: found at its segment and element, with the code that a 999 would carry."""

import pytest
import x12_strategies
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from x12_faults import KINDS

from edi.x12.guides import GUIDES
from edi.x12.judging.check import check_set

SETTINGS = settings(
    max_examples=15,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
@SETTINGS
@given(st.data())
def test_what_is_broken_is_found_where_it_is(guide, data):
    drawn = data.draw(x12_strategies.sets(guide))
    for kind in KINDS:
        faults = list(kind(drawn))
        if faults:
            fault = faults[data.draw(st.integers(0, len(faults) - 1), label=kind.__name__)]
            findings = check_set(fault.make().read())
            assert any(_tells(finding, fault) for finding in findings), (kind.__name__, fault, findings)


def _tells(finding, fault):
    place = finding.place
    return (
        finding.standard_code == fault.code
        and place.segment == fault.segment
        and (not fault.number or place.segment_number == fault.number)
        and (place.element in fault.elements if fault.elements else place.element is None)
        and (fault.component is None or place.component == fault.component)
    )
