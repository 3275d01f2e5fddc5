"""Which cases run: `--only` and `--skip` name a check, a category, an operation, or a pattern of them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .cases import Case

__all__ = ["Selection"]


@dataclass(frozen=True)
class Selection:
    """What to take (nothing named: everything) and what to leave out; letters count alike in both cases."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def of(self, cases: Iterable[Case]) -> list[Case]:
        """Give the cases that are selected, in their order."""
        return [case for case in cases if self._takes(case)]

    def _takes(self, case: Case) -> bool:
        wanted = not self.only or any(_fits(case, text) for text in self.only)
        return wanted and not any(_fits(case, text) for text in self.skip)

    def idle(self, cases: Iterable[Case]) -> list[str]:
        """Give a sentence for each name that fits no case at all."""
        listed = list(cases)
        named = [("--only", text) for text in self.only] + [("--skip", text) for text in self.skip]
        return [
            f"{flag} {text} fits no check{_hint(text, listed)}"
            for flag, text in named
            if not any(_fits(case, text) for case in listed)
        ]


def _names(case: Case) -> list[str]:
    return [case.check.id, case.category, *sorted(case.operations), case.id]


def _fits(case: Case, text: str) -> bool:
    return any(fnmatchcase(name.lower(), text.lower()) for name in _names(case))


def _hint(text: str, cases: Iterable[Case]) -> str:
    short = {name for case in cases for name in _names(case)[:-1]}
    near = difflib.get_close_matches(text, sorted(short), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
