"""Findings as pytest files: what was promised and seen, the commands, the exchanges as data, and a test that asks again."""

import re
from collections.abc import Mapping
from pathlib import Path
from pprint import pformat
from typing import Any

from apitwin_contracts.drift import Finding

__all__ = ["file_name", "source_of", "write_reproducer"]

_WIDTH = 120
_VARIABLE = re.compile(r'"\$\{([A-Z0-9_]+)\}"')
_HOW = """\
`pytest {name}` asks the same target again, and fails as long as the promise is broken. APITWIN_TARGET names another
target: a URL, in which {{supplier}} stands for the supplier's name, a name of apitwin.toml, or mock for the mock in process. The test
examines the case of the suite that found this, so ids, cursors and tokens are those that the target gives then."""
_UNSEEN = """\
Tried at once, the case did not show it a second time: the target does not answer alike twice, or remembers what came before."""


def file_name(finding: Finding) -> str:
    """Name a finding's file: its check, for people, and its fingerprint, which is the same from run to run."""
    return f"test_{_word(finding.check)}_{finding.fingerprint}.py"


def write_reproducer(folder: Path, finding: Finding, arguments: Mapping[str, Any], *, seen_again: bool) -> Path:
    """Write a finding's file, over one of an earlier run, and give its path; `arguments` are the `Reproducer`'s. Raises `OSError`."""
    path = folder / file_name(finding)
    path.write_text(source_of(finding, arguments, seen_again=seen_again), "utf-8")
    return path


def source_of(finding: Finding, arguments: Mapping[str, Any], *, seen_again: bool = True) -> str:
    """Write the file's text."""
    steps = [{"request": step.request, "reply": step.reply} for step in finding.steps]
    given = "\n".join(f"    {name}={value!r}," for name, value in arguments.items())
    return f"""{_docstring(_about(finding, arguments, seen_again=seen_again))}

from apitwin_contracts.reproduce import Reproducer

REPRODUCER = Reproducer(
{given}
)

# What was sent and answered when it was found.
STEPS = {pformat(steps, width=_WIDTH, sort_dicts=False)}


def test_{_word(finding.check)}() -> None:
    REPRODUCER.check()
"""


def _about(finding: Finding, arguments: Mapping[str, Any], *, seen_again: bool) -> str:
    source = f"{finding.source.kind}, {finding.source.where}"
    facts = {
        "location": finding.location,
        "expected": finding.expected,
        "observed": finding.observed,
        "source": source,
        "target": str(arguments.get("target", "")),
    }
    parts = [
        f"{finding.supplier}: {finding.severity} {finding.category} drift of {finding.operation}, {finding.check}",
        "\n".join(f"{name:<10}{text}" for name, text in facts.items()),
        *(step.curl for step in finding.steps),
        _HOW.format(name=file_name(finding)),
        *([] if seen_again else [_UNSEEN]),
        *_secrets(finding),
    ]
    return "\n\n".join(parts) + "\n"


def _secrets(finding: Finding) -> list[str]:
    names = sorted({name for step in finding.steps for name in _VARIABLE.findall(step.curl)})
    return [f"Secrets come from the environment: {', '.join(names)}."] if names else []


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text)


def _docstring(text: str) -> str:
    """Quote a text so that a command in it can be copied as it stands, wherever Python allows that."""
    plain = all(sign.isprintable() or sign == "\n" for sign in text) and '"""' not in text
    if plain:
        return f'{"r" if chr(92) in text else ""}"""{text}"""'
    lines = (line.encode("unicode_escape").decode("ascii").replace('"', r"\"") for line in text.split("\n"))
    return '"""' + "\n".join(lines) + '"""'
