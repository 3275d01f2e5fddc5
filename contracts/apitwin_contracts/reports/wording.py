"""Numbers and verdicts in words."""

import textwrap

from apitwin_contracts.drift import Finding, Outcome, Verdict

__all__ = ["SOURCES", "amount", "in_short", "verdict_line"]

_MOST_OF_A_TEXT = 120

SOURCES = {
    "documented": "the supplier's document promises it",
    "observed": "the supplier was seen to do so",
    "assumed": "our own assumption, perhaps wrong",
}


def amount(count: int, thing: str, things: str = "") -> str:
    """Write `1 finding`, `1,234 findings`."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def in_short(finding: Finding) -> str:
    """Write what was promised and what was seen in a line."""
    expected, observed = (
        textwrap.shorten(text, _MOST_OF_A_TEXT, placeholder=" …") for text in (finding.expected, finding.observed)
    )
    return f"{finding.check} at {finding.location}: expected {expected}, observed {observed}"


def verdict_line(outcome: Outcome) -> str:
    """Write one supplier's verdict in a line."""
    skipped, setting = outcome.count("skipped"), outcome.setting
    parts = [
        *([f"{outcome.count('passed'):,} of {amount(outcome.run, 'check')} passed"] if outcome.run else []),
        *([f"{skipped:,} skipped"] if skipped else []),
        f"{amount(outcome.exchanges, 'request')} in {outcome.seconds:.1f} s",
    ]
    where = f"{setting.target}, profile {setting.profile}, seed {setting.seed}"
    return f"{setting.supplier}: {_said(outcome)}; {', '.join(parts)} ({where})"


def _said(outcome: Outcome) -> str:
    said: dict[Verdict, str] = {
        "holds": "the contract holds",
        "drift": f"drift, {amount(len(outcome.findings), 'finding')}",
        "unreachable": "no verdict, the target could not be reached or did not let us in",
        "nothing": "no verdict, nothing was checked",
        "crashed": "no verdict, a check crashed",
    }
    return said[outcome.verdict]
