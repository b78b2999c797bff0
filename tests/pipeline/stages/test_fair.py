"""Fair shares: one tenant's flood, one refused mailbox or one poisonous claim keeps nobody else waiting."""

import json
from dataclasses import replace

import pytest

from pipeline.services import intake
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from transport.errors import LoginRefused

FLOOD = 5_000


@pytest.fixture
def submit(product, claim_document):
    base = json.loads(claim_document())

    def run(org_id, count, **changes):
        for start in range(0, count, 1000):
            documents = [
                json.dumps({**base, "external_id": f"c{n}", **changes}).encode()
                for n in range(start, min(count, start + 1000))
            ]
            intake.submit(product.context, org_id, documents, "test")

    return run


def claims(ctx, org_id, where="true"):
    with ctx.tenant(org_id, "test") as tx:
        return {row.state: row.n for row in tx.rows(f"SELECT state, count(*) AS n FROM claim WHERE {where} GROUP BY 1")}


def files(ctx, org_id):
    with ctx.tenant(org_id, "test") as tx:
        return [row.state for row in tx.rows("SELECT state FROM outbound_file ORDER BY id")]


def make_due(ctx, *org_ids):
    for org_id in org_ids:
        with ctx.tenant(org_id, "test") as tx:
            tx.run("UPDATE due_work SET due_at = now() WHERE stage <> 'poll' AND org_id = :org", org=org_id)


def test_ten_claims_leave_while_five_thousand_of_another_tenant_wait(product, org, neighbour, submit):
    ctx = replace(product.context, limits=replace(product.context.limits, lot_size=50))
    submit(org, FLOOD)
    submit(neighbour, 10)
    for _ in range(8):
        make_due(ctx, org, neighbour)
        sweep.drain(ctx, STAGES, limit=20)
        if files(ctx, neighbour) == ["SENT"]:
            break
    assert files(ctx, neighbour) == ["SENT"]
    assert claims(ctx, neighbour) == {"SUBMITTED": 10}
    assert claims(ctx, org, "lot_id IS NULL")["READY"] > FLOOD / 2  # and their way was not cleared first


def test_a_mailbox_that_is_refused_stops_no_other(product, org, neighbour, outside, submit):
    """Two tenants' mailboxes at one partner: one password is wrong."""
    refused = []

    def partner(connection):
        if connection.password.get_secret_value() == "wrong":
            refused.append(connection.username)
            raise LoginRefused("invented")
        return outside(connection)

    ctx = replace(product.context, outside=partner)
    with ctx.tenant(org, "test") as tx:
        from pipeline.store import tenants

        [box] = tenants.mailboxes(tx, "clearinghouse")
        connection = box.profile.connection.model_copy(
            update={"password": type(box.profile.connection.password)("wrong")}
        )
        profile = box.profile.model_copy(update={"connection": connection})
        tenants.put_mailbox(tx, box.name, box.mode, profile, enabled=True)
    submit(org, 2)
    submit(neighbour, 2)
    for _ in range(6):
        make_due(ctx, org, neighbour)
        sweep.drain(ctx, STAGES)
    assert refused == ["oa"]  # asked once, then left alone
    assert (files(ctx, org), files(ctx, neighbour)) == (["RESERVED"], ["SENT"])
