"""Reading makes very many small objects and no cycles, so the cycle collector only costs time (a third of a read)."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cycle collection inside; afterwards as it was before.

    What was made inside counts as old, so that the collector does not walk through all of it at once when it comes
    back: freezing and thawing moves it there without a look. Left alone where somebody else has frozen objects.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        gc.enable()
