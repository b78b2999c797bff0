"""Durable timers: what is due is found, once a lease, and nothing is put off by asking again."""

import pytest
from at_once import at_once

from pipeline.store import exceptions, work
from pipeline.store.exceptions import Raise


@pytest.fixture
def tenant(product, org):
    """Opens transactions of a tenant whose mailboxes do not wait to be polled."""

    def opened():
        return product.context.tenant(org, "test")

    with opened() as tx:
        tx.run("DELETE FROM due_work")
    return opened


def waits_s(tx, stage="take", subject=1):
    seconds = "SELECT round(extract(epoch FROM due_at - now())) FROM due_work WHERE stage = :s AND subject_id = :i"
    return float(tx.value(seconds, s=stage, i=subject))


def make_due(tenant):
    with tenant() as tx:
        tx.run("UPDATE due_work SET due_at = now() - interval '1 second'")


def taken(product, limit=10, lease_s=60):
    with product.database.narrow() as tx:
        return work.take_due(tx, limit, lease_s)


@pytest.mark.parametrize(("first", "then", "left"), [(100, 10, 10), (10, 100, 10), (10, 10, 10)])
def test_put_keeps_the_sooner_time(tenant, first, then, left):
    with tenant() as tx:
        work.put(tx, "take", [1], first)
        work.put(tx, "take", [1, 2], then)
        assert waits_s(tx) == left
        assert waits_s(tx, subject=2) == then


def test_put_of_nothing_is_nothing(tenant):
    with tenant() as tx:
        work.put(tx, "take", [], 0)
        assert tx.value("SELECT count(*) FROM due_work") == 0


@pytest.mark.parametrize(("first", "then"), [(100, 10), (10, 100), (100, 0.5)])
def test_postpone_sets_the_time_later_or_sooner(tenant, first, then):
    with tenant() as tx:
        work.put(tx, "take", [1], first)
        work.postpone(tx, "take", 1, then)
        work.postpone(tx, "poll", 5, 30)
        assert abs(waits_s(tx) - then) <= 0.5
        assert waits_s(tx, "poll", 5) == 30


def test_done_takes_only_what_it_names(tenant):
    with tenant() as tx:
        work.put(tx, "take", [1, 2], 0)
        work.put(tx, "poll", [1], 0)
        work.done(tx, "take", [1, 99])
        left = [(r.stage, r.subject_id) for r in tx.rows("SELECT * FROM due_work ORDER BY 1, 2")]
    assert left == [("poll", 1), ("take", 2)]


def test_what_is_due_is_taken_once_a_lease_the_oldest_first(product, org, tenant):
    with tenant() as tx:
        work.put(tx, "take", [1, 2, 3], 60)
        tx.run(
            "UPDATE due_work SET due_at = now() - make_interval(secs => CAST(subject_id AS int)) WHERE subject_id < 3"
        )
    assert [one.subject_id for one in taken(product, limit=1)] == [2]
    [one] = taken(product)
    assert (one.stage, one.org_id, one.subject_id, one.attempts) == ("take", org, 1, 0)
    assert taken(product) == []
    make_due(tenant)
    assert {one.subject_id for one in taken(product)} == {1, 2, 3}
    with tenant() as tx:
        assert 55 <= waits_s(tx) <= 60


def test_each_failure_waits_longer_up_to_a_ceiling_and_is_counted(product, tenant):
    waits = []
    for attempt in (1, 2, 3, 4):
        with tenant() as tx:
            assert work.failed(tx, "take", 1, "outage", 10, 35) == attempt
            waits.append(waits_s(tx))
    assert waits == [10, 20, 35, 35]
    make_due(tenant)
    assert [one.attempts for one in taken(product)] == [4]


@pytest.mark.parametrize("settle", [work.succeeded, lambda tx, stage, subject: work.done(tx, stage, [subject])])
def test_a_success_ends_the_count_and_what_a_person_was_told(tenant, settle):
    with tenant() as tx:
        for subject in (1, 2):
            work.failed(tx, "take", subject, "outage", 10, 35)
            exceptions.open_all(tx, [Raise("outage", "take", subject, "away")])
        settle(tx, "take", 1)
        assert tx.value("SELECT attempts FROM due_work WHERE subject_id = 1") in {0, None}
        states = tx.rows("SELECT state FROM work_exception ORDER BY subject_id")
    assert [row.state for row in states] == ["RESOLVED", "OPEN"]


def test_what_another_holds_is_passed_over(product, tenant):
    with tenant() as tx:
        work.put(tx, "take", [1, 2], 0)
    make_due(tenant)
    with tenant() as tx:
        assert work.lock(tx, "take", 1)
        with tenant() as other:
            assert not work.lock(other, "take", 1)
            assert not work.lock(other, "take", 99)
            assert work.lock(other, "take", 2)
        assert [one.subject_id for one in taken(product)] == [2]


def test_two_sweeps_at_once_take_each_row_once(product, tenant):
    with tenant() as tx:
        work.put(tx, "take", list(range(60)), 0)
    make_due(tenant)
    found = []

    def run():
        for _ in range(4):
            found.extend(one.subject_id for one in taken(product, limit=7))

    at_once([run] * 3)
    assert sorted(found) == list(range(60))


def test_the_same_subject_of_two_tenants_is_two_rows(product, org, neighbour):
    for tenant in (org, neighbour):
        with product.context.tenant(tenant, "test") as tx:
            work.put(tx, "take", [1], 0)
    with product.context.tenant(org, "test") as tx:
        work.done(tx, "take", [1])
    with product.database.narrow() as narrow:
        assert [r.org_id for r in narrow.rows("SELECT org_id FROM due_work WHERE stage = 'take'")] == [neighbour]


@pytest.fixture
def flooded(product, org, neighbour, tenant):
    """5,000 pieces of work of one tenant, all older than the ten of the other."""
    for owner, count in ((org, 5_000), (neighbour, 10)):
        with product.context.tenant(owner, "test") as tx:
            tx.run("DELETE FROM due_work WHERE org_id = :org", org=owner)
            work.put(tx, "take", list(range(count)), 0)
            age = "UPDATE due_work SET due_at = now() - make_interval(mins => :age, secs => 5000 - subject_id)"
            tx.run(f"{age} WHERE org_id = :org", org=owner, age=60 if owner == org else 0)


@pytest.mark.usefixtures("flooded")
def test_a_tenants_flood_does_not_keep_another_waiting(product, org, neighbour):
    due = taken(product, limit=100)
    assert [one.org_id for one in due[:20]] == [org, neighbour] * 10  # in turn
    assert [one.subject_id for one in due if one.org_id == neighbour] == list(range(10))
    assert [one.subject_id for one in due if one.org_id == org] == list(
        range(90)
    )  # nothing of the limit is left unused


@pytest.mark.usefixtures("flooded")
def test_with_more_tenants_than_are_taken_the_longest_waiting_come_first(product, org, neighbour):
    assert [(one.org_id, one.subject_id) for one in taken(product, limit=1)] == [(org, 0)]
    with product.context.tenant(org, "test") as tx:
        tx.run("DELETE FROM due_work WHERE org_id = :org", org=org)
    assert [(one.org_id, one.subject_id) for one in taken(product, limit=1)] == [(neighbour, 0)]
