"""`apitwin mutants` as a user meets it: the table, the report, the exit codes."""

import signal
import time
from pathlib import Path

import jsonschema
import orjson
import pytest

from apitwin_contracts.reports.mutants_json import mutants_schema
from tests.journeys.command import Command


def test_mutants_are_tried_told_and_reported(apitwin: Command, tmp_path: Path) -> None:
    report = tmp_path / "mutants.json"
    words = ("reseller", "--only", "duplicated,hook-twice,served-union-member", "--profile", "quick", "--jobs", "1")
    shown = apitwin("mutants", *words, "--report", f"json={report}")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "reseller undrifted: holds" in shown.stdout
    assert "reseller: a REST supplier serves no schema: schema-served-union-member" in shown.stdout
    assert "holds: 100.0 of 100 killed" in shown.stdout
    told = orjson.loads(report.read_bytes())
    jsonschema.validate(told, mutants_schema())
    assert (told["verdict"], told["finished"], told["total"]["killed"], told["total"]["not_applicable"]) == (
        "holds",
        True,
        2,
        1,
    )
    assert {mutant["fate"] for mutant in told["mutants"]} == {"killed", "not applicable"}


@pytest.mark.slow
def test_sigterm_ends_the_workers_and_tells_what_is_known(apitwin: Command, tmp_path: Path) -> None:
    report = tmp_path / "mutants.json"
    words = ("reseller", "--only", "state", "--profile", "quick", "--jobs", "2", "--report", f"json={report}")
    with apitwin.start("mutants", *words) as process:
        assert process.stdout
        while "undrifted" not in process.stdout.readline():
            pass
        time.sleep(2)
        workers = _workers(process.pid)
        process.send_signal(signal.SIGTERM)
        said, wrong = process.communicate(timeout=30)
    assert (process.returncode, wrong) == (130, "")
    assert "mutants are told of" in said
    assert orjson.loads(report.read_bytes())["finished"] is False
    assert len(workers) == 2
    assert [worker for worker in workers if worker.exists()] == []


def _workers(process: int) -> list[Path]:
    children = [
        Path("/proc", number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]
    return [child for child in children if b"spawn_main" in (child / "cmdline").read_bytes()]


def test_nothing_tried_is_no_verdict(apitwin: Command) -> None:
    shown = apitwin("mutants", "reseller", "--only", "served-union-member")
    assert shown.returncode == 4
    assert "nothing was tried" in shown.stdout


def test_a_wrong_use_is_told_in_a_line(apitwin: Command) -> None:
    for words, said in (
        (("axo",), "did you mean 'axro'"),
        (("reseller", "--only", "webhok"), "did you mean 'webhook'"),
        (("reseller", "--jobs", "-1"), "--jobs is at least 1"),
        (("reseller", "--min-score", "101"), "from 0 to 100"),
        (("reseller", "--profile", "fast"), "no profile 'fast'"),
        (("reseller", "--report", "junit=x"), "did you mean"),
    ):
        shown = apitwin("mutants", *words)
        assert shown.returncode == 2, words
        assert said in shown.stderr or "known are" in shown.stderr, shown.stderr
        assert len(shown.stderr.splitlines()) == 1
