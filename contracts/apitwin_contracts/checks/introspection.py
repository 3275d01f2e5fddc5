"""The target's own schema, held against the contract's, element by element."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_introspection_query,
    get_named_type,
    introspection_from_schema,
    specified_scalar_types,
)

from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Severity
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.several import SeveralSurfaces, graphql_parts
from apitwin_contracts.surfaces.surface import OK, Problem, Recognition
from apitwin_fixtures import ASSUMED, Source

from .check import Check, Examination

__all__ = ["CHECKS", "differences"]

Change = tuple[str, Severity, str, str]
# Servers of before 2021 do not tell of deprecated inputs.
_QUERIES = tuple(get_introspection_query(descriptions=False, input_value_deprecation=told) for told in (True, False))
_ABSENT, _PRESENT = "absent", "present"
_OWN_DIRECTIVES = frozenset({"skip", "include", "deprecated", "specifiedBy", "oneOf", "defer", "stream"})


def differences(expected: Mapping[str, Any], observed: Mapping[str, Any]) -> Iterator[Change]:
    """Give each difference of two introspection results as (coordinate, severity, expected, observed)."""
    wanted, seen = _types(expected), _types(observed)
    # A server may list the scalars of GraphQL itself whether it uses them or not.
    for name in (wanted.keys() | seen.keys()) - specified_scalar_types.keys():
        if name not in seen:
            yield name, "breaking", _PRESENT, _ABSENT
        elif name not in wanted:
            yield name, "additive", _ABSENT, _PRESENT
        else:
            yield from _type_changes(name, wanted[name], seen[name])
    yield from _root_changes(expected["__schema"], observed["__schema"])


def _root_changes(wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Change]:
    for key in ("queryType", "mutationType", "subscriptionType"):
        before, after = ((schema.get(key) or {}).get("name", _ABSENT) for schema in (wanted, seen))
        if before != after:
            yield f"__schema.{key}", "additive" if before == _ABSENT else "breaking", before, after
    known, offered = ({directive["name"] for directive in schema.get("directives") or ()} for schema in (wanted, seen))
    # Which of its own directives a server lists depends on its age; what none of them has is the supplier's.
    for name in sorted(offered - known - _OWN_DIRECTIVES):
        yield f"__schema.@{name}", "additive", _ABSENT, _PRESENT


def _types(introspection: Mapping[str, Any]) -> dict[str, Any]:
    return {kind["name"]: kind for kind in introspection["__schema"]["types"] if not kind["name"].startswith("__")}


def _type_changes(name: str, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Change]:
    if wanted["kind"] != seen["kind"]:
        yield name, "breaking", wanted["kind"], seen["kind"]
        return
    yield from _member_changes(name, wanted, seen, "fields", _field_changes, "additive")
    yield from _member_changes(name, wanted, seen, "inputFields", _input_changes, "additive")
    yield from _member_changes(name, wanted, seen, "enumValues", _deprecation, "dangerous")
    yield from _member_changes(name, wanted, seen, "possibleTypes", _nothing, "dangerous")
    yield from _member_changes(name, wanted, seen, "interfaces", _nothing, "additive")


def _member_changes(
    name: str, wanted: Mapping[str, Any], seen: Mapping[str, Any], key: str, compare: Any, added: Severity
) -> Iterator[Change]:
    before = {member["name"]: member for member in wanted.get(key) or ()}
    after = {member["name"]: member for member in seen.get(key) or ()}
    for member in before.keys() | after.keys():
        coordinate = f"{name}.{member}"
        if member not in after:
            yield coordinate, "breaking", _PRESENT, _ABSENT
        elif member not in before:
            severity: Severity = "breaking" if _required(after[member]) and key == "inputFields" else added
            yield coordinate, severity, _ABSENT, f"{_PRESENT}: {_type(after[member])}"
        else:
            yield from compare(coordinate, before[member], after[member])


def _field_changes(coordinate: str, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Change]:
    before, after = _type(wanted), _type(seen)
    if before != after:
        yield coordinate, "additive" if after == f"{before}!" else "breaking", before, after
    yield from _deprecation(coordinate, wanted, seen)
    arguments = {argument["name"]: argument for argument in wanted["args"]}
    offered = {argument["name"]: argument for argument in seen["args"]}
    for name in arguments.keys() | offered.keys():
        place = f"{coordinate}({name}:)"
        if name not in offered:
            yield place, "breaking", _PRESENT, _ABSENT
        elif name not in arguments:
            yield (
                place,
                "breaking" if _required(offered[name]) else "additive",
                _ABSENT,
                f"{_PRESENT}: {_type(offered[name])}",
            )
        else:
            yield from _input_changes(place, arguments[name], offered[name])


def _input_changes(coordinate: str, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Change]:
    before, after = _type(wanted), _type(seen)
    if before != after:
        yield coordinate, "additive" if before == f"{after}!" else "breaking", before, after
    yield from _deprecation(coordinate, wanted, seen)
    if wanted.get("defaultValue") != seen.get("defaultValue"):
        yield coordinate, "dangerous", f"default {wanted.get('defaultValue')}", f"default {seen.get('defaultValue')}"


def _deprecation(coordinate: str, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Change]:
    before, after = bool(wanted.get("isDeprecated")), bool(seen.get("isDeprecated"))
    if before != after:
        names = {True: "deprecated", False: "not deprecated"}
        yield coordinate, "additive", names[before], names[after]


def _nothing(*_members: object) -> Iterator[Change]:
    return iter(())


def _required(member: Mapping[str, Any]) -> bool:
    return "type" in member and member["type"]["kind"] == "NON_NULL" and member.get("defaultValue") is None


def _type(member: Mapping[str, Any]) -> str:
    kind = member.get("type")
    return "" if kind is None else _written(kind)


def _written(kind: Mapping[str, Any]) -> str:
    if kind["kind"] == "NON_NULL":
        return f"{_written(kind['ofType'])}!"
    return f"[{_written(kind['ofType'])}]" if kind["kind"] == "LIST" else str(kind["name"])


@cache
def _reaching(schema: GraphQLSchema) -> Mapping[str, str]:
    """Give for each type the first operation that answers with it or takes it."""
    found: dict[str, str] = {}
    for root in (schema.query_type, schema.mutation_type):
        for name, field in (root.fields if root else {}).items():
            _reach(name, field.type, found)
            for argument in field.args.values():
                _reach(name, argument.type, found)
    return found


def _reach(operation: str, kind: Any, found: dict[str, str]) -> None:
    named = get_named_type(kind)
    if named.name in found:
        return
    found[named.name] = operation
    inner = (
        named.fields if isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)) or hasattr(named, "fields") else {}
    )
    for field in inner.values():
        _reach(operation, field.type, found)


def _operation(surface: GraphQLSurface, coordinate: str) -> str:
    kind, _, rest = coordinate.partition(".")
    roots = {root.name for root in (surface.schema.query_type, surface.schema.mutation_type) if root}
    return rest.partition("(")[0] if kind in roots and rest else _reaching(surface.schema).get(kind, kind)


@dataclass(frozen=True)
class _Schema:
    """One surface's schema; the label is empty where the supplier has one surface."""

    contract: Contract
    surface: GraphQLSurface
    label: str = ""

    @property
    def name(self) -> str:
        return f"{self.contract.supplier}.{self.label}" if self.label else self.contract.supplier

    def placed(self, coordinate: str) -> str:
        """Name a place among those of all the supplier's schemas."""
        return f"{self.label}:{coordinate}" if self.label else coordinate

    def operation(self, coordinate: str) -> str:
        """Name the operation that meets a coordinate."""
        name, whole = _operation(self.surface, coordinate), self.contract.surface
        return whole.named(self.label, name) if isinstance(whole, SeveralSurfaces) else name


def _introspection(examination: Examination, schema_of: _Schema) -> None:
    contract, surface, client = schema_of.contract, schema_of.surface, examination.client
    answer, data = _asked(examination, schema_of, _QUERIES[0])
    if not _has_schema(data):
        answer, data = _asked(examination, schema_of, _QUERIES[1])
    exchange, recognition = answer.exchange, answer.recognition
    if not _has_schema(data):
        observed = recognition.detail or recognition.outcome
        problem = Problem(
            "schema.introspection",
            "schema",
            "dangerous",
            schema_of.placed("__schema"),
            "the schema",
            observed,
            contract.introspection_source,
        )
        raise client.violation("__schema", problem, [answer])
    short = client.taken_for("__schema", exchange, Recognition(OK))
    for coordinate, severity, expected, observed in sorted(
        differences(introspection_from_schema(surface.schema, input_value_deprecation=True), data)
    ):
        source = _source(surface, coordinate)
        place = schema_of.placed(coordinate)
        problem = Problem("schema.introspection", "schema", severity, place, expected, observed, source)
        client.note(schema_of.operation(coordinate), problem, [short])


def _asked(examination: Examination, schema_of: _Schema, query: str) -> tuple[Answer, Any]:
    contract, surface, client = schema_of.contract, schema_of.surface, examination.client
    request = surface.post(surface.path, query)
    exchange = client.exchange(request if contract.open_introspection else client.signed(request), "__schema")
    recognition = surface.recognise("__schema", exchange.reply, contract.errors)
    body = exchange.reply.json if recognition.outcome == OK else {}
    return client.taken_for("__schema", exchange, recognition), body.get("data") if isinstance(body, dict) else None


def _has_schema(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("__schema"), dict)


def _source(surface: GraphQLSurface, coordinate: str) -> Source:
    promise = surface.promises.get(coordinate) or surface.promises.get(coordinate.partition(".")[0])
    return promise.source if promise else ASSUMED


def _with_schema(contract: Contract) -> tuple[_Schema, ...]:
    return tuple(_Schema(contract, part, label) for label, part in graphql_parts(contract.surface).items())


CHECKS = (
    Check(
        "schema.introspection",
        "schema",
        "The target's schema is the contract's: fields, types, arguments, defaults, values, deprecations.",
        _with_schema,
        _introspection,
    ),
)
