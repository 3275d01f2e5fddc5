"""`apitwin replay`, as a user has it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from apitwin_fixtures import Fixtures
from tests.journeys.command import Command, Served

SHIPPED = Fixtures.shipped("axro")


@contextmanager
def replaying(apitwin: Command, *words: str) -> Iterator[Served]:
    with apitwin.start("replay", *words, "--port", "0") as process:
        assert process.stdout
        first = process.stdout.readline()
        running = Served(process, first.partition(" at ")[2].partition(" ")[0], first)
        try:
            yield running
        finally:
            running.interrupt()


def ask(url: str, query: str) -> tuple[int, Any]:
    headers = {"content-type": "application/json", "authorization": "Bearer anything"}
    try:
        with urlopen(Request(f"{url}/gql/v1", json.dumps({"query": query}).encode(), headers)) as reply:  # noqa: S310 - the test's own
            return reply.status, json.load(reply)
    except HTTPError as error:
        return error.code, json.load(error)


def test_it_plays_what_was_recorded_and_tells_what_was_not(apitwin: Command) -> None:
    with replaying(apitwin, "axro") as served:
        assert f"({len(SHIPPED.cassettes)} cassettes, " in served.greeting
        status, body = ask(
            served.url, "{ products(limit: 5, page: 1) { products { stock brand productNumber } totalPages } }"
        )
        assert (status, body["data"]["products"]["totalPages"]) == (200, 120)
        status, body = ask(
            served.url, "{ products(limit: 6, page: 1) { products { stock brand productNumber } totalPages } }"
        )
        told = body["errors"][0]["extensions"]
        assert (status, told["nearest"]["cassette"]) == (501, "products-quick-start")
        assert told["differences"] == [{"path": "query.products(limit)", "recorded": "5", "asked": "6"}]
    assert served.process.returncode == 130


def test_a_folder_of_ones_own_is_played_alone(apitwin: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    shutil.copy(SHIPPED.path("cassettes/brands.json"), tmp_path / "mine")
    with replaying(apitwin, "axro", "--cassettes", "mine") as served:
        assert "(1 cassettes, 1 exchanges, " in served.greeting
        assert ask(served.url, "{ brands { brands } }")[0] == 200
        assert ask(served.url, "{ categories { id } }")[0] == 501


def test_wrong_uses_are_one_line(apitwin: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged/a.json").write_text("{}")
    for words, said in (
        (("axor",), "did you mean 'axro'?"),
        (("axro", "--cassettes", "none"), "none is no folder"),
        (("axro", "--cassettes", "empty"), "there is no cassette in empty; record some with apitwin record"),
        (("axro", "--cassettes", "damaged"), "damaged/a.json is no cassette of apitwin"),
    ):
        shown = apitwin("replay", *words)
        assert shown.returncode == 2
        assert said in shown.stderr
        assert len(shown.stderr.splitlines()) == 1


def test_a_replay_is_a_target_as_far_as_it_goes(apitwin: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    shutil.copy(SHIPPED.path("cassettes/brands.json"), tmp_path / "mine")
    with replaying(apitwin, "axro", "--cassettes", "mine", "--clock", "2026-11-22T09:00:00Z") as served:
        assert "clock 2026-11-22T09:00:00Z" in served.greeting
        words = ("check", "axro", "--target", served.url, "--profile", "quick")
        nothing = apitwin(*words, "--only", "paging")
        assert nothing.returncode == 4, nothing.stdout
        assert "skipped: not recorded; the nearest recording is brands (" in nothing.stdout
        stateful = apitwin(*words, "--only", "orderCreate")
        assert "it changes state, and a recording has none" in stateful.stdout
