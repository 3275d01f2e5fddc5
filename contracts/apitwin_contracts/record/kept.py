"""A target with manners whose run leaves nothing behind: what check, compare and record talk to when a target is not their own."""

from collections.abc import Callable

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Contract
from apitwin_contracts.surfaces.asked import may_write
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.manners import Polite, Purse

from .journal import Header, Journal, state_folder
from .keeper import Keeper
from .undo import Cleaned, clean_up

__all__ = ["Kept"]


class Kept:
    """One run on one supplier's target: ask `target`, and at the end, however it comes, `clean`.

    As a context manager it gives the target, cleans at the end, and tells `notice` what the purse refused and what was left.
    """

    def __init__(
        self,
        contract: Contract,
        address: Address,
        purse: Purse,
        notice: Callable[[str], None],
        journal: Journal | None = None,
    ) -> None:
        reads = {operation.name for operation in contract.operations if operation.kind == "read"}
        polite = Polite(address.open(), purse, notice, lambda request: may_write(contract.surface, request, reads))
        header = Header(contract.supplier, address.named, address.label, address.config)
        self._contract = contract
        self._purse = purse
        self._notice = notice
        self._journal = journal or Journal.begin(state_folder() / "journals", header)
        everybody = (address.credentials, *address.others.values())
        self._clients = [Client(contract, polite, given, lambda _finding: None) for given in everybody]
        self.target = Keeper(contract, polite, address.credentials, purse, self._journal)

    def __enter__(self) -> Keeper:
        return self.target

    def __exit__(self, *_error: object) -> None:
        # Read first: cleaning up draws on what was kept for it, and is no news.
        refusals, self._purse.refusals = list(self._purse.refusals), {}
        for sentence in (*refusals, *self.clean().sentences()):
            self._notice(sentence)

    def clean(self) -> Cleaned:
        """Take back what was made and is still there; what the budget kept for this may now be used."""
        self._purse.release(self._purse.aside)
        return clean_up(self._contract, self._clients, self._journal)
