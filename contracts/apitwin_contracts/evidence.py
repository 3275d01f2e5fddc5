"""Exchanges as evidence: steps of a reproducer with a curl command each, and no secret in them."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlsplit

import orjson

from apitwin_fixtures import Exchange, Headers, Reply, Request

from .drift import Step
from .record.matching import Cleaner, Needle

if TYPE_CHECKING:
    from .contract import Contract, Credentials
    from .targets import Target

__all__ = ["Scribe", "signature"]

_LONGEST_BODY = 4000
_WORD = re.compile(r"[A-Za-z][A-Za-z_.-]{2,60}")
_KEPT_STEPS = 64
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "x-api-key", "apikey"})


def signature(reply: Reply) -> str:
    """Give what an unknown refusal has in common with its like: the status and the words of its body that stand alone, as codes do."""
    try:
        body = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        body = None
    return " ".join(["status", str(reply.status), *sorted(set(_words(body)))])


def _words(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for value in body.values():
            yield from _words([value] if isinstance(value, str) else value)
    elif isinstance(body, list):
        # A list of several texts is a path or a choice, and differs from case to case.
        texts = [value for value in body if isinstance(value, str)]
        yield from (text for text in texts if len(body) == 1 and _WORD.fullmatch(text))
        for value in body:
            yield from _words(value) if isinstance(value, (dict, list)) else ()


class Scribe:
    """Writes exchanges down; each secret stands as the environment variable that would hold it.

    A query parameter that an auth computes from a secret (`secret_parameters`) is hidden, too, but not on this machine, where a command
    that works as it stands is worth more than a mock's token.
    """

    def __init__(self, contract: "Contract", target: "Target", credentials: "Credentials") -> None:
        self._base = target.url
        held_in = getattr(credentials, "variables", {})
        self._names = {
            value: f"${{{held_in.get(name) or f'{contract.supplier.upper()}_{name.upper()}'}}}"
            for name, value in credentials.items()
            if name in contract.auth.secret and value
        }
        self._hidden = _forms(self._names)
        self._cleaner: Cleaner | None = None
        self._written: dict[Exchange, Step] = {}
        self._prefix = f"APITWIN_{contract.supplier.upper()}"
        self._parameters = frozenset() if _is_local(target.url) else _secret_parameters(contract)

    def learn(self, name: str, secret: str) -> None:
        """Hide one more secret, such as a token that the target gave."""
        if secret and secret not in self._names:
            self._names[secret] = f"${{{name}}}"
            self._hidden = _forms(self._names)
            self._cleaner = None
            self._written.clear()

    def clean(self, text: str) -> str:
        """Give a text without the secrets, under whatever encoding they stand."""
        if not self._hidden:
            return text
        # All at once: a secret may be part of another, or of a variable's name.
        longest_first = sorted(self._hidden, key=len, reverse=True)
        readable = re.sub("|".join(map(re.escape, longest_first)), lambda found: self._hidden[found[0]], text)
        parts = re.split(f"({'|'.join(map(re.escape, set(self._names.values())))})", readable)
        return "".join(part if at % 2 else self._unpacked(part) for at, part in enumerate(parts))

    def _unpacked(self, text: str) -> str:
        """Give a text without what is secret in its base64, its escapes of escapes, and the like."""
        if self._cleaner is None:
            names = self._names.items()
            self._cleaner = Cleaner(Needle(secret.encode(), name.encode(), name) for secret, name in names)
        return self._cleaner.clean(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def step(self, exchange: Exchange) -> Step:
        """Write one exchange down."""
        request, reply = exchange.request, exchange.reply
        for name in self._parameters & request.parameters.keys():
            self.learn(f"{self._prefix}_{name.upper()}", request.parameters[name])
        # One reply often breaks many promises.
        if exchange not in self._written:
            if len(self._written) >= _KEPT_STEPS:
                self._written.clear()
            self._written[exchange] = Step(self._request(request), self._reply(reply), self._curl(request))
        return self._written[exchange]

    def _request(self, request: Request) -> dict[str, Any]:
        return {
            "method": request.method,
            "url": self.clean(self._base + request.target),
            "headers": self._headers(request.headers),
            "body": self._body(request.body),
        }

    def _reply(self, reply: Reply) -> dict[str, Any]:
        return {"status": reply.status, "headers": self._headers(reply.headers), "body": self._body(reply.body)}

    def _headers(self, headers: Headers) -> Mapping[str, str]:
        return {name: self._header(name, value) for name, value in headers}

    def _header(self, name: str, value: str) -> str:
        cleaned = self.clean(value)
        hidden = name in _SECRET_HEADERS and cleaned == value
        return f"{value.partition(' ')[0]} ***" if hidden and " " in value else "***" if hidden else cleaned

    def _body(self, body: bytes) -> Any:
        whole = body.decode("utf-8", "replace")
        # More is cleaned than shown: a secret may lie across the cut.
        text = self.clean(whole[: 2 * _LONGEST_BODY])
        if len(whole) > _LONGEST_BODY:
            return text[:_LONGEST_BODY] + f"… ({len(whole)} characters)"
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text

    def _curl(self, request: Request) -> str:
        words = ["curl", "-sS", *_curl_flags(request), self._quoted(self.clean(self._base + request.target))]
        for name, value in request.headers:
            words += ["-H", self._quoted(f"{name}: {self._header(name, value)}" if value else f"{name};")]
        if request.body:
            # To a body curl adds a content type of its own, unless it is told that there is none.
            words += ["-H", "content-type:"] if request.header("content-type") is None else []
            words += ["--data-raw", self._quoted(self.clean(request.body.decode("utf-8", "replace")))]
        return " ".join(words)

    def _quoted(self, text: str) -> str:
        """Quote for a POSIX shell; only our own `${VARIABLE}`s stay open to the shell."""
        ours = set(self._names.values())
        parts = re.split(f"({'|'.join(map(re.escape, ours))})", text) if ours else [text]
        quoted = (f'"{part}"' if part in ours else shlex.quote(part) for part in parts if part)
        return "".join(quoted) or "''"


def _secret_parameters(contract: "Contract") -> frozenset[str]:
    names: frozenset[str] = getattr(contract.auth, "secret_parameters", frozenset())
    return names


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _curl_flags(request: Request) -> list[str]:
    # Without --globoff curl takes brackets for a range, and after -X HEAD it waits for a body.
    literal = ["--globoff"] if set("[]{}") & set(request.target) else []
    if request.method == "HEAD":
        return [*literal, "--head"]
    return [*literal, *(["-X", request.method] if request.method != "GET" or request.body else [])]


def _forms(names: Mapping[str, str]) -> dict[str, str]:
    """Give every form in which a secret may stand in a request or a reply, with what stands there instead."""
    as_is, in_json = (lambda secret: secret), (lambda secret: orjson.dumps(secret)[1:-1].decode())
    return {form(secret): name for form in (quote, quote_plus, in_json, as_is) for secret, name in names.items()}
