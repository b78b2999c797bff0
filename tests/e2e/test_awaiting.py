"""Files without an answer on real parts: each cause is told as it is, and once it is mended all goes by itself."""

import pytest

from local.scenes.awaiting import CAUSES, HOURS, run
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from pipeline.services import listings, mailboxes
from pipeline.store.reports import folds
from sandbox.config import Delays
from sandbox.journal import read_journal

PLAN = Plan(
    delays=Delays(payer_status_s=0),
    judge_fraction=0.0,
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2, "lot_size": 20},
)


@pytest.fixture
def running(servers, tmp_path):
    name = "e2e_awaiting"
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as system:
            yield system
    finally:
        drop_scratch_database(servers, name)


@pytest.mark.timeout(200)
def test_each_cause_is_told_and_once_it_is_mended_the_claim_goes_by_itself(running):
    ctx, org = running.product.context, running.org_id
    said = []
    run(running, said.append)
    told = [line for line in said if "a person is told" in line]
    assert len(told) == len(CAUSES)
    for cause, line in zip(CAUSES, told, strict=True):
        assert cause.told in line
        assert ("it is not sent" in line) is (cause.pause is not None)
    assert sum(f"AWAITING {HOURS} h" in line for line in said) == len(CAUSES)

    assert listings.open_exceptions(ctx, org) == []
    assert {box.pause_reason for box in mailboxes.listed(ctx, org)} == {None}
    sent = [one for one in listings.files(ctx, org) if one.kind == "837P"]
    assert [one.state for one in sent] == ["ACCEPTED"] * len(CAUSES)
    claims = read_journal(running.journal, "claim")
    assert len({line["clm01"] for line in claims}) == len(claims) == len(CAUSES)
    with ctx.tenant(org, "test") as tx:
        rows = tx.rows("SELECT count(*) AS n, max(resolution) AS r FROM work_exception WHERE type = 'awaiting'")
        assert [tuple(row) for row in rows] == [(len(CAUSES), "an answer came, or it was voided unsent")]
        assert folds(tx) == []
