"""The table of exception types, row by row. That it holds what the code raises is seen to in tests/test_docs.py."""

from datetime import UTC, datetime

import pytest

from pipeline.domain.exception_types import EXCEPTION_TYPES, Again, of, of_roles
from pipeline.domain.permissions import PERMISSIONS, Role

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize("one", EXCEPTION_TYPES.values(), ids=EXCEPTION_TYPES)
def test_a_row_is_whole(one):
    assert EXCEPTION_TYPES[one.name] is of(one.name)
    assert one.about
    assert max(map(len, one.about)) <= 16
    assert one.cure
    assert one.role in PERMISSIONS["exceptions.resolve"], "whose work it is may resolve it"
    assert one.due_h is not None or one.severity == "info", "what is grave has a date"


def test_a_state_that_lasts_is_one_whose_end_the_flow_sees():
    assert [one.name for one in EXCEPTION_TYPES.values() if one.again is Again.WHILE_IT_LASTS and not one.closes] == []


def test_a_type_is_due_by_business_time_or_never():
    assert of("answer_disagrees").due_at(NOW) == NOW.replace(hour=12)
    assert of("claim_forwarded").due_at(NOW) is None


def test_an_unknown_type_is_told_with_the_cure():
    with pytest.raises(ValueError, match=r"exception_types\.py"):
        of("nonsense")


def test_every_type_is_somebodys_work():
    assert sorted(of_roles(Role)) == sorted(EXCEPTION_TYPES)
    assert of_roles([Role.APPROVER]) == [
        "rules_review_due", "rule_hold", "payment_voided", "payee_details_proposed", "return_compliance", "return_fraud",
    ]  # fmt: skip
    assert of_roles([]) == []
