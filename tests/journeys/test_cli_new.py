"""A sixth supplier as a user brings it: a foreign server, its folder, green on the mock and on the server, and what changes later is found."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from tests.contracts.tiny.site import environment
from tests.journeys.command import Command
from tests.journeys.notes import KEY, application
from tests.mocks.served import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def notes() -> Iterator[str]:
    with served(application()) as url:
        yield url


@pytest.fixture(scope="module")
def project(notes: str, tiny_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("project"), environment(tiny_site, NOTES_KEY=KEY))
    made = command("new", "notes", "--openapi", f"{notes}/openapi.json", "--header", "X-Key: ${NOTES_KEY}")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "5 operations, 5 of them recognised, on 1 resources" in made.stdout
    return command


def _titles(url: str) -> list[str]:
    answer = httpx.get(f"{url}/notes", params={"size": 100}, headers={"x-key": KEY})
    return sorted(item["title"] for item in answer.json()["items"])


@pytest.mark.parametrize("target", ["mock", "notes"])
def test_the_contract_holds_on_the_mock_and_on_the_server(project: Command, target: str) -> None:
    done = project("check", "notes", "--target", target)
    assert done.returncode == 0, done.stdout
    assert "notes: the contract holds" in done.stdout


def test_nothing_is_left_on_the_server(project: Command, notes: str) -> None:
    before = _titles(notes)
    project("check", "notes", "--target", "notes", "--profile", "quick")
    assert _titles(notes) == before == sorted(f"Note {n * 7 % 11}" for n in range(1, 11))


def test_no_secret_is_on_the_disk(project: Command) -> None:
    files = [path for path in project.folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path.name for path in files if KEY.encode() in path.read_bytes()] == []


def test_the_mock_remembers(project: Command) -> None:
    with project.serve("notes") as running, httpx.Client(base_url=f"{running.url}/notes") as client:
        client.headers["x-key"] = "development-NOTES-KEY"
        made = client.post("/notes", json={"title": "mine", "stars": 3})
        assert made.status_code == 201
        key = made.json()["id"]
        assert client.patch(f"/notes/{key}", json={"title": "ours"}).json()["title"] == "ours"
        assert client.get("/notes", params={"sort": "-id", "size": 1}).json()["items"][0]["title"] == "ours"
        assert client.delete(f"/notes/{key}").status_code == 204
        assert client.get(f"/notes/{key}").status_code == 404
        assert client.get("/notes", headers={"x-key": "nobodys"}).status_code == 401


def test_what_changes_later_is_found(project: Command) -> None:
    with served(application(newer=True)) as url:
        report = project.folder / "later.json"
        done = project(
            "check", "notes", "--target", url, "--report", f"json={report}", APITWIN_NOTES_NOTES_KEY=KEY
        )  # fmt: skip
    assert done.returncode == 1
    read = json.loads(report.read_text("utf-8"))
    outcome = read[0] if isinstance(read, list) else read
    found = {finding["check"] for finding in outcome["findings"]}
    assert {"list.pages", "schema.unknown-key", "schema.document"} <= found


def test_what_cannot_work_is_refused_before_anything_is_written(project: Command, notes: str) -> None:
    refusals = {
        ("new", "notes", "--openapi", "x.json"): "there is a supplier 'notes' already",
        ("new", "axro", "--openapi", "x.json"): "there is a supplier 'axro' already",
        ("new", "Nö", "--openapi", "x.json"): "a supplier's name has small letters",
        ("new", "fresh"): "say where the description is",
        ("new", "fresh", "--openapi", "nowhere.json"): "nowhere.json: No such file",
        ("new", "fresh", "--openapi", f"{notes}/openapi.json", "--header", "X-Key: plain"): "holds its secret in plain",
        ("new", "fresh", "--openapi", f"{notes}/openapi.json", "--header", "X-Key: ${NO_SUCH}"): "NO_SUCH is not set",
    }
    for words, said in refusals.items():
        done = project(*words)
        assert (done.returncode, said in done.stderr) == (2, True), (words, done.stderr)
    assert project("new", "fresh", "--graphql", "http://127.0.0.1:9/graphql").returncode == 3
    assert [path.name for path in (project.folder / "suppliers").iterdir()] == ["notes"]


def test_a_graphql_server_is_asked_for_its_schema(tiny_site: Path, tmp_path: Path) -> None:
    token = load_suppliers(["axro"])["axro"].fixtures.credentials["default"]["token"]
    with served(Server(load_suppliers(["axro"]), Seeding(products=40))) as url:
        command = Command(tmp_path, environment(tiny_site, SHOP_TOKEN=token))
        words = ("--graphql", f"{url}/axro/gql/v1", "--header", "Authorization: Bearer ${SHOP_TOKEN}")
        made = command("new", "shop", *words)
        assert made.returncode == 0, made.stdout + made.stderr
        for target in ("mock", "shop"):
            assert command("check", "shop", "--target", target, "--profile", "quick").returncode == 0


@pytest.fixture
def muted() -> Iterator[str]:
    with served(application(mute=True)) as url:
        yield url


@pytest.fixture
def newcomer(tiny_site: Path, tmp_path: Path) -> Command:
    state = str(tmp_path / "state")
    (tmp_path / "apitwin.toml").write_text('[targets.notes]\nurl = "http://127.0.0.1:9"\ntimeout = 0.5\n')
    return Command(tmp_path, environment(tiny_site, NOTES_KEY=KEY, APITWIN_STATE=state))


def _words(url: str) -> tuple[str, ...]:
    return ("new", "notes", "--openapi", f"{url}/openapi.json", "--header", "X-Key: ${NOTES_KEY}")


def _left(command: Command) -> list[str]:
    return [path.name for path in command.folder.rglob("*") if path.is_file() and path.name != "apitwin.toml"]


def test_what_was_created_without_an_answer_is_found_and_deleted(newcomer: Command, muted: str) -> None:
    before = _titles(muted)
    done = newcomer(*_words(muted))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "it was not whole after 0.5 seconds; nothing was written" in done.stderr
    assert _titles(muted) == before
    assert _left(newcomer) == []


def test_a_killed_one_is_finished_by_cleaning_up(newcomer: Command, muted: str) -> None:
    before = _titles(muted)
    (newcomer.folder / "apitwin.toml").unlink()
    with newcomer.start(*_words(muted)) as process:
        while _titles(muted) == before:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert _left(newcomer) != []
    done = newcomer("record", "--clean-up")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"notes at {muted}: 1 thing taken back\n"
    assert _titles(muted) == before
    assert _left(newcomer) == []


def test_a_budget_ends_it_and_is_kept(tiny_site: Path, tmp_path: Path) -> None:
    with served(application()) as url:
        command = Command(tmp_path, environment(tiny_site, NOTES_KEY=KEY))
        before = _titles(url)
        done = command(*_words(url), "--budget", "12")
        assert done.returncode == 1, done.stdout + done.stderr
        assert "the budget of 12 requests is used up" in done.stdout
        assert _titles(url) == before
