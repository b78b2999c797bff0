"""A claim's way out, stage by stage, on real Postgres with the partner in memory."""

import json

import pytest

from pipeline.services import intake
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.upload import upload_lot
from pipeline.stages.validate import validate


@pytest.fixture
def lot(product, org, claim_document):
    """Three claims, one of which fails an edit, in a lot."""
    ctx = product.context
    good = json.loads(claim_document(external_id="a"))
    bad = {**good, "external_id": "c", "diagnoses": []}
    intake.submit(ctx, org, [json.dumps(c).encode() for c in (good, {**good, "external_id": "b"}, bad)], "test")
    take(ctx, org, org)
    with ctx.tenant(org, "test") as tx:
        return tx.value("SELECT max(id) FROM lot")


def _states(product, org, table="claim"):
    with product.context.tenant(org, "test") as tx:
        return [row.state for row in tx.rows(f"SELECT state FROM {table} ORDER BY id")]


def test_a_lot_goes_from_ready_to_sent_and_a_bad_claim_to_a_person(product, org, lot, outside):
    ctx = product.context
    for stage in (validate, bundle, render, upload_lot):
        stage(ctx, org, lot)
        stage(ctx, org, lot)  # run twice it changes nothing more

    assert _states(product, org) == ["SUBMITTED", "SUBMITTED", "EDIT_FAILED"]
    assert _states(product, org, "outbound_file") == ["SENT"]
    [sent] = outside["oa"].list("inbound")
    data = outside["oa"].read("inbound", sent.name)
    assert data.startswith(b"ISA*00*")
    assert data.count(b"CLM*") == 2
    assert sent.name == "OATEST_837P_000000001.txt"
    with ctx.tenant(org, "test") as tx:
        assert [r.type for r in tx.rows("SELECT type FROM work_exception")] == ["edit_failed"]
        assert tx.value("SELECT count(*) FROM due_work WHERE stage NOT IN ('poll', 'watch')") == 0
        assert tx.value("SELECT sum(amount_cents) FROM entry") == 0
