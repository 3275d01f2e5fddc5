"""What a generic mock keeps: a table for each resource, begun with what was recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin_fixtures import Fixtures
from apitwin_fixtures.blueprint import Blueprint
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import World

__all__ = ["Row", "Shelves", "first_state"]


@dataclass(frozen=True)
class Row:
    """One thing: its values, and the values of the path in which it lies (`bucket_id` of a record)."""

    values: Mapping[str, Any]
    scope: Mapping[str, Any]


Catalogue = Mapping[str, Mapping[str, Row]]


def _place(scope: Mapping[str, Any], key: object) -> str:
    """Give the text under which a table holds a row."""
    return "/".join([*(str(value) for value in scope.values()), str(key)])


def first_state(blueprint: Blueprint, fixtures: Fixtures) -> Catalogue:
    """Read the recorded things of every resource."""
    return {
        resource.name: {
            _place(one["scope"], one["row"].get(resource.key)): Row(one["row"], one["scope"])
            for one in (fixtures.json(resource.file) if fixtures.has(resource.file) else ())
        }
        for resource in blueprint.resources.values()
    }


class Shelves(World):
    """One session's tables; the recorded rows are shared with all others."""

    def __init__(self, catalogue: Catalogue, session: Session, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self.clock = session.clock
        self.ids = session.ids(blueprint.supplier)
        self._tables = {name: Table(rows) for name, rows in catalogue.items()}

    def tables(self) -> Mapping[str, Table[Any]]:
        return self._tables

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        if table not in self._tables or key not in self._tables[table]:
            raise MisuseError(f"there is no {key!r} in {table!r}; tables are {', '.join(self._tables)}")
        row = self._tables[table][key]
        changed = Row({**row.values, **changes}, row.scope)
        self._tables[table].put(key, changed)
        return changed.values

    def rows(self, resource: str, scope: Mapping[str, Any]) -> Iterator[Row]:
        """Give the things that lie in a scope, in their order."""
        wanted = [str(value) for value in scope.values()]
        return (
            row for row in self._tables[resource].values() if [str(value) for value in row.scope.values()] == wanted
        )

    def find(self, resource: str, scope: Mapping[str, Any], key: object) -> Row | None:
        """Give one thing, None when there is none."""
        return self._tables[resource].get(_place(scope, key))

    def put(self, resource: str, row: Row) -> None:
        """Keep a thing that is new or changed."""
        key = row.values.get(self._blueprint.resources[resource].key)
        self._tables[resource].put(_place(row.scope, key), row)

    def remove(self, resource: str, scope: Mapping[str, Any], key: object) -> None:
        """Forget a thing, and whatever lies in it."""
        gone = [*(str(value) for value in scope.values()), str(key)]
        self._tables[resource].remove(_place(scope, key))
        for name, table in self._tables.items():
            if name != resource and any(
                act.resource == name and resource in act.scope.values() for act in self._blueprint.acts
            ):
                for inner in [
                    text for text in table if text.split("/")[: len(gone)] == gone and text.count("/") >= len(gone)
                ]:
                    table.remove(inner)
