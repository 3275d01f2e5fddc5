"""The same seed sends the same requests, byte for byte; another seed sends others."""

import subprocess
import sys
from pathlib import Path

from tests.contracts.tiny.site import environment
from tests.contracts.tiny.stage import Twisted, examine

SENT = """
from apitwin_contracts.suite.storage import keep_out_of_the_way
keep_out_of_the_way()
from tests.contracts.tiny.stage import Twisted, examine
watched = Twisted()
examine(watched, seed={seed}, profile="quick")
for request in watched.requests:
    print(request)
"""


def sent_by_a_process(seed: int, site: Path, folder: Path) -> str:
    command = [sys.executable, "-c", SENT.format(seed=seed)]
    run = subprocess.run(command, env=environment(site), cwd=folder, capture_output=True, text=True, check=True)
    assert list(folder.iterdir()) == []
    return run.stdout


def test_processes_with_one_seed_send_the_same(tiny_site: Path, tmp_path: Path) -> None:
    first, second, other = (sent_by_a_process(seed, tiny_site, tmp_path) for seed in (5, 5, 6))
    assert first == second
    assert first != other
    assert len(first.splitlines()) > 50


def test_runs_with_one_seed_send_the_same() -> None:
    watched = [Twisted(), Twisted()]
    for target in watched:
        examine(target, seed=5, profile="quick", only=("paging", "state"))
    assert watched[0].requests == watched[1].requests != []
