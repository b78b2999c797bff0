"""Bad input, one test each: a clear error with its place and cure, nothing lost, nothing half-applied."""

import json

import pytest
from places import GOLDEN

from pipeline.bootstrap import build
from pipeline.domain.mailbox import Connection, Mode
from pipeline.services import intake, setup
from pipeline.stages.bundle import bundle
from pipeline.stages.ingest import ingest
from pipeline.stages.poll import poll
from pipeline.stages.render import render
from pipeline.stages.sweep import drain
from pipeline.stages.table import STAGES
from pipeline.stages.take import take
from pipeline.stages.upload import upload
from pipeline.stages.validate import validate
from pipeline.store import inbound, tenants
from sandbox.config import SandboxConfig
from sandbox.threaded import listening

ERA = (GOLDEN / "x12" / "835-paid.x12").read_bytes()
TABLES = (
    "claim", "lot", "outbound_file", "transaction_set", "submission", "inbound_file", "delivery", "remittance",
    "remittance_claim", "deposit", "journal", "entry", "payment", "payment_entry", "work_exception",
)  # fmt: skip


class Books:
    """What the tables hold, so that a test can say what did not change."""

    def __init__(self, ctx, org):
        self.ctx, self.org = ctx, org

    def tx(self):
        return self.ctx.tenant(self.org, "test")

    def counts(self):
        """Rows by table; empty tables are left out."""
        with self.tx() as tx:
            found = {table: tx.value(f"SELECT count(*) FROM {table}") for table in TABLES}
        return {table: count for table, count in found.items() if count}

    def value(self, statement):
        with self.tx() as tx:
            return tx.value(statement)

    def run(self, statement):
        with self.tx() as tx:
            tx.run(statement)

    def told(self):
        """(type, reason) of what waits for a person."""
        with self.tx() as tx:
            rows = tx.rows("SELECT type, reason FROM work_exception WHERE state = 'OPEN' ORDER BY id")
        return [(row.type, row.reason) for row in rows]

    def box(self):
        return self.value("SELECT id FROM mailbox WHERE name = 'clearinghouse'")

    def kept(self):
        with self.tx() as tx:
            return [inbound.get(tx, row.id).content for row in tx.rows("SELECT id FROM inbound_file ORDER BY id")]


@pytest.fixture
def books(product, org):
    return Books(product.context, org)


@pytest.fixture
def reserved(books, claim_document):
    """A file of one claim whose bytes are stored and which is to leave."""
    intake.submit(books.ctx, books.org, [claim_document(external_id="a")], "test")
    take(books.ctx, books.org, books.org)
    lot = books.value("SELECT max(id) FROM lot")
    for stage in (validate, bundle, render):
        stage(books.ctx, books.org, lot)
    assert books.value("SELECT state FROM outbound_file") == "RESERVED"
    return books.value("SELECT id FROM outbound_file")


# -- claims -----------------------------------------------------------------------------------------------------------
def test_broken_json(books, claim_document):
    good = claim_document(external_id="good")
    receipts = intake.submit(books.ctx, books.org, [good[:200], good, b"\xff\xfe", b""], "test")
    assert [r.outcome for r in receipts] == ["refused", "stored", "refused", "refused"]
    for receipt in (receipts[0], receipts[2], receipts[3]):
        [problem] = receipt.problems
        assert problem.code == "SHAPE-JSON"
        assert problem.message
        assert problem.cure
    assert books.counts() == {"claim": 1}


def test_missing_fields_are_all_named_at_once(books, claim_document):
    document = json.loads(claim_document(external_id="a"))
    del document["payer"], document["lines"][0]["procedure"], document["place_of_service"]
    [receipt] = intake.submit(books.ctx, books.org, [json.dumps(document).encode()], "test")
    assert receipt.outcome == "refused"
    assert {p.path for p in receipt.problems} == {"payer", "lines[0].procedure", "place_of_service"}
    assert {p.code for p in receipt.problems} == {"SHAPE-MISSING"}
    assert all(p.cure for p in receipt.problems)
    assert books.counts() == {}


def test_a_wrong_npi(books, claim_document):
    document = json.loads(claim_document(external_id="a"))
    document["rendering"] = {"last_name": "INVENTED", "first_name": "DR", "npi": "1234567890"}
    other = json.loads(claim_document(external_id="b"))
    receipts = intake.submit(books.ctx, books.org, [json.dumps(d).encode() for d in (document, other)], "test")
    assert [r.outcome for r in receipts] == ["stored", "stored"]
    for _ in range(8):
        books.run("UPDATE due_work SET due_at = now() WHERE stage <> 'poll'")
        drain(books.ctx, STAGES)
    with books.tx() as tx:
        assert [r.state for r in tx.rows("SELECT state FROM claim ORDER BY id")] == ["EDIT_FAILED", "SUBMITTED"]
    [(type_, reason)] = books.told()
    assert type_ == "edit_failed"
    assert "rendering.npi" in reason
    assert "1234567890" not in reason
    assert books.value("SELECT count(*) FROM submission") == 1


# -- files that come in -----------------------------------------------------------------------------------------------
def test_a_file_that_is_no_x12(books, outside):
    outside["oa"].write("outbound", "1234567890_ERA_835_5010_20261120.txt", b"Dear customer, our portal has moved.")
    poll(books.ctx, books.org, books.box())
    assert books.kept() == [b"Dear customer, our portal has moved."]
    [(type_, reason)] = books.told()
    assert type_ == "quarantined"
    assert "no file that we know" in reason
    assert "ask the partner" in reason
    assert books.counts() == {"inbound_file": 1, "delivery": 1, "work_exception": 1}


def test_a_truncated_835(books, outside):
    """Cut in transit it is waited for, then set aside; the whole one, when it comes, counts once."""
    part = ERA[: ERA.index(b"SVC")]
    outside["oa"].write("outbound", "a.835", part)
    poll(books.ctx, books.org, books.box())
    assert books.counts() == {"delivery": 1}
    books.run("UPDATE delivery SET first_seen_at = first_seen_at - interval '1 hour'")
    poll(books.ctx, books.org, books.box())
    assert books.kept() == [part]
    [(type_, reason)] = books.told()
    assert type_ == "quarantined"
    assert f"{len(part)} bytes" in reason
    assert books.counts() == {"inbound_file": 1, "delivery": 1, "work_exception": 1}
    outside["oa"].delete("outbound", "a.835")
    outside["oa"].write("outbound", "a.835", ERA)
    poll(books.ctx, books.org, books.box())
    assert books.told() == []
    assert books.kept() == [part, ERA]


@pytest.mark.parametrize("lost", [b"SVC", b"CLP", b"TRN"])
def test_an_835_that_lost_its_middle_names_the_place_and_posts_nothing(books, lost):
    start = ERA.index(lost)
    damaged = ERA[:start] + ERA[ERA.index(b"~", start) + 1 :]
    with books.tx() as tx:
        file_id, _ = inbound.store(
            tx, books.box(), "a.835", "x12:835", damaged, parent_id=None, event="received", reason=None
        )
    ingest(books.ctx, books.org, file_id)
    [(type_, reason)] = books.told()
    assert type_ == "quarantined"
    assert "ST 0001 / segment" in reason  # where
    assert books.value("SELECT findings IS NOT NULL FROM work_exception")
    assert books.counts() == {"inbound_file": 1, "work_exception": 1}


def test_an_unknown_set(books, outside):
    """A set that no stage reads is kept and told, and what lies beside it is taken in."""
    data = ERA.replace(b"ST*835*", b"ST*850*").replace(b"GS*HP*", b"GS*PO*")
    outside["oa"].write("outbound", "a.850", data)
    outside["oa"].write("outbound", "b.835", ERA)
    poll(books.ctx, books.org, books.box())
    with books.tx() as tx:
        rows = [tuple(r) for r in tx.rows("SELECT name, kind, state FROM inbound_file ORDER BY name")]
    assert rows == [("a.850", "x12:850", "QUARANTINED"), ("b.835", "x12:835", "RECEIVED")]
    [(type_, reason)] = books.told()
    assert type_ == "quarantined"
    assert "claimrail inspect" in reason
    assert data in books.kept()


# -- partners ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def partner(tmp_path):
    """A real SSH server with the account "oa"."""
    config = SandboxConfig.from_dict({"root": tmp_path / "partner", "users": {"oa": "secret-word"}})
    with listening(config) as server:
        yield config, server


def connect(books, partner, **changes):
    """The product on real SFTP, its mailbox at the partner's with one thing changed."""
    _, server = partner
    told = {"host": "127.0.0.1", "port": server.port, "username": "oa", "password": "secret-word"}
    connection = Connection(**{**told, "host_key": server.host_key, **changes})
    with books.tx() as tx:
        [box] = tenants.mailboxes(tx, "clearinghouse")
    profile = box.profile.model_copy(update={"connection": connection})
    setup.put_mailbox(books.ctx, books.org, "test", "clearinghouse", Mode.TEST, profile)


@pytest.mark.parametrize(
    ("changes", "type_", "cure"),
    [
        (
            {"host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJH2wBX0MxDyXGZnbOn9RMCTEQsV2mjuEQzqWzGrKzVt"},
            "host_key_changed",
            "ask the partner for its host key by another way",
        ),
        ({"password": "not-the-word"}, "login_refused", "compare user and password"),
    ],
    ids=["a wrong host key", "a refused login"],
)
def test_a_partner_that_is_not_who_it_should_be_or_does_not_know_us(
    books, reserved, partner, settings, changes, type_, cure
):
    real = build(settings)
    try:
        connect(books, partner, **changes)
        before = books.counts()
        drain(real.context, {"upload": upload, "poll": lambda *_: None})
        assert books.value("SELECT state FROM outbound_file") == "STAGING"  # a lease that has ended: nothing has left
        [(told, reason)] = books.told()
        assert told == type_
        assert cure in reason
        assert "not-the-word" not in reason
        assert books.counts() == {**before, "work_exception": 1}
        home = partner[0].home("oa")
        assert [path for path in home.rglob("*") if path.is_file()] == []

        connect(books, partner)  # the person has corrected it
        drain(real.context, {"upload": upload, "poll": lambda *_: None})
        assert books.value("SELECT state FROM outbound_file") == "SENT"
        assert books.told() == []
        [sent] = [path for path in home.rglob("*") if path.is_file()]
        assert (sent.parent.name, sent.name) == ("inbound", "OATEST_837P_000000001.txt")
    finally:
        real.close()


def test_a_test_mode_file_on_a_production_mailbox(books, reserved, outside):
    books.run("UPDATE mailbox SET mode = 'P' WHERE name = 'clearinghouse'")
    before = books.counts()
    upload(books.ctx, books.org, reserved)
    [(type_, reason)] = books.told()
    assert type_ == "mode_mismatch"
    assert "the file is of mode T, the mailbox of mode P" in reason
    assert "correct the mailbox" in reason
    assert books.value("SELECT state FROM outbound_file") == "RESERVED"
    assert books.counts() == {**before, "work_exception": 1}
    assert outside["oa"].calls == {}
