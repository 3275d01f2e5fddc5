"""The suites run by pytest itself, as its users know it: `pytest --pyargs apitwin_contracts.suite -p apitwin_contracts.suite.plugin`."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contracts.tiny.site import environment

Pytest = Callable[..., subprocess.CompletedProcess[str]]
SUITE = ("-m", "pytest", "--pyargs", "apitwin_contracts.suite", "-p", "apitwin_contracts.suite.plugin")


@pytest.fixture
def suite(tiny_site: Path, tmp_path: Path) -> Pytest:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *SUITE, "-p", "no:cacheprovider", "--apitwin-supplier=tiny", *arguments]
        shown = subprocess.run(
            command, cwd=tmp_path, env=environment(tiny_site), capture_output=True, text=True, check=False, timeout=60
        )
        assert list(tmp_path.iterdir()) == []
        return shown

    return run


def test_it_holds(suite: Pytest) -> None:
    shown = suite("-v", "--apitwin-only=paging,state", "-W", "error")
    assert "apitwin: tiny at mock; profile ci, seed 0" in shown.stdout
    assert "test_paging.py::test_paging[tiny-paging.concatenation-listItems] PASSED" in shown.stdout
    assert "test_state.py::test_state[tiny-state.read-your-write-createOrder-listOrders] PASSED" in shown.stdout
    assert "test_schema" not in shown.stdout
    assert (shown.returncode, shown.stderr) == (0, "")


@pytest.mark.slow
def test_workers_tell_the_same(suite: Pytest) -> None:
    shown = suite("-n", "2", "--apitwin-only=paging")
    assert shown.returncode == 0
    assert "passed" in shown.stdout


@pytest.mark.slow
def test_a_dead_target_fails_once_and_skips_the_rest(suite: Pytest) -> None:
    shown = suite("--apitwin-target=http://127.0.0.1:9/tiny", "-rf", "--apitwin-only=paging")
    assert shown.returncode == 1
    assert "unreachable: no reply from http://127.0.0.1:9/tiny/v1/items" in shown.stdout
    assert "1 failed" in shown.stdout
    assert "skipped" in shown.stdout


@pytest.mark.slow
def test_examining_nothing_is_no_success(suite: Pytest) -> None:
    shown = suite("--apitwin-only=state.read-your-write", "--apitwin-read-only")
    assert "skipped" in shown.stdout
    assert shown.returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_name_that_fits_nothing_is_told(suite: Pytest) -> None:
    shown = suite("--apitwin-only=pagin")
    assert "--only pagin fits no check; did you mean 'paging'?" in shown.stdout
    assert shown.returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_wrong_option_is_a_wrong_use(suite: Pytest) -> None:
    shown = suite("--apitwin-profile=quik")
    assert "there is no profile 'quik'; did you mean 'quick'?" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.returncode == pytest.ExitCode.USAGE_ERROR
