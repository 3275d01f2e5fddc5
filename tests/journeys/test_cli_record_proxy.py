"""`apitwin record --proxy` as a user has it: a client of their own, a recording, and the same client again at the replay."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3

from apitwin_contracts.targets.served import Served
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from tests.journeys.command import Command

CLIENT = urllib3.PoolManager(retries=False)
ASKED = (
    {"query": '{ products(brand: "HP", page: 1, limit: 3) { totalPages products { productNumber price { price } } } }'},
    {"query": "{ brands { brands } }"},
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with Served(Server(load_suppliers(["axro"]), Seeding(0, 50))) as served:
        yield f"{served.url}/axro"


@contextmanager
def running(apitwin: Command, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command until it says a URL; give the process and the URL."""
    with apitwin.start(*words) as process:
        assert process.stdout
        said = iter(process.stdout.readline, "")
        line = next(line for line in said if "http://127.0.0.1:" in line.rpartition(" ")[2] or " at http" in line)
        urls = [word for word in line.split() if word.startswith("http://")]
        try:
            yield process, urls[-1]
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)


def ask(base: str, token: str) -> list[Any]:
    headers = {"authorization": f"Bearer {token}"}
    return [CLIENT.request("POST", f"{base}/gql/v1", json=body, headers=headers).json() for body in ASKED]


@pytest.mark.slow
def test_what_a_client_asked_is_recorded_and_played_again(apitwin: Command, sandbox: str) -> None:
    words = (
        "record",
        "axro",
        "--target",
        sandbox,
        "--proxy",
        "--listen",
        "127.0.0.1:0",
        "--into",
        "kept",
        "--by",
        "Ada",
    )
    with running(apitwin, *words) as (process, url):
        first = ask(url, "YOUR_ACCESS_TOKEN")
        process.send_signal(signal.SIGINT)
        said, wrong = process.communicate(timeout=60)
    assert (process.returncode, wrong) == (0, "")
    assert said.splitlines()[-1] == "axro: 2 cassettes with 2 exchanges"
    files = sorted((apitwin.folder / "kept").iterdir())
    assert [path.name for path in files] == ["proxied-brands.json", "proxied-products.json"]
    assert not any("YOUR_ACCESS_TOKEN" in path.read_text() for path in files)
    with running(apitwin, "replay", "axro", "--cassettes", "kept", "--port", "0") as (_, replay):
        assert ask(replay, "any other token") == first


def test_a_client_that_asks_nothing_leaves_nothing(apitwin: Command, sandbox: str) -> None:
    words = ("record", "axro", "--target", sandbox, "--proxy", "--listen", "127.0.0.1:0", "--into", "kept")
    with running(apitwin, *words) as (process, _):
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert said.splitlines()[-1] == "axro: 0 cassettes with 0 exchanges"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--target", "http://127.0.0.1:9", "--listen", "0.0.0.0:8901"), "listens on this machine only"),
        (
            (
                "--target",
                "http://ada:secret@127.0.0.1:9",
            ),
            "take user and password out of it",
        ),
        (("--target", "mock"), "--target URL"),
    ],
)
def test_a_wrong_use_is_told(apitwin: Command, words: tuple[str, ...], told: str) -> None:
    shown = apitwin("record", "axro", "--proxy", *words)
    assert shown.returncode == 2
    assert told in shown.stderr
    assert "secret" not in shown.stderr
    assert list(Path(apitwin.folder).iterdir()) == []
