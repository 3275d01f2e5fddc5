"""Exchanges as evidence: steps of a reproducer with a curl command each, and no secret in them."""

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import orjson

from apitwin_fixtures import Exchange, Headers, Reply, Request

from .drift import Step

if TYPE_CHECKING:
    from .contract import Contract, Credentials
    from .targets import Target

__all__ = ["Scribe"]

_LONGEST_BODY = 4000
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "x-api-key", "apikey"})


class Scribe:
    """Writes exchanges down; each secret stands as the environment variable that would hold it."""

    def __init__(self, contract: "Contract", target: "Target", credentials: "Credentials") -> None:
        self._base = target.url
        held_in = getattr(credentials, "variables", {})
        self._names = {
            value: f"${{{held_in.get(name) or f'{contract.supplier.upper()}_{name.upper()}'}}}"
            for name, value in credentials.items()
            if name in contract.auth.secret and value
        }

    def learn(self, name: str, secret: str) -> None:
        """Hide one more secret, such as a token that the target gave."""
        if secret:
            self._names.setdefault(secret, f"${{{name}}}")

    def clean(self, text: str) -> str:
        """Give a text without the secrets, in plain and URL-encoded form."""
        for secret in sorted(self._names, key=len, reverse=True):
            text = text.replace(secret, self._names[secret]).replace(quote_plus(secret), self._names[secret])
        return text

    def step(self, exchange: Exchange) -> Step:
        """Write one exchange down."""
        request, reply = exchange.request, exchange.reply
        return Step(self._request(request), self._reply(reply), self._curl(request))

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
        text = self.clean(body.decode("utf-8", "replace"))
        if len(text) > _LONGEST_BODY:
            return text[:_LONGEST_BODY] + f"… ({len(text)} characters)"
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text

    def _curl(self, request: Request) -> str:
        parts = ["curl", "-sS", *(["-X", request.method] if request.method != "GET" else [])]
        words = [shlex.quote(part) for part in parts]
        words.append(_quoted(self.clean(self._base + request.target)))
        for name, value in request.headers:
            words += ["-H", _quoted(f"{name}: {self._header(name, value)}")]
        if request.body:
            words += ["--data-raw", _quoted(self.clean(request.body.decode("utf-8", "replace")))]
        return " ".join(words)


def _quoted(text: str) -> str:
    """Quote for a POSIX shell; only our own `${VARIABLE}`s stay open to the shell."""
    parts = text.split("${")
    quoted = shlex.quote(parts[0]) if parts[0] or len(parts) == 1 else ""
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        is_ours = brace and name.replace("_", "").isalnum() and name.isupper()
        quoted += f'"${{{name}}}"' + (shlex.quote(rest) if rest else "") if is_ours else shlex.quote("${" + part)
    return quoted
