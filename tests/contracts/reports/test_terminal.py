"""What a reader of the terminal sees."""

import io
from collections import Counter
from collections.abc import Callable

import pytest
from rich.console import Console

from apitwin_contracts.drift import Outcome
from apitwin_contracts.reports.progress import Live, Plain, progress_on
from apitwin_contracts.reports.terminal import tell
from tests.contracts.tiny.outcomes import finding, outcome, result


def shown(*outcomes: Outcome, warnings: tuple[str, ...] = ()) -> str:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    tell(console, outcomes, warnings)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_finding_says_everything() -> None:
    assert shown(outcome(result("failed", finding()))) == (
        """
tiny 1. breaking paging drift of listItems
   check       paging.size
   location    listItems.items[]
   expected    10 items
   observed    9 items
   source      documented, tiny:10: the supplier's document promises it
   fingerprint """
        + finding().fingerprint
        + """
   1 request to see it:
   curl -sS http://127.0.0.1:8900/tiny/v1/items -H 'authorization: Bearer '"${APITWIN_TINY_TOKEN}"

The commands read secrets from the environment; set APITWIN_TINY_TOKEN.
They ask the mock that `apitwin serve tiny --seed 7` brings up.
tiny: drift, 1 finding; 0 of 1 check passed, 3 requests in 1.5 s (mock, profile ci, seed 7)
"""
    )


def test_the_gravest_comes_first() -> None:
    mild = finding(severity="additive", location="a")
    grave = finding(severity="breaking", location="b", category="state")
    text = shown(outcome(result("failed", mild, grave)))
    assert text.index("1. breaking state") < text.index("2. additive paging")


def test_what_looks_like_markup_is_text() -> None:
    assert "[red]x[/red] :smile:" in shown(outcome(result("failed", finding(observed="[red]x[/red] :smile:"))))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            outcome(result(), result("skipped", reason="why")),
            "tiny: the contract holds; 1 of 1 check passed, 1 skipped",
        ),
        (outcome(result("skipped", reason="why")), "tiny: no verdict, nothing was checked; 1 skipped"),
        (outcome(result("skipped", reason="why")), "1 skipped: why"),
        (outcome(result("unreachable", reason="gone")), "tiny: no verdict, the target could not be reached"),
        (outcome(result("unreachable", reason="gone")), "   gone\n"),
        (outcome(result("crashed", reason="KeyError: 1")), "   tiny-paging.size-listItems: KeyError: 1\n"),
        (outcome(result(), planned=3), "   2 checks were not run\n"),
        (outcome(*(result("skipped", reason=str(number)) for number in range(9))), "3 skipped for 3 other reasons"),
    ],
)
def test_every_verdict_has_its_words(made: Outcome, said: str) -> None:
    assert said in shown(made)


def test_a_warning_is_told() -> None:
    assert "warning: --skip x fits no check" in shown(outcome(), warnings=("--skip x fits no check",))


def console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), width=80, force_terminal=terminal, highlight=False, color_system=None)


def follow(make: Callable[[Console], Plain | Live], on: Console) -> str:
    with make(on) as listener:
        listener.planned(Counter({("tiny", "paging"): 2, ("tiny", "state"): 2}))
        listener.examined(result())
        listener.examined(result("failed", finding()))
        listener.crashed("tiny-x", "Traceback: [bold]")
    assert isinstance(on.file, io.StringIO)
    return on.file.getvalue()


def test_without_a_terminal_a_line_tells_of_each_category() -> None:
    lines = follow(Plain, console(terminal=False)).splitlines()
    assert (
        lines[0]
        == "tiny      paging       drift: paging.size at listItems.items[]: expected 10 items, observed 9 items"
    )
    assert lines[1] == "tiny      paging          0.5 s  1 passed, 1 failed"
    assert lines[2:] == ["tiny-x crashed; this is a bug of apitwin, not a finding:", "Traceback: [bold]"]


def test_what_is_told_while_its_case_goes_on_is_not_told_again() -> None:
    on = console(terminal=False)
    with Plain(on) as listener:
        listener.planned(Counter({("tiny", "paging"): 2}))
        listener.found(finding(observed="a\nlong " + "word " * 99))
        listener.examined(result("failed", finding()))
    assert isinstance(on.file, io.StringIO)
    first, second = on.file.getvalue().splitlines()
    assert first.startswith(
        "tiny      paging       drift: paging.size at listItems.items[]: expected 10 items, observed a long"
    )
    assert first.endswith("word …")
    assert second.endswith("1 failed")


def test_an_unfinished_category_is_told_at_the_end() -> None:
    on = console(terminal=False)
    with Plain(on) as listener:
        listener.planned(Counter({("tiny", "paging"): 2}))
        listener.examined(result())
    assert isinstance(on.file, io.StringIO)
    assert on.file.getvalue() == "tiny      paging          0.2 s  1 passed\n"


def test_on_a_terminal_findings_are_named_as_they_come() -> None:
    text = follow(Live, console(terminal=True))
    assert text.count("tiny: paging.size at listItems.items[]: expected 10 items, observed 9 items") == 1
    assert "Traceback: [bold]" in text


def test_the_console_decides() -> None:
    assert isinstance(progress_on(console(terminal=True)), Live)
    assert isinstance(progress_on(console(terminal=False)), Plain)
