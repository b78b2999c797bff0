"""Workers are replaced one after another while claims go through: as a release does it, and nothing is lost."""

import time

import pytest

from local.demo import send, summarise
from local.servers import drop_scratch_database, scratch_database
from local.stillness import run_out
from local.whole import Plan, whole
from pipeline.store.reports import folds
from sandbox.config import Delays
from sandbox.journal import read_journal

CLAIMS = 60
PLAN = Plan(
    workers=2,
    beats=2,
    concurrency=1,
    delays=Delays.none(),
    judge_fraction=0.0,
    poll_interval_s=0.5,
    sweep_interval_s=0.5,
    claims_per_file=5,
    flow={"lease_s": 2, "transfer_lease_s": 4, "retry_base_s": 0.3, "lot_size": 10},
)


@pytest.mark.timeout(200)
def test_a_rolling_restart_under_load_with_two_beats_loses_nothing(servers, tmp_path):
    urls = scratch_database(servers, "e2e_restarts")
    turns = ["worker-1", "worker-2", "worker-1", "worker-2"]
    try:
        with whole(tmp_path / "home", servers, PLAN, urls, home=tmp_path / "home") as running:
            running.start_workers()
            began = time.monotonic()
            send(running, CLAIMS, seed=3)

            def restart(*_):
                if turns:
                    name = turns.pop(0)
                    running.system.stop_process(name)  # killed after a while, as whoever runs it would
                    running.system.start_worker(concurrency=1, name=name)

            run_out(running, restart, lambda _: None, 120)
            summary = summarise(running, CLAIMS, time.monotonic() - began)
            with running.product.context.tenant(running.org_id, "test") as tx:
                folded = folds(tx)
                ours = {row.name for row in tx.rows("SELECT name FROM outbound_file WHERE kind = '837P'")}
            duplicates = list(read_journal(running.journal, "duplicate", "refused_file"))
        assert turns == []
        assert summary.sound, summary.agreement.differences
        assert summary.as_dict()["open"] == 0
        assert len(ours) >= CLAIMS / 5
        assert (folded, duplicates) == ([], [])
    finally:
        drop_scratch_database(servers, "e2e_restarts")
