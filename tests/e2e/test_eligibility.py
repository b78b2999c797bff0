"""Coverage on real parts: asked over HTTP and by SFTP of the sandbox in its own processes."""

from datetime import date

import pytest

from local.scenes import eligibility as scene
from local.scenes.waiting import until
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from pipeline.domain.eligibility import Insured, Question
from pipeline.domain.errors import TryLater
from pipeline.services import eligibility, listings
from sandbox.config import Delays
from sandbox.journal import read_journal

PLAN = Plan(
    delays=Delays(ack_s=0, status_s=0),
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2},
)


@pytest.fixture
def running(servers, tmp_path):
    name = "e2e_eligibility"
    try:
        with whole(tmp_path, servers, PLAN, scratch_database(servers, name), home=tmp_path) as system:
            yield system
    finally:
        drop_scratch_database(servers, name)


def question(member):
    insured = Insured(last_name="Sample", first_name="Avery", member_id=member, birth_date=date(1951, 2, 28))
    return Question(payer_id="30CI1", insured=insured, service_date=date(2026, 11, 20))


def test_at_once_and_in_a_file_the_payers_answer(running):
    ctx, org = running.product.context, running.org_id
    said = []
    assert scene.run(running, said.append) == ["active", "inactive", "cannot_respond"]
    assert len(said) == 1
    assert len(read_journal(running.journal, "eligibility")) == 3

    ids = eligibility.put_by(ctx, org, [(question(one), None) for one in ("W00", "W05", "W06", "W96")], "ana")

    def answered():
        found = {one.id: (one.state, one.answer) for one in eligibility.listed(ctx, org, "test", [], 10)}
        return found if all(found[one][0] in {"ANSWERED", "FAILED"} for one in ids) else None

    found = until(running, "coverage", "all questions are settled", answered)
    # One of them costs all the set, and a person is told; without it they are asked again.
    assert [found[one] for one in ids] == [("FAILED", None)] * 4
    assert [one.type for one in listings.open_exceptions(ctx, org, 10)] == ["inquiry_failed"]
    ids = eligibility.put_by(ctx, org, [(question(one), None) for one in ("W00", "W05", "W06")], "ana")
    found = until(running, "coverage", "all questions are answered", answered)
    assert [found[one] for one in ids] == [("ANSWERED", one) for one in ("active", "inactive", "rejected")]

    running.system.stop_process("sandbox")
    with pytest.raises(TryLater, match="Unreachable"):
        eligibility.ask(ctx, org, question("W11"), "ana")
