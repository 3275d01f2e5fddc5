"""How every command ends: a wrong use is one line and code 2, a reader that went away is no error, Ctrl-C is 130, and SIGTERM is Ctrl-C."""

import sys
from collections.abc import Callable

from apitwin_contracts.errors import UsageError

from .ending import ended_by_sigterm

__all__ = ["guarded", "misused"]

_MISUSED, _INTERRUPTED, _BROKEN_PIPE = 2, 130, 141


def guarded(work: Callable[[], int]) -> int:
    """Do a command's work and give its exit code."""
    try:
        with ended_by_sigterm():
            code = work()
        sys.stdout.flush()
    except UsageError as error:
        return misused(str(error))
    except BrokenPipeError:
        from .pipe import silence

        silence()
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code


def misused(message: str) -> int:
    """Say what was wrong, and give the exit code."""
    print(f"apitwin: {message}", file=sys.stderr)
    return _MISUSED
