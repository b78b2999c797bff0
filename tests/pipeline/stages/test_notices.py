"""Notifications of change: they propose, people decide, and one that is not about ours proposes nothing."""

from dataclasses import replace
from datetime import datetime

import pytest
from payees import Paying

from edi.nacha.corrections import Correction
from edi.nacha.returns import Sheet, change_file
from edi.nacha.writing import write
from pipeline.services import payees as service
from pipeline.stages.bank_answers import apply

FIRST, RIGHT = "4400002227", "4400002228"


@pytest.fixture
def paying(money, decide, claim_document):
    made = Paying(money, decide, claim_document)
    made.refund(3_000)
    made.upload()
    return made


def notice(paying, code="C01", correction=None, minute=0, **changes):
    """A notification about the first payment arrives twice; `changes` are of its entry or its addenda."""
    sent = paying.ach(paying.newest())
    [entry] = sent.batches[0].entries
    correction = correction or Correction(account=RIGHT)
    file = change_file(sent, [(entry.trace, code, correction)], Sheet(created=datetime(2026, 11, 24, 9, minute)))  # noqa: DTZ001
    [batch] = file.batches
    [told] = batch.entries
    of_addenda = {name: value for name, value in changes.items() if name.startswith("original")}
    of_entry = {name: value for name, value in changes.items() if name not in of_addenda}
    told = replace(told, addenda=[replace(told.addenda[0], **of_addenda)], **of_entry)
    file_id = paying.money.store(
        "nacha:return", write(replace(file, batches=[replace(batch, entries=[told])])), f"n{minute}", "bank"
    )
    for _ in range(2):
        apply(paying.ctx, paying.org, file_id)
    assert paying.money.column("SELECT state FROM inbound_file WHERE id = :id", id=file_id) == ["APPLIED"]


def reasons(paying):
    return paying.money.column("SELECT reason FROM work_exception WHERE type = 'noc' ORDER BY id")


def test_it_is_never_applied_by_itself_and_by_two_people_it_is(paying):
    notice(paying)
    notice(paying, minute=1)
    assert (paying.details(), paying.money.states("payment")) == (["ACTIVE", "PROPOSED"], ["SENT"])
    assert paying.money.column("SELECT source FROM bank_details ORDER BY id") == ["claim", "noc"]
    assert paying.money.exceptions() == ["payee_details_proposed", "noc"]
    assert reasons(paying)[0].startswith("bank details 2 were proposed for payee 1")
    assert RIGHT not in "".join(reasons(paying))
    paying.refund(2_000)
    assert [row[0] for row in paying.entries(paying.newest())] == [FIRST]
    assert service.confirm(paying.ctx, paying.org, "bill", 2) == 1
    assert service.confirm(paying.ctx, paying.org, "ben", 2) == 0
    assert paying.details() == ["REPLACED", "ACTIVE"]
    assert paying.money.exceptions() == []
    assert paying.upload()[1] == "VOIDED"
    paying.release()
    assert paying.live_accounts() == ["2227", "2228"]
    assert paying.money.states("payment") == ["SENT", "VOIDED", "WAITING"]


@pytest.mark.parametrize(
    "changes",
    [
        {"original_trace": "091000019999999"},
        {"original_rdfi": "09100001"},
        {"account": "4400002220"},
        {"amount_cents": 1},
    ],
)
def test_one_about_another_entry_or_account_proposes_nothing(paying, changes):
    notice(paying, **changes)
    assert (paying.details(), paying.money.exceptions()) == (["ACTIVE"], ["unknown_return"])


@pytest.mark.parametrize(
    ("code", "correction", "words"),
    [
        ("C04", Correction(name="PAUL MERRYWEATHER"), "corrects nothing of the account"),
        ("C05", Correction(transaction_code=42), "not paid to"),
        ("C01", Correction(account=FIRST), "corrects nothing of the account"),
    ],
)
def test_what_is_no_other_account_is_told_only(paying, code, correction, words):
    notice(paying, code, correction)
    assert (paying.details(), paying.money.exceptions()) == (["ACTIVE"], ["noc"])
    assert words in reasons(paying)[0]


def test_one_that_people_have_refused_or_that_comes_too_late_is_told_only(paying):
    notice(paying)
    service.refuse(paying.ctx, paying.org, "ben", 2, "the patient has no such account")
    assert paying.money.exceptions() == []
    notice(paying, minute=1)
    assert (paying.details(), paying.money.exceptions()) == (["ACTIVE", "REFUSED"], ["noc"])
    assert "which are REFUSED" in reasons(paying)[-1]
    paying.change("5500003338")
    with paying.money.tx() as tx:
        tx.run("UPDATE work_exception SET state = 'RESOLVED', resolved_at = now() WHERE type = 'noc'")
    notice(paying, correction=Correction(account="4400002229"), minute=2)
    assert paying.details() == ["REPLACED", "REFUSED", "ACTIVE"]
    assert "paid elsewhere by now" in reasons(paying)[-1]
