"""A broken promise, as data."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal, get_args

from apitwin_fixtures import Source

__all__ = ["CATEGORIES", "SEVERITIES", "Category", "Finding", "Severity", "Step"]

Category = Literal["schema", "wire", "error", "auth", "paging", "state", "webhook", "limits", "performance"]
Severity = Literal["breaking", "dangerous", "additive"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_LONGEST_TEXT = 400


@dataclass(frozen=True)
class Step:
    """One exchange of a reproducer, secrets already hidden; `curl` repeats the request."""

    request: dict[str, Any]
    reply: dict[str, Any]
    curl: str


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


@dataclass(frozen=True)
class Finding:
    """What was promised, what was seen, where, how bad it is, who promised it, and the requests that show it.

    `answered` is what the last reply was taken for: `ok`, a code, or what an unknown refusal looks like; `also` are findings of the same cause.
    """

    supplier: str
    check: str
    category: Category
    severity: Severity
    operation: str
    location: str
    expected: str
    observed: str
    source: Source
    steps: tuple[Step, ...] = ()
    answered: str = ""
    also: tuple["Finding", ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits, the same from run to run: made of the check and the place, not of the values seen."""
        place = re.sub(r"\[\d+\]", "[]", self.location)
        text = f"{self.supplier}|{self.check}|{self.operation}|{place}"
        return blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def weight(self) -> tuple[int, int]:
        """How long the reproducer is: its steps, then its characters; the lighter of two equals is kept."""
        return len(self.steps), sum(len(step.curl) for step in self.steps)

    def with_steps(self, steps: tuple[Step, ...]) -> "Finding":
        """Give the same finding with its reproducer."""
        return replace(self, steps=steps)

    def as_json(self) -> dict[str, Any]:
        """Give the form of the report `apitwin/report/1`."""
        return {
            "fingerprint": self.fingerprint,
            "check": self.check,
            "category": self.category,
            "severity": self.severity,
            "operation": self.operation,
            "location": self.location,
            "expected": _shorten(self.expected),
            "observed": _shorten(self.observed),
            "source": self.source.as_json(),
            "steps": [{"request": step.request, "reply": step.reply, "curl": step.curl} for step in self.steps],
            **({"also": [finding.as_mention() for finding in self.also]} if self.also else {}),
        }

    def as_mention(self) -> dict[str, str]:
        """Give the form in which the report names what has the same cause as another finding."""
        texts = {"expected": _shorten(self.expected), "observed": _shorten(self.observed)}
        return {"fingerprint": self.fingerprint, "check": self.check, "location": self.location, **texts}

    @classmethod
    def from_json(cls, supplier: str, data: dict[str, Any]) -> "Finding":
        """Read the form of the report back, without what else was seen of the cause."""
        plain = {key: value for key, value in data.items() if key not in ("fingerprint", "source", "steps", "also")}
        steps = tuple(Step(**step) for step in data["steps"])
        return cls(supplier=supplier, source=Source.of(data["source"]), steps=steps, **plain)
