"""A supplier's own description: an OpenAPI document from a file or a URL, or the schema that GraphQL tells of itself."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import yaml
from graphql import GraphQLError, build_client_schema, get_introspection_query, print_schema

from apitwin_contracts.errors import UnreachableError, UsageError
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.targets import Target
from apitwin_fixtures import Headers, Request
from apitwin_fixtures.openapi import plain_document

__all__ = ["Place", "graphql_schema", "openapi_document", "place_of", "served_at"]

Place = tuple[str, str]
"""Where a server is: its origin, and the path below which it answers."""

_OK, _FIRST_ERROR = 200, 400


def place_of(url: str) -> Place:
    """Take a URL apart; raises `UsageError` for one that is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"a URL begins with http:// or https:// and a host, not {url.rpartition('@')[2]!r}")
    if parts.username or parts.password:
        raise UsageError(
            "take user and password out of the URL, and give them as --header 'Authorization: ${VARIABLE}'"
        )
    return f"{parts.scheme}://{parts.netloc}", parts.path


def openapi_document(source: str, headers: Headers, opened: Callable[[str], Target]) -> dict[str, Any]:
    """Read a document in JSON or YAML, from a file or a URL; raises `UsageError`, or `UnreachableError` for a URL that does not answer."""
    text = _fetched(source, headers, opened) if "://" in source else _read(Path(source))
    try:
        document = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
        plain_document(document if isinstance(document, dict) else {})
    except (ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{source}: {str(error) or 'this is no OpenAPI document'}".replace("\n", " ")) from None
    # Dates that YAML read are texts in JSON.
    return dict(json.loads(json.dumps(document, default=str)))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _fetched(url: str, headers: Headers, opened: Callable[[str], Target]) -> str:
    origin, path = place_of(url)
    accept = ("accept", "application/json, application/yaml;q=0.9, */*;q=0.1")
    exchange = opened(origin).send(Request("GET", path or "/", urlsplit(url).query, (accept, *headers)))
    if exchange.reply.status != _OK:
        raise UnreachableError(f"{url} answers {exchange.reply.status}, and not an OpenAPI document")
    return exchange.reply.text


def served_at(document: dict[str, Any], source: str, target: str | None) -> Place:
    """Say where the API itself answers: where the user says, where the document says, or where it came from."""
    if target:
        origin, path = place_of(target)
        return origin, path.rstrip("/")
    if "swagger" in document:
        base = str(document.get("basePath") or "").rstrip("/")
    else:
        servers = document.get("servers") or [{}]
        base = str((servers[0] or {}).get("url") or "").rstrip("/")
    if "://" in source:
        origin, path = place_of(urljoin(source, base or "/"))
        # A document may name another host, such as production; what the user asked for is this one.
        return place_of(source)[0] if "://" not in base else origin, path.rstrip("/")
    if "://" in base and "{" not in base:
        origin, path = place_of(base)
        return origin, path.rstrip("/")
    raise UsageError(f"{source} does not say where the API answers; say it with --target URL")


def graphql_schema(target: Target, path: str, headers: Headers) -> str:
    """Ask a GraphQL server for its schema and write it as SDL; raises `UnreachableError` when it does not tell."""
    said = ""
    for newer in (True, False):
        query = get_introspection_query(descriptions=True, input_value_deprecation=newer)
        request = GraphQLSurface.post(path, query)
        exchange = target.send(Request(request.method, path, "", (*request.headers, *headers), request.body))
        said = f"status {exchange.reply.status}: {exchange.reply.text[:200]}"
        try:
            body: Any = orjson.loads(exchange.reply.body)
            if exchange.reply.status < _FIRST_ERROR and body.get("data"):
                return re.sub(r"^ *\"{6}\n", "", print_schema(build_client_schema(body["data"])), flags=re.MULTILINE)
        except (ValueError, AttributeError, GraphQLError, TypeError):
            continue
    raise UnreachableError(f"{target.url}{path} does not tell its schema: {said}")
