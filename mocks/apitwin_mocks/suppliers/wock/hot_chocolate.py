"""HTTP as Hot Chocolate 14 speaks it: media types, status, GET and POST, refusals before execution, errors before data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from apitwin_fixtures import Request
from apitwin_mocks.kit.graphql import GraphQLRequest

from .errors import Code

__all__ = ["JSON", "Format", "HttpRefusalError", "json_bytes", "negotiate", "read_request"]

JSON = "application/json"
_GRAPHQL = "application/graphql-response+json"
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+\s*(;.*)?", re.ASCII)
_ANY = ("*/*", "application/*")
# System.Text.Json's default encoder writes these as \uXXXX, and every character beyond ASCII.
_ESCAPED = re.compile("\\\\\\\\|\\\\\"|[&'+<>`\x7f-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Format:
    """The media type of a reply, and whether its status tells more than 200."""

    media_type: str
    telling: bool
    asked: bool = True

    @property
    def header(self) -> tuple[str, str]:
        """The reply's content type."""
        return ("content-type", f"{self.media_type}; charset=utf-8")

    def status(self, status: int) -> int:
        """Give the status that is sent for one that Hot Chocolate means."""
        return status if self.telling else 200

    @property
    def unreadable_status(self) -> int:
        """The status of a body that cannot be read: 400 unless the old rules answer a client that asked for no type."""
        return 200 if not self.telling and not self.asked else 400


class HttpRefusalError(Exception):
    """A request that never reaches the document: a whole reply of the catalogue, with its values."""

    def __init__(self, code: Code, form: Format, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.form = form
        self.values = values


def negotiate(header: str | None, transport: str) -> Format:
    """Choose the media type; `transport` legacy answers JSON with 200 where no type is asked for. Raises `HttpRefusalError`."""
    latest = Format(_GRAPHQL, telling=True)
    default = latest if transport == "latest" else Format(JSON, telling=False, asked=False)
    if not (header or "").strip():
        return default
    names = []
    for part in (header or "").split(","):
        if not _MEDIA_TYPE.fullmatch(part.strip()):
            raise HttpRefusalError(Code.ACCEPT_UNREADABLE, latest, header=part.strip())
        names.append(part.partition(";")[0].strip().lower())
    if _GRAPHQL in names:
        return latest
    if any(name in _ANY for name in names):
        return default
    if JSON in names:
        return Format(JSON, telling=False)
    raise HttpRefusalError(Code.NOT_ACCEPTABLE, latest)


def read_request(request: Request, form: Format) -> GraphQLRequest:
    """Read a GET's parameters or a POST's JSON; raises `HttpRefusalError` for what is no GraphQL request."""
    if request.method == "GET" and "query" in request.parameters:
        asked = request.parameters
        variables = _json(asked["variables"].encode(), form) if asked.get("variables") else None
        return _checked(asked["query"], variables, asked.get("operationName"), form)
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if request.method != "POST" or media_type != JSON:
        raise HttpRefusalError(Code.ROUTE_UNKNOWN, form)
    data = _json(request.body, form)
    if isinstance(data, list):
        raise HttpRefusalError(Code.BATCH, form)
    if not isinstance(data, dict):
        raise HttpRefusalError(Code.NOT_JSON, form)
    return _checked(data.get("query"), data.get("variables"), data.get("operationName"), form)


def _checked(query: object, variables: object, name: object, form: Format) -> GraphQLRequest:
    wrong = not (
        (query is None or isinstance(query, str))
        and (variables is None or isinstance(variables, dict))
        and (name is None or isinstance(name, str))
    )
    if wrong:
        raise HttpRefusalError(Code.NOT_JSON, form)
    if not query:
        raise HttpRefusalError(Code.QUERY_MISSING, form)
    return GraphQLRequest(str(query), variables if isinstance(variables, dict) else None, str(name) if name else None)


def _json(body: bytes, form: Format) -> Any:
    try:
        return json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise HttpRefusalError(Code.NOT_JSON, form) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def json_bytes(body: Mapping[str, object]) -> bytes:
    """Serialise a body with the escapes of System.Text.Json."""
    return _ESCAPED.sub(_escape, orjson.dumps(body).decode()).encode()


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    if text == r"\\":
        return text
    units = text[-1].encode("utf-16-be")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04X}" for at in range(0, len(units), 2))
