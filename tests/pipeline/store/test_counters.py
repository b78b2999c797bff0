"""Numbers that never repeat, whoever asks at the same time and whoever gives up."""

import threading

import pytest

from pipeline.store import counters


def test_numbers_follow_each_other_by_name(product, org):
    with product.context.tenant(org, "test") as tx:
        assert [counters.take(tx, "a"), counters.take(tx, "a", 3), counters.take(tx, "a")] == [1, 2, 5]
        assert counters.take(tx, "b") == 1
        assert [counters.take(tx, "c", 2, start=100), counters.take(tx, "c", start=100)] == [100, 102]


def test_tenants_count_apart(product, org, neighbour):
    for tenant in (org, neighbour):
        with product.context.tenant(tenant, "test") as tx:
            assert counters.take(tx, "a", 5) == 1


def test_a_take_that_is_rolled_back_leaves_no_gap_and_nothing_twice(product, org):
    with product.context.tenant(org, "test") as tx:
        counters.take(tx, "a")
    with pytest.raises(RuntimeError), product.context.tenant(org, "test") as tx:  # noqa: PT012 - all of it rolls back
        assert counters.take(tx, "a", 10) == 2
        raise RuntimeError
    with product.context.tenant(org, "test") as tx:
        assert counters.take(tx, "a") == 2


def test_takes_at_once_never_overlap(product, org):
    taken, start = [], threading.Barrier(4)

    def run():
        start.wait()
        for _ in range(10):
            with product.context.tenant(org, "test") as tx:
                first = counters.take(tx, "a", 3)
                taken.extend(range(first, first + 3))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 121))
