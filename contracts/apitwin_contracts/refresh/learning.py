"""What a target says in fields that the contract does not know yet: its recorded requests asked again, with these fields added."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    NameNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_leaf_type,
    parse,
    print_ast,
    visit,
)

from apitwin_contracts.client import Client
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_fixtures import Cassette
from apitwin_fixtures.additions import Addition

from .schemas import SchemaNews

__all__ = ["Learned", "Learner", "addition_of"]

_NEW, _BY = "apitwinNew__", "apitwinBy__"
_IDENTITIES = ("id", "uuid", "key", "code", "number", "name")
_ROUNDS = 2
_Seen = tuple[Mapping[str, Any], Any]
_ZERO: Mapping[str, Any] = {"Int": 0, "Float": 0.0, "Boolean": False, "String": "", "ID": ""}


@dataclass(frozen=True)
class Learned:
    """Values of new fields by schema file and coordinate; `unseen` names those of which no recorded request could show one."""

    fields: Mapping[str, Mapping[str, Addition]] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()


class Learner:
    """Asks for new fields where recorded requests ask for their type."""

    def __init__(self, client: Client, scrubber: Scrubber) -> None:
        self._client = client
        self._scrubber = scrubber

    def learn(self, schemas: Iterable[SchemaNews], cassettes: Sequence[Cassette]) -> Learned:
        """Give what the target says; raises `UnreachableError`."""
        fields: dict[str, dict[str, Addition]] = {}
        unseen: list[str] = []
        for news in schemas:
            new = list(_new_fields(news))
            if news.schema is None or not new:
                continue
            seen = self._seen(news.schema, new, cassettes)
            for coordinate in new:
                examples = seen.get(coordinate, [])
                fields.setdefault(news.fixture, {})[coordinate] = (
                    addition_of(examples) if examples else Addition(_empty(news.schema, coordinate))
                )
                unseen.extend([] if examples else [coordinate])
        return Learned(fields, tuple(unseen))

    def _seen(self, schema: GraphQLSchema, new: Sequence[str], cassettes: Sequence[Cassette]) -> dict[str, list[_Seen]]:
        seen: dict[str, list[_Seen]] = {}
        for cassette in cassettes:
            for body in self._answers(schema, new, cassette):
                for coordinate, one in _found(body):
                    seen.setdefault(coordinate, []).append(one)
        return seen

    def _answers(self, schema: GraphQLSchema, new: Sequence[str], cassette: Cassette) -> Iterator[Any]:
        for exchange in cassette.exchanges:
            sent = _posted(exchange.request.body)
            extended = sent and _extended(schema, new, sent["query"])
            if not sent or not extended:
                continue
            bare = tuple(
                pair for pair in exchange.request.headers if pair[0] not in ("authorization", "content-length")
            )
            request = replace(exchange.request, headers=bare, body=orjson.dumps({**sent, "query": extended}))
            try:
                asked = self._client.exchange(self._client.signed(request), cassette.operation)
                yield self._scrubber.scrub([asked])[0].reply.json
            except (NothingToExamine, ValueError):
                continue


def _new_fields(news: SchemaNews) -> Iterator[str]:
    for change in news.changes:
        kind, _, name = change.place.partition(".")
        owner = news.schema.type_map.get(kind) if news.schema else None
        if change.kind == "new" and name and "(" not in name and isinstance(owner, GraphQLObjectType):
            yield change.place


def _posted(body: bytes) -> dict[str, Any] | None:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return sent if isinstance(sent, dict) and isinstance(sent.get("query"), str) else None


def _extended(schema: GraphQLSchema, new: Sequence[str], query: str) -> str | None:
    """Give a document that also asks for new fields, and for what their owners are told apart by; None where no such type is asked."""
    try:
        document = parse(query)
        info = TypeInfo(schema)
        extending = _Extending(schema, info, new)
        extended: DocumentNode = visit(document, TypeInfoVisitor(info, extending))
    except (GraphQLError, RecursionError):
        return None
    return print_ast(extended) if extending.extended else None


class _Extending(Visitor):
    """Adds new fields to each selection of their type."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo, new: Sequence[str]) -> None:
        super().__init__()
        self._schema = schema
        self._info = info
        self._new = new
        self.extended = False

    def leave_selection_set(self, node: SelectionSetNode, *_args: object) -> SelectionSetNode | None:
        kind = self._info.get_parent_type()
        wanted = [name.partition(".")[2] for name in self._new if kind and name.startswith(f"{kind.name}.")]
        if not wanted or not isinstance(kind, GraphQLObjectType):
            return None
        self.extended = True
        ids = [
            name for name, one in kind.fields.items() if is_leaf_type(get_named_type(one.type)) and _tells_apart(name)
        ]
        more = [
            *(_asking(f"{_NEW}{kind.name}__{name}", name, kind) for name in wanted),
            *(_asking(f"{_BY}{name}", name, kind) for name in ids if name not in wanted),
        ]
        return SelectionSetNode(selections=(*node.selections, *(one for one in more if one is not None)))


def _tells_apart(name: str) -> bool:
    return name.lower().endswith(_IDENTITIES)


def _asking(alias: str, name: str, kind: GraphQLObjectType, path: tuple[str, ...] = ()) -> FieldNode | None:
    asked = kind.fields[name]
    if any(str(argument.type).endswith("!") and argument.default_value is None for argument in asked.args.values()):
        return None
    named = get_named_type(asked.type)
    parts: list[FieldNode] = []
    if isinstance(named, GraphQLObjectType):
        inner = (*path, named.name)
        if inner.count(named.name) > _ROUNDS:
            return None
        found = (_asking("", one, named, inner) for one in named.fields)
        parts = [one for one in found if one is not None]
    selected = SelectionSetNode(selections=tuple(parts)) if parts else None
    given = NameNode(value=alias) if alias else None
    return FieldNode(alias=given, name=NameNode(value=name), arguments=(), directives=(), selection_set=selected)


def _found(value: Any) -> Iterator[tuple[str, _Seen]]:
    if isinstance(value, list):
        for item in value:
            yield from _found(item)
    elif isinstance(value, dict):
        told = {key.removeprefix(_BY): part for key, part in value.items() if key.startswith(_BY)}
        for key, part in value.items():
            if key.startswith(_NEW):
                yield ".".join(key.removeprefix(_NEW).split("__", 1)), (told, part)
            else:
                yield from _found(part)


def addition_of(seen: Sequence[_Seen]) -> Addition:
    """Give the values of a new field by what tells its owners apart best, and the commonest for all others."""
    written = Counter(orjson.dumps(value, option=orjson.OPT_SORT_KEYS) for _, value in seen)
    otherwise = orjson.loads(written.most_common(1)[0][0])
    keys = [key for key in seen[0][0] if all(isinstance(told.get(key), str | int) for told, _ in seen)]
    usable = [key for key in keys if _decides(key, seen)]
    if not usable or len(written) == 1:
        return Addition(otherwise)
    by = max(usable, key=lambda key: (len({str(told[key]) for told, _ in seen}), -_rank(key)))
    return Addition(otherwise, by, {str(told[by]): value for told, value in seen})


def _decides(key: str, seen: Sequence[_Seen]) -> bool:
    values: dict[str, bytes] = {}
    return all(values.setdefault(str(told[key]), orjson.dumps(value)) == orjson.dumps(value) for told, value in seen)


def _rank(key: str) -> int:
    return next((rank for rank, word in enumerate(_IDENTITIES) if key.lower().endswith(word)), len(_IDENTITIES))


def _empty(schema: GraphQLSchema, coordinate: str) -> Any:
    """Give a value that the type of a field allows: null where it may be null."""
    kind, _, name = coordinate.partition(".")
    owner = schema.type_map[kind]
    return _of(owner.fields[name].type, 0) if isinstance(owner, GraphQLObjectType) else None


def _of(kind: Any, depth: int) -> Any:
    if not isinstance(kind, GraphQLNonNull) or depth > _ROUNDS:
        return None
    inner = kind.of_type
    if isinstance(inner, GraphQLList):
        return []
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    if isinstance(inner, GraphQLObjectType):
        return {name: _of(one.type, depth + 1) for name, one in inner.fields.items()}
    return _ZERO.get(inner.name, "")
