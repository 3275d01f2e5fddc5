"""A run over mutants on a terminal: a line that counts while it goes, then the table, who survived, and the verdict."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from apitwin_contracts.drift import CATEGORIES, Control, Harvest, Trial, score

from .mutants_json import tally
from .wording import amount

__all__ = ["counting", "say", "tell_mutants"]

_HEAD = ("supplier", "category", "killed", "survived", "equivalent", "n/a", "score", "time")
_VERDICTS = {
    "holds": ("holds", "bold green"),
    "below": ("below the goal", "bold red"),
    "invalid": ("invalid: an undrifted mock was told something of", "bold red"),
    "crashed": ("crashed: a check of apitwin broke", "bold red"),
    "nothing": ("nothing was tried", "bold yellow"),
}


def counting(console: Console) -> Progress:
    """Give the one line that counts; it leaves nothing behind, and elsewhere than on a terminal nothing is seen of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}"))
    return Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal)


def say(console: Console, text: str = "", style: str = "") -> None:
    """Print a line, however long."""
    console.print(Text(text, style), soft_wrap=True)


def tell_mutants(console: Console, harvest: Harvest) -> None:
    """Print what came of a run."""
    for when, controls in (("undrifted", harvest.controls), ("undrifted, after the mutants", harvest.afterwards)):
        for control in controls:
            for line in _control_lines(control, when):
                say(console, line, "bold red")
    if harvest.trials:
        console.print(_table(harvest))
    for title, fate, style in (
        ("survived", "survived", "yellow"),
        ("crashed, which is a bug of apitwin", "crashed", "bold red"),
        ("equivalent: nobody who keeps to the documents could notice", "equivalent", "dim"),
    ):
        for line in _fated(harvest.trials, title, fate):
            say(console, line, style)
    for line in _untried(harvest.trials):
        say(console, line, "dim")
    say(console, _verdict(harvest), _VERDICTS[harvest.verdict][1])


def _control_lines(control: Control, when: str) -> Iterator[str]:
    for finding in control.findings:
        yield f"{control.supplier} {when}: {finding.check} at {finding.location}: expected {finding.expected}, observed {finding.observed}"
    for crash in control.crashes:
        yield f"{control.supplier} {when}: {crash}"


def _table(harvest: Harvest) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in _HEAD:
        table.add_column(name, justify="left" if name in ("supplier", "category") else "right", no_wrap=True)
    for supplier in dict.fromkeys(trial.supplier for trial in harvest.trials):
        for category in CATEGORIES:
            found = [one for one in harvest.trials if (one.supplier, one.category) == (supplier, category)]
            if found:
                table.add_row(*_row(supplier, category, found))
    for category in CATEGORIES:
        if category in harvest.categories:
            table.add_row(*_row("all", category, harvest.categories[category]))
    table.add_row(*_row("all", "all", harvest.trials))
    return table


def _row(supplier: str, category: str, trials: Sequence[Trial]) -> tuple[str, ...]:
    counts = tally(trials)
    found = counts["score"]
    shown = "-" if found is None else f"{found:.1f}"
    survived = str(counts["survived"] + counts["crashed"])
    rest = (str(counts[name]) for name in ("equivalent", "not_applicable"))
    return supplier, category, str(counts["killed"]), survived, *rest, shown, f"{counts['seconds']:.1f} s"


def _fated(trials: Iterable[Trial], title: str, fate: str) -> Iterator[str]:
    found = [trial for trial in trials if trial.fate == fate]
    if found:
        yield f"{title}:"
    for trial in found:
        reason = f" [{trial.reason}]" if trial.reason else ""
        yield f"   {trial.mutant}: {trial.promise}{reason}"


def _untried(trials: Iterable[Trial]) -> Iterator[str]:
    reasons: dict[tuple[str, str], list[str]] = {}
    for trial in trials:
        if trial.fate == "not applicable":
            reasons.setdefault((trial.supplier, trial.reason), []).append(trial.mutant)
    if reasons:
        yield "not applicable:"
    for (supplier, reason), names in reasons.items():
        short = ", ".join(name.removeprefix(f"{supplier}-") for name in names)
        yield f"   {supplier}: {reason}: {short}"


def _verdict(harvest: Harvest) -> str:
    found, goal = score(harvest.trials), harvest.goal
    counts = tally(harvest.trials)
    told = _VERDICTS[harvest.verdict][0]
    scores = [one for one in map(score, harvest.categories.values()) if one is not None]
    shown = (
        f"{found:.1f} of 100 killed, at least {min(scores):.1f} in each category" if found is not None else "no score"
    )
    return (
        f"{told}: {shown} (goal {goal.overall:g} and {goal.category:g}); "
        f"{amount(counts['killed'], 'mutant')} killed in {harvest.seconds:.0f} s on {amount(harvest.jobs, 'worker')}, "
        f"{harvest.cpu_seconds:.0f} s of CPU time; profile {harvest.profile}, seed {harvest.seed}{_by(harvest)}"
    )


def _by(harvest: Harvest) -> str:
    if harvest.by == "check":
        return ""
    steps = harvest.median_steps
    return f"; by {harvest.by}" + (f", in {steps:g} steps as the median" if steps is not None else "")
