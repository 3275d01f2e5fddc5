"""What the root fields of a GraphQL schema seem to do, by their types and the names of what they take."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from apitwin_contracts.generic.words import ENVELOPES, KEYS, OFFSETS, PAGES, SIZES, TOTALS, plain, singular, spoken
from apitwin_fixtures.blueprint import Act, Kind, Order, Paging, Resource

__all__ = ["graphql_acts"]

_STEMS: Mapping[str, Kind] = {
    **dict.fromkeys(("create", "add", "insert", "new"), "create"),
    **dict.fromkeys(("update", "edit", "modify", "change"), "update"),
    **dict.fromkeys(("delete", "remove", "destroy"), "delete"),
}


def graphql_acts(schema: GraphQLSchema) -> tuple[dict[str, Resource], tuple[Act, ...]]:
    """Recognise resources and operations in a schema."""
    reader = _Reader(schema)
    reads, writes = list(reader.reads()), list(reader.writes())
    return reader.resources, (*reads, *writes)


class _Reader:
    """One schema; a type that some root field lists is a resource."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.resources: dict[str, Resource] = {}
        self._lists: dict[str, tuple[str, str]] = {}
        for name, field in (schema.query_type.fields if schema.query_type else {}).items():
            found = _listed(field)
            if found and not _required(field) and found[1] not in self.resources:
                path, kind = found
                self._lists[name] = path, kind
                self.resources[kind] = Resource(kind, _key(schema, kind))

    def reads(self) -> Iterator[Act]:
        """Give the fields of the query type."""
        for name, field in (self._schema.query_type.fields if self._schema.query_type else {}).items():
            if name in self._lists:
                yield self._list(name, field)
            else:
                yield self._detail(name, field) or self._count(name, field) or Act(name)

    def _list(self, name: str, field: GraphQLField) -> Act:
        path, kind = self._lists[name]
        fields = _fields(self._schema, kind)
        envelope = _fields(self._schema, get_named_type(field.type).name) if path != "[]" else {}
        totals = [one for one, part in envelope.items() if get_named_type(part.type).name == "Int"]
        return Act(
            name, "list", resource=kind, items=path, total=spoken(totals, TOTALS), paging=_paging(field),
            filters=_filters(field, fields), order=_order(field),
        )  # fmt: skip

    def _detail(self, name: str, field: GraphQLField) -> Act | None:
        kind, needed = get_named_type(field.type).name, _required(field) or _keys(field)
        if kind not in self.resources or len(needed) != 1 or _is_list(field.type):
            return None
        return Act(name, "detail", resource=kind, key_argument=needed[0])

    def _count(self, name: str, field: GraphQLField) -> Act | None:
        kind = get_named_type(field.type)
        fields = _fields(self._schema, kind.name)
        total = spoken((one for one, part in fields.items() if get_named_type(part.type).name == "Int"), TOTALS)
        listed = [other for other in self._lists if plain(other) in plain(name) and other != name]
        if not total or not listed or _required(field) or len(fields) > 1:
            return None
        resource = self._lists[listed[0]][1]
        return Act(
            name, "count", resource=resource, total=total, filters=_filters(field, _fields(self._schema, resource))
        )

    def writes(self) -> Iterator[Act]:
        """Give the fields of the mutation type."""
        for name, field in (self._schema.mutation_type.fields if self._schema.mutation_type else {}).items():
            kind, resource = self._meant(name, field)
            yield self._write(name, field, kind, resource) if resource else Act(name, changes=True)

    def _meant(self, name: str, field: GraphQLField) -> tuple[Kind, str]:
        small = plain(name)
        stem = next((stem for stem in _STEMS if small.startswith(stem) or small.endswith(stem)), "")
        rest = small.removeprefix(stem).removesuffix(stem)
        fitting = [one for one in self.resources if plain(one) in (rest, singular(rest))]
        if not stem or not fitting or _is_list(field.type):
            return "other", ""
        return _STEMS[stem], fitting[0]

    def _write(self, name: str, field: GraphQLField, kind: Kind, resource: str) -> Act:
        keys = _keys(field)
        inputs = [
            one
            for one, argument in field.args.items()
            if isinstance(get_named_type(argument.type), GraphQLInputObjectType)
        ]
        key = "" if kind == "create" else keys[0] if keys else _inner_key(field, inputs)
        body = inputs[0] if inputs and kind != "delete" else ""
        return Act(name, kind, True, resource, item=_item(self._schema, field, resource), key_argument=key, body=body)


def _listed(field: GraphQLField) -> tuple[str, str] | None:
    """Give where a field lists objects, and of what type."""
    named = get_named_type(field.type)
    if not isinstance(named, GraphQLObjectType):
        return None
    if _is_list(field.type):
        return "[]", named.name
    lists = {
        name: get_named_type(part.type)
        for name, part in named.fields.items()
        if _is_list(part.type) and isinstance(get_named_type(part.type), GraphQLObjectType)
    }
    # A thing that holds others is no list of them, unless it is cut into pages.
    alone = next(iter(lists)) if len(lists) == 1 and _paging(field) else ""
    chosen = spoken(lists, ENVELOPES) or alone
    if not chosen:
        return None
    inner: Any = lists[chosen]
    if plain(chosen) == "edges" and "node" in inner.fields:
        return f"{chosen}[].node", get_named_type(inner.fields["node"].type).name
    return f"{chosen}[]", inner.name


def _is_list(kind: Any) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _required(field: GraphQLField) -> list[str]:
    return [name for name, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)]


def _keys(field: GraphQLField) -> list[str]:
    leaves = [
        name
        for name, argument in field.args.items()
        if is_leaf_type(get_named_type(argument.type)) and not _is_list(argument.type)
    ]
    own = [name for name in leaves if plain(name) in KEYS[:3] or get_named_type(field.args[name].type).name == "ID"]
    return [name for name in own if plain(name) in KEYS[:3]][:1] or own[:1]


def _inner_key(field: GraphQLField, inputs: list[str]) -> str:
    for name in inputs:
        kind: Any = get_named_type(field.args[name].type)
        own = spoken(kind.fields, KEYS[:4])
        if own:
            return f"{name}.{own}"
    return ""


def _item(schema: GraphQLSchema, field: GraphQLField, resource: str) -> str:
    named = get_named_type(field.type)
    if named.name == resource:
        return ""
    return next(
        (name for name, part in _fields(schema, named.name).items() if get_named_type(part.type).name == resource), "-"
    )


def _fields(schema: GraphQLSchema, kind: str) -> Mapping[str, Any]:
    found = schema.type_map.get(kind)
    return found.fields if isinstance(found, GraphQLObjectType) else {}


def _key(schema: GraphQLSchema, kind: str) -> str:
    fields = _fields(schema, kind)
    ids = [name for name, field in fields.items() if get_named_type(field.type).name == "ID"]
    return spoken(ids, KEYS) or spoken(fields, KEYS) or (ids[0] if ids else next(iter(fields)))


def _paging(field: GraphQLField) -> Paging | None:
    whole = [name for name, argument in field.args.items() if get_named_type(argument.type).name == "Int"]
    size, page, offset = (spoken(whole, words) for words in (SIZES, PAGES, OFFSETS))
    if size and page:
        return Paging(page, size, "page", 1)
    return Paging(offset, size, "offset", 0) if size and offset else None


def _filters(field: GraphQLField, fields: Mapping[str, Any]) -> dict[str, str]:
    found = {
        name: name
        for name, argument in field.args.items()
        if name in fields and is_leaf_type(get_named_type(argument.type))
    }
    for name, argument in field.args.items():
        kind = get_named_type(argument.type)
        if isinstance(kind, GraphQLInputObjectType) and not _is_list(argument.type):
            inner = {
                one: part
                for one, part in kind.fields.items()
                if one in fields and is_leaf_type(get_named_type(part.type))
            }
            found.update({f"{name}.{one}": one for one, part in inner.items() if not _is_list(part.type)})
    return found


def _order(field: GraphQLField) -> Order | None:
    texts = [name for name, argument in field.args.items() if get_named_type(argument.type).name == "String"]
    name, way = (
        spoken(texts, ("sortfield", "orderby", "sortby", "sort")),
        spoken(texts, ("sortorder", "order", "direction", "sortdirection")),
    )
    if name and way and name != way:
        return Order({name: "{field}", way: "asc"}, {name: "{field}", way: "desc"})
    return None
