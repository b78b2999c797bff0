"""Reading makes very many small objects and no cycles, so the cycle collector only costs time (half of a read)."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

_MANY = 20_000  # objects, from which on handing them over pays
_FULL_EVERY = 100  # hand-overs, which put off the collections that would come by themselves
_handed_over = count(1)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cycle collection inside; afterwards as it was before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MANY and not gc.get_freeze_count():  # what somebody froze stays frozen
            _hand_over()
        gc.enable()


def _hand_over() -> None:
    """All that is new goes to the oldest generation unseen: the first collection would look at each object after all."""
    gc.freeze()
    gc.unfreeze()
    if next(_handed_over) % _FULL_EVERY == 0:
        gc.collect()
