"""The scenes of money on real parts and without workers: what people are told, what is posted, and that all is even after."""

import pytest

from local.agreement import agreement
from local.scenes import money
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from pipeline.services import listings
from pipeline.services.report import totals
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
    name = "e2e_money"
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as system:
            yield system
    finally:
        drop_scratch_database(servers, name)


@pytest.mark.timeout(200)
def test_each_scene_comes_about_and_leaves_even_books(running):
    ctx, org = running.product.context, running.org_id
    said = []
    assert money.run(running, said.append) == len(money.SCENES)
    print("\n".join(said))
