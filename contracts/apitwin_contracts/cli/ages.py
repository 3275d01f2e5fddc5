"""`--max-age 90d`: how long ago a fixture may have been seen on the real thing, and which ones are older."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from apitwin_contracts.errors import UsageError
from apitwin_fixtures import Fixtures
from apitwin_fixtures.age import FixtureAge, fixture_ages

from .columns import columns

__all__ = ["Ages", "ago", "days_of", "older_than"]

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_AGE = re.compile(r"([0-9]{1,5})([dwmy])")
_EXAMPLES = "90d, 12w, 6m or 1y"


def days_of(text: str) -> int:
    """Read a number of days, weeks, months of 30 days or years of 365 as days; raises `UsageError`."""
    found = _AGE.fullmatch(text.strip().lower())
    if found:
        return int(found[1]) * _DAYS[found[2]]
    hint = f"; did you mean {text}d?" if text.isascii() and text.isdecimal() else ""
    raise UsageError(f"--max-age is a number of days, weeks, months or years such as {_EXAMPLES}, not {text!r}{hint}")


@dataclass(frozen=True)
class Ages:
    """How old one supplier's fixtures are on a day."""

    fixtures: tuple[FixtureAge, ...]
    today: date

    @classmethod
    def of(cls, fixtures: Fixtures, today: date) -> "Ages":
        """Look at every fixture."""
        return cls(fixture_ages(fixtures), today)

    @property
    def seen(self) -> list[date]:
        """The days on which fixtures were last seen on the real thing, the oldest first."""
        return sorted(fixture.seen for fixture in self.fixtures if fixture.seen)

    def as_json(self) -> dict[str, Any]:
        """Give what `--json` prints; `oldest_days` and `newest_days` count what was seen alone."""
        seen = self.seen
        return {
            "fixtures": len(self.fixtures),
            "never_seen": len(self.fixtures) - len(seen),
            "oldest": seen[0].isoformat() if seen else None,
            "newest": seen[-1].isoformat() if seen else None,
            "oldest_days": (self.today - seen[0]).days if seen else None,
            "newest_days": (self.today - seen[-1]).days if seen else None,
        }

    def older(self, days: int) -> list[dict[str, Any]]:
        """Give each fixture that was last seen more days ago, or never."""
        return [
            {
                "fixture": fixture.name,
                "kind": fixture.kind,
                "seen": fixture.seen.isoformat() if fixture.seen else None,
                "days": (self.today - fixture.seen).days if fixture.seen else None,
                "written": fixture.written.isoformat() if fixture.written else None,
            }
            for fixture in self.fixtures
            if fixture.is_older_than(days, self.today)
        ]


def older_than(listed: Iterable[dict[str, Any]], age: str) -> str:
    """Write which fixtures of the listed suppliers are older than an age, or that none is."""
    parts = [_older(entry, age) for entry in listed if entry["older"]]
    return "\n\n".join(parts) if parts else f"no fixture is older than {age}"


def _older(entry: dict[str, Any], age: str) -> str:
    head = f"{entry['supplier']}: {len(entry['older'])} of {entry['fixtures']} fixtures are older than {age}"
    return head + "\n" + columns([("  " + one["fixture"], _told(one)) for one in entry["older"]])


def _told(one: dict[str, Any]) -> str:
    if one["seen"]:
        return f"last seen {one['seen']} ({ago(one['days'])})"
    return (
        f"never seen on the real thing; written {one['written']}" if one["written"] else "never seen on the real thing"
    )


def ago(days: int) -> str:
    """Say how long ago that is."""
    return "today" if days == 0 else "1 day ago" if days == 1 else f"{days:,} days ago"
