"""The garbage collector as a worker needs it.

What decisions make holds nothing in a circle and is gone when it is no longer used; the collector finds next to
nothing, and by default spends a tenth of a worker's time on looking, for at every collection it walks through whatever
the libraries made when they were imported.
"""

import gc

_YOUNG = 10_000
"""Objects made and not gone again before the collector looks at them; it comes with 700."""


def collect_seldom() -> None:
    """Leave alone what exists now, and look at the rest less often. For a process that is to be a worker."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
