"""The same seed sends the same requests, byte for byte, whatever else is imported; another seed sends others."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import providers

from apitwin_contracts.seeding import HOOKS, by_the_seed_alone
from tests.contracts.tiny.site import environment
from tests.contracts.tiny.stage import Twisted, examine

SENT = """
import {imported}
from apitwin_contracts.suite.storage import keep_out_of_the_way
keep_out_of_the_way()
from tests.contracts.tiny.stage import Twisted, examine
watched = Twisted()
examine(watched, seed={seed}, profile="quick")
for request in watched.requests:
    print(request)
"""


def sent_by_a_process(seed: int, site: Path, folder: Path, imported: str = "sys") -> str:
    command = [sys.executable, "-c", SENT.format(seed=seed, imported=imported)]
    run = subprocess.run(command, env=environment(site), cwd=folder, capture_output=True, text=True, check=True)
    assert list(folder.iterdir()) == []
    return run.stdout


def test_processes_with_one_seed_send_the_same(tiny_site: Path, tmp_path: Path) -> None:
    first, second, other = (sent_by_a_process(seed, tiny_site, tmp_path) for seed in (5, 5, 6))
    assert first == second
    assert first != other
    assert len(first.splitlines()) > 50


def hooks() -> list[object]:
    return [getattr(providers, name) for name in HOOKS]


def test_modules_of_the_users_own_change_nothing_that_is_sent(tiny_site: Path, tmp_path: Path) -> None:
    numbers = range(101, 1_000, 2)
    (tiny_site / "oddities.py").write_text(f"ODD = {[*numbers]}, {[f'!{number}' for number in numbers]}\n", "utf-8")
    alone, among_others = (sent_by_a_process(5, tiny_site, tmp_path, imported) for imported in ("sys", "oddities"))
    assert among_others == alone


def test_runs_with_one_seed_send_the_same() -> None:
    watched = [Twisted(), Twisted()]
    for target in watched:
        examine(target, seed=5, profile="quick", only=("paging", "state"))
    assert watched[0].requests == watched[1].requests != []


def test_hypothesis_of_the_users_own_tests_is_as_it_was() -> None:
    before = hooks()
    with by_the_seed_alone():
        meanwhile = hooks()
    with pytest.raises(KeyError), by_the_seed_alone():
        raise KeyError
    assert hooks() == before
    assert all(one is not other for one, other in zip(before, meanwhile, strict=True))
