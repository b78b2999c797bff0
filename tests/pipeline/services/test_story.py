"""A claim's story: everything that happened, in order, with its files, numbers and money; and who asked is noted."""

import json

import pytest

from pipeline.cli.claims import event_lines
from pipeline.domain.errors import NotKnown
from pipeline.services import intake, payments
from pipeline.services.story import story
from pipeline.stages.release import release
from pipeline.stages.render import render
from pipeline.stages.upload import upload


@pytest.fixture
def sent(money, claim_document):
    """Two claims, rendered and uploaded; the patient has paid each in full beforehand, above the approval limit."""
    claims = money.claims(2, claim_document, patient_paid_cents=14_500)
    for lot in money.column("SELECT DISTINCT lot_id FROM claim"):
        render(money.ctx, money.org, lot)
    for file_id in money.column("SELECT id FROM outbound_file"):
        upload(money.ctx, money.org, file_id)
    return claims


@pytest.fixture
def settled(money, decide, sent):
    with money.tx() as tx:
        tx.run("UPDATE tenant SET approval_limit_cents = 1000")
    money.remit(decide(sent[0], 12_000, ("CO", "45", 2_000), ("PR", "2", 500)), trace="T1")
    money.deposit(12_000, trace="T1")
    release(money.ctx, money.org, money.org)
    [waiting] = payments.waiting(money.ctx, money.org)
    payments.approve(money.ctx, money.org, waiting.id, "ben")
    release(money.ctx, money.org, money.org)
    return sent[0]


def tell(money, key):
    return story(money.ctx, money.org, "auditor", key)


def test_the_whole_way_to_cash_in_order(money, settled):
    told = tell(money, settled.clm01)
    happened = [(event.subject.split()[0], event.what) for event in told.events]
    expected = [
        ("claim", "readied"), ("claim", "validated"), ("submission", "bundled"), ("claim", "bundled"),
        ("file", "rendered"), ("file", "sent"), ("decision", "paid"),
        ("submission", "adjudicated"), ("claim", "paid"), ("ledger", "remittance claim posted"),
        ("payment", "proposed"), ("payment", "held for approval"), ("approval", "approve"),
        ("payment", "approved"), ("payment", "placed"),
    ]  # fmt: skip
    places = [happened.index(one) for one in expected]
    assert places == sorted(places)
    assert [event.at for event in told.events] == sorted(event.at for event in told.events)
    assert ("ledger", "claim billed") in happened
    assert told.balances["revenue"] == -14_500
    assert told.balances["refund_payable"] == -14_000
    json.dumps(told.as_dict(), default=str)


def test_events_name_actor_file_and_number(money, settled):
    told = tell(money, settled.clm01)
    by_name = {(event.subject.split()[0], event.what): event for event in told.events}
    assert by_name["submission", "bundled"].control_number == "ISA 000000001 / ST 0001"
    assert by_name["file", "sent"].file == "OATEST_837P_000000001.txt"
    assert by_name["file", "sent"].actor == "system:upload"
    decided = by_name["decision", "paid"]
    assert decided.control_number.startswith("trace T1 / segment ")
    assert "CO-45 20.00" in decided.detail
    assert "PR-2 5.00" in decided.detail
    assert by_name["remittance", "posted"].control_number == "trace T1"
    assert by_name["deposit", "matched"].amount_cents == 12_000
    assert told.money.billed_cents == 14_500
    assert (told.money.paid_cents, told.money.adjusted_cents, told.money.patient_cents) == (12_000, 2_000, 500)
    assert told.money.open_cents == told.money.credit_cents == 0
    assert by_name["approval", "approve"].actor == "ben"
    assert by_name["payment", "placed"].control_number.startswith("trace ")
    assert ("receivable", -14_500) in by_name["ledger", "remittance claim posted"].entries


def test_by_external_id_too_and_the_looker_is_noted(money, sent):
    document = json.loads(_document(money, sent[1].id))
    told = tell(money, document["external_id"])
    assert told.clm01 == sent[1].clm01
    assert told.external_id == document["external_id"]
    assert told.patient.startswith(document["patient"]["last_name"])
    assert money.column("SELECT actor FROM audit WHERE action = 'claim.show' AND subject_id = :id", id=sent[1].id) == [
        "auditor"
    ]


def _document(money, claim_id):
    from pipeline.store import claims

    with money.tx() as tx:
        return claims.by_id(tx, [claim_id])[claim_id].document


def test_nobody_is_told_of_an_unknown_claim_or_another_tenants(money, product, sent):
    from pipeline.services import setup

    with pytest.raises(NotKnown):
        tell(money, "C0000000000000")
    other = setup.create_tenant(product.context, "elsewhere", "Elsewhere")
    with pytest.raises(NotKnown):
        story(product.context, other, "auditor", sent[0].clm01)


def test_a_failed_edit_tells_its_findings(money, claim_document):
    bad = json.dumps({**json.loads(claim_document()), "external_id": "bad", "diagnoses": []}).encode()
    intake.submit(money.ctx, money.org, [bad], "test")
    money.claims(1, claim_document)
    told = tell(money, "bad")
    assert told.state == "EDIT_FAILED"
    [raised] = [event for event in told.events if event.subject == "exception"]
    assert raised.findings
    assert {"path", "code", "message", "cure"} <= raised.findings[0].keys()


def test_a_claim_that_went_on_tells_what_it_was_warned_of(money, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=99_900)
    told = tell(money, claim.clm01)
    [passed] = [event for event in told.events if event.what == "validated"]
    assert (told.state, passed.subject, passed.detail) == ("SUBMITTED", "claim v1", "1 warning")
    [warning] = passed.findings
    assert (warning["code"], warning["path"]) == ("MON06", "patient_paid_cents")
    lines = [text.strip() for text, _ in event_lines(passed)]
    assert lines[-1] == "MON06 at patient_paid_cents: What the patient paid is not more than the charge."
