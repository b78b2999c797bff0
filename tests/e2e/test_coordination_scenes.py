"""Two payers of one claim on real parts and without workers: billed one after the other, or passed on by the first."""

from local.agreement import agreement
from local.scenes import coordination
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from pipeline.services.report import totals
from pipeline.store import ledger
from pipeline.store.reports import folds
from sandbox.config import Delays

PLAN = Plan(
    delays=Delays(),
    judge_fraction=1.0,
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2},
)


def test_the_second_payer_is_billed_once_or_has_it_from_the_first(servers, tmp_path):
    name, said = "e2e_coordination", []
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as running:
            assert coordination.run(running, said.append) == 2
            ctx, org = running.product.context, running.org_id
            with ctx.tenant(org, "test") as tx:
                versions = tx.rows("SELECT version, state, payer_id, frequency FROM claim ORDER BY id")
                told = [row.type for row in tx.rows("SELECT type FROM work_exception WHERE state <> 'RESOLVED'")]
                assert ledger.proof(tx).balanced
                assert folds(tx) == []
            assert [tuple(row) for row in versions] == [
                (1, "PAID", "30CI1", "1"),
                (2, "PAID", "55QV1", "1"),
                (1, "PAID", "30CI1", "1"),
            ]
            assert told == []
            assert agreement(ctx, org, running.journal).differences == []
            assert totals(ctx, org).outcomes.open == 0
    finally:
        drop_scratch_database(servers, name)
    assert [line for line in said if not line.startswith("  ")] == [
        f"COORDINATION: {title}" for title in (coordination.SECOND, coordination.CROSSED)
    ]
