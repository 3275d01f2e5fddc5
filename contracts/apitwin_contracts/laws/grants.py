"""Laws of granting: every way of asking for a token is granted one, its answer has its form, and the token says of itself what was told of it."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import Contract
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.problems import schema_problems, validator
from apitwin_contracts.surfaces.surface import OK, Problem, Recognition
from apitwin_fixtures import ASSUMED, Request, Source

__all__ = ["CHECKS", "Granting"]

_OK = 200


@dataclass(frozen=True)
class Granting:
    """Ways of asking for a token, by name; `schema` is the JSON Schema of the answer, `headers` are sent with it.

    Where `lifetime` names a key of the answer, the token is a JWT that lives as many seconds.
    """

    name: str
    ways: Callable[[Client], Iterable[tuple[str, Request]]]
    schema: str
    token: str = "access_token"  # noqa: S105 - the name of a key
    lifetime: str = "expires_in"
    headers: tuple[tuple[str, str], ...] = field(default=())
    source: Source = ASSUMED


def _granted(examination: Examination, declared: Granting) -> None:
    client = examination.client
    schema = client.contract.fixtures.json(f"json-schemas/{declared.schema}")
    for way, request in declared.ways(client):
        exchange = client.exchange_token(request)
        body = json_of(exchange.reply)
        answer = client.taken_for("token", exchange, Recognition(OK, body))
        token = body.get(declared.token) if isinstance(body, dict) else None
        if exchange.reply.status != _OK or not isinstance(token, str):
            raise _broken(examination, declared, answer, (way, "a token", f"status {exchange.reply.status}"))
        client.scribe.learn(f"{client.contract.supplier.upper()}_TOKEN", token)
        for problem in schema_problems(validator(schema), schema, body, "token", declared.source):
            client.note("token", problem, [answer])
        for place, expected, observed in _told(declared, answer, token):
            if expected != observed:
                raise _broken(examination, declared, answer, (place, expected, observed))


def _told(declared: Granting, answer: Answer, token: str) -> Iterator[tuple[str, object, object]]:
    for name, value in declared.headers:
        yield name, value, answer.exchange.reply.header(name)
    claims = _claims(token)
    if claims:
        yield (
            f"{declared.token}.exp",
            answer.payload.get(declared.lifetime),
            claims.get("exp", 0) - claims.get("iat", 0),
        )


def _claims(token: str) -> dict[str, Any]:
    """Read what a JWT says of itself, without asking who signed it."""
    part = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004 - head, claims and signature
    try:
        found = orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _broken(
    examination: Examination, declared: Granting, answer: Answer, found: tuple[str, object, object]
) -> Exception:
    where, expected, observed = found
    check = examination.check
    problem = Problem(
        check.id, check.category, "breaking", f"token.{where}", str(expected), str(observed), declared.source
    )
    return examination.client.violation("token", problem, [answer])


def _declared(contract: Contract) -> tuple[Granting, ...]:
    return contract.declared(Granting)


CHECKS = (
    Check(
        "http.grant",
        "wire",
        "A client that asks for a token in a documented way gets one that it can read.",
        _declared,
        _granted,
    ),
)
