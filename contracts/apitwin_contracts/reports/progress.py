"""How a run is seen while it goes: a moving bar for each supplier on a terminal, a line for each category elsewhere."""

from collections import Counter
from collections.abc import Mapping
from typing import Protocol, Self, get_args

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from apitwin_contracts.drift import CaseResult, Category, Ending, Finding

from .wording import amount, in_short

__all__ = ["Live", "Plain", "progress_on"]

_Planned = Mapping[tuple[str, Category], int]


class _Listener(Protocol):
    """What a run tells."""

    def planned(self, counts: _Planned) -> None: ...

    def found(self, finding: Finding) -> None: ...

    def examined(self, result: CaseResult) -> None: ...

    def crashed(self, name: str, traceback: str) -> None: ...

    def noticed(self, sentence: str) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_error: object) -> None: ...


def progress_on(console: Console) -> "_Listener":
    """Give what suits the console."""
    return Live(console) if console.is_terminal and not console.is_dumb_terminal else Plain(console)


class Plain:
    """Prints a line when a supplier's category is done, and one for each finding at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._left: Counter[tuple[str, Category]] = Counter()
        self._endings: dict[tuple[str, Category], Counter[str]] = {}
        self._seconds: Counter[tuple[str, Category]] = Counter()
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for group in [group for group, left in self._left.items() if left and group in self._endings]:
            self._print_line(group)

    def planned(self, counts: _Planned) -> None:
        """Hear what comes."""
        self._left.update(counts)

    def found(self, finding: Finding) -> None:
        """Hear of a finding, while its case goes on or when it has ended."""
        if finding.fingerprint not in self._told:
            self._told.add(finding.fingerprint)
            text = f"{finding.supplier:<10}{finding.category:<13}drift: {in_short(finding)}"
            self._console.print(Text(text), soft_wrap=True)

    def examined(self, result: CaseResult) -> None:
        """Hear how a case ended."""
        group = (result.supplier, result.category)
        self._endings.setdefault(group, Counter())[result.ending] += 1
        self._seconds[group] += result.seconds  # type: ignore[assignment] # a Counter of seconds
        self._left[group] -= 1
        for finding in result.findings:
            self.found(finding)
        if not self._left[group]:
            self._print_line(group)

    def crashed(self, name: str, traceback: str) -> None:
        """Hear of a bug of ours."""
        self._console.print(
            Text(f"{name} crashed; this is a bug of apitwin, not a finding:\n{traceback}"), soft_wrap=True
        )

    def noticed(self, sentence: str) -> None:
        """Hear why nothing happens for a while."""
        self._console.print(Text(sentence, "dim"), soft_wrap=True)

    def _print_line(self, group: tuple[str, Category]) -> None:
        supplier, category = group
        endings = self._endings[group]
        told = ", ".join(f"{endings[ending]} {ending}" for ending in get_args(Ending) if endings[ending])
        self._console.print(Text(f"{supplier:<10}{category:<13}{self._seconds[group]:6.1f} s  {told}"), soft_wrap=True)


class Live:
    """Moves a bar for each supplier; findings are named above the bars as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]}"),
        )
        self._progress = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._found: Counter[str] = Counter()
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def planned(self, counts: _Planned) -> None:
        """Hear what comes."""
        totals: Counter[str] = Counter()
        for (supplier, _), count in counts.items():
            totals[supplier] += count
        for supplier, total in totals.items():
            self._tasks[supplier] = self._progress.add_task(supplier, total=total, state="")

    def found(self, finding: Finding) -> None:
        """Hear of a finding, while its case goes on or when it has ended."""
        if finding.fingerprint not in self._told:
            self._told.add(finding.fingerprint)
            self._progress.console.print(Text(f"{finding.supplier}: {in_short(finding)}", "red"), soft_wrap=True)

    def examined(self, result: CaseResult) -> None:
        """Hear how a case ended."""
        self._found[result.supplier] += len(result.findings)
        found = self._found[result.supplier]
        state = f"{result.category}, {amount(found, 'finding')}" if found else result.category
        self._progress.update(self._tasks[result.supplier], advance=1, state=state)
        for finding in result.findings:
            self.found(finding)

    def crashed(self, name: str, traceback: str) -> None:
        """Hear of a bug of ours."""
        text = Text(f"{name} crashed; this is a bug of apitwin, not a finding:\n{traceback}")
        self._progress.console.print(text, soft_wrap=True)

    def noticed(self, sentence: str) -> None:
        """Hear why nothing happens for a while."""
        self._progress.console.print(Text(sentence, "dim"), soft_wrap=True)
