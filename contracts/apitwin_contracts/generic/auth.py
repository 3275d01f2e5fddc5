"""Headers that let a client in, with secrets where `${VARIABLE}` stands."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from string import Template

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault
from apitwin_fixtures import ASSUMED, Request, Source
from apitwin_fixtures.blueprint import Way

__all__ = ["HeaderAuth", "names_in"]

_SEEN = Source("observed", "SOURCE.md")
_Spoil = Callable[[Client, Request], Request]


def names_in(value: str) -> tuple[str, ...]:
    """Name the variables of a header's value."""
    return tuple(dict.fromkeys(Template(value).get_identifiers()))


class HeaderAuth:
    """Signs every request with the same headers."""

    lifetime = None
    lifetime_source = ASSUMED

    def __init__(self, ways: Iterable[Way]) -> None:
        self._ways = tuple(ways)
        self.needed = tuple(dict.fromkeys(name for way in self._ways for name in names_in(way.value)))
        self.secret = frozenset(self.needed)

    def sign_in(self, client: Client) -> tuple[tuple[str, str], ...]:
        return tuple(
            (way.header.lower(), Template(way.value).safe_substitute(client.credentials)) for way in self._ways
        )

    def sign(self, request: Request, grant: tuple[tuple[str, str], ...], now: datetime) -> Request:  # noqa: ARG002 - as every auth
        return replace(request, headers=(*request.headers, *grant))

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:  # noqa: ARG002 - as every auth
        return None

    def sign_anew(self, client: Client, request: Request) -> Request:
        return replace(request, headers=(*request.headers, *self.sign_in(client)))

    def faults(self) -> Iterable[AuthFault]:
        for way in self._ways:
            if way.without:
                yield AuthFault(f"no-{way.header.lower()}", way.without, self._without(way), _SEEN)
            if way.wrong:
                yield AuthFault(f"wrong-{way.header.lower()}", way.wrong, self._wrong(way), _SEEN)

    def _without(self, way: Way) -> _Spoil:
        return lambda client, request: _others(self.sign_anew(client, request), way)

    def _wrong(self, way: Way) -> _Spoil:
        def spoiled(client: Client, request: Request) -> Request:
            value = Template(way.value).safe_substitute(dict.fromkeys(names_in(way.value), "nobodys"))
            others = _others(self.sign_anew(client, request), way)
            return replace(others, headers=(*others.headers, (way.header.lower(), value)))

        return spoiled


def _others(request: Request, way: Way) -> Request:
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0] != way.header.lower()))
