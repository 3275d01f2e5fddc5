"""The fixtures that any project gets: `<supplier>_mock`."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.tiny.site import environment

USER = """
import threading
import httpx

def ask(mock, path="/v1/items", customer="default", **more):
    headers = {"authorization": "Bearer " + mock.customers[customer]["token"]}
    return httpx.request("POST" if more else "GET", mock.url + path, headers=headers, json=more or None)

def test_it_answers(tiny_mock):
    assert tiny_mock.credentials["token"] == "TINY_TOKEN"
    assert len(ask(tiny_mock).json()["items"]) == 7
    assert ask(tiny_mock).json()["items"][0]["name"] == "Item 3"
    assert [entry["operation"] for entry in tiny_mock.journal()] == ["listItems", "listItems"]
    assert threading.active_count() > 1

def test_each_test_has_a_world_of_its_own(tiny_mock):
    assert tiny_mock.journal() == []
    ask(tiny_mock, "/v1/orders", item="I0001", quantity=2)
    assert ask(tiny_mock, "/v1/orders").json()["orders"][0]["quantity"] == 2
    assert ask(tiny_mock, "/v1/orders", "other").json() == {"orders": []}
    tiny_mock.reset()
    assert ask(tiny_mock, "/v1/orders").json() == {"orders": []}

def test_time_stands_until_it_is_moved(tiny_mock):
    start = tiny_mock.now()
    assert tiny_mock.now() == start
    assert (tiny_mock.advance(3600) - start).total_seconds() == 3600
    assert tiny_mock.freeze(start) == start

def test_it_fails_on_order(tiny_mock):
    tiny_mock.fail("DOWN")
    assert [ask(tiny_mock).status_code for _ in range(2)] == [503, 200]

def test_what_is_refused_says_why(tiny_mock):
    import pytest
    with pytest.raises(Exception, match="catalogue has no code 'DWON'"):
        tiny_mock.fail("DWON")

def test_the_control_api_is_at_hand(tiny_mock):
    assert httpx.get(tiny_mock.control_url + "/journal").json()["count"] == 0
    assert tiny_mock.session in tiny_mock.url
"""

UNUSED = """
import sys, threading

def test_nothing_is_imported_and_nothing_runs():
    assert threading.active_count() == 1
    heavy = ("uvicorn", "starlette", "graphql", "hypothesis", "apitwin_mocks", "apitwin_contracts.targets", "urllib3")
    assert [name for name in heavy if name in sys.modules] == []
"""


def pytest_runs(text: str, site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_user.py").write_text(text)
    options = ["--disable-plugin-autoload", "-p", "apitwin", "-p", "no:cacheprovider", "-W", "error", "-q"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(site), capture_output=True, text=True, check=False, timeout=60
    )


def test_a_users_tests_have_a_mock(tiny_site: Path, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\napitwin_products = 7\napitwin_seed = 3\n")
    run = pytest_runs(USER, tiny_site, tmp_path)
    assert "6 passed" in run.stdout, run.stdout
    assert run.returncode == 0


def test_who_does_not_use_it_pays_nothing(tiny_site: Path, tmp_path: Path) -> None:
    run = pytest_runs(UNUSED, tiny_site, tmp_path)
    assert "1 passed" in run.stdout, run.stdout


@pytest.mark.slow
def test_every_installed_mock_has_its_fixture(tiny_site: Path, tmp_path: Path) -> None:
    run = pytest_runs("", tiny_site, tmp_path, "--fixtures")
    for name in ("axro", "oxomi", "tiny"):
        assert f"The mock of {name} in a session of its own." in run.stdout


@pytest.mark.slow
def test_a_wrong_option_is_named(tiny_site: Path, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\napitwin_products = many\n")
    run = pytest_runs("def test_x(tiny_mock): ...", tiny_site, tmp_path)
    assert "apitwin_products is a whole number, not 'many'" in run.stdout
