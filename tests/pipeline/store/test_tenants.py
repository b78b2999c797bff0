"""Mailboxes in the store: leases with fences, pauses, and what a good login lifts. See also services/test_setup.py."""

import pytest

from pipeline.domain.errors import NotKnown
from pipeline.store import tenants
from pipeline.store.crypto import Keyring, SealBroken
from pipeline.store.database import Database


@pytest.fixture
def tx(product, org):
    with product.context.tenant(org, "test") as tx:
        yield tx


@pytest.fixture
def box(tx):
    return tenants.mailboxes(tx, "clearinghouse")[0].id


def test_mailboxes_are_listed_by_kind(tx):
    assert [box.profile.kind for box in tenants.mailboxes(tx)] == ["clearinghouse", "bank"]
    assert [box.name for box in tenants.mailboxes(tx, "bank")] == ["bank"]
    assert tenants.mailboxes(tx, "post office") == []


def test_a_lease_is_held_by_one_and_its_fence_only_grows(tx, box):
    first = tenants.take_mailbox(tx, box, 60)
    assert tenants.take_mailbox(tx, box, 60) is None
    tx.run("UPDATE mailbox SET lease_until = now() - interval '1 second'")
    assert tenants.take_mailbox(tx, box, 60) == first + 1


def test_whoever_lost_the_lease_cannot_give_it_back(tx, box):
    first = tenants.take_mailbox(tx, box, 60)
    tx.run("UPDATE mailbox SET lease_until = now() - interval '1 second'")
    second = tenants.take_mailbox(tx, box, 60)
    tenants.release_mailbox(tx, box, first)
    assert tenants.take_mailbox(tx, box, 60) is None
    tenants.release_mailbox(tx, box, second)
    assert tenants.mailbox(tx, box).last_polled_at is not None
    assert tenants.take_mailbox(tx, box, 60) == second + 1


def test_a_pause_lasts_its_time_and_counts_failures(tx, box):
    tenants.pause_mailbox(tx, box, "login_refused", 60)
    tenants.pause_mailbox(tx, box, "unreachable", 60)
    now = tenants.mailbox(tx, box)
    assert (now.paused, now.pause_reason, now.failures) == (True, "unreachable", 2)
    tx.run("UPDATE mailbox SET paused_until = now() - interval '1 second'")
    assert not tenants.mailbox(tx, box).paused


def test_a_good_login_lifts_a_pause_and_says_whether_there_was_one(tx, box):
    assert not tenants.mailbox_works(tx, box)
    tenants.pause_mailbox(tx, box, "unreachable", 60)
    assert tenants.mailbox_works(tx, box)
    now = tenants.mailbox(tx, box)
    assert (now.paused, now.pause_reason, now.failures) == (False, None, 0)
    assert not tenants.mailbox_works(tx, box)


def test_a_profile_that_was_moved_does_not_open(tx, box):
    bank = tenants.mailboxes(tx, "bank")[0].id
    tx.run(
        "UPDATE mailbox SET profile = (SELECT profile FROM mailbox WHERE id = :box) WHERE id = :bank",
        box=box,
        bank=bank,
    )
    with pytest.raises(SealBroken, match=f"mailbox.profile of row {bank}"):
        tenants.mailbox(tx, bank)
    tenants.mailbox(tx, box)


def test_nobody_of_that_name_is_told(tx):
    assert tenants.principal(tx, "ana")[1] == ["preparer"]
    with pytest.raises(NotKnown, match="'eve'"):
        tenants.principal(tx, "eve")


# -- keys -------------------------------------------------------------------------------------------------------------
def test_every_tenant_has_keys_of_its_own_wrapped_by_the_current_one(product, org, neighbour):
    seen = []
    for tenant in (org, neighbour):
        with product.context.tenant(tenant, "test") as tx:
            seen.append((tx.keys.index("member", "M"), tx.first("SELECT wrapping_key_id, data_key FROM tenant")))
    (first, ours), (second, theirs) = seen
    assert first != second
    assert ours.wrapping_key_id == theirs.wrapping_key_id == "test"
    assert bytes(ours.data_key) != bytes(theirs.data_key)


def test_what_is_stored_outlives_a_new_current_key(settings, product, org, box):
    keys = {**settings.wrapping_keys, "next": bytes(32)}
    database = Database(settings.database_url.get_secret_value(), Keyring(keys, "next"))
    with database.tenant(org, "test") as tx:
        assert tenants.mailbox(tx, box).profile.submitter_id == "INVEMS"
    newer = tenants.create(database, "newer", "Newer", approval_limit_cents=1)
    with database.tenant(newer, "test") as tx:
        assert tx.value("SELECT wrapping_key_id FROM tenant") == "next"
    database.dispose()
    with pytest.raises(SealBroken, match="'next', which the settings lack"), product.context.tenant(newer, "test"):
        pass


def test_a_tenant_with_the_keys_of_another_does_not_open(product, org, neighbour):
    with product.database.narrow() as tx:
        for tenant in (org, neighbour):
            tx.value("SELECT set_config('app.org_id', :org, true)", org=str(tenant))
            if tenant == org:
                stolen = bytes(tx.value("SELECT data_key FROM tenant"))
            else:
                tx.run("UPDATE tenant SET data_key = :key", key=stolen)
    with pytest.raises(SealBroken, match=f"tenant {neighbour}: its data key does not open"):
        _open_afresh(product, neighbour)


def _open_afresh(product, tenant):
    database = Database(product.settings.database_url.get_secret_value(), product.database.keyring)
    try:
        with database.tenant(tenant, "test"):
            pass
    finally:
        database.dispose()
