"""How a client signs in, as exchanges: a recording without them would let nobody in who has to fetch a token first."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from apitwin_contracts.client import Client
from apitwin_contracts.errors import NothingToExamine, UnreachableError
from apitwin_contracts.run import Run
from apitwin_fixtures import Exchange, Request

__all__ = ["SIGN_IN", "signing_in"]

SIGN_IN = "sign_in"
_TROUBLE = (KeyError, TypeError, AttributeError, ValueError, IndexError)


class _Noting(Client):
    """A client that notes what it asks, as it would ask it of a target that grants its tokens itself."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.contract, run.target, run.client.credentials, lambda _finding: None)
        self.noted: dict[Request, Exchange] = {}

    def exchange(self, request: Request, operation: str = "") -> Exchange:
        exchange = super().exchange(request, operation)
        self.noted.setdefault(request, exchange)
        return exchange

    def exchange_token(self, request: Request) -> Exchange:
        exchange = replace(super().exchange_token(request), request=request)
        self.noted.setdefault(request, exchange)
        return exchange


def signing_in(run: Run) -> Sequence[Exchange]:
    """Give what is asked to sign in for every reading operation; raises `NothingToExamine` where nothing is, and `UnreachableError`."""
    contract, client = run.contract, _Noting(run)
    client.sign_in()
    for operation in contract.operations:
        if operation.kind == "read":
            # What the operation needs beside a token is of no interest here.
            with suppress(NothingToExamine, *_TROUBLE):
                client.signed(contract.surface.request(operation.name, {}))
    # Whoever was given a token was perhaps given nothing to fetch another with.
    with suppress(UnreachableError):
        contract.auth.granted_lifetime(client)
    granted = [exchange for exchange in client.noted.values() if exchange.reply.status < 400]  # noqa: PLR2004 - HTTP's first error status
    if not granted:
        raise NothingToExamine("nothing is fetched to sign in")
    return granted
