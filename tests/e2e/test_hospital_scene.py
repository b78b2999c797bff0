"""A hospital and its ambulance on real parts and without workers: a mixed lot, two files, and cash for both."""

from local.agreement import agreement
from local.demo import TIMEOUT_S
from local.scenes import hospital
from local.scenes.waiting import work
from local.servers import drop_scratch_database, scratch_database
from local.stillness import run_out
from local.whole import Plan, whole
from sandbox.config import Delays
from sandbox.journal import read_journal

PLAN = Plan(
    delays=Delays(),
    judge_fraction=1.0,
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2},
)


def test_a_mixed_lot_goes_from_ready_to_cash(servers, tmp_path):
    name, said = "e2e_hospital", []
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as running:
            assert hospital.run(running, said.append) == 1
            run_out(running, lambda: work(running), lambda _: None, TIMEOUT_S)
            ctx, org = running.product.context, running.org_id
            with ctx.tenant(org, "test") as tx:
                files = {(row.kind, row.claims) for row in tx.rows("SELECT kind, claims FROM outbound_file")}
                lots = tx.value("SELECT count(DISTINCT lot_id) FROM outbound_file WHERE kind IN ('837P', '837I')")
                states = [row.state for row in tx.rows("SELECT state FROM claim ORDER BY id")]
                refunds = [row.state for row in tx.rows("SELECT state FROM payment WHERE kind = 'refund'")]
                types = [row.type for row in tx.rows("SELECT type FROM work_exception WHERE state <> 'RESOLVED'")]
            assert {("837P", 1), ("837I", 4)} <= files
            assert lots == 1
            assert states == ["PAID", "PAID", "PAID", "PARTLY_PAID", "PAID"]
            assert refunds == ["ACKNOWLEDGED", "ACKNOWLEDGED"], "the ride's patient had paid, too"
            assert types == ["denied"], "the surgery's last line"
            assert agreement(ctx, org, running.journal).differences == []
            judged = [line for line in read_journal(running.journal, "file") if line["judge"] == "pyx12"]
            assert [line["rejected_sets"] for line in judged] == [[], []]
    finally:
        drop_scratch_database(servers, name)
    assert any("left as 837I and 837P" in line for line in said)
