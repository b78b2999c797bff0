"""The tasks: thin, ids in, one stage called, and nothing that fails is lost or raised."""

import json

import pytest
from celery.app.trace import build_tracer

from pipeline.services import intake
from pipeline.stages.table import STAGES
from tasks import claims, control, money, product, transport
from tasks.app import app

STAGE_TASKS = {
    "take": claims.take,
    "validate": claims.validate,
    "bundle": claims.bundle,
    "render": claims.render,
    "acknowledge": claims.acknowledge,
    "ask": claims.ask,
    "upload": transport.upload,
    "poll": transport.poll,
    "ingest": money.ingest,
    "match": money.match,
    "coordinate": money.coordinate,
    "release": money.release,
    "watch": control.watch,
}


def test_every_stage_has_its_task():
    assert set(STAGE_TASKS) == set(STAGES)


@pytest.mark.parametrize("stage", STAGE_TASKS)
def test_a_task_runs_its_stage_on_each_subject(worker, org, monkeypatch, stage):
    called = []
    monkeypatch.setitem(STAGES, stage, lambda _ctx, org_id, subject: called.append((org_id, subject)))
    STAGE_TASKS[stage](org, [1, 2])
    assert called == [(org, 1), (org, 2)]


@pytest.mark.parametrize("stage", STAGE_TASKS)
def test_what_fails_is_written_down_and_the_next_subject_runs(worker, org, monkeypatch, stage):
    called = []

    def breaks_once(_ctx, _org, subject):
        called.append(subject)
        if subject == 901:
            raise ValueError

    monkeypatch.setitem(STAGES, stage, breaks_once)
    STAGE_TASKS[stage](org, [901, 902])
    assert called == [901, 902]
    with worker.context.tenant(org, "test") as tx:
        assert (
            tx.value("SELECT last_error FROM due_work WHERE stage = :s AND subject_id = 901", s=stage) == "stage_failed"
        )


@pytest.mark.parametrize("stage", [s for s in STAGE_TASKS if s not in {"poll", "take", "release"}])
def test_a_message_about_what_is_gone_changes_nothing(worker, org, stage):
    with worker.context.tenant(org, "test") as tx:
        before = tx.value("SELECT count(*) FROM due_work")
    STAGE_TASKS[stage](org, [999_999])
    with worker.context.tenant(org, "test") as tx:
        assert tx.value("SELECT count(*) FROM due_work") == before
        assert tx.value("SELECT count(*) FROM history") == 0


def test_the_tasks_in_a_row_take_a_claim_from_ready_to_sent(worker, org, outside, claim_document):
    base = json.loads(claim_document())
    intake.submit(
        worker.context, org, [json.dumps({**base, "external_id": f"t{n}"}).encode() for n in range(2)], "test"
    )
    claims.take(org, [org])
    with worker.context.tenant(org, "test") as tx:
        lot = tx.value("SELECT max(id) FROM lot")
    for task in (claims.validate, claims.bundle, claims.render, transport.upload_lot):
        task(org, [lot])
        task(org, [lot])  # delivered twice it does no more
    [sent] = outside["oa"].list("inbound")
    assert outside["oa"].read("inbound", sent.name).count(b"CLM*") == 2


@pytest.fixture
def deliver():
    """Runs a task as a worker that got its message, once more where `again` says so."""

    def run(task, *args, again):
        request = {
            "id": "1", "args": args, "kwargs": {}, "is_eager": False, "delivery_info": {"redelivered": again},
        }  # fmt: skip
        build_tracer(task.name, task, app=app)("1", args, {}, request)

    return run


@pytest.mark.parametrize("stage", STAGE_TASKS)
def test_what_killed_its_worker_is_not_run_again_at_once_and_a_person_is_told(worker, org, monkeypatch, deliver, stage):
    """Nothing was raised when the process died; without a count the broker would kill worker after worker."""
    called = []
    monkeypatch.setitem(STAGES, stage, lambda *_: called.append(1))
    tries = worker.context.limits.max_tries
    for _ in range(tries):
        deliver(STAGE_TASKS[stage], org, [901], again=True)
    with worker.context.tenant(org, "test") as tx:
        assert tx.value("SELECT attempts FROM due_work WHERE stage = :s AND subject_id = 901", s=stage) == tries
        [row] = tx.rows("SELECT type, reason FROM work_exception WHERE subject_kind = :s", s=stage)
    assert (row.type, "worker died" in row.reason, called) == ("stage_failed", True, [])
    deliver(STAGE_TASKS[stage], org, [901], again=False)
    assert called == [1]


def test_a_lot_whose_upload_killed_its_worker_is_left_to_the_sweep(worker, org, monkeypatch, deliver):
    called = []
    monkeypatch.setattr(transport.stage, "upload_lot", lambda *_: called.append(1))
    deliver(transport.upload_lot, org, [1], again=True)
    assert called == []
    deliver(transport.upload_lot, org, [1], again=False)
    assert called == [1]


def test_claims_ready_confirms_drafts_and_with_no_ids_only_looks(worker, org, claim_document):
    ctx = worker.context
    [receipt] = intake.submit(ctx, org, [claim_document(external_id="a")], "test", ready=False)
    claims.ready(org)
    with ctx.tenant(org, "test") as tx:
        assert tx.value("SELECT state FROM claim") == "DRAFT"
    claims.ready(org, [receipt.claim_id])
    claims.ready(org, [receipt.claim_id])
    with ctx.tenant(org, "test") as tx:
        assert tx.value("SELECT state FROM claim") == "READY"
        assert tx.value("SELECT count(*) FROM due_work WHERE stage = 'take' AND due_at <= now()") == 1
        assert tx.value("SELECT min(actor) FROM history WHERE event = 'readied'") == "event:claims.ready"


def test_the_sweep_rings_for_what_is_due(worker, org, monkeypatch):
    rung = []
    monkeypatch.setattr(control, "ring_due", lambda ctx, limit: rung.append((ctx, limit)))
    control.sweep()
    assert rung == [(product.product().context, worker.settings.flow.sweep_limit)]
