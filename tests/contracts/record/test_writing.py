"""A reader finds an old cassette or a new one, never a half, whatever happens in between."""

import os
import time
from pathlib import Path

import pytest

from apitwin_contracts.errors import UsageError
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.writing import rendered, write_cassette, write_recording
from apitwin_contracts.registry import load_contracts
from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_fixtures.cassettes import read_cassette

AXRO = load_contracts(["axro"])["axro"]
METADATA = {"supplier": "axro", "operation": "brands", "target": "https://api.axro.com/base"}


def cassette(name: str, body: bytes = b"{}") -> Cassette:
    return Cassette(name, (Exchange(Request("GET", "/brands", "page=1"), Reply(200, (), body)),), METADATA)


@pytest.mark.parametrize("broken", range(1, 4))
def test_what_fails_half_way_changes_nothing(broken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_cassette(tmp_path / "a.json", cassette("a", b'"old"'))
    count, sync = 0, os.fsync

    def failing(handle: int) -> None:
        nonlocal count
        count += 1
        if count == broken:
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="No space"):
        write_recording(tmp_path, [cassette(name) for name in "abc"], Scrubber(AXRO, {}))
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert read_cassette(tmp_path / "a.json").exchanges[0].reply.body == b'"old"'


def test_it_reads_back_and_is_the_same_to_the_byte(tmp_path: Path) -> None:
    written = cassette("brands", '{"brands": ["Köhler"]}'.encode())
    path = tmp_path / "brands.json"
    write_cassette(path, written)
    assert read_cassette(path) == written
    assert path.read_bytes() == rendered(read_cassette(path))
    assert b'"uri": "https://api.axro.com/brands?page=1"' in path.read_bytes()


def test_a_body_that_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no UTF-8 text"):
        write_recording(tmp_path, [cassette("picture", b"\xff\xd8\xff\x00")], Scrubber(AXRO, {}))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_half_is_swept_and_what_another_is_writing_is_not(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".brands.x1.part", tmp_path / ".brands.x2.part"
    for part in (old, fresh):
        part.write_bytes(b"{")
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    write_cassette(tmp_path / "brands.json", cassette("brands"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "brands.json"]
