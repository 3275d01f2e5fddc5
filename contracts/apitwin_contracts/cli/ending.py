"""A run that is told to end cleans up first: SIGTERM, which build servers and containers send, means to it what Ctrl-C does."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["ended_by_sigterm"]


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `KeyboardInterrupt` inside; afterwards it means again what it did before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
