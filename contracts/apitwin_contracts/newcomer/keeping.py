"""What the making of a supplier keeps to: a run's manners, and a journal that another process can finish from what was made so far."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from apitwin_contracts.contract import Credentials
from apitwin_contracts.errors import UsageError
from apitwin_contracts.generic import contract_of
from apitwin_contracts.record.journal import Header, Journal, state_folder
from apitwin_contracts.record.keeper import Keeper
from apitwin_contracts.record.kept import Kept
from apitwin_contracts.record.undo import Cleaned
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.config import FILE_NAME, TargetTable, read_targets
from apitwin_contracts.targets.http import HttpTarget
from apitwin_contracts.targets.manners import Limits, Polite, Purse
from apitwin_fixtures import Request

__all__ = ["Keeping", "finished", "table_of"]

_SAFE = ("GET", "HEAD", "OPTIONS")


def table_of(name: str, config: Path) -> TargetTable:
    """Give what `apitwin.toml` says of a target of the supplier's name: how it is reached, and how far one may go; raises `UsageError`."""
    tables = read_targets(config) if config.is_file() else {}
    return tables.get(name) or TargetTable(name, "")


class Keeping:
    """One making's manners: everything that is sent draws on one purse, and what is created is in one journal."""

    def __init__(self, table: TargetTable, config: Path, tell: Callable[[str], None]) -> None:
        self.purse = Purse(table.limits)
        self._table = table
        self._config = str(config) if config.is_file() else ""
        self._tell = tell
        self._journal: Journal | None = None

    def polite(self, url: str) -> Polite:
        """Open a target before anything is known of it: for its description."""
        return Polite(HttpTarget(url, self._table.settings), self.purse, self._tell, _may_write)

    def begin(self, url: str, stage: Path, environment: Mapping[str, str] = os.environ) -> None:
        """Be on the disk from now on."""
        header = Header(self._table.name, url, url, self._config, str(stage))
        self._journal = Journal.begin(state_folder(environment) / "journals", header)
        self._journal.announce()

    @contextmanager
    def kept(self, url: str, stage: Path, credentials: Credentials) -> Iterator[Keeper]:
        """Open the target as what was made so far describes it; what is created meanwhile is taken back at the end."""
        address = Address(url, lambda: HttpTarget(url, self._table.settings), credentials, named=url)
        with Kept(contract_of(stage), address, self.purse, self._tell, self._journal) as target:
            yield target
        if self._journal:
            self._journal.announce()

    def end(self) -> bool:
        """Let go of the journal; tell whether something is left for `--clean-up`, which then needs the folder."""
        if self._journal is None:
            return False
        pending = bool(self._journal.open_entries)
        self._journal.end()
        return pending


def _may_write(request: Request) -> bool:
    return request.method not in _SAFE


def finished(
    journal: Journal, limits: Limits, tell: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> Cleaned:
    """Finish what a making that is no more left behind, its half-made folder too; raises `UsageError` without the secrets that it had."""
    head, stage = journal.header, Path(journal.header.folder)
    contract = contract_of(stage)
    unset = [name for name in contract.auth.needed if not environment.get(name)]
    if unset:
        raise UsageError(f"{head.supplier} at {head.url} was asked with {', '.join(unset)}, which is not set; set it")
    table = table_of(head.supplier, Path(head.config or FILE_NAME))
    credentials = {name: environment[name] for name in contract.auth.needed}
    address = Address(head.url, lambda: HttpTarget(head.url, table.settings), credentials, named=head.target)
    cleaned = Kept(contract, address, Purse(table.limits.under(limits)), tell, journal).clean()
    if all(left.final for left in cleaned.leftovers):
        shutil.rmtree(stage, ignore_errors=True)
    return cleaned
