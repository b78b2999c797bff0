"""What can be paid to, and how many people stand up for it."""

import pytest

from pipeline.domain.bank_accounts import AccountForm, faults
from pipeline.domain.payees import still_needed


def told(**changes):
    given = {"routing_number": "091000019", "account_number": "0012-34 A", "account_type": "checking", **changes}
    return [fault.partition(":")[0] for fault in faults(AccountForm(**given).where("Invented & Sons"), "CCD")]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"account_number": "1" * 17}, []),
        ({"account_number": "1" * 18}, ["account_number"]),
        ({"account_number": "12_4"}, ["account_number"]),
        ({"account_number": "abc"}, ["account_number"]),
        ({"routing_number": "091000018"}, ["routing_number"]),
        ({"routing_number": "990000009"}, ["routing_number"]),
        ({"routing_number": "09100001"}, ["routing_number"]),
        ({"name": "x" * 22}, []),
        ({"name": "x" * 23, "account_number": "-"}, ["account_number", "name"]),
        ({"name": "Ян"}, ["name"]),
    ],
)
def test_all_that_a_bank_would_not_take_is_told_at_once(changes, fields):
    assert told(**changes) == fields


def test_a_name_in_ctx_is_shorter():
    where = AccountForm(routing_number="091000019", account_number="1", account_type="savings").where("x" * 17)
    assert faults(where, "CTX") == [
        "name: not 1 to 16 characters that a bank takes (give the name as the bank has it, shortened)"
    ]


@pytest.mark.parametrize(
    ("needed", "roles", "left"),
    [
        (2, [], 2),
        (2, [["biller"]], 1),
        (2, [["biller"], ["preparer"]], 1),
        (2, [["biller"], ["preparer"], ["approver"]], 0),
        (2, [["approver"]], 1),
        (2, [["approver"], ["approver"]], 0),
        (2, [["auditor"], ["operator"], ["approver"]], 1),
        (2, [["biller", "approver"]], 1),
    ],
)
def test_two_stand_up_one_of_them_with_the_last_word(needed, roles, left):
    assert still_needed(needed, roles) == left
