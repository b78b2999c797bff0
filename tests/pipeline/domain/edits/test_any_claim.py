"""Whatever a claim says, the edits find faults in it and never fail themselves."""

import json

import pytest
from bent_claims import bent_claims
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.claim import BaseClaim
from pipeline.domain.claim_reading import parse_claim


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize(
    "name",
    [
        "second_payer_after_medicare",
        "bls_dialysis_one_way",
        "fail_second_payer_unbalanced",
        "stay_hip_fracture",
        "outpatient_hernia_repair",
    ],
)
def test_no_claim_makes_an_edit_fail(name, data, documents, found):
    claim = parse_claim(json.dumps(data.draw(bent_claims(documents[name]))).encode())
    if isinstance(claim, BaseClaim):
        assert all(problem.code and problem.cure for problem in found(claim))
