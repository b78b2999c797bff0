"""The scenes of payments on real parts and without workers: each comes about, and nothing of them is left under way."""

import json
from collections import Counter

import pytest

from local.agreement import agreement
from local.scenes import paying
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from pipeline.services import listings, payment_proof, payments
from pipeline.services.report import totals
from pipeline.store.reports import folds
from sandbox.config import Delays
from sandbox.journal import read_journal

PLAN = Plan(
    delays=Delays(payer_status_s=0),
    judge_fraction=0.0,
    deposits="both",
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2, "lot_size": 20, "release_delay_s": 0.05},
)


@pytest.fixture(scope="module")
def running(servers, tmp_path_factory):
    name, home = "e2e_paying", tmp_path_factory.mktemp("paying")
    try:
        with whole(home, servers, PLAN, scratch_database(servers, name), home=home) as system:
            yield system
    finally:
        drop_scratch_database(servers, name)


@pytest.fixture(scope="module")
def said(running):
    """All scenes, played once: what was said."""
    told = []
    assert paying.run(running, told.append) == len(paying.SCENES)
    return told


@pytest.mark.timeout(200)
def test_each_scene_comes_about_and_every_payment_ends(running, said):
    ctx, org = running.product.context, running.org_id
    assert [line for line in said if line.startswith("PAYING")] == [f"PAYING: {one.title}" for one in paying.SCENES]
    assert Counter((one.kind, one.state) for one in payments.listed(ctx, org)) == {
        ("prenote", "SETTLED"): 2,
        ("vendor", "SETTLED"): 10,
        ("vendor", "RETURNED"): 3,
        ("vendor", "REVERSED"): 1,
        ("payer_refund", "SETTLED"): 1,
        ("disbursement", "SETTLED"): 1,
        ("reversal", "SETTLED"): 1,
    }
    assert listings.open_exceptions(ctx, org) == []
    assert payment_proof.prove(ctx, org, "test").agrees
    told = totals(ctx, org)
    assert told.ledger_balanced
    accounts = told.proof.accounts
    assert {name: accounts.get(name, 0) for name in PAYABLE} == dict.fromkeys(PAYABLE, 0)
    with ctx.tenant(org, "test") as tx:
        assert folds(tx) == []


PAYABLE = ("vendor_payable", "payer_refund_payable", "provider_payable", "payer_credit", "reversals", "eft_expected")


@pytest.mark.timeout(200)
@pytest.mark.usefixtures("said")
def test_the_bank_and_the_provider_saw_the_same_each_once(running):
    found = agreement(running.product.context, running.org_id, running.journal)
    assert found.differences == []
    seen = Counter(line["kind"] for line in read_journal(running.journal))
    kinds = ("prenote", "payment", "debit", "returned", "noc", "dishonoured", "contested", "advice")
    assert [seen[kind] for kind in kinds] == [2, 16, 1, 4, 1, 2, 1, 1]
    booked = Counter(line["what"] for line in read_journal(running.journal, "settled"))
    assert {what for what, count in booked.items() if count} == {"file", "returned", "dishonoured", "contested"}


@pytest.mark.timeout(200)
@pytest.mark.usefixtures("said")
def test_what_the_journal_tells_otherwise_is_named(running, tmp_path):
    """A comparison that overlooked a kind would agree with anything."""
    lines = running.journal.read_text().splitlines(keepends=True)
    for kind, words in (
        ("payment", "entry at the bank ('payment'"),
        ("debit", "entry at the bank ('debit'"),
        ("prenote", "entry at the bank ('prenote'"),
        ("returned", "payment that came back"),
        ("dishonoured", "payment that came back"),
        ("contested", "payment that came back"),
        ("advice", "835 beside a payment"),
    ):
        without = next(place for place, line in enumerate(lines) if json.loads(line)["kind"] == kind)
        path = tmp_path / f"{kind}.jsonl"
        path.write_text("".join(lines[:without] + lines[without + 1 :]))
        [difference] = agreement(running.product.context, running.org_id, path).differences
        assert difference.startswith(words), kind
