"""Who may do what."""

import pytest

from pipeline.domain.errors import NotAllowed
from pipeline.domain.permissions import PERMISSIONS, Role, allowed, require


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_one_fitting_role_of_several_is_enough_and_no_role_never(permission):
    for role in PERMISSIONS[permission]:
        require(["janitor", str(role)], permission)
    with pytest.raises(NotAllowed, match=permission):
        require(["janitor"], permission)
    with pytest.raises(NotAllowed):
        require([], permission)


def test_an_auditor_sees_and_changes_nothing():
    assert [name for name in PERMISSIONS if allowed([Role.AUDITOR], name)] == ["exceptions.view"]


def test_who_prepares_a_payment_never_approves_it_by_the_same_role():
    assert PERMISSIONS["payments.prepare"].isdisjoint(PERMISSIONS["payments.approve"])


def test_a_permission_that_there_is_not_is_a_bug():
    with pytest.raises(KeyError):
        require([Role.BILLER], "exceptions.burn")
