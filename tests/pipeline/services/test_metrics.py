"""Metrics: the numbers of a real state, all tenants together, and nothing that names anybody."""

import json

import pytest

from api.metrics import ALL, PREFIX, text
from pipeline.domain.errors import TryLater
from pipeline.services import intake
from pipeline.services.metrics import METRICS, measure
from pipeline.stages.poll import poll
from pipeline.stages.release import release
from pipeline.stages.take import take
from pipeline.stages.upload import upload
from pipeline.stages.validate import validate
from tests.pipeline.stages.conftest import Edge
from transport.errors import ConnectionLost, LoginRefused


@pytest.fixture
def edge(product, org, outside, money, claim_document):
    return Edge(product, org, outside, money, claim_document)


@pytest.fixture
def out(edge, money):
    """Two claims of one tenant that are sent, and the id of its clearinghouse mailbox."""
    edge.profile(claims_per_file=2)
    claims = money.claims(2, edge.document)
    [file] = edge.rows("SELECT id FROM outbound_file")
    upload(edge.ctx, edge.org, file.id)
    return claims, str(edge.box_id)


def test_an_empty_system_has_its_numbers_too(product):
    measured = measure(product.context)
    assert measured["database_up"] == {(): 1.0}
    assert measured["installation_held"] == {(): 0}
    assert measured["database_connections"][()] >= 1
    assert measured["database_connections_allowed"][()] > 10
    assert set(measured) <= set(METRICS)


def test_claims_files_and_conversations(edge, out):
    _, box = out
    poll(edge.ctx, edge.org, int(box))
    measured = measure(edge.ctx)
    assert measured["claims"] == {("SUBMITTED",): 2}
    assert measured["files"] == {("out", "837P", "SENT"): 1}
    assert measured["mailbox_conversations"] == {(box, "upload", "good"): 1, (box, "poll", "good"): 1}
    assert set(measured["mailbox_last_good_seconds"]) == {(box, "upload"), (box, "poll")}
    assert all(0 <= seconds < 60 for seconds in measured["mailbox_last_good_seconds"].values())
    assert measured["mailbox_files_unsent"][box, "clearinghouse"] == 0


@pytest.mark.parametrize(
    ("error", "outcome", "paused"), [(LoginRefused, "login_refused", 1), (ConnectionLost, "broken_off", 0)]
)
def test_a_conversation_that_fails_is_counted_by_its_kind(edge, error, outcome, paused):
    [file_id] = edge.files(1)
    edge.partner.refusal = error("invented")
    for _ in range(3):
        edge.let_leases_end()
        with pytest.raises(TryLater):
            upload(edge.ctx, edge.org, file_id)
    measured = measure(edge.ctx)
    box = str(edge.box_id)
    assert measured["mailbox_conversations"] == {(box, "upload", outcome): 3}
    assert measured["mailbox_paused"][box, "clearinghouse"] == paused
    assert measured["mailbox_failures_in_a_row"][box, "clearinghouse"] == 3 * paused
    assert measured["mailbox_files_unsent"][box, "clearinghouse"] == 1
    assert "mailbox_last_good_seconds" not in measured


def test_a_held_and_a_bundling_pause_show(edge):
    edge.profile(enabled=False)
    edge.run("UPDATE mailbox SET bundling_pause = 'a file was rejected' WHERE name = 'clearinghouse'")
    measured = measure(edge.ctx)
    box = (str(edge.box_id), "clearinghouse")
    assert (measured["mailbox_enabled"][box], measured["mailbox_bundling_paused"][box]) == (0, 1)


def test_money_by_state_and_what_nobody_explains(edge, out, money, decide):
    claims, _ = out
    paid = claims[0].charge_cents - 500
    money.remit(decide(claims[0], paid, ("PR", "1", 500)), trace="T1")
    money.remit(
        decide(claims[1], 700, ("CO", "45", claims[1].charge_cents - 700), clm01="NOTOURS1", payer_number="ICN2"),
        trace="T2",
    )
    money.deposit(paid, trace="T1")
    money.deposit(333, trace="NOBODYS")
    measured = measure(edge.ctx)
    assert measured["remittances_cents"] == {("MATCHED",): paid, ("POSTED",): 700}
    assert measured["deposits_cents"] == {("MATCHED",): paid, ("WAITING",): 333}
    assert measured["unapplied_cents"] == {(): 700}
    assert edge.value("SELECT -sum(amount_cents) FROM entry WHERE account = 'unapplied_cash'") == 700
    assert measured["exceptions_open"]["unmatched_claim", "error"] == 1
    assert measured["exceptions_open_cents"]["unmatched_claim", "error"] == 700


def test_what_waits_by_weight_and_what_is_overdue(edge, money):
    money.deposit(500, addenda="NO TRACE HERE")
    labels = ("unmatched_deposit", "warning")
    assert measure(edge.ctx)["exceptions_open"] == {labels: 1}
    assert measure(edge.ctx)["exceptions_overdue"] == {labels: 0}
    edge.ctx.clock.advance(4 * 86_400)
    assert measure(edge.ctx)["exceptions_overdue"] == {labels: 1}


def test_payments_by_state_with_their_cents(edge, money, decide):
    """The second is above what may go by rule, and waits for an approver."""
    for trace, prepaid in (("T1", 3_000), ("T2", 60_000)):
        [claim] = money.claims(1, edge.document, patient_paid_cents=prepaid)
        money.remit(decide(claim, claim.charge_cents), trace=trace)
        money.deposit(claim.charge_cents, trace=trace)
    release(edge.ctx, edge.org, edge.org)
    measured = measure(edge.ctx)
    assert measured["payments_cents"] == {("IN_FILE",): 3_000, ("WAITING",): 60_000}
    assert measured["payments"] == {("IN_FILE",): 1, ("WAITING",): 1}
    assert measured["files"][("out", "ACH", "RESERVED")] == 1


def test_due_work_its_age_and_what_fails(product, org, neighbour):
    for owner in (org, neighbour):
        with product.context.tenant(owner, "test") as tx:
            tx.run("DELETE FROM due_work WHERE org_id = :org", org=owner)
            tx.run(
                "INSERT INTO due_work (stage, subject_id, org_id, due_at, attempts, last_error) VALUES"
                " ('render', 1, :org, now() - interval '90 seconds', 2, 'stage_failed'),"
                " ('render', 2, :org, now() + interval '1 hour', 0, NULL), ('poll', 3, :org, now() + interval '1 hour', 0, NULL)",
                org=owner,
            )
    measured = measure(product.context)
    assert measured["work_waiting"] == {("render",): 4, ("poll",): 2}  # of both tenants
    assert measured["work_due"] == {("render",): 2, ("poll",): 0}
    assert measured["work_oldest_due_seconds"][("render",)] == pytest.approx(90, abs=20)
    assert measured["work_oldest_due_seconds"][("poll",)] == 0
    assert measured["work_failing"] == {("render", "stage_failed"): 2}


def test_an_outage_is_a_number(product, monkeypatch):
    monkeypatch.setattr(product.database, "_url", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    product.database.dispose()
    assert measure(product.context) == {"database_up": {(): 0.0}}


def test_a_tenant_whose_keys_do_not_open_hides_no_other(product, org, neighbour):
    with product.context.tenant(org, "test") as tx:
        tx.run("UPDATE tenant SET wrapping_key_id = 'lost'")
    product.database._keys.clear()
    measured = measure(product.context)
    assert measured["tenants_closed"] == {(): 1}
    assert {kind for _, kind in measured["mailbox_enabled"]} == {"clearinghouse", "bank"}


def test_nothing_of_a_claim_or_a_tenant_is_told(edge, claim_document):
    """One claim waits for a person, the other is on its way; the example's own words are the marks."""
    bad = claim_document("fail_charge_not_the_sum", external_id="MARKED-ID-1")
    good = claim_document(external_id="MARKED-ID-2")
    intake.submit(edge.ctx, edge.org, [bad, good], "test")
    take(edge.ctx, edge.org, edge.org)
    validate(edge.ctx, edge.org, edge.value("SELECT max(id) FROM lot"))
    measured = measure(edge.ctx)
    assert measured["claims"] == {("EDIT_FAILED",): 1, ("VALIDATED",): 1}
    told = text(measured).decode()
    marks = {leaf for document in (bad, good) for leaf in leaves(json.loads(document)) if len(leaf) > 3}
    assert len(marks) > 20
    assert not [mark for mark in marks | {"county-ems", "Invented", "INVENTED"} if mark in told]


def leaves(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield str(value)


def test_every_metric_that_is_told_is_explained_and_bears_its_labels(edge, out):
    measured = measure(edge.ctx)
    for name, numbers in measured.items():
        assert all(len(labels) == len(ALL[name].labels) for labels in numbers), name
    told = text(measured).decode()
    assert all(f"# HELP {PREFIX}{name}" in told for name in measured)
