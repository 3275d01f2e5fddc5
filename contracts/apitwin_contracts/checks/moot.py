"""What a check's own trouble means: where an answer has another shape than promised, laws over it are moot, and no crash of ours."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from apitwin_contracts.errors import NothingToExamine, Violation

from .check import Check, Examination

__all__ = ["guarded"]

_TROUBLE = (KeyError, TypeError, AttributeError, ValueError, IndexError, StopIteration)


def guarded(check: Check) -> Check:
    """Give a check that is moot where it presupposes another that failed for its subject, or stumbles over a misshapen answer."""

    def examine(examination: Examination, subject: Any) -> None:
        failed = [name for name in check.presupposes if (name, subject.name) in examination.run.failed]
        if failed:
            raise NothingToExamine(f"{failed[0]} has failed for {subject.name}")
        try:
            check.examine(examination, subject)
        except Exception as error:
            if any(isinstance(leaf, Violation) and leaf.finding.check == check.id for leaf in _leaves(error)):
                examination.run.failed.add((check.id, subject.name))
            _explain(examination, error)
            raise

    return replace(check, examine=examine)


def _explain(examination: Examination, error: Exception) -> None:
    """Raise `NothingToExamine` instead of an error that a misshapen answer explains."""
    misshapen = examination.run.misshapen
    if misshapen is not None and any(isinstance(leaf, _TROUBLE) for leaf in _leaves(error)):
        raise NothingToExamine(f"an answer has not the contract's shape: {misshapen.location}") from error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
