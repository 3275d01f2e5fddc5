"""The journal on the disk: what a crash leaves of it, and who may go on with it."""

import os
from datetime import UTC, datetime
from pathlib import Path

from apitwin_contracts.record.journal import Header, Journal, adopted, state_folder

HEADER = Header("tiny", "sandbox", "https://sandbox.example", "/somewhere/apitwin.toml")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def let_go(journal: Journal) -> None:
    """Give up the file as a process that dies does."""
    assert journal._file is not None
    os.close(journal._file)
    journal._file = None


def test_it_appears_with_its_first_entry_and_goes_with_its_last(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path / "deep/state", HEADER)
    assert not list(tmp_path.iterdir())
    entry = journal.intend("createOrder", {"lines": [[1, 2]]}, NOW)
    assert journal.path.is_file()
    journal.close(entry)
    journal.end()
    assert not journal.path.exists()


def test_what_was_intended_is_on_the_disk_before_it_is_done(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, HEADER)
    first, second, third = (journal.intend("createOrder", name, NOW) for name in "abc")
    journal.made(first, ["O1"])
    journal.close(second)
    let_go(journal)
    [found] = adopted(tmp_path)
    assert found.header == HEADER
    assert [(one.reference, one.handles, one.since) for one in found.open_entries] == [
        ("c", None, NOW),
        ("a", ("O1",), NOW),
    ]
    assert third.handles is None
    found.end()


def test_a_living_runs_journal_is_its_own(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, HEADER)
    journal.intend("createOrder", None, NOW)
    assert list(adopted(tmp_path)) == []
    let_go(journal)
    assert len(list(adopted(tmp_path))) == 1


def test_half_a_line_announced_nothing(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, HEADER)
    journal.intend("createOrder", "a", NOW)
    whole = journal.path.read_bytes()
    let_go(journal)
    for cut in range(1, 40):
        journal.path.write_bytes(whole + b'{"number":2,"intends":"createOrder","refer'[:cut])
        [found] = adopted(tmp_path)
        assert [one.reference for one in found.open_entries] == ["a"]
        let_go(found)


def test_two_runs_never_share_a_file(tmp_path: Path) -> None:
    one, other = Journal.begin(tmp_path, HEADER), None
    one.intend("createOrder", None, NOW)
    other = Journal.begin(tmp_path, HEADER)
    assert one.path != other.path


def test_where_journals_are(tmp_path: Path) -> None:
    assert state_folder({"APITWIN_STATE": str(tmp_path)}) == tmp_path
    assert state_folder({"XDG_STATE_HOME": str(tmp_path)}) == tmp_path / "apitwin"
    assert state_folder({}) == Path("~/.local/state/apitwin").expanduser()
