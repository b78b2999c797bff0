"""What comes in: each content once a mailbox, each delivery noted, every byte kept."""

import pytest

from pipeline.domain.errors import NotKnown
from pipeline.store import exceptions, inbound, tenants
from pipeline.store.crypto import SealBroken
from pipeline.store.exceptions import Raise
from pipeline.store.inbound import Seen


@pytest.fixture
def tx(product, org):
    with product.context.tenant(org, "test") as tx:
        yield tx


@pytest.fixture
def box(tx):
    return tenants.mailboxes(tx, "clearinghouse")[0].id


def store(tx, box, data=b"ISA*999", name="a.999", **rest):
    return inbound.store(
        tx, box, name, "x12:999", data, **{"parent_id": None, "event": "received", "reason": None, **rest}
    )


def test_bytes_are_kept_sealed_and_come_back_whole(tx, box):
    file_id, new = store(tx, box, b"ISA*DOE" * 100)
    assert new
    file = inbound.get(tx, file_id)
    assert (file.mailbox_id, file.name, file.kind, file.state, file.content) == (
        box,
        "a.999",
        "x12:999",
        "RECEIVED",
        b"ISA*DOE" * 100,
    )
    assert b"DOE" not in bytes(tx.value("SELECT content FROM inbound_content"))
    assert tx.value("SELECT content FROM inbound_file") is None
    assert tx.rows("SELECT event, state, detail FROM history WHERE subject_kind = 'inbound'") == [
        ("received", "RECEIVED", "a.999")
    ]
    assert inbound.get(tx, 10**9) is None


def test_the_same_bytes_under_another_name_are_the_same_file(tx, box):
    first, _ = store(tx, box)
    again, new = store(tx, box, name="b.999")
    assert (again, new) == (first, False)
    assert tx.value("SELECT count(*) FROM inbound_file") == 1
    assert tx.value("SELECT count(*) FROM history WHERE subject_kind = 'inbound'") == 1


def test_the_same_bytes_in_another_mailbox_are_another_file(tx, box):
    bank = tenants.mailboxes(tx, "bank")[0].id
    assert store(tx, box)[0] != store(tx, bank)[0]


def test_members_of_a_zip_know_their_zip(tx, box):
    parent, _ = store(tx, box, b"PK", name="a.zip")
    member, _ = store(tx, box, b"ISA", parent_id=parent)
    assert tx.value("SELECT parent_id FROM inbound_file WHERE id = :id", id=member) == parent


def test_an_empty_file_is_kept_too(tx, box):
    file_id, _ = store(tx, box, b"", event="quarantined", reason="it is empty")
    assert inbound.get(tx, file_id).content == b""


def test_what_is_set_aside_says_why_and_is_not_applied(tx, box):
    aside, _ = store(tx, box, b"1", event="quarantined", reason="unknown")
    inbound.applied(tx, aside)
    assert tx.rows("SELECT id, state, reason FROM inbound_file") == [(aside, "QUARANTINED", "unknown")]


def test_what_was_applied_is_applied_once(tx, box):
    file_id, _ = store(tx, box)
    inbound.applied(tx, file_id)
    inbound.applied(tx, file_id)
    assert inbound.get(tx, file_id).state == "APPLIED"
    assert tx.value("SELECT count(*) FROM history WHERE event = 'applied'") == 1


def test_a_file_that_was_moved_does_not_open(tx, box):
    first, _ = store(tx, box)
    second = first + 1000
    tx.run(
        "INSERT INTO inbound_file (id, org_id, mailbox_id, name, kind, sha256, size, state, content)"
        " SELECT :second, org_id, mailbox_id, name, kind, 'x', size, state,"
        " (SELECT content FROM inbound_content WHERE inbound_file_id = :first) FROM inbound_file",
        first=first,
        second=second,
    )
    with pytest.raises(SealBroken):
        inbound.get(tx, second)


def test_bytes_that_a_process_of_before_the_months_wrote_come_back_too(tx, box):
    file_id, _ = store(tx, box)
    tx.run(
        "INSERT INTO inbound_file (id, org_id, mailbox_id, name, kind, sha256, size, state, content)"
        " SELECT :id, org_id, mailbox_id, 'b', kind, 'x', size, state, CAST(:content AS bytea) FROM inbound_file",
        id=file_id + 1000,
        content=tx.keys.seal("inbound_file", "content", file_id + 1000, b"ISA*OLD"),
    )
    assert inbound.get(tx, file_id + 1000).content == b"ISA*OLD"


def test_bytes_that_went_with_their_month_are_told_as_gone_and_left_out(tx, box):
    file_id, _ = store(tx, box, event="quarantined", reason="unknown")
    gone = file_id + 1000
    tx.run(
        "INSERT INTO inbound_file (id, org_id, mailbox_id, name, kind, sha256, size, state)"
        " SELECT :id, org_id, mailbox_id, name, kind, 'x', size, state FROM inbound_file",
        id=gone,
    )
    exceptions.open_all(tx, [Raise("quarantined", "inbound", i, "unknown") for i in (file_id, gone)])
    with pytest.raises(NotKnown, match=f"I{gone} were dropped with the month"):
        inbound.get(tx, gone)
    assert [file.id for file in inbound.quarantined(tx, box, "a.999")] == [file_id]


# -- deliveries -------------------------------------------------------------------------------------------------------
LISTING = [Seen("b", 2, 100), Seen("a", 2, 100), Seen("c", 3, 50)]


def test_a_listing_is_unread_until_its_files_are_taken_in_the_oldest_first(tx, box):
    assert [seen.name for seen in inbound.unread(tx, box, LISTING)] == ["c", "a", "b"]
    file_id, _ = store(tx, box)
    inbound.note_delivery(tx, box, LISTING[2], b"ISA*999", file_id)
    assert [seen.name for seen in inbound.unread(tx, box, LISTING)] == ["a", "b"]
    assert inbound.unread(tx, box, []) == []


@pytest.mark.parametrize("changed", [Seen("c", 4, 50), Seen("c", 3, 51), Seen("C", 3, 50)])
def test_another_size_time_or_name_is_another_delivery(tx, box, changed):
    file_id, _ = store(tx, box)
    inbound.note_delivery(tx, box, LISTING[2], b"ISA*999", file_id)
    assert inbound.unread(tx, box, [changed]) == [changed]


def test_the_same_listing_in_another_mailbox_is_unread(tx, box):
    file_id, _ = store(tx, box)
    inbound.note_delivery(tx, box, LISTING[2], b"ISA*999", file_id)
    bank = tenants.mailboxes(tx, "bank")[0].id
    assert inbound.unread(tx, bank, [LISTING[2]]) == [LISTING[2]]


def test_a_delivery_that_is_not_all_there_is_noted_ages_and_is_read_again(tx, box):
    seen = LISTING[0]
    assert inbound.note_delivery(tx, box, seen, None, None) == 0
    tx.run("UPDATE delivery SET first_seen_at = now() - interval '5 minutes'")
    assert inbound.note_delivery(tx, box, seen, None, None) == pytest.approx(300, abs=1)
    assert inbound.unread(tx, box, [seen]) == [seen]
    file_id, _ = store(tx, box)
    inbound.note_delivery(tx, box, seen, b"ISA*999", file_id)
    assert inbound.unread(tx, box, [seen]) == []
    assert tx.value("SELECT count(*) FROM delivery") == 1


def test_only_what_is_kept_and_understood_may_be_removed_at_the_partners(tx, box):
    good, bad, unread = LISTING
    inbound.note_delivery(tx, box, good, b"1", store(tx, box, b"1")[0])
    inbound.note_delivery(tx, box, bad, b"2", store(tx, box, b"2", event="quarantined", reason="unknown")[0])
    inbound.note_delivery(tx, box, unread, None, None)
    assert inbound.finished(tx, box, LISTING) == [good]


def test_what_a_person_still_has_before_him_is_found_by_its_name(tx, box):
    first, _ = store(tx, box, b"1", event="quarantined", reason="unknown")
    second, _ = store(tx, box, b"2", event="quarantined", reason="unknown")
    exceptions.open_all(tx, [Raise("quarantined", "inbound", i, "unknown") for i in (first, second)])
    exceptions.close(tx, "quarantined", "inbound", [second], "looked at")
    assert [file.id for file in inbound.quarantined(tx, box, "a.999")] == [first]
    assert inbound.quarantined(tx, box, "b.999") == []


def test_a_file_that_another_worker_reads_is_left_to_it(product, org):
    with product.context.tenant(org, "test") as tx:
        file_id, _ = store(tx, tenants.mailboxes(tx, "clearinghouse")[0].id)
    with product.context.tenant(org, "test") as tx, product.context.tenant(org, "test") as other:
        assert inbound.get(tx, file_id, lock=True) is not None
        assert inbound.get(other, file_id, lock=True) is None
        assert inbound.get(other, file_id) is not None
