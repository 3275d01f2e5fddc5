"""How what the recognised operations create is found again and deleted: by whatever else was recognised of the same things."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.lists import placed
from apitwin_contracts.paths import at, every
from apitwin_contracts.undoing import GONE, Sought, Undo
from apitwin_fixtures.blueprint import Act, Blueprint

from .shapes import item_path, items_path

__all__ = ["MARK", "undos_of"]

MARK = "apitwin"
"""What stands in a text of each thing that we create, wherever such a thing has one."""

_SIZE, _MOST_PAGES = 100, 20
_LOST = (404, 410)
_REQUESTS = 3


def undos_of(blueprint: Blueprint) -> tuple[Undo, ...]:
    """Give for each operation that creates how it is undone, or why it cannot be."""
    return tuple(_Created(blueprint, act).undo() for act in blueprint.acts if act.kind == "create")


class _Created:
    """What one operation creates."""

    def __init__(self, blueprint: Blueprint, create: Act) -> None:
        self._create = create
        self._key = blueprint.resources[create.resource].key
        self._resource = create.resource
        self._listing = blueprint.of_resource(create.resource, "list")
        self._delete = blueprint.of_resource(create.resource, "delete")
        self._is_rest = blueprint.surface == "rest"

    def undo(self) -> Undo:
        """Give how it is undone."""
        delete = self._delete
        why = f"no operation was recognised that deletes one of {self._resource}"
        return Undo(
            self._create.name,
            self._made,
            "" if delete else why,
            back=self._deleted if delete else None,
            find=self._found,
            reference=self._sent,
            ended_by=delete.name if delete else "",
            ended=self._ended,
            requests=_REQUESTS,
        )

    def _made(self, payload: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
        path = item_path(payload, self._key)
        if path is not None:
            yield self._handle(at(payload, path)[self._key], [arguments.get(name) for name in self._create.scope])

    def _handle(self, key: Any, scope: list[Any]) -> str:
        """Name a thing by the arguments that delete it."""
        outer = dict(zip(self._delete.scope if self._delete else self._create.scope, scope, strict=False))
        named = self._delete.key_argument if self._delete else self._key
        return orjson.dumps(placed(outer, named, self._plain(key)), option=orjson.OPT_SORT_KEYS).decode()

    def _plain(self, key: Any) -> Any:
        # In a path everything is a text.
        return str(key) if self._is_rest else key

    def _ended(self, arguments: Mapping[str, Any]) -> str:
        delete = self._delete
        key = at(arguments, delete.key_argument) if delete else None
        return self._handle(key, [arguments.get(name) for name in delete.scope]) if delete and key is not None else ""

    def _sent(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep what tells our own things from others, and nothing else: the rest may be somebody's."""
        marked = {name: value for name, value in _leaves(arguments) if isinstance(value, str) and MARK in value}
        return {"marked": marked, "scope": [arguments.get(name) for name in self._create.scope]}

    def _deleted(self, client: Client, sought: Sought) -> str:
        delete = self._delete
        assert delete  # noqa: S101 - asked only where there is one
        answer = client.ask(delete.name, orjson.loads(sought.handle))
        if answer.exchange.reply.status in _LOST or (delete.missing and answer.outcome == delete.missing):
            return GONE
        if answer.ok:
            return "" if self._is_rest or answer.payload is not None else GONE
        return answer.recognition.detail or answer.outcome

    def _found(self, client: Client, sought: Sought) -> Iterator[str]:
        reference = sought.reference or {}
        marked, scope = reference.get("marked") or {}, reference.get("scope") or []
        if self._listing is None or not marked:
            raise NothingToExamine("nothing that was sent with it could find it")
        items = list(self._items(client, self._listing, scope, marked))
        if items and not any(name in item for item in items for name in marked):
            raise NothingToExamine(f"{self._listing.name} does not show what was sent with it")
        for item in items:
            shown = [item[name] == value for name, value in marked.items() if name in item]
            if shown and all(shown) and item.get(self._key) is not None:
                yield self._handle(item[self._key], scope)

    def _items(self, client: Client, listing: Act, scope: list[Any], marked: Mapping[str, str]) -> Iterator[Any]:
        asked: Arguments = {**listing.example, **dict(zip(listing.scope, scope, strict=False))}
        for argument, field in listing.filters.items():
            if field in marked:
                asked = placed(asked, argument, marked[field])
        seen: set[str] = set()
        for page in range(_MOST_PAGES if listing.paging else 1):
            items = self._page(client, listing, _at_page(listing, asked, page, len(seen)))
            fresh = [item for item in items if str(item.get(self._key)) not in seen]
            seen.update(str(item.get(self._key)) for item in fresh)
            yield from fresh
            if not fresh:
                return

    @staticmethod
    def _page(client: Client, listing: Act, asked: Arguments) -> list[Any]:
        answer = client.ask(listing.name, asked)
        path = (
            items_path(answer.payload, listing.items) if answer.ok and "edges" not in listing.items else listing.items
        )
        if not answer.ok or not path:
            raise NothingToExamine(f"{listing.name} does not list it: {answer.recognition.detail or answer.outcome}")
        return [item for item in every(answer.payload, path) if isinstance(item, dict)]


def _at_page(listing: Act, asked: Arguments, page: int, seen: int) -> Arguments:
    if listing.paging is None:
        return asked
    start = listing.paging.first + page if listing.paging.by == "page" else seen
    return placed(placed(asked, listing.paging.at, start), listing.paging.size, _SIZE)


def _leaves(value: Any) -> Iterator[tuple[str, Any]]:
    for name, part in value.items() if isinstance(value, Mapping) else ():
        if isinstance(part, Mapping):
            yield from _leaves(part)
        else:
            yield name, part
