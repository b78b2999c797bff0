import gc
import weakref

import pytest

from edi import pause
from edi.pause import collector_paused


class Cycle:
    def __init__(self):
        self.own = self


def test_the_collector_rests_inside_and_works_again_afterwards():
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_works_again_after_an_error_too():
    with pytest.raises(ZeroDivisionError), collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("many", [10, 30_000])
def test_cycles_made_inside_are_collected_later(many):
    gc.collect()
    with collector_paused():
        kept = [[] for _ in range(many)]
        for _ in range(100):
            Cycle()
    assert gc.get_freeze_count() == 0
    assert gc.collect() >= 100
    assert len(kept) == many


def test_garbage_does_not_pile_up_however_often_it_reads():
    gc.collect()
    made = []
    for _ in range(2 * pause._FULL_EVERY):
        with collector_paused():
            kept = [[] for _ in range(pause._MANY + 100)]
            made.append(weakref.ref(Cycle()))
        del kept
    assert sum(one() is not None for one in made) <= pause._FULL_EVERY


def test_objects_that_somebody_froze_stay_frozen():
    gc.freeze()
    try:
        with collector_paused():
            kept = [[] for _ in range(pause._MANY + 100)]
        assert gc.get_freeze_count() > 0
        del kept
    finally:
        gc.unfreeze()
