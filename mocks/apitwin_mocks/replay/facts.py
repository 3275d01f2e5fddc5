"""A request as flat facts by place, so that two requests that mean the same are equal, and others differ place by place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import orjson
from graphql import GraphQLSchema

from apitwin_fixtures import Headers, Request

from .documents import document_facts, root_fields

__all__ = ["Secrets", "asked_fields", "request_facts"]

_PRESENT = "present"
_AUTHORIZATION = "header.authorization"
_FORM = "application/x-www-form-urlencoded"
_GENERAL = frozenset({
    "password", "client_secret", "secret", "token", "accesstoken", "access_token", "apitoken", "api_key", "apikey",
    "refresh_token", "client_assertion", "sig", "signature",
})  # fmt: skip
_CREDENTIAL_HEADERS = ("authorization", "cookie", "x-api-key")
Facts = dict[str, str]


_IDENTITY = frozenset({"username", "user", "email", "login", "client_id", "customer"})


class Secrets:
    """Which parameters carry credentials: of those only the presence is a fact; `names` are the supplier's own beside the usual ones."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = _GENERAL | {name.lower() for name in names}

    def places(self, facts: Facts) -> set[str]:
        """Give the places of what is secret; where something is, also of who signs in with it."""
        secret = {place for place in facts if _last(place) in self._names}
        return secret | {place for place in facts if secret and _last(place) in _IDENTITY}


def _last(place: str) -> str:
    return place.rpartition(".")[2].rstrip(")").rpartition("(")[2].lower()


def request_facts(request: Request, secrets: Secrets, schemas: Sequence[GraphQLSchema] = ()) -> tuple[Facts, Facts]:
    """Give the facts of a request (method, path, query, GraphQL document with values or body, how it brings credentials), and the credentials apart.

    A GraphQL document that none of the `schemas` takes is one of its own.
    """
    shown = {f"header.{name}": request.header(name) or "" for name in _CREDENTIAL_HEADERS if request.header(name)}
    content = dict(_content(request, schemas))
    places = secrets.places(content)
    credentials = shown | {place: content[place] for place in places}
    facts = {"method": request.method, "path": request.path}
    facts |= {place: _scheme(value) if place == _AUTHORIZATION else _PRESENT for place, value in shown.items()}
    typed = _json(request.body) is not None
    told = {place: _hidden(value, typed=typed) if place in places else value for place, value in content.items()}
    return facts | told, credentials


def _hidden(value: str, *, typed: bool) -> str:
    """Tell that a credential is there, and in JSON also that it is no text: that is refused, whatever it says."""
    return _PRESENT if not typed or value.startswith('"') else f"{_PRESENT}, and no text"


def _scheme(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme.lower()} {_PRESENT}" if space else _PRESENT


def asked_fields(request: Request) -> str:
    """Name the root fields of a GraphQL request; empty for any other request."""
    posted = _posted(request)
    return root_fields(posted["query"], posted.get("operationName")) if posted else ""


def _content(request: Request, schemas: Sequence[GraphQLSchema]) -> Iterator[tuple[str, str]]:
    posted = _posted(request)
    if posted is None:
        yield from _pairs("query", request.query)
        yield from _body(request)
        return
    variables, name = posted.get("variables"), posted.get("operationName")
    if not isinstance(variables, dict):
        yield from _flat("body.variables", variables) if variables is not None else ()
        variables = {}
    named = name if isinstance(name, str) else None
    yield from document_facts(posted["query"], variables, named, schemas).items()
    for key in posted.keys() - {"query", "variables", "operationName"}:
        yield from _flat(f"body.{key}", posted[key])


def _posted(request: Request) -> Mapping[str, Any] | None:
    """Give what a GraphQL request holds, sent either way; None for a request of another kind."""
    if request.method == "GET":
        sent: Any = dict(request.parameters)
        variables = _json(sent.get("variables", "null").encode())
        sent = sent | ({"variables": variables} if isinstance(variables, dict) else {})
    else:
        sent = _json(request.body)
    return sent if isinstance(sent, dict) and isinstance(sent.get("query"), str) and _is_document(sent) else None


def _is_document(sent: Mapping[str, Any]) -> bool:
    # A REST search also has a parameter `query`; no search has braces.
    return "{" in sent["query"] or sent.keys() <= {"query", "variables", "operationName", "extensions"}


def _body(request: Request) -> Iterator[tuple[str, str]]:
    if not request.body:
        return
    read = _json(request.body)
    if read is not None:
        yield from _flat("body", read)
    elif _media_type(request.headers) == _FORM:
        yield from _pairs("body", request.body.decode("utf-8", "replace"))
    else:
        yield "body", request.body.decode("utf-8", "backslashreplace")


def _media_type(headers: Headers) -> str:
    named = next((value for name, value in headers if name == "content-type"), "")
    return named.partition(";")[0].strip().lower()


def _pairs(place: str, text: str) -> Iterator[tuple[str, str]]:
    listed: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        listed.setdefault(name, []).append(value)
    for name, values in listed.items():
        yield from (
            (f"{place}.{name}" if index == 0 else f"{place}.{name}[{index}]", one) for index, one in enumerate(values)
        )


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _flat(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, part in value.items():
            yield from _flat(f"{place}.{name}", part)
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            yield from _flat(f"{place}[{index}]", part)
    else:
        yield place, orjson.dumps(value).decode()
