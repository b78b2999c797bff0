"""Claims that are changed after they went out, on real parts and without workers: replaced, voided, corrected."""

from local.agreement import agreement
from local.scenes import versions
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


def test_what_changes_a_claim_ends_as_if_only_the_last_version_had_been_sent(servers, tmp_path):
    name, said = "e2e_versions", []
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as running:
            assert versions.run(running, said.append) == 3
            ctx, org = running.product.context, running.org_id
            with ctx.tenant(org, "test") as tx:
                stored = tx.rows("SELECT clm01, version, state, frequency FROM claim ORDER BY id")
                named = tx.rows("SELECT detail FROM history WHERE event = 'named' ORDER BY id")
                told = [row.type for row in tx.rows("SELECT type FROM work_exception WHERE state <> 'RESOLVED'")]
                assert ledger.proof(tx).balanced
                assert folds(tx) == []
            assert [(row.version, row.state, row.frequency) for row in stored] == [
                (1, "REPLACED", "1"),
                (2, "PAID", "7"),
                (1, "VOIDED", "1"),
                (2, "VOIDED", "8"),
                (1, "REPLACED", "1"),
                (2, "PAID", "1"),
            ]
            assert len({row.clm01 for row in stored}) == 3
            assert len(named) == 2
            assert all(row.detail.startswith("REF*F8 ") for row in named)
            assert told == []
            assert agreement(ctx, org, running.journal).differences == []
            assert totals(ctx, org).outcomes.open == 0
    finally:
        drop_scratch_database(servers, name)
    assert [line for line in said if not line.startswith("  ")] == [
        f"VERSIONS: {title}" for title in (versions.REPLACED, versions.VOIDED, versions.CORRECTED)
    ]
