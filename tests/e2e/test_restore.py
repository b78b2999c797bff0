"""A copy of the database from the middle of the flow is put back after the flow has gone on: nothing goes twice.

The outside keeps what it got. Claims and payments of the time that is lost are known to it alone, and upstream hands all
its claims in again.
"""

import json
import subprocess
from collections import Counter

import pytest

from edi.nacha.reading import read as read_ach
from local.demo import decide
from local.generator import generate
from local.postgres import plain_url, program
from local.servers import drop_scratch_database, scratch_database
from local.spawn import wait_until
from local.stillness import run_out
from local.whole import Plan, whole
from pipeline.bootstrap import build, checked
from pipeline.domain.states import CLAIM_FINAL
from pipeline.services import intake, mailboxes
from pipeline.services.reconcile import reconcile
from pipeline.settings import Settings
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store import installation, ledger
from pipeline.store.reports import folds
from sandbox.config import Delays
from sandbox.journal import read_journal
from tasks.ring import ring

TIMEOUT_S = 120
BEFORE, AFTER = 40, 20
PLAN = Plan(
    delays=Delays.none(),
    poll_interval_s=0.5,
    sweep_interval_s=0.5,
    claims_per_file=10,
    min_gap_s=0.7,
    flow={"lease_s": 2, "transfer_lease_s": 4, "retry_base_s": 0.3, "lot_size": 20},
)


def postgres(tool, *arguments):
    subprocess.run([program(tool), *arguments], check=True, capture_output=True)


ARRIVALS = ("file", "duplicate", "refused_file", "bank_file")


class Flow:
    """A running system whose database can be set back."""

    def __init__(self, running, servers, name, dump):
        self.running, self.servers, self.name, self.dump = running, servers, name, dump
        today = running.product.context.today()
        self.documents = [json.dumps(one).encode() for one in generate(BEFORE + AFTER, 7, today)]

    @property
    def ctx(self):
        return self.running.product.context

    def tx(self):
        return self.ctx.tenant(self.running.org_id, "test")

    def hand_in(self, documents):
        for start in range(0, len(documents), 10):
            intake.submit(self.ctx, self.running.org_id, documents[start : start + 10], "upstream")

    def run_out(self):
        run_out(self.running, lambda: None, lambda _: None, TIMEOUT_S)

    def copy(self):
        url = plain_url(self.servers.database_admin_url)
        postgres("pg_dump", "-Fc", "-f", self.dump, "--dbname", in_database(url, self.name))

    def set_back(self):
        """The processes end, the database is lost, the copy takes its place."""
        for process in ("worker-1", "beat-1"):
            self.running.system.stop_process(process)
        self.running.product.close()
        scratch_database(self.servers, self.name)
        postgres(
            "pg_restore", "--dbname", in_database(plain_url(self.servers.database_admin_url), self.name), self.dump
        )
        self.look_again()

    def look_again(self):
        """This process starts anew."""
        self.running.product.close()
        self.running.product = checked(build(Settings(), ring=ring))

    def journal(self, *kinds):
        return read_journal(self.running.journal, *kinds)

    def taken_in(self):
        """(CLM01, frequency) of every claim that the payers' side took in, as often as it did."""
        return Counter((c["clm01"], c["frequency"]) for c in self.journal("claim") if c["judged"] == "accepted")

    def paid(self):
        """Accounts that the bank paid to, as often as it did."""
        taken = {line["file_id"] for line in self.journal("bank_file") if line["status"] == "ACCEPTED"}
        found = Counter()
        for path in (self.running.sandbox_root / "bank" / "archive").iterdir():
            if path.name.partition("_")[0] in taken:
                file = read_ach(path.read_bytes()).file
                found += Counter(entry.account.strip() for batch in file.batches for entry in batch.entries)
        return found


def in_database(url, name):
    head, _, options = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("archive", [True, False], ids=["the partners show what they took", "only answers show"])
def test_a_copy_from_the_middle_sends_nothing_twice(servers, tmp_path, archive):
    name = "restored"
    urls = scratch_database(servers, name)
    try:
        with whole(tmp_path, servers, PLAN, urls, home=tmp_path) as running:
            flow = Flow(running, servers, name, tmp_path / "dump")
            if archive:
                for box in ("clearinghouse", "bank"):
                    mailboxes.change(flow.ctx, running.org_id, "test", box, {"archive_folder": "archive"})
            running.start_workers()
            flow.hand_in(flow.documents[:BEFORE])
            assert wait_until(lambda: flow.journal("file"), TIMEOUT_S, every_s=0.02)
            flow.copy()
            flow.hand_in(flow.documents[BEFORE:])
            flow.run_out()
            decide(running)
            flow.run_out()
            before = flow.taken_in(), flow.paid()
            assert sum(before[0].values()) > BEFORE
            assert before[1]

            flow.set_back()
            assert flow.ctx.held
            arrivals = flow.journal(*ARRIVALS)
            while sweep.drain(flow.ctx, STAGES):
                pass
            looked = reconcile(flow.ctx, running.org_id, "test", apply=True)
            assert any(one.proven for one in looked)
            assert not any(one.settled for one in looked)
            assert installation.unreconciled(urls[0])
            found = reconcile(flow.ctx, running.org_id, "test", apply=True, answered=True)
            assert all(one.settled for one in found)
            assert not any(one.proven or one.unknown for one in found)
            assert installation.unreconciled(urls[0]) == []
            assert flow.journal(*ARRIVALS) == arrivals

            installation.adopt(urls[0])
            flow.look_again()
            assert not flow.ctx.held
            running.start_workers()
            flow.hand_in(flow.documents)
            flow.run_out()
            decide(running)
            flow.run_out()
            judge(flow, before)
    finally:
        drop_scratch_database(servers, name)


def judge(flow, before):
    """Each claim at the payer once a version, each payment once, no number twice, books and histories whole."""
    taken_in, paid = flow.taken_in(), flow.paid()
    assert set(taken_in.values()) == {1}
    assert set(paid.values()) == {1}
    assert taken_in.keys() >= before[0].keys()
    assert paid.keys() >= before[1].keys()
    assert flow.journal("duplicate", "refused_file") == []
    with flow.tx() as tx:
        assert folds(tx) == []
        proof = ledger.proof(tx)
        states = dict(tx.rows("SELECT state, count(*) FROM claim GROUP BY state"))
        held = {row.clm01 for row in tx.rows("SELECT clm01 FROM claim WHERE state = 'HELD'")}
        doubts = tx.value(
            "SELECT count(*) FROM work_exception WHERE type = 'restored_doubt' AND subject_kind = 'claim'"
        )
        left_out = tx.value("SELECT value FROM exchange_counter WHERE series LIKE 'isa:%'")
    assert proof.unbalanced_journals == proof.eft_expected_cents == 0
    assert doubts >= len(held) > 0
    assert sum(states.values()) == BEFORE + AFTER
    assert states.keys() <= {*CLAIM_FINAL, "SUBMITTED", "REVERSED"}
    assert held <= {clm01 for clm01, _ in taken_in} | {c["clm01"] for c in flow.journal("claim")}
    assert left_out > 1000
