"""Scrubbing: exchanges without their secrets, so that a replay still works."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import LeakError
from apitwin_contracts.targets.credentials import known_names
from apitwin_fixtures import Exchange, Headers, Reply, Request

from .content import decoded
from .discovery import texts_by_form
from .ledger import Ledger
from .matching import Cleaner, Needle
from .personal import declared_kind, kind_of, plain_name
from .places import Visit, rewritten_body, rewritten_headers, rewritten_query
from .signatures import resigned_headers

__all__ = ["Scrubber"]

_PERSONAL_CREDENTIALS = {"user": "user", "username": "user", "email": "email", "login": "user"}


class Scrubber:
    """One recording's secrets: the same secret gets the same pseudonym everywhere, and the same one in the next recording of the same.

    `secrets` are the credentials by name; a name may begin with the customer's, as in `second.password`. `canaries` are texts that are
    never to reach the disk, and for which nothing stands in.
    """

    def __init__(self, contract: Contract, secrets: Mapping[str, str], canaries: Sequence[str] = ()) -> None:
        self._contract = contract
        sung = (
            Needle(canary.encode(), b"", f"the canary {number}") for number, canary in enumerate(canaries, 1) if canary
        )
        self._watch = Cleaner(sung)
        self._declared = contract.sensitive
        self._ledger = Ledger(_Vocabulary(contract))
        self._current = (self._ledger.version, Cleaner(()))
        self._seen: set[Exchange] = set()
        self._read: set[bytes] = set()
        known = known_names(contract)
        for name, value in secrets.items():
            kind = _kind_of_credential(name.rpartition(".")[2], contract.auth.secret, known)
            if kind:
                self.learn(kind, value)

    def learn(self, kind: str, value: str) -> str:
        """Teach one more secret, such as a token that the target granted, and get its pseudonym."""
        return self._ledger.learn(kind, value, told=True)

    def discover(self, exchanges: Sequence[Exchange]) -> None:
        """Learn the secrets that exchanges show by their places and forms."""
        for exchange in exchanges:
            if exchange not in self._seen:
                self._seen.add(exchange)
                opened = _opened(exchange)
                self._rewritten(opened, self._learning)
                for part in _parts(opened):
                    self._learn_by_form(part)

    def _learn_by_form(self, part: bytes) -> None:
        if part not in self._read:
            self._read.add(part)
            for kind, value in texts_by_form(part):
                self._ledger.learn(kind, value)

    def scrub(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """Give exchanges with pseudonyms for secrets and bodies unpacked; raises `LeakError` when a secret would stay."""
        self.discover(exchanges)
        scrubbed = tuple(self._scrubbed(exchange) for exchange in exchanges)
        self._seen.update(scrubbed)
        for number, exchange in enumerate(scrubbed, 1):
            for where, part in zip(_PARTS, _parts(exchange), strict=True):
                self.look(part, f"{where} of exchange {number}")
        return scrubbed

    def look(self, data: bytes, where: str) -> None:
        """Raise `LeakError` when bytes hold a secret or a canary in any encoding; the message never holds it."""
        edits = [*self._watch.left(data), *self._cleaner().left(data)]
        if edits:
            raise LeakError(
                f"{where} would have kept {edits[0].why}; nothing was written. Teach the scrubber what it is (the contract's "
                "`sensitive` names places), or leave out the operation that shows it"
            )

    def _cleaner(self) -> Cleaner:
        """Give a cleaner of all secrets that are known by now."""
        version, cleaner = self._current
        if version != self._ledger.version:
            cleaner = Cleaner(self._ledger.needles())
            self._current = (self._ledger.version, cleaner)
        return cleaner

    def _learning(self, place: tuple[str, ...], value: str, beside: Collection[str]) -> str:
        declared = declared_kind(place, self._declared)
        kind = declared[0] if declared else kind_of(place, value, beside)
        if kind:
            self._ledger.learn(kind, value)
        elif declared:
            self._ledger.spare(value)
        return value

    def _replacing(self, place: tuple[str, ...], value: str, beside: Collection[str]) -> str:
        declared = declared_kind(place, self._declared)
        kind = declared[0] if declared else kind_of(place, value, beside)
        return self._ledger.pseudonym_of(value) if kind else value

    def _rewritten(self, exchange: Exchange, visit: Visit) -> Exchange:
        request, reply = exchange.request, exchange.reply
        asked = replace(
            request,
            query=rewritten_query(request.query, visit),
            headers=rewritten_headers(request.headers, visit),
            body=rewritten_body(request.body, request.header("content-type") or "", visit),
        )
        body = rewritten_body(reply.body, reply.header("content-type") or "", visit)
        return replace(
            exchange, request=asked, reply=replace(reply, headers=rewritten_headers(reply.headers, visit), body=body)
        )

    def _scrubbed(self, exchange: Exchange) -> Exchange:
        opened = _opened(exchange)
        placed = self._rewritten(opened, self._replacing)
        cleaned = _cleaned(placed, self._cleaner().clean)
        keys = self._ledger.keys()
        request = resigned_headers(opened.request, cleaned.request, keys)
        resign: Callable[..., Request] | None = getattr(self._contract.auth, "recomputed", None)
        if resign:
            request = resign(opened.request, request, keys)
        return replace(
            cleaned, request=_measured(opened.request, request), reply=_measured(opened.reply, cleaned.reply)
        )


class _Vocabulary:
    """The words of a contract's schemas, read when the first word is asked for."""

    def __init__(self, contract: Contract) -> None:
        self._root = contract.fixtures.root

    @cached_property
    def _words(self) -> frozenset[str]:
        schemas = (*self._root.glob("*.graphql"), *self._root.glob("openapi.json"))
        return frozenset(word for schema in schemas for word in _WORD.findall(schema.read_text("utf-8")))

    def __call__(self, word: str) -> bool:
        return bool(_WORD.fullmatch(word)) and (word in self._words or kind_of((word,), "x") is not None)


_WORD = re.compile(r"[A-Za-z_]{1,40}")
_PARTS = (
    "the path",
    "the query",
    "the request's headers",
    "the request's body",
    "the reply's headers",
    "the reply's body",
)


def _parts(exchange: Exchange) -> tuple[bytes, ...]:
    request, reply = exchange.request, exchange.reply
    return (
        request.path.encode("utf-8", "surrogateescape"),
        request.query.encode("utf-8", "surrogateescape"),
        _written(request.headers),
        request.body,
        _written(reply.headers),
        reply.body,
    )


def _written(headers: Headers) -> bytes:
    return "\n".join(f"{name}: {value}" for name, value in headers).encode("utf-8", "surrogateescape")


def _opened(exchange: Exchange) -> Exchange:
    """Give an exchange with its bodies unpacked, and no header that says otherwise."""
    return replace(exchange, request=decoded(exchange.request), reply=decoded(exchange.reply))


def _cleaned(exchange: Exchange, clean: Callable[[bytes], bytes]) -> Exchange:
    def text(value: str) -> str:
        return clean(value.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def headers(values: Headers) -> Headers:
        return tuple((name, text(value)) for name, value in values)

    request, reply = exchange.request, exchange.reply
    return replace(
        exchange,
        request=Request(
            request.method,
            text(request.path),
            text(request.query),
            headers(request.headers),
            clean(request.body),
        ),
        reply=Reply(reply.status, headers(reply.headers), clean(reply.body)),
    )


def _measured(before: Any, after: Any) -> Any:
    """Give a message whose content-length is that of its body, where it was so before."""
    if len(before.body) == len(after.body) or before.header("content-length") != str(len(before.body)):
        return after
    headers = tuple(
        (name, str(len(after.body)) if name == "content-length" else value) for name, value in after.headers
    )
    return replace(after, headers=headers)


def _kind_of_credential(name: str, secret: Collection[str], known: Collection[str]) -> str | None:
    """Give the kind of a credential; one that the contract knows and calls no secret is none, but for who it is."""
    if name in secret or name not in known:
        return kind_of((name,), "x") or "secret"
    return _PERSONAL_CREDENTIALS.get(plain_name(name))
