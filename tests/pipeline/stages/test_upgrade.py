"""A database of the first release with work under way, brought to the head: nothing is lost and the flow goes on."""

import json

from x12_replies import at, reply

from pipeline.services import intake
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.upload import upload
from pipeline.store import migrate, reports
from pipeline.store.models import metadata

FIRST = "0001"


def test_claims_in_every_state_come_through_down_and_up(answers, edge, decide, database_urls, claim_document):
    def states():
        return [row.state for row in edge.rows("SELECT state FROM claim ORDER BY id")]

    def counts():
        """Rows of each table that the first release had too, as that one will see them."""
        return {name: edge.value(f'SELECT count(*) FROM "{name}"') for name in first}

    def go_on():
        edge.run("UPDATE mailbox SET last_sent_at = NULL")
        for stage, run in (("bundle", bundle), ("render", render), ("upload", upload)):
            for row in edge.rows("SELECT subject_id AS i FROM due_work WHERE stage = :s ORDER BY 1", s=stage):
                run(edge.ctx, edge.org, row.i)

    [paid, _out], _ = answers.out(2)
    edge.money.remit(decide(paid, paid.charge_cents))
    [bad, again], lost = answers.out(2, claims_per_set=2)
    edge.run("UPDATE mailbox SET last_sent_at = NULL")
    _held, refused = answers.out(1)
    fault = reply(lost, "R", ("0001", "R", [at(5, claim=bad.clm01)]))
    answers.come(fault)
    answers.come(reply(refused, "R"))
    base = json.loads(claim_document())
    for ready, external_id in ((False, "INVENTED-DRAFT"), (True, "INVENTED-READY")):
        document = json.dumps({**base, "external_id": external_id}).encode()
        intake.submit(edge.ctx, edge.org, [document], "test", ready=ready)
    before = states()
    assert before == ["PAID", "SUBMITTED", "REJECTED", "VALIDATED", "HELD", "DRAFT", "READY"]
    owner, app = database_urls

    head = {table.name for table in metadata.sorted_tables}
    edge.ctx.database.dispose()
    migrate.downgrade(owner, app, FIRST)
    first = {
        row.name
        for row in edge.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        if row.name in head
    }
    held = counts()
    assert (states(), min(held["submission"], held["entry"], held["history"]) > 0) == (before, True)

    edge.ctx.database.dispose()
    migrate.upgrade(owner, app)
    assert (states(), counts()) == (before, held)
    go_on()
    assert states() == ["PAID", "SUBMITTED", "REJECTED", "SUBMITTED", "HELD", "DRAFT", "READY"]
    submissions = edge.value("SELECT count(*) FROM submission")
    answers.come(fault)  # once more: what the older schema forgot of the set is no reason to take it apart again
    assert edge.value("SELECT count(*) FROM submission") == submissions
    assert edge.value("SELECT attempt FROM submission WHERE claim_id = :c ORDER BY id DESC LIMIT 1", c=again.id) == 2
    with edge.tx() as tx:
        assert (reports.folds(tx), edge.money.proof().balanced) == ([], True)
