"""The collector rests inside and works on afterwards, as it did before."""

import gc

import pytest

from edi.x12.pause import collector_paused


def test_it_rests_inside_and_comes_back():
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_it_comes_back_after_an_error():
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()


def test_what_was_made_inside_is_still_collected():
    class Node:
        gone = 0

        def __del__(self):
            Node.gone += 1

    with collector_paused():
        one = Node()
        one.itself = one
        del one
    gc.collect()
    assert Node.gone == 1


def test_objects_that_somebody_froze_stay_frozen():
    gc.freeze()
    try:
        with collector_paused():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_a_collector_that_is_off_stays_off():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
