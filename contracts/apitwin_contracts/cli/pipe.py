"""A reader that went away is no error."""

import os
import sys

from rich.console import Console

__all__ = ["QuietConsole", "silence"]


def silence() -> None:
    """Send whatever is still to be printed nowhere, also what Python flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class QuietConsole(Console):
    """A console that falls silent when its reader goes away, and lets the command go on to its verdict."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        silence()
