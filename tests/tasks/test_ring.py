"""The bell: every stage can be rung, a message holds ids only, and a broken bell hurts nobody."""

import json

import pytest
from celery.app.trace import build_tracer
from structlog.testing import capture_logs

from api.wiring import publisher
from api.wiring import ring as door_ring
from pipeline.bootstrap import build
from pipeline.services import intake
from pipeline.stages.table import STAGES
from tasks.app import app
from tasks.config import QUEUES
from tasks.ring import LOT_CHAIN, gathered, ring

AWAY = "redis://127.0.0.1:1/0"


def holds_ids_only(value):
    """Whether a value is whole numbers, or lists of them."""
    return isinstance(value, int) or (isinstance(value, list) and all(map(holds_ids_only, value)))


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_a_task_and_a_bell_for_it(broker, stage):
    ring(stage, 7, [41])
    [(queue, message)] = broker.messages()
    task = message["headers"]["task"]
    assert task in app.tasks
    assert queue in QUEUES
    assert task.startswith(f"{queue}.")
    args, kwargs, embed = message["body"]
    assert (args, kwargs) == ([7, [41]], {})
    assert not embed["callbacks"]
    assert message["content-type"] == "application/json"


@pytest.mark.parametrize("stage", STAGES)
def test_a_message_spells_out_no_argument(broker, stage):
    ring(stage, 7, [41])
    [(_, message)] = broker.messages()
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("-", "-")
    assert message["headers"]["ignore_result"]
    for link in message["body"][2]["chain"] or []:
        assert holds_ids_only(link["args"])
        assert link["kwargs"] == {}


@pytest.mark.parametrize("stage", ["validate", "bundle", "render"])
def test_a_lot_gets_the_rest_of_its_chain(broker, stage):
    ring(stage, 7, [41, 42])
    names = list(LOT_CHAIN.values())[list(LOT_CHAIN).index(stage) :]
    messages = [message for _, message in broker.messages()]
    assert len(messages) == 2
    for message in messages:
        links = [message["headers"]["task"], *(link["task"] for link in reversed(message["body"][2]["chain"]))]
        assert links == names


def test_every_link_of_a_chain_keeps_its_arguments_to_itself(broker, worker, org):
    """Each link is published by the worker that ran the one before: here as such a worker does it."""
    ring("validate", org, [41])
    seen = []
    for _ in range(len(LOT_CHAIN)):
        [(queue, message)] = broker.messages()
        seen.append((queue, message["headers"]["task"]))
        assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("-", "-")
        args, kwargs, embed = message["body"]
        assert (args, kwargs) == ([org, [41]], {})
        task = app.tasks[message["headers"]["task"]]
        request = {**message["headers"], **embed, "args": args, "kwargs": kwargs, "is_eager": False}
        build_tracer(task.name, task, app=app)(message["headers"]["id"], args, kwargs, request)
    assert seen == [
        ("claims", "claims.validate"),
        ("claims", "claims.bundle"),
        ("claims", "claims.render"),
        ("transport", "transport.upload_lot"),
    ]
    assert broker.messages() == []


def test_files_go_to_several_workers_and_claims_in_one_message(broker):
    ring("upload", 7, [1, 2, 3])
    ring("poll", 7, [1, 2, 3])
    assert [m["body"][0] for _, m in broker.messages()] == [[7, [1]], [7, [2]], [7, [3]], [7, [1, 2, 3]]]


def test_what_one_run_rings_for_shares_messages(broker):
    with gathered():
        for file_id in (*range(1, 11), 1):
            ring("ingest", 7, [file_id])
            assert broker.messages() == []
        ring("acknowledge", 7, [20])
    assert [m["body"][0] for _, m in broker.messages() if m["headers"]["task"] == "money.ingest"] == [
        [7, [1, 2, 3, 4, 5, 6, 7, 8]],
        [7, [9, 10]],
    ]


def test_what_was_gathered_rings_though_the_run_ends_badly(broker):
    def fails():
        with gathered():
            ring("ingest", 7, [1])
            return 1 // 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert [m["body"][0] for _, m in broker.messages()] == [[7, [1]]]


def test_no_key_but_ours_is_touched(broker):
    for stage in STAGES:
        ring(stage, 7, [41])
    assert all(key.startswith(b"claimrail:") for key in broker.client.scan_iter())


def test_the_door_rings_the_bell_that_workers_hear(broker, servers):
    ring("take", 7, [7])
    [(queue, ours)] = broker.messages()
    assert door_ring(publisher(servers.redis_url), 7)
    [(their_queue, theirs)] = broker.messages()
    assert (their_queue, theirs["headers"]["task"], theirs["body"][:2]) == (
        queue,
        ours["headers"]["task"],
        ours["body"][:2],
    )
    assert theirs["headers"]["argsrepr"] == "-"


# -- a bell that does not ring ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("stage", ["take", "validate", "upload"])
def test_a_broker_that_is_away_is_nobody_s_problem(broker, stage):
    broker.point(AWAY)
    with capture_logs() as logs:
        ring(stage, 7, [1, 2, 3])
    assert [line["event"] for line in logs] == ["ring lost"]
    assert "127.0.0.1" not in json.dumps(logs)


def test_a_broker_that_refuses_is_nobody_s_problem(broker):
    """A full or read-only server answers with errors of its own, which are no connection errors."""
    broker.client.set("claimrail:claims", "not a list")
    with capture_logs() as logs:
        ring("take", 7, [7])
        ring("validate", 7, [41])
    assert [line["event"] for line in logs] == ["ring lost"] * 2


def test_a_stage_that_nobody_knows_is_nobody_s_problem(broker):
    with capture_logs() as logs:
        ring("nonsense", 7, [1])
    assert [line["error"] for line in logs] == ["KeyError"]


def test_a_claim_is_stored_and_due_though_the_bell_is_broken(broker, settings, product, org, claim_document):
    broker.point(AWAY)
    ctx = build(settings, ring=ring).context
    [receipt] = intake.submit(ctx, org, [claim_document(external_id="a")], "test")
    ctx.database.dispose()
    assert receipt.outcome == "stored"
    with product.context.tenant(org, "test") as tx:
        assert tx.value("SELECT state FROM claim") == "READY"
        assert tx.value("SELECT count(*) FROM due_work WHERE stage = 'take' AND due_at <= now()") == 1
