"""Logs: every line of a small flow has the ids to look further by, and none has a value of a claim."""

import io
import json
import logging
import sys

import pytest
import structlog

from pipeline import logs
from pipeline.services import intake
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store.work import Due


@pytest.fixture(autouse=True)
def _nothing_bound():
    structlog.contextvars.clear_contextvars()
    yield
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def written(monkeypatch):
    """What this process logs from here on, line by line."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("json")
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def leaves(value):
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves(one)]
    return [] if value is None else [str(value)]


def flow(ctx, org, rounds=6):
    for _ in range(rounds):
        with ctx.tenant(org, "test") as tx:
            tx.run("UPDATE due_work SET due_at = now()")
        sweep.drain(ctx, STAGES)


def answer(outside, outbound):
    """The clearinghouse says TA1, which is enough to be kept and applied."""
    [sent] = outside["oa"].list("inbound")
    data = outside["oa"].read("inbound", sent.name).decode("ascii")
    isa = data[:106]
    number = isa[90:99]
    ta1 = isa + f"TA1*{number}*{isa[70:76]}*{isa[77:81]}*A*000~IEA*0*{number}~"
    outside["oa"].write("outbound", "ANSWER_TA1.txt", ta1.encode())
    return int(number)


def test_a_small_flow_can_be_followed_by_its_ids_and_shows_no_claim(product, org, outside, written, claim_document):
    good = [claim_document(external_id=f"MARKED-{n}") for n in range(3)]
    bad = claim_document("fail_charge_not_the_sum", external_id="MARKED-BAD")
    intake.submit(product.context, org, [*good, bad], "test")
    flow(product.context, org)
    number = answer(outside, "inbound")
    flow(product.context, org)
    lines = written()
    by_event = {line["event"]: line for line in lines}

    [lot] = [line for line in lines if line["event"] == "lot set out"]
    assert (lot["org_id"], lot["stage"], lot["claim_ids"]) == (org, "take", "1-4")
    assert by_event["claims judged"]["failed"] == "4"
    assert by_event["waits for a person"]["about"] == "edit_failed claim 4"
    rendered, sent = by_event["file rendered"], by_event["file sent"]
    assert rendered["lot_id"] == lot["lot_id"]
    assert rendered["control_number"] == sent["control_number"] == number
    assert (sent["file_id"], sent["mailbox_id"]) == (rendered["file_id"], rendered["mailbox_id"])
    assert (sent["attempt"], sent["kind"]) == (1, "837P")
    kept, answered = by_event["inbound file kept"], by_event["file answered"]
    assert (kept["mailbox_id"], kept["kind"]) == (sent["mailbox_id"], "x12:ta1")
    assert (answered["inbound_file_id"], answered["file_id"]) == (kept["inbound_file_id"], sent["file_id"])
    assert answered["control_number"] == number
    # What a stage found out stands in the line of its end, and in no later run's.
    ends = {line["stage"]: line for line in lines if line["event"] == "stage done"}
    assert ends["upload"]["control_number"] == number
    assert "control_number" not in ends["poll"]
    assert all(line["org_id"] == org and line["at"] and line["level"] for line in lines)

    told = json.dumps(lines)
    marks = {leaf for document in (*good, bad) for leaf in leaves(json.loads(document)) if len(leaf) > 5}
    assert len(marks) > 20
    assert not [mark for mark in marks | {"county-ems", "INVENTED"} if mark in told]


def test_a_failure_says_which_try_it_was_and_where_but_not_what(product, org, written):
    def breaks(_ctx, _org, _subject):
        raise ValueError("MARKED TEXT of a row")

    for _ in range(2):
        sweep.run(product.context, {"bundle": breaks}, Due("bundle", org, 7, 0))
    lines = [line for line in written() if line["event"] == "stage failed"]
    assert [(line["lot_id"], line["attempt"]) for line in lines] == [(7, 1), (7, 2)]
    assert all("ValueError at" in line["reason"] and "test_logs" in line["reason"] for line in lines)
    assert "MARKED TEXT" not in json.dumps(written())


def test_every_stage_names_its_subject(product, org, written):
    for stage in STAGES:
        sweep.run(product.context, {stage: lambda *_: None}, Due(stage, org, 7, 0))
    named = {
        line["stage"]: next((name for name, value in line.items() if name != "org_id" and value == 7), None)
        for line in written()
    }
    assert set(named) == set(STAGES)
    assert named["upload"] == "file_id"
    assert named["take"] == named["release"] == named["watch"] == "subject"  # the tenant itself
    assert [stage for stage, name in named.items() if name == "subject"] == ["take", "ask", "release", "watch"]


def test_scopes_nest_and_end():
    bound = structlog.contextvars.get_contextvars
    with logs.scope(org_id=1, stage="a"):
        with logs.scope(stage="b"):
            logs.tell(file_id=3)
            assert bound() == {"org_id": 1, "stage": "b", "file_id": 3}
        assert bound() == {"org_id": 1, "stage": "a"}
        with pytest.raises(ValueError, match="out"), logs.scope(stage="c"):
            raise ValueError("out")
        assert bound()["stage"] == "a"
    assert bound() == {}


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], ""), ([5], "5"), ([3, 1, 2], "1-3"), ([1, 2, 9, 4], "1-2,4,9"), ({7: "x", 8: "y"}, "7-8")],
)
def test_many_ids_in_few_characters(numbers, told):
    assert logs.ids(numbers) == told


# -- through the standard logging, as workers do it -------------------------------------------------------------------
@pytest.fixture
def worker():
    """A logger with one handler, set up as Celery's is; gives how to set it up and what was written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers, root.level = [handler], logging.INFO

    def configured(form):
        logs.configure_through([handler], form)
        return stream.getvalue

    yield configured
    root.handlers, root.level = before, level


def test_libraries_lines_are_objects_too(worker):
    written = worker("json")
    with logs.scope(org_id=7):
        logging.getLogger("celery.worker").info("Task %s received", "claims.take")
        structlog.get_logger("x").info("ours", file_id=3)
    theirs, ours = [json.loads(line) for line in written().splitlines()]
    assert (theirs["event"], theirs["logger"], theirs["org_id"]) == ("Task claims.take received", "celery.worker", 7)
    assert (ours["event"], ours["file_id"], ours["org_id"], ours["level"]) == ("ours", 3, 7, "info")
    assert ours["at"] < theirs["at"] or ours["at"].startswith("20")


def test_for_people_it_is_one_line_of_names_and_values(worker):
    written = worker("console")
    with logs.scope(stage="upload", org_id=7):
        structlog.get_logger("x").info("file sent", file_id=3)
    assert written() == 'INFO event="file sent" level=info stage=upload org_id=7 file_id=3\n'


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_that_a_library_logs_is_told_without_its_text(worker, form):
    written = worker(form)
    try:
        int("MARKED VALUE")
    except ValueError as error:
        logging.getLogger("some.library").exception("it broke")
        context = {
            "name": "claims.ready",
            "id": "1",
            "description": "raised",
            "exc": repr(error),
            "traceback": "MARKED",
        }
        logging.getLogger("celery.app.trace").exception("Task %(name)s[%(id)s] %(description)s: %(exc)s", context)
    assert written().count("ValueError at") == 2
    assert "it broke" in written()
    assert "claims.ready[1] raised" in written()
    assert "MARKED" not in written()
