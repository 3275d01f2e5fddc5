"""The soak's own parts: runs that differ, on a mock that is used twice, and nothing told of it."""

import subprocess
import sys

import pytest

from tests.laws.source_tree import PROJECT

SOAK = PROJECT / "benchmarks" / "soak.py"


@pytest.mark.slow
def test_two_runs_of_a_supplier_are_silent() -> None:
    shown = subprocess.run(
        [sys.executable, SOAK, "reseller", "--runs", "2", "--first", "2"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    fresh, lived_in, verdict = shown.stdout.splitlines()
    assert (shown.returncode, shown.stderr, verdict) == (0, "", "2 runs of check: 0 told what is not so")
    assert "run 2   fresh     seed 1       60 products from 2028-02-29T11:59:59Z" in fresh
    assert "run 3   lived-in  seed 1       60 products" in lived_in
