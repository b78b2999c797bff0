"""A task's run in the log: it bears the task's id while it lasts, and a task that raises tells no text."""

import io
import json
import logging

import pytest
import structlog

from tasks import claims, transport
from tasks.logs import configure


@pytest.fixture
def written(monkeypatch):
    monkeypatch.setenv("CLAIMRAIL_LOG_FORMAT", "json")
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers, root.level = [logging.StreamHandler(stream)], logging.INFO
    configure(root)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = before, level


def test_every_line_of_a_run_bears_its_task(worker, org, written):
    ran = claims.take.apply((org, [org]))
    ours = [line for line in written() if line["event"] == "stage done"]
    assert [(line["task"], line["task_id"], line["org_id"]) for line in ours] == [("claims.take", ran.id, org)]
    assert not {"task", "task_id", "stage"} & set(structlog.contextvars.get_contextvars())


def test_a_task_that_raises_tells_where_and_not_what(worker, org, written, monkeypatch):
    def breaks(*_given):
        raise ValueError("MARKED ROW")

    monkeypatch.setattr(transport.stage, "upload_lot", breaks)
    transport.upload_lot.apply((org, [1]))
    told = json.dumps(written())
    assert "transport.upload_lot" in told
    assert "ValueError at" in told
    assert "MARKED ROW" not in told
