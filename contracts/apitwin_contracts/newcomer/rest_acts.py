"""What the operations of an OpenAPI document seem to do, by their methods, their paths and the names of what they take."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from apitwin_contracts.generic.words import ENVELOPES, KEYS, OFFSETS, ORDERS, PAGES, SIZES, TOTALS, plain, spoken
from apitwin_fixtures.blueprint import Act, Kind, Order, Paging, Resource
from apitwin_fixtures.openapi import METHODS, resolved

__all__ = ["rest_acts"]

_PARAMETER = re.compile(r"\{([^}]+)\}")


def rest_acts(document: Mapping[str, Any]) -> tuple[dict[str, Resource], tuple[Act, ...]]:
    """Recognise resources and operations in a plain document."""
    reader = _Reader(document)
    return reader.resources, tuple(reader.acts())


class _Reader:
    """One document with its collections: paths that list things of one kind."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._paths: Mapping[str, Any] = document["paths"]
        self._named: dict[str, str] = {}
        for path in self._paths:
            self._name(path)
        self.resources = {name: Resource(name, self._key(path)) for path, name in self._named.items()}

    def _name(self, path: str) -> None:
        collection = _collection(path)
        bare = _bare(collection)
        if bare in self._named or not self._is_collection(collection):
            return
        words = [word for word in collection.strip("/").split("/") if "{" not in word] or ["root"]
        name = words[-1] if words[-1] not in self._named.values() else "_".join(words)
        self._named[bare] = name if name not in self._named.values() else f"{name}_{len(self._named)}"

    def _is_collection(self, path: str) -> bool:
        there: Mapping[str, Any] = next(
            (methods for other, methods in self._paths.items() if _bare(other) == _bare(path)), {}
        )
        items = [
            methods
            for other, methods in self._paths.items()
            if _is_item(other) and _bare(_collection(other)) == _bare(path)
        ]
        lists = "get" in there and (bool(self._array(there["get"])) or bool(items))
        return lists or ("post" in there and any("get" in methods for methods in items))

    def _key(self, bare: str) -> str:
        names = [
            _PARAMETER.findall(path)[-1] for path in self._paths if _is_item(path) and _bare(_collection(path)) == bare
        ]
        fields = self._fields(bare)
        for name in names:
            if name in fields:
                return str(name)
            shorter = [field for field in fields if plain(name).endswith(plain(field)) and plain(field) in KEYS]
            if shorter:
                return shorter[0]
        return spoken(fields, KEYS) or (names[0] if names and fields and names[0] in fields else "id")

    def _fields(self, bare: str) -> Mapping[str, Any]:
        for path, methods in self._paths.items():
            if _bare(path) == bare and "get" in methods:
                found: Mapping[str, Any] = self._item_schema(methods["get"]).get("properties", {})
                return found
        return {}

    def _success(self, definition: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        status = min(int(status) for status in definition["responses"] if status.startswith("2"))
        content = definition["responses"][str(status)].get("content", {})
        return status, resolved(self._document, next((media["schema"] for media in content.values()), {}))

    def _array(self, definition: Mapping[str, Any]) -> str:
        """Give where an answer lists things: `[]`, `data[]`, or nothing."""
        schema = self._success(definition)[1]
        if schema.get("type") == "array":
            return "[]"
        properties = schema.get("properties", {})
        arrays = [name for name, part in properties.items() if resolved(self._document, part).get("type") == "array"]
        chosen = spoken(arrays, ENVELOPES) or (arrays[0] if len(arrays) == 1 else "")
        return f"{chosen}[]" if chosen else ""

    def _item_schema(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        schema, path = self._success(definition)[1], self._array(definition)
        if not path:
            return {}
        outer = schema if path == "[]" else resolved(self._document, schema["properties"][path.removesuffix("[]")])
        return resolved(self._document, outer.get("items", {}))

    def acts(self) -> Iterator[Act]:
        """Give every operation."""
        for path, methods in self._paths.items():
            for method in METHODS:
                if method in methods:
                    yield self._act(path, method, methods)

    def _act(self, path: str, method: str, methods: Mapping[str, Any]) -> Act:
        definition, names = methods[method], _PARAMETER.findall(path)
        status = self._success(definition)[0]
        act = Act(definition["operationId"], changes=method != "get", status=status, scope=dict.fromkeys(names, ""))
        resource = self._named.get(_bare(_collection(path)), "")
        if not resource:
            return Act(act.name, changes=act.changes, status=status, scope=self._scope(path, names))
        if _is_item(path):
            kinds = {
                "get": "detail",
                "patch": "update",
                "delete": "delete",
                "put": "other" if "patch" in methods else "update",
            }
            return self._on_item(act, path, names, resource, kinds.get(method, "other"))
        if method == "get":
            return self._listing(act, path, names, resource, definition)
        kind: Kind = "create" if method == "post" else "other"
        body = "body" if kind == "create" else ""
        return Act(act.name, kind, True, resource, status=status, scope=self._scope(path, names), body=body)

    def _on_item(self, act: Act, path: str, names: list[str], resource: str, kind: Any) -> Act:
        if kind == "other":
            return Act(act.name, changes=True, status=act.status, scope=self._scope(path, names))
        scope, body = self._scope(path, names[:-1]), "body" if kind == "update" else ""
        return Act(
            act.name, kind, act.changes, resource, key_argument=names[-1], scope=scope, body=body, status=act.status
        )

    def _listing(self, act: Act, path: str, names: list[str], resource: str, definition: Mapping[str, Any]) -> Act:
        queries = {one["name"]: one for one in definition["parameters"] if one["in"] == "query"}
        properties = self._success(definition)[1].get("properties", {})
        totals = [
            name
            for name, part in properties.items()
            if resolved(self._document, part).get("type") in ("integer", "number")
        ]
        fields = self._item_schema(definition).get("properties", {})
        return Act(
            act.name,
            "list",
            resource=resource,
            items=self._array(definition),
            total=spoken(totals, TOTALS),
            scope=self._scope(path, names),
            paging=_paging(queries),
            filters=self._filters(queries, fields),
            order=_order(queries),
            status=act.status,
        )

    def _filters(self, queries: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, str]:
        named = {plain(name): name for name in fields}
        special = {*PAGES, *SIZES, *OFFSETS, *ORDERS}
        return {
            name: named.get(plain(name), name)
            for name in queries
            if plain(name) not in special and (plain(name) in named or (not fields and not name.startswith("_")))
        }

    def _scope(self, path: str, names: list[str]) -> dict[str, str]:
        """Give for each argument of the path the resource of which it is a key."""
        found = {}
        for name in names:
            before = path[: path.index(f"{{{name}}}")].rstrip("/")
            found[name] = self._named.get(_bare(before), "")
        return found


def _is_item(path: str) -> bool:
    return bool(_PARAMETER.fullmatch(path.rstrip("/").rpartition("/")[2]))


def _collection(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] if _is_item(path) else path.rstrip("/")


def _bare(path: str) -> str:
    return _PARAMETER.sub("{}", path.rstrip("/"))


def _paging(queries: Mapping[str, Any]) -> Paging | None:
    size, page, offset = (spoken(queries, words) for words in (SIZES, PAGES, OFFSETS))
    if not size or not (page or offset):
        return None
    default = queries[size]["schema"].get("default")
    default = default if isinstance(default, int) else None
    if page:
        lowest = queries[page]["schema"].get("minimum", queries[page]["schema"].get("default", 1))
        return Paging(page, size, "page", 0 if lowest == 0 else 1, default)
    return Paging(offset, size, "offset", 0, default)


def _order(queries: Mapping[str, Any]) -> Order | None:
    name = spoken(queries, ORDERS)
    return Order({name: "{field}"}, {name: "-{field}"}) if name else None
