"""What became of a supplier's own schema: GraphQL's introspection or a served OpenAPI document, beside the fixture."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLSchema, build_client_schema, get_introspection_query, introspection_from_schema

from apitwin_contracts.checks.introspection import differences
from apitwin_contracts.client import Client
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_contracts.surfaces.several import graphql_parts
from apitwin_fixtures import Reply, Request

from .change import Change, ChangeKind, Instance
from .comparison import Seen, Terms, compare, spelled

__all__ = ["SchemaNews", "schema_news"]

_ABSENT = "absent"
_OPENAPI = "openapi.json"
_OK = 200
_OURS = ("x-", "servers")


@dataclass(frozen=True)
class SchemaNews:
    """One schema file: what changed, and the target's own schema; `unseen` says why there is nothing to compare with."""

    fixture: str
    changes: tuple[Change, ...] = ()
    schema: GraphQLSchema | None = None
    unseen: str = ""


def schema_news(client: Client) -> Iterator[SchemaNews]:
    """Ask a target for its schemas and compare each with the fixture; one question for each document."""
    surface = client.contract.surface
    parts: dict[str, GraphQLSurface] = {}
    for part in graphql_parts(surface).values():
        parts.setdefault(part.document_name, part)
    for name, part in sorted(parts.items()):
        yield _graphql(client, part, name)
    if isinstance(surface, RestSurface):
        yield _openapi(client, surface)


def _graphql(client: Client, part: GraphQLSurface, name: str) -> SchemaNews:
    data = None
    for told in (True, False):
        query = get_introspection_query(descriptions=False, input_value_deprecation=told)
        data = data or _introspected(client, part.post(part.path, query))
    if data is None:
        return SchemaNews(name, unseen="the target does not tell its schema")
    ours: Any = introspection_from_schema(part.schema, input_value_deprecation=True)
    found = sorted(set(differences(ours, data)))
    changes = tuple(_change(client, name, *one) for one in found)
    live: Any = data
    return SchemaNews(name, changes, build_client_schema(live))


def _introspected(client: Client, request: Request) -> Mapping[str, Any] | None:
    reply = _reply(client, request if client.contract.open_introspection else client.signed(request))
    body = _json(reply) if reply else None
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) and isinstance(data.get("__schema"), dict) else None


def _reply(client: Client, request: Request) -> Reply | None:
    try:
        return client.exchange(request, "__schema").reply
    except NothingToExamine:
        return None


def _json(reply: Reply) -> Any:
    try:
        return reply.json
    except ValueError:
        return None


def _change(client: Client, name: str, coordinate: str, _severity: str, before: str, after: str) -> Change:
    kind: ChangeKind = "new" if before == _ABSENT else "gone" if after == _ABSENT else "form"
    instance = Instance(coordinate, before, after)
    what = f"{before} → {after}" if kind == "form" else after.removeprefix("present").lstrip(": ") or kind
    return Change(client.contract.supplier, name, kind, coordinate, what, (instance,))


def _openapi(client: Client, surface: RestSurface) -> SchemaNews:
    reply = _reply(client, Request("GET", f"/{_OPENAPI}", headers=(("accept", "application/json"),)))
    served = _json(reply) if reply and reply.status == _OK else None
    if not isinstance(served, dict) or not isinstance(served.get("paths"), dict):
        return SchemaNews(_OPENAPI, unseen="the target does not serve its document")
    seen = compare(_bare(surface.document), _bare(served), Terms())
    changes = tuple(_documented_change(client, one) for one in seen if not _prose(one))
    return SchemaNews(_OPENAPI, changes)


def _documented_change(client: Client, seen: Seen) -> Change:
    instance = Instance(spelled(seen.place), _shown(seen.before), _shown(seen.after), seen.edit)
    kind: ChangeKind = seen.kind if seen.kind in ("new", "gone") else "form"
    return Change(client.contract.supplier, _OPENAPI, kind, spelled(seen.place), seen.what, (instance,))


def _prose(seen: Seen) -> bool:
    return seen.place[-1] in ("description", "summary", "title", "version", "example", "examples")


def _shown(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()[:120]
    except TypeError:
        return _ABSENT


def _bare(value: Any) -> Any:
    """Give a document without what we wrote into it."""
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items() if not key.startswith(_OURS)}
    return [_bare(part) for part in value] if isinstance(value, list) else value
