"""How Python looks for what nobody needs any more, in a process that is to run for long."""

import gc
import sys


def spare_the_collector() -> None:
    """Call once all is loaded: what is there by now stays, and is not looked through again at every collection.

    Without it, the many short-lived objects of a busy process make Python look through every loaded module, for a fifth
    of its time. And a thread that has waited for the disk gets its turn sooner than by default, since all wait for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    sys.setswitchinterval(0.0005)
