"""A run that is told to end cleans up first: SIGTERM, which build servers and containers send, means to it what Ctrl-C does."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["ended_by_sigterm", "sigterm_as_servers_have_it"]


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `KeyboardInterrupt` inside; afterwards it means again what it did before."""
    with _sigterm(signal.default_int_handler):
        yield


@contextmanager
def sigterm_as_servers_have_it() -> Iterator[None]:
    """Let a server inside end by SIGTERM itself, once it has said good-bye: whoever started it looks for that."""
    with _sigterm(signal.SIG_DFL):
        yield


@contextmanager
def _sigterm(handler: Any) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
