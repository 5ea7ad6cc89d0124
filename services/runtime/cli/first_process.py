"""A container's first process, and the signal that asks it to end."""

import os
import signal
import sys


def end_when_asked() -> None:
    """As process 1, end on SIGTERM until a worker listens for it: the kernel does nothing with a signal that process 1
    has no handler for, and whoever stops the container would wait in vain.
    """
    if os.getpid() == 1:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
