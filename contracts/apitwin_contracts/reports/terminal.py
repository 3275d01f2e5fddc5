"""The report on a terminal: each supplier's findings, sorted, each with the commands that repeat it, and the verdicts last."""

import re
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from apitwin_contracts.drift import Finding, Outcome

from .wording import SOURCES, amount, verdict_line

__all__ = ["tell"]

_COLOURS = {"breaking": "bold red", "dangerous": "yellow", "additive": "cyan"}
_VERDICTS = {"holds": "bold green", "drift": "bold red"}
_VARIABLE = re.compile(r'"\$\{([A-Z0-9_]+)\}"')
_MOST_SKIPS = 6
_MOST_OTHERS = 4


def tell(console: Console, outcomes: Iterable[Outcome], warnings: Iterable[str] = ()) -> None:
    """Print the report."""
    listed = list(outcomes)
    for outcome in listed:
        for number, finding in enumerate(outcome.findings, 1):
            _say(console)
            _tell_finding(console, number, finding)
    _say(console)
    for line in _notes(listed):
        _say(console, line, "dim")
    for warning in warnings:
        _say(console, f"warning: {warning}", "yellow")
    for outcome in listed:
        _say(console, verdict_line(outcome), _VERDICTS.get(outcome.verdict, "bold yellow"))
        _tell_rest(console, outcome)


def _say(console: Console, text: str = "", style: str = "") -> None:
    # Soft wrapping: a command that is copied must not have got a line end in its middle.
    console.print(Text(text, style), soft_wrap=True)


def _tell_finding(console: Console, number: int, finding: Finding) -> None:
    head = f"{finding.supplier} {number}. {finding.severity} {finding.category} drift of {finding.operation}"
    _say(console, head, _COLOURS[finding.severity])
    source = finding.source
    for name, text in (
        ("check", finding.check),
        ("location", finding.location),
        ("expected", finding.expected),
        ("observed", finding.observed),
        ("source", f"{source.kind}, {source.where}: {SOURCES[source.kind]}"),
        ("fingerprint", finding.fingerprint),
    ):
        _say(console, f"   {name:<12}{_indented(text)}")
    for line in _others(finding):
        _say(console, f"   {line}", "dim")
    if finding.steps:
        _say(console, f"   {amount(len(finding.steps), 'request')} to see it:")
    for step in finding.steps:
        _say(console, f"   {step.curl}")


def _others(finding: Finding) -> Iterator[str]:
    """Name what else was seen of the cause."""
    listed = list(dict.fromkeys(f"{other.check} at {other.location}" for other in finding.also))
    for line in listed[:_MOST_OTHERS]:
        yield f"{'also':<12}{line}"
    if len(listed) > _MOST_OTHERS:
        yield f"{'':<12}and {amount(len(listed) - _MOST_OTHERS, 'more place')}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 15)


def _notes(outcomes: list[Outcome]) -> Iterator[str]:
    steps = [step for outcome in outcomes for finding in outcome.findings for step in finding.steps]
    variables = sorted({name for step in steps for name in _VARIABLE.findall(step.curl)})
    if variables:
        yield f"The commands read secrets from the environment; set {', '.join(variables)}."
    mocked = [outcome.setting for outcome in outcomes if outcome.setting.target == "mock" and len(outcome.findings)]
    if mocked:
        names = " ".join(setting.supplier for setting in mocked)
        yield f"They ask the mock that `apitwin serve {names} --seed {mocked[0].seed}` brings up."


def _tell_rest(console: Console, outcome: Outcome) -> None:
    if outcome.unreachable:
        _say(console, f"   {outcome.unreachable}", "yellow")
    for crash in outcome.crashes:
        _say(console, f"   {crash.name}: {crash.reason}", "yellow")
    if outcome.unfinished:
        _say(console, f"   {amount(outcome.unfinished, 'check was', 'checks were')} not run", "yellow")
    skips = outcome.skips
    for reason, count in skips[:_MOST_SKIPS]:
        _say(console, f"   {count:,} skipped: {reason}", "dim")
    if len(skips) > _MOST_SKIPS:
        rest = sum(count for _, count in skips[_MOST_SKIPS:])
        _say(console, f"   {rest:,} skipped for {len(skips) - _MOST_SKIPS} other reasons", "dim")
