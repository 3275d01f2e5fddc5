"""Numbers and verdicts in words."""

from apitwin_contracts.drift import Outcome, Verdict

__all__ = ["SOURCES", "amount", "verdict_line"]

SOURCES = {
    "documented": "the supplier's document promises it",
    "observed": "the supplier was seen to do so",
    "assumed": "our own assumption, perhaps wrong",
}


def amount(count: int, thing: str, things: str = "") -> str:
    """Write `1 finding`, `1,234 findings`."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def verdict_line(outcome: Outcome) -> str:
    """Write one supplier's verdict in a line."""
    checks = f"{outcome.count('passed'):,} of {amount(outcome.run, 'check')} passed"
    skipped = outcome.count("skipped")
    counted = ", ".join([checks, *([f"{skipped:,} skipped"] if skipped else [])])
    sent = f"{amount(outcome.exchanges, 'request')} in {outcome.seconds:.1f} s"
    setting = outcome.setting
    where = f"{setting.target}, profile {setting.profile}, seed {setting.seed}"
    return f"{setting.supplier} {_said(outcome)}  {counted}; {sent} ({where})"


def _said(outcome: Outcome) -> str:
    said: dict[Verdict, str] = {
        "holds": "holds:",
        "drift": f"drifts: {amount(len(outcome.findings), 'finding')};",
        "unreachable": "unreachable, no verdict:",
        "nothing": "no verdict, nothing was checked:",
        "crashed": "no verdict, a check crashed:",
    }
    return said[outcome.verdict]
