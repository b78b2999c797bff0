"""sweep: everything that is due is rung or run, and nothing that fails stops the rest or is forgotten."""

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import event

from pipeline.domain.errors import Collision, ConfigurationError, Conflict, MailboxPaused, TryLater
from pipeline.services import intake
from pipeline.stages import sweep
from pipeline.stages.sweep import drain, ring_due
from pipeline.stages.table import STAGES
from pipeline.store import work
from pipeline.store.work import Due

LIMITS = {"retry_base_s": 8, "retry_ceiling_s": 40, "max_tries": 3}


@pytest.fixture
def ctx(product, org):
    """Short limits, and nothing due but what a test makes."""
    ctx = replace(product.context, limits=replace(product.context.limits, **LIMITS))
    with ctx.tenant(org, "test") as tx:
        tx.run("DELETE FROM due_work")
    return ctx


@pytest.fixture
def table(ctx, org):
    """Rows of due_work and the exception queue, and a way to make everything due."""
    return Table(ctx, org)


class Table:
    def __init__(self, ctx, org):
        self.ctx, self.org = ctx, org

    def put(self, stage, *subjects, delay_s=0):
        with self.ctx.tenant(self.org, "test") as tx:
            work.put(tx, stage, subjects, delay_s)

    def make_due(self):
        with self.ctx.tenant(self.org, "test") as tx:
            tx.run("UPDATE due_work SET due_at = now() - interval '1 second' WHERE stage <> 'watch'")

    def row(self, stage, subject):
        with self.ctx.tenant(self.org, "test") as tx:
            return tx.first(
                "SELECT attempts, last_error, extract(epoch FROM due_at - now()) AS in_s FROM due_work"
                " WHERE stage = :s AND subject_id = :i",
                s=stage,
                i=subject,
            )

    def told(self):
        with self.ctx.tenant(self.org, "test") as tx:
            rows = tx.rows(
                "SELECT type, subject_kind, subject_id, reason FROM work_exception WHERE state = 'OPEN' ORDER BY id"
            )
        return [(r.type, r.subject_kind, r.subject_id, r.reason) for r in rows]


def raising(error):
    def stage(_ctx, _org, _subject):
        raise error

    return stage


# -- ringing ----------------------------------------------------------------------------------------------------------
def test_each_due_row_is_rung_once_a_lease(ctx, table, org):
    rung = []
    ctx = replace(ctx, ring=lambda *call: rung.append(call))
    table.put("bundle", 1, 2)
    table.put("poll", 3)
    table.put("match", 4, delay_s=60)
    assert ring_due(ctx) == 3
    assert sorted((s, o, sorted(ids)) for s, o, ids in rung) == [("bundle", org, [1, 2]), ("poll", org, [3])]
    assert ring_due(ctx) == 0
    table.make_due()
    assert ring_due(ctx) == 4


def test_what_has_failed_before_is_rung_alone(ctx, table, org):
    """Its worker may die of it: what shares its message would be counted as failed too."""
    rung = []
    ctx = replace(ctx, ring=lambda *call: rung.append(call))
    table.put("match", 1, 2)
    with ctx.tenant(org, "test") as tx:
        work.failed(tx, "match", 3, "stage_failed", 0, 0)
        work.failed(tx, "match", 4, "stage_failed", 0, 0)
    assert ring_due(ctx) == 4
    assert sorted((s, sorted(ids)) for s, _, ids in rung) == [("match", [1, 2]), ("match", [3]), ("match", [4])]


def test_a_limit_takes_the_oldest_and_the_rest_later(ctx, table):
    rung = []
    ctx = replace(ctx, ring=lambda _s, _o, ids: rung.extend(ids))
    table.put("bundle", *range(5))
    assert [ring_due(ctx, 2), ring_due(ctx, 2), ring_due(ctx, 2)] == [2, 2, 1]
    assert sorted(rung) == [0, 1, 2, 3, 4]


def test_a_bell_that_breaks_does_not_silence_the_others(ctx, table):
    rung = []

    def ring(stage, _org, ids):
        if stage == "bundle":
            raise KeyError(stage)
        rung.extend(ids)

    table.put("bundle", 1)
    table.put("poll", 2)
    table.put("match", 3)
    assert ring_due(replace(ctx, ring=ring)) == 3
    assert sorted(rung) == [2, 3]


# -- running ----------------------------------------------------------------------------------------------------------
def test_without_redis_drain_alone_takes_a_lot_from_ready_to_sent(product, org, outside, claim_document):
    ctx = product.context
    base = json.loads(claim_document())
    documents = [json.dumps({**base, "external_id": f"d{n}"}).encode() for n in range(3)]
    intake.submit(ctx, org, documents, "test")
    for _ in range(10):
        with ctx.tenant(org, "test") as tx:
            tx.run("UPDATE due_work SET due_at = now() - interval '1 second' WHERE stage NOT IN ('poll', 'watch')")
        if not drain(ctx, STAGES):
            break
    with ctx.tenant(org, "test") as tx:
        assert [r.state for r in tx.rows("SELECT state FROM outbound_file")] == ["SENT"]
        assert {r.state for r in tx.rows("SELECT state FROM claim")} == {"SUBMITTED"}
        assert tx.value("SELECT count(*) FROM due_work WHERE stage NOT IN ('poll', 'watch')") == 0
    [sent] = outside["oa"].list("inbound")
    assert outside["oa"].read("inbound", sent.name).count(b"CLM*") == 3


def test_every_stage_has_a_name_that_due_work_and_exceptions_can_hold():
    assert all(len(name) <= 16 for name in STAGES)


@pytest.mark.parametrize(
    ("error", "type_"),
    [(TryLater("the database sleeps"), "outage"), (Conflict("no"), "refused"), (1 / 3, "stage_failed")],
)
def test_what_fails_waits_ever_longer_and_goes_to_a_person_after_some_tries(ctx, table, error, type_):
    error = error if isinstance(error, Exception) else ValueError("a row's content")
    table.put("bundle", 1)
    waits = []
    for number in range(1, 6):
        table.make_due()
        assert drain(ctx, {"bundle": raising(error)}) == 1
        row = table.row("bundle", 1)
        waits.append(round(row.in_s))
        assert (row.attempts, row.last_error) == (number, type_)
        assert [t[:3] for t in table.told()] == ([(type_, "bundle", 1)] if number >= 3 else [])
    assert waits == [8, 16, 32, 40, 40]
    assert "a row's content" not in table.told()[0][3]


def test_the_same_through_a_worker_whose_message_knows_of_no_attempts(ctx, table, org):
    table.put("bundle", 1)
    for _ in range(3):
        sweep.run(ctx, {"bundle": raising(ValueError())}, Due("bundle", org, 1, 0))
    assert table.row("bundle", 1).attempts == 3
    assert [t[0] for t in table.told()] == ["stage_failed"]
    assert "test_sweep" in table.told()[0][3]  # where, never what


def test_a_missing_setting_goes_to_a_person_at_once(ctx, table):
    table.put("bundle", 1)
    drain(ctx, {"bundle": raising(ConfigurationError("the tenant has no clearinghouse mailbox"))})
    [(type_, _, _, reason)] = table.told()
    assert type_ == "unconfigured"
    assert "no clearinghouse mailbox" in reason


def test_a_paused_mailbox_is_told_once_by_itself_and_not_by_each_of_its_files(ctx, table):
    table.put("upload", 1)
    for _ in range(5):
        table.make_due()
        drain(ctx, {"upload": raising(MailboxPaused("mailbox 1 is paused"))})
    assert table.told() == []
    assert table.row("upload", 1).attempts == 0


def test_a_later_success_settles_what_a_person_was_told(ctx, table):
    table.put("bundle", 1, 2)
    for _ in range(3):
        table.make_due()
        drain(ctx, {"bundle": raising(ValueError())})
    assert len(table.told()) == 2

    def succeeds_for_one(ctx, org, subject):
        if subject == 2:
            raise ValueError
        with ctx.tenant(org, "test") as tx:
            work.done(tx, "bundle", [subject])

    table.make_due()
    drain(ctx, {"bundle": succeeds_for_one})
    assert [t[:3] for t in table.told()] == [("stage_failed", "bundle", 2)]


def test_the_same_number_under_two_stages_is_two_exceptions(ctx, table):
    table.put("bundle", 1)
    table.put("render", 1)
    for _ in range(3):
        table.make_due()
        drain(ctx, dict.fromkeys(("bundle", "render"), raising(ValueError())))
    assert sorted(t[1] for t in table.told()) == ["bundle", "render"]


def test_a_lease_that_a_stage_takes_does_not_forget_its_failures(ctx, table):
    """`upload` and `poll` move their own time before they begin."""

    def leases_and_breaks(ctx, org, subject):
        with ctx.tenant(org, "test") as tx:
            work.postpone(tx, "poll", subject, 300)
        raise ValueError

    table.put("poll", 1)
    for _ in range(3):
        table.make_due()
        drain(ctx, {"poll": leases_and_breaks})
    assert table.row("poll", 1).attempts == 3
    assert round(table.row("poll", 1).in_s) == 32
    with ctx.tenant(table.org, "test") as tx:
        work.succeeded(tx, "poll", 1)
    assert table.row("poll", 1).attempts == 0
    assert table.told() == []


def test_one_that_fails_stops_no_other(ctx, table):
    done = []

    def stage(_ctx, _org, subject):
        if subject % 2:
            raise ValueError
        done.append(subject)

    table.put("bundle", *range(6))
    assert drain(ctx, {"bundle": stage}) == 6
    assert sorted(done) == [0, 2, 4]


def test_an_unknown_stage_stops_no_other(ctx, table):
    done = []
    table.put("nonsense", 1)
    table.put("bundle", 2)
    drain(ctx, {"bundle": lambda _c, _o, subject: done.append(subject)})
    assert done == [2]
    assert table.row("nonsense", 1).attempts == 1


def test_a_record_that_is_away_stops_no_other(ctx, table, monkeypatch):
    """Neither the stage nor the note about its failure reaches the database."""
    done = []

    def stage(_ctx, _org, subject):
        if subject == 1:
            raise TryLater("database: connection lost")
        done.append(subject)

    def away(*_args, **_given):
        raise TryLater("database: connection lost")

    table.put("bundle", 1, 2)
    monkeypatch.setattr(sweep.work, "failed", away)
    assert drain(ctx, {"bundle": stage}) == 2
    assert done == [2]
    assert table.row("bundle", 1).in_s > 0  # the lease: it comes again


def test_a_tenant_that_is_not_there_stops_no_other(ctx, table):
    assert sweep.run(ctx, {"bundle": raising(ValueError())}, Due("bundle", 999_999, 1, 0)) is False


# -- collisions -------------------------------------------------------------------------------------------------------
def test_two_stages_in_a_deadlock_are_both_done(ctx, table, org):
    """Each takes its own row, then the other's; Postgres lets one through, and the other runs again at once."""
    with ctx.tenant(org, "test") as tx:
        tx.insert("counter", {"name": ("text", ["1", "2"]), "value": ("bigint", [0, 0])})
    meet, runs = threading.Barrier(2), []

    def stage(ctx, org_id, subject):
        first = len(runs) < 2
        runs.append(subject)
        with ctx.tenant(org_id, "test") as tx:
            for name in (subject, 3 - subject):
                tx.run("UPDATE counter SET value = value + 1 WHERE name = :name", name=str(name))
                if first and name == subject:
                    meet.wait(10)

    done = []
    threads = [
        threading.Thread(target=lambda n=n: done.append(sweep.run(ctx, {"x": stage}, Due("x", org, n, 0))))
        for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (done, len(runs)) == ([True, True], 3)
    with ctx.tenant(org, "test") as tx:
        assert [row.value for row in tx.rows("SELECT value FROM counter ORDER BY name")] == [2, 2]
    assert table.told() == []


def test_what_collides_again_and_again_waits_as_after_any_failure(ctx, table):
    runs = []

    def stage(*_):
        runs.append(1)
        raise Collision("database: DeadlockDetected 40P01")

    table.put("bundle", 1)
    quick = replace(ctx, limits=replace(ctx.limits, collision_tries=3, collision_pause_s=0.001))
    assert drain(quick, {"bundle": stage}) == 1
    row = table.row("bundle", 1)
    assert (len(runs), row.attempts, row.last_error) == (3, 1, "outage")


def test_a_stage_holds_one_connection_at_a_time(product, org, outside, claim_document):
    """So a pool of the size of its process's threads is enough."""
    ctx, held, most = product.context, [0], [0]

    def out(*_):
        held[0] += 1
        most[0] = max(most[0], held[0])

    def back(*_):
        held[0] -= 1

    event.listen(ctx.database.engine, "checkout", out)
    event.listen(ctx.database.engine, "checkin", back)
    intake.submit(ctx, org, [claim_document(external_id="one")], "test")
    for _ in range(8):
        with ctx.tenant(org, "test") as tx:
            tx.run("UPDATE due_work SET due_at = now() - interval '1 second'")
        drain(ctx, STAGES)
    assert len(outside["oa"].list("inbound")) == 1
    assert most == [1]
