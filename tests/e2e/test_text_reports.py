"""An account with text reports only: the same claims come to the same totals as with X12 answers, and with both."""

import pytest

from local.demo import decide, send, summarise
from local.servers import drop_scratch_database, scratch_database
from local.stillness import run_out
from local.whole import Plan, whole
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store.reports import folds
from sandbox.config import Delays
from sandbox.journal import read_journal

CLAIMS = 40
TIMEOUT_S = 90
DIFFERS = {"seconds", "claims_per_s", "artifacts", "files_sent", "files_received"}
DIFFERS |= {"sets_taken_apart", "claims_sent_again", "claims_at_fault"}
"""How long it took, in how many files, and what a 999 does to whole sets: text reports know claims only."""


@pytest.fixture(scope="module")
def run(servers, tmp_path_factory):
    """Runs the flow without workers, by the sweep alone; gives the totals, the kinds of what came, and what is amiss."""

    def go(answers):
        home = tmp_path_factory.mktemp(answers)
        plan = Plan(
            answers=answers,
            delays=Delays.none(),
            judge_fraction=0.0,
            poll_interval_s=0.3,
            ring=False,
            flow={"lease_s": 0.2, "retry_base_s": 0.2, "lot_size": 20},
        )
        urls = scratch_database(servers, f"e2e_{answers}")
        try:
            with whole(home, servers, plan, urls, home=home) as running:
                tick = lambda: sweep.drain(running.product.context, STAGES)  # noqa: E731
                send(running, CLAIMS, seed=5)
                run_out(running, tick, lambda _: None, TIMEOUT_S)
                decide(running)
                run_out(running, tick, lambda _: None, TIMEOUT_S)
                summary = summarise(running, CLAIMS, 1.0)
                with running.product.context.tenant(running.org_id, "test") as tx:
                    kinds = {row.kind for row in tx.rows("SELECT DISTINCT kind FROM inbound_file")}
                    aside = tx.value("SELECT count(*) FROM inbound_file WHERE state = 'QUARANTINED'")
                    states = {
                        row.state for row in tx.rows("SELECT DISTINCT state FROM outbound_file WHERE kind = '837P'")
                    }
                    wrong = [*folds(tx), *summary.agreement.differences, *["quarantined"] * aside]
                out = {line["what"] for line in read_journal(running.journal, "file_out")}
                return {k: v for k, v in summary.as_dict().items() if k not in DIFFERS}, kinds, states, wrong, out
        finally:
            drop_scratch_database(servers, f"e2e_{answers}")

    return go


@pytest.mark.timeout(200)
def test_text_reports_bring_the_same_claims_to_the_same_totals(run):
    x12, kinds, _, wrong, _ = run("x12")
    assert wrong == []
    assert "text:file-summary" not in kinds
    told, kinds, states, wrong, out = run("text")
    assert wrong == []
    assert (told["rejected"] > 0, states) == (True, {"ACCEPTED"})
    assert {"text:file-summary", "text:edi-status", "x12:835"} <= kinds
    assert not kinds & {"x12:999", "x12:277", "x12:ta1"}
    assert {"file_summary", "error_report", "edi_status"} <= out
    assert told == x12
    both, kinds, _, wrong, _ = run("both")
    assert wrong == []
    assert {"text:file-summary", "text:edi-status", "x12:999", "x12:277"} <= kinds
    assert both == x12
