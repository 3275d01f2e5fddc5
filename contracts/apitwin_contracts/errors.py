"""What can end a check early.

Exception
├── Violation              a finding: the target broke a promise
├── NothingToExamine       the target has nothing that this check could look at
│   └── NotRecorded        the target is a recording, which does not hold this request
├── UnreachableError       no verdict: the target could not be reached or did not let us in
└── UsageError             a wrong use of ours: what happened, the nearest thing that would work, what to do
    └── LeakError          a secret would have reached the disk; nothing was written
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .drift.finding import Finding

__all__ = ["LeakError", "NotRecorded", "NothingToExamine", "UnreachableError", "UsageError", "Violation"]


class Violation(Exception):  # noqa: N818 - the target broke a promise; nothing went wrong here
    """The target broke a promise; the finding says which, where and how."""

    def __init__(self, finding: "Finding") -> None:
        super().__init__(
            f"{finding.check} at {finding.location}: expected {finding.expected}, observed {finding.observed}"
        )
        self.finding = finding


class NothingToExamine(Exception):  # noqa: N818 - an outcome of a check, not a failure of ours
    """The check has nothing to look at, so it has neither passed nor failed."""


class NotRecorded(NothingToExamine):
    """The target is a recording and was never asked this; the message names the nearest recording and what differs."""


class UnreachableError(Exception):
    """The target could not be reached, answered nothing usable, or refused our credentials."""


class UsageError(Exception):
    """The command, its configuration or its input is wrong; the message says what to do."""


class LeakError(UsageError):
    """A secret would have reached the disk, and nothing was written; the message says where, and never the secret."""
