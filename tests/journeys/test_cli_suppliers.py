"""`apitwin suppliers`, and the command by itself."""

import re

import orjson

from tests.journeys.command import Command


def test_it_lists_what_is_installed(apitwin: Command) -> None:
    shown = apitwin("suppliers")
    head, *rows = shown.stdout.splitlines()
    assert head.split()[:4] == ["supplier", "surface", "operations", "codes"]
    by_name = {row.split()[0]: row for row in rows}
    assert {"axro", "oxomi", "tiny"} <= set(by_name)
    assert re.match(r"axro +GraphQL +\d+ +\d+ +\d+ +\d+ +\d+ +32 +never", by_name["axro"])
    assert re.match(r"tiny +REST +3 +9 +\d+ +1 +\d+ +\d+ +never", by_name["tiny"])
    assert (shown.returncode, shown.stderr) == (0, "")


def test_it_lists_them_for_programs(apitwin: Command) -> None:
    listed = {entry["supplier"]: entry for entry in orjson.loads(apitwin("suppliers", "--json").stdout)}
    tiny = listed["tiny"]
    assert (tiny["surface"], tiny["operations"], tiny["error_codes"], tiny["mock"]) == ("REST", 3, 9, True)
    assert tiny["sources"]["observed"] == 1
    assert (tiny["recordings"], tiny["oldest"], tiny["newest_days"]) == (0, None, None)
    assert listed["oxomi"]["never_seen"] == listed["oxomi"]["fixtures"]


def test_what_was_never_seen_live_is_older_than_any_age(apitwin: Command) -> None:
    shown = apitwin("suppliers", "axro", "--max-age", "90d")
    assert shown.returncode == 1
    assert "axro: 32 of 32 fixtures are older than 90d" in shown.stdout
    assert re.search(
        r"^  cassettes/brands.json +never seen on the real thing; written 2026-11-22$", shown.stdout, re.MULTILINE
    )
    told = apitwin("suppliers", "axro", "--json", "--max-age", "1y")
    assert told.returncode == 1
    assert len(orjson.loads(told.stdout)[0]["older"]) == 32


def test_an_age_that_is_none_is_explained(apitwin: Command) -> None:
    shown = apitwin("suppliers", "--max-age", "90")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "did you mean 90d?" in shown.stderr


def test_it_says_its_version(apitwin: Command) -> None:
    assert re.fullmatch(r"apitwin \d+\.\d+\.\d+\n", apitwin("--version").stdout)


def test_alone_it_explains_itself(apitwin: Command) -> None:
    shown = apitwin()
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Exit codes: 0 the contract holds, 1 drift found" in " ".join(shown.stdout.split())


def test_a_misspelt_command_is_answered_with_the_nearest(apitwin: Command) -> None:
    shown = apitwin("chekc")
    assert shown.returncode == 2
    assert "Did you mean 'check'?" in shown.stderr
