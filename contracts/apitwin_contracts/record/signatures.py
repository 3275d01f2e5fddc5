"""Signatures of bodies, made anew with the secrets' pseudonyms so that they still fit."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace

from apitwin_fixtures import Request

__all__ = ["resigned_headers"]

_ALGORITHMS = ("sha256", "sha1", "sha512")
_SHORTEST = 20


def resigned_headers(before: Request, after: Request, pseudonyms: Mapping[str, str]) -> Request:
    """Give the request with each HMAC of its body that a known secret made, made anew; `before` is the request as it was sent."""
    signed = {
        name: new
        for name, value in before.headers
        if len(value) >= _SHORTEST and (new := _resigned(value, before, after, pseudonyms))
    }
    return replace(after, headers=tuple((name, signed.get(name, value)) for name, value in after.headers))


def _resigned(value: str, before: Request, after: Request, pseudonyms: Mapping[str, str]) -> str | None:
    prefix, between, coded = (
        value.rpartition("=") if value.count("=") == 1 and not value.endswith("=") else ("", "", value)
    )
    sought = _decoded(coded)
    if sought is None:
        return None
    for secret, pseudonym in pseudonyms.items():
        for algorithm in _ALGORITHMS:
            for old, new in zip(_signed(before), _signed(after), strict=True):
                if hmac.digest(secret.encode(), old, algorithm) == sought:
                    made = hmac.digest(pseudonym.encode(), new, algorithm)
                    return prefix + between + _like(coded, made)
    return None


def _signed(request: Request) -> Iterator[bytes]:
    """Give what a signature may be of: the body, or a timestamp from a header and the body."""
    yield request.body
    for name, value in request.headers:
        if "time" in name or "date" in name:
            yield f"{value}.".encode() + request.body
            yield value.encode() + request.body


def _decoded(coded: str) -> bytes | None:
    try:
        return bytes.fromhex(coded)
    except ValueError:
        pass
    try:
        return b64decode(coded, validate=True)
    except ValueError:
        return None


def _like(coded: str, made: bytes) -> str:
    try:
        bytes.fromhex(coded)
    except ValueError:
        return b64encode(made).decode()
    return made.hex().upper() if coded == coded.upper() else made.hex()
