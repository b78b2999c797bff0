"""Outgoing files: numbers once, bytes before wire, places that are found again."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from pipeline.domain.answering import here
from pipeline.domain.mailbox import Mode
from pipeline.domain.states import TABLES, Kind
from pipeline.services import intake
from pipeline.store import files, tenants
from pipeline.store.crypto import SealBroken
from pipeline.store.files import NewFile

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def tx(product, org):
    with product.context.tenant(org, "test") as tx:
        yield tx


@pytest.fixture
def claim_ids(product, org, claim_document):
    receipts = intake.submit(product.context, org, [claim_document(external_id=f"c{n}") for n in range(3)], "test")
    return [receipt.claim_id for receipt in receipts]


def add(tx, *numbers, name="F{}", exchange="A|B", kind="837P"):
    [box] = tenants.mailboxes(tx, "clearinghouse")
    return files.add(tx, box.id, 7, [NewFile(kind, Mode.TEST, exchange, n, name.format(n), 2) for n in numbers], AT)


@pytest.mark.parametrize("temporary", [None, "F1", "F1.1.part"])
def test_the_database_and_the_domain_agree_on_what_is_still_here(tx, temporary):
    for state in {state for state, _ in TABLES[Kind.FILE] if state}:
        row = "(SELECT CAST(:state AS text) AS state, 'F1' AS name, CAST(:temporary AS text) AS temporary_name) f"
        told = tx.value(f"SELECT {files.HERE.format('f')} FROM {row}", state=state, temporary=temporary)
        assert told is here(state, direct=temporary == "F1"), state


def test_a_file_is_numbered_before_it_has_bytes(tx):
    first, second = add(tx, 1, 2)
    file = files.get(tx, first)
    assert (file.kind, file.mode, file.control_number, file.name, file.state) == ("837P", Mode.TEST, 1, "F1", "BUNDLED")
    assert (file.fence, file.lease_over, file.temporary_name, file.claims, file.lot_id) == (0, True, None, 2, 7)
    assert [f.id for f in files.of_lot(tx, 7, ["BUNDLED"])] == [first, second]
    assert files.of_lot(tx, 7, ["SENT"]) == files.of_lot(tx, 8, ["BUNDLED"]) == []
    assert files.get(tx, 10**9) is None
    with pytest.raises(ValueError, match="no bytes yet"):
        files.content(tx, first)
    told = tx.rows("SELECT subject_id, event, business_at FROM history WHERE subject_kind = 'file' ORDER BY id")
    assert told == [(first, "numbered", AT), (second, "numbered", AT)]


@pytest.mark.parametrize(
    "again",
    [{"name": "other {}"}, {"exchange": "C|D"}],
    ids=["the same number to the same partner", "the same name in the same mailbox"],
)
def test_neither_number_nor_name_is_used_twice(product, org, again):
    with product.context.tenant(org, "test") as tx:
        add(tx, 1)
    with pytest.raises(DBAPIError, match="unique"), product.context.tenant(org, "test") as tx:
        add(tx, 1, **again)


def test_the_same_number_to_another_partner_is_another_number(tx):
    add(tx, 1)
    add(tx, 1, name="other {}", exchange="C|D")
    add(tx, 1, name="ach {}", kind="ACH")


def test_bytes_are_sealed_and_stored_once(tx):
    [file_id] = add(tx, 1)
    files.store_bytes(tx, file_id, b"ISA*first", 500)
    assert files.content(tx, file_id) == b"ISA*first"
    assert files.get(tx, file_id).state == "RESERVED"
    assert b"ISA" not in bytes(tx.value("SELECT content FROM outbound_file"))
    files.store_bytes(tx, file_id, b"ISA*second", 700)
    assert files.content(tx, file_id) == b"ISA*first"
    assert tx.value("SELECT amount_cents FROM outbound_file") == 500


def test_bytes_that_changed_or_moved_are_not_handed_out(tx):
    first, second = add(tx, 1, 2)
    files.store_bytes(tx, first, b"ISA*%d" % first, 0)
    copied = "UPDATE outbound_file SET (content, sha256) = (SELECT content, sha256 FROM outbound_file WHERE id = :id)"
    tx.run(f"{copied} WHERE content IS NULL", id=first)
    assert files.content(tx, first) == b"ISA*%d" % first
    with pytest.raises(SealBroken):
        files.content(tx, second)
    tx.run("UPDATE outbound_file SET sha256 = :sha", sha=bytes(32))
    with pytest.raises(ValueError, match="do not match their sha256"):
        files.content(tx, first)


def test_submissions_stand_in_the_order_of_the_file(tx, claim_ids):
    [file_id] = add(tx, 1)
    one, two = files.add_sets(tx, file_id, ["0001", "0002"])
    files.add_submissions(tx, file_id, [(claim_ids[2], two, 0), (claim_ids[1], one, 1), (claim_ids[0], one, 0)])
    placed = files.placed(tx, file_id)
    assert [(p.claim_id, p.set_control, p.ordinal) for p in placed] == [
        (claim_ids[0], "0001", 0), (claim_ids[1], "0001", 1), (claim_ids[2], "0002", 0),
    ]  # fmt: skip
    tx.run("UPDATE submission SET state = 'WITHDRAWN' WHERE claim_id = :id", id=claim_ids[1])
    assert [p.claim_id for p in files.placed(tx, file_id)] == [claim_ids[0], claim_ids[2]]


def test_a_further_try_of_a_claim_is_a_further_submission(tx, claim_ids):
    for number in (1, 2, 3):
        [file_id] = add(tx, number)
        [set_id] = files.add_sets(tx, file_id, ["0001"])
        files.add_submissions(tx, file_id, [(claim_ids[0], set_id, 0)])
    assert [row.attempt for row in tx.rows("SELECT attempt FROM submission ORDER BY id")] == [1, 2, 3]
    events = tx.rows("SELECT event, state, file_id FROM history WHERE subject_kind = 'submission' ORDER BY id")
    assert [(row.event, row.state) for row in events] == [("bundled", "IN_FILE")] * 3
    assert len({row.file_id for row in events}) == 3


def test_ranges_are_kept_by_set(tx):
    [file_id] = add(tx, 1)
    one, two, three = files.add_sets(tx, file_id, ["0001", "0002", "0003"])
    files.store_ranges(tx, {one: [3, 20, 21, 40], two: [3, 9]})
    stored = {row.id: row.ranges for row in tx.rows("SELECT id, ranges FROM transaction_set")}
    assert stored == {one: [3, 20, 21, 40], two: [3, 9], three: None}
    files.store_ranges(tx, {})
