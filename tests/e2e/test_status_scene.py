"""The scene of a silent claim on real parts and without workers: asked, pending, asked again, final, its 835 missed and come."""

from local.agreement import agreement
from local.scenes import status
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from sandbox.config import Delays

PLAN = Plan(
    delays=Delays(),
    judge_fraction=0.0,
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2},
)


def test_a_silent_claim_is_asked_about_until_its_payer_has_decided_and_paid(servers, tmp_path):
    name, said = "e2e_status", []
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as running:
            assert status.run(running, said.append) == 1
            ctx, org = running.product.context, running.org_id
            with ctx.tenant(org, "test") as tx:
                asked = tx.rows("SELECT state, answer, asked_by FROM inquiry ORDER BY id")
                types = [row.type for row in tx.rows("SELECT type FROM work_exception WHERE state <> 'RESOLVED'")]
            assert [tuple(row) for row in asked] == [("ANSWERED", "P1", "ana"), ("ANSWERED", "F1", "ana")]
            assert types == []
            assert agreement(ctx, org, running.journal).differences == []
    finally:
        drop_scratch_database(servers, name)
    assert any("P1:20 (in process), the claim is SUBMITTED" in line for line in said)
    assert any("F1:65 (decided: paid), the claim is SUBMITTED" in line for line in said)
