"""The soak's own parts: runs that differ, on a mock that is used twice, and nothing told of it."""

import subprocess
import sys

import pytest

from tests.laws.source_tree import PROJECT

SOAK = PROJECT / "benchmarks" / "soak.py"


def soak(*words: str) -> tuple[int, str, list[str]]:
    shown = subprocess.run([sys.executable, SOAK, *words], capture_output=True, text=True, check=False, timeout=300)
    return shown.returncode, shown.stderr, shown.stdout.splitlines()


@pytest.mark.slow
def test_two_runs_of_a_supplier_are_silent() -> None:
    code, errors, (fresh, lived_in, verdict) = soak("reseller", "--ways", "check", "--runs", "2", "--first", "2")
    assert (code, errors, verdict) == (0, "", "2 runs of check: 0 told what is not so")
    assert "run 2   fresh     seed 1       60 products from 2028-02-29T11:59:59Z" in fresh
    assert "run 3   lived-in  seed 1       60 products" in lived_in


@pytest.mark.slow
def test_lockstep_is_silent_beside_another_catalogue_and_a_past() -> None:
    code, errors, (fresh, lived_in, verdict) = soak("reseller", "--ways", "compare", "--runs", "2", "--first", "4")
    assert (code, errors, verdict) == (0, "", "2 runs of compare: 0 told what is not so"), (fresh, lived_in)
    assert "run 4   fresh     seed 2    2,000 products" in fresh


@pytest.mark.slow
def test_an_order_that_becomes_ready_meanwhile_is_no_drift() -> None:
    code, errors, lines = soak("wock", "--ways", "check", "--runs", "1", "--first", "2")
    assert (code, errors, lines[1:]) == (0, "", ["1 runs of check: 0 told what is not so"]), lines
