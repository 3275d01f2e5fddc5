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
    assert re.match(r"axro +GraphQL +\d+ +\d+ +\d+ +\d+ +\d+ +17 +2026-11-22", by_name["axro"])
    assert re.match(r"tiny +REST +3 +9 +\d+ +1 +\d+ +0 +never", by_name["tiny"])
    assert (shown.returncode, shown.stderr) == (0, "")


def test_it_lists_them_for_programs(apitwin: Command) -> None:
    listed = {entry["supplier"]: entry for entry in orjson.loads(apitwin("suppliers", "--json").stdout)}
    tiny = listed["tiny"]
    assert (tiny["surface"], tiny["operations"], tiny["error_codes"], tiny["mock"]) == ("REST", 3, 9, True)
    assert tiny["sources"]["observed"] == 1
    assert (tiny["recordings"], tiny["oldest"], tiny["newest_days"]) == (0, None, None)
    assert listed["oxomi"]["oldest"] == "2026-11-22"


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
