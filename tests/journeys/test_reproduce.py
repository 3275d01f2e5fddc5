"""From a drift to a file that shows it: red where it was found, green on the mock."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.contracts.tiny.site import environment, install
from tests.journeys.command import Command, Served, Shown


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    site = install(tmp_path_factory.mktemp("drifted"), "drifted")
    with Command(tmp_path_factory.mktemp("served"), environment(site)).serve("tiny") as running:
        yield running


def pytest_on(command: Command, *words: str, **more: str) -> Shown:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=command.folder,
        env={**command.environment, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_files_are_red_on_the_drifted_and_green_on_the_mock(apitwin: Command, drifted: Served, served: Served) -> None:
    where = ("--target", f"{drifted.url}/tiny", "--profile", "quick", "--reproduce", "shown")
    shown = apitwin("check", "tiny", *where)
    assert shown.returncode == 1, shown.stdout + shown.stderr
    files = sorted(path.name for path in (apitwin.folder / "shown").iterdir())
    assert f"{len(files)} reproducers written: pytest shown" in shown.stdout
    assert ["_".join(name.split("_")[:2]) for name in files] == ["test_paging", "test_state"], (
        "one for each of the two drifts"
    )
    for name in files:
        text = (apitwin.folder / "shown" / name).read_text("utf-8")
        assert "\ncurl -sS " in text
        assert f"{drifted.url}/tiny/v1/" in text
        assert "TINY_TOKEN" not in text.replace("APITWIN_TINY_TOKEN", "")
        assert "did not show it a second time" not in text
    red = pytest_on(apitwin, "shown")
    assert (red.returncode, red.stdout.count("\nFAILED ")) == (1, len(files)), red.stdout
    assert "observed: " in red.stdout
    for target in ("mock", f"{served.url}/{{supplier}}"):
        green = pytest_on(apitwin, "shown", APITWIN_TARGET=target)
        assert (green.returncode, f"{len(files)} passed" in green.stdout) == (0, True), green.stdout
    dead = pytest_on(apitwin, f"shown/{files[0]}", APITWIN_TARGET="http://127.0.0.1:9")
    assert dead.returncode == 1
    assert "UnreachableError: no reply from http://127.0.0.1:9" in dead.stdout


def test_a_folder_that_cannot_be_is_a_wrong_use(apitwin: Command) -> None:
    (apitwin.folder / "file").touch()
    shown = apitwin("check", "tiny", "--reproduce", "file")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "cannot write reproducers into file: " in shown.stderr


def test_nothing_is_written_where_nothing_drifted(apitwin: Command) -> None:
    shown = apitwin("check", "tiny", "--only", "paging.end", "--reproduce", "shown")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert list((apitwin.folder / "shown").iterdir()) == []
