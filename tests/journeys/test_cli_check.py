"""`apitwin check`, in process and over HTTP, with every exit code."""

import http.server
import signal
import threading
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import orjson
import pytest

from tests.journeys.command import Command, Served


def test_a_mock_holds(apitwin: Command) -> None:
    shown = apitwin("check", "tiny")
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("tiny      schema  ")
    assert any(line.startswith("tiny: the contract holds; ") for line in lines)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert list(apitwin.folder.iterdir()) == []


def test_a_served_mock_holds_and_reports_are_written(apitwin: Command, served: Served) -> None:
    reports = ("--report", "json=r.json", "--report", "junit=j.xml")
    shown = apitwin("check", "tiny", "--target", f"{served.url}/{{supplier}}", "--profile", "quick", *reports)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    report = orjson.loads((apitwin.folder / "r.json").read_bytes())
    assert (report["verdict"], report["target"], report["profile"]) == ("holds", f"{served.url}/tiny", "quick")
    assert report["started"].endswith("Z")
    suite = ET.parse(apitwin.folder / "j.xml").getroot()[0]  # noqa: S314 - our own file
    assert int(suite.attrib["tests"]) == report["checks"]["run"] + report["checks"]["skipped"]


class Drifted(http.server.BaseHTTPRequestHandler):
    """A supplier that answers every request with one item too many keys."""

    body = orjson.dumps({"items": [{"id": "I0001", "name": "x", "colour": "red", "extra": 1}], "pages": 1})
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_POST = do_GET  # noqa: N815 - http.server's name

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - http.server's name


class Down(Drifted):
    status = 503
    body = b"{}"


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("fake", [Drifted], indirect=True)
def test_drift_is_found_and_told_with_a_command(apitwin: Command, fake: str) -> None:
    shown = apitwin("check", "tiny", "--target", fake, "--only", "paging,schema.reply", "--report", "json=r.json")
    assert shown.returncode == 1
    assert "additive schema drift of listItems" in shown.stdout
    assert "location    listItems.items[].extra" in shown.stdout
    assert f"curl -sS {fake}/v1/items" in shown.stdout
    assert "tiny: drift, " in shown.stdout
    report = orjson.loads((apitwin.folder / "r.json").read_bytes())
    assert report["verdict"] == "drift"
    assert "listItems.items[].extra" in {finding["location"] for finding in report["findings"]}
    for text in (shown.stdout, str(report)):
        assert "TINY_TOKEN" not in text.replace("APITWIN_TINY_TOKEN", "")


@pytest.mark.parametrize("fake", [Down], indirect=True)
def test_a_target_that_is_down_is_no_verdict(apitwin: Command, fake: str) -> None:
    shown = apitwin("check", "tiny", "--target", fake)
    assert shown.returncode == 3
    assert f"{fake} is down: it answers 503 to listItems" in shown.stdout


def test_a_dead_port_is_no_verdict(apitwin: Command) -> None:
    shown = apitwin("check", "tiny", "--target", "http://127.0.0.1:9", "--report", "json=r.json")
    assert shown.returncode == 3
    assert "no verdict, the target could not be reached" in shown.stdout
    report = orjson.loads((apitwin.folder / "r.json").read_bytes())
    assert (report["verdict"], report["checks"]["run"]) == ("unreachable", 0)
    assert report["reason"].startswith("no reply from http://127.0.0.1:9")


def test_a_wrong_token_is_no_verdict(apitwin: Command, served: Served) -> None:
    shown = apitwin("check", "tiny", "--target", f"{served.url}/tiny", APITWIN_TINY_TOKEN="wrong")
    assert shown.returncode == 3
    assert f"{served.url}/tiny does not let us in: listItems answers TOKEN_UNKNOWN" in shown.stdout


def test_selecting_nothing_is_no_verdict(apitwin: Command) -> None:
    shown = apitwin("check", "tiny", "--only", "pagin")
    assert shown.returncode == 4
    assert "warning: --only pagin fits no check; did you mean 'paging'?" in shown.stdout
    assert "tiny: no verdict, nothing was checked" in shown.stdout


def test_pytests_own_arguments_are_passed_on(apitwin: Command) -> None:
    shown = apitwin("check", "tiny", "--", "-k", "concatenation")
    assert shown.returncode == 0
    assert "1 of 1 check passed" in shown.stdout


@pytest.mark.slow
def test_workers_do_not_meet_on_one_target(apitwin: Command, served: Served) -> None:
    one_by_one = cases(apitwin, served)
    assert len(one_by_one) > 30
    for dist in ("load", "loadgroup", "each"):
        # What two workers ended would have come in another order.
        assert cases(apitwin, served, "--", "-n", "2", f"--dist={dist}") == one_by_one


def cases(apitwin: Command, served: Served, *more: str) -> list[str]:
    """Give the cases in the order in which they ended."""
    shown = apitwin("check", "tiny", "--target", f"{served.url}/tiny", "--report", "junit=j.xml", *more)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    suite = ET.parse(apitwin.folder / "j.xml").getroot()[0]  # noqa: S314 - our own file
    return [case.attrib["name"] for case in suite]


class TestNamedTargets:
    @pytest.fixture
    def named(self, apitwin: Command, served: Served) -> Command:
        text = f'[targets.here]\nurl = "{served.url}/tiny"\nsupplier = "tiny"\n[targets.here.credentials]\ntoken = "HERE_TOKEN"\n'
        (apitwin.folder / "apitwin.toml").write_text(text)
        return apitwin

    def test_the_file_says_where_and_for_whom(self, named: Command) -> None:
        shown = named("check", "--target", "here", "--only", "paging.size", HERE_TOKEN="TINY_TOKEN")
        assert shown.returncode == 0, shown.stdout + shown.stderr
        assert "tiny: the contract holds" in shown.stdout

    def test_a_missing_variable_is_named(self, named: Command) -> None:
        shown = named("check", "--target", "here")
        assert shown.returncode == 2
        assert "the environment variable HERE_TOKEN is not set" in shown.stderr


def test_a_misspelt_supplier_is_a_wrong_use(apitwin: Command) -> None:
    shown = apitwin("check", "tiyn")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("apitwin: there is no supplier 'tiyn'; did you mean 'tiny'? known are: ")
    assert shown.stderr.count("\n") == 1


@pytest.mark.slow
def test_ctrl_c_ends_with_what_was_found(apitwin: Command) -> None:
    process = apitwin.start("check", "tiny", "--profile", "deep")
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: " in out
    assert err == ""


def test_a_reader_that_goes_away_is_no_error(apitwin: Command) -> None:
    process = apitwin.start("check", "tiny", "--only", "paging,performance")
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) == 0
