"""From a folder of data to a mock."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

from apitwin_fixtures import Fixtures
from apitwin_fixtures.blueprint import Blueprint, Way
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.supplier import Seeding, Supplier

from .graphql import GenericGraphQL
from .rest import GenericRest
from .world import Shelves, first_state

__all__ = ["supplier_of"]


def supplier_of(folder: Path) -> Supplier:
    """Make the mock that a folder describes; raises `ValueError` for an `operations.json` of another format."""
    fixtures, blueprint = Fixtures(folder), Blueprint.read(folder / "operations.json")
    surface = (GenericGraphQL if blueprint.surface == "graphql" else GenericRest)(blueprint, fixtures)
    values = {name: value for one in blueprint.provoked.values() for name, value in one.get("values", {}).items()}

    def explained(_call: Call) -> Mapping[str, object]:
        return values

    def catalogue(_seeding: Seeding) -> Any:
        return first_state(blueprint, fixtures)

    return Supplier(
        name=blueprint.supplier,
        title=blueprint.title,
        fixtures=fixtures,
        catalogue=catalogue,
        world=partial(Shelves, blueprint=blueprint),
        authenticate=partial(_authenticate, blueprint, fixtures),
        endpoint=surface,
        owns=lambda _path: False,
        operation_of=surface.operation_of,
        start_page=blueprint.path if blueprint.surface == "graphql" else blueprint.document or "/",
        explain=explained,
    )


def _authenticate(blueprint: Blueprint, fixtures: Fixtures, call: Call) -> None:
    if call.request.path == blueprint.document:
        return
    for way in blueprint.ways:
        given = call.request.header(way.header.lower())
        if given is None and way.without:
            raise Refusal(way.without)
        if given is not None and way.wrong and given not in _let_in(way, fixtures):
            raise Refusal(way.wrong)


def _let_in(way: Way, fixtures: Fixtures) -> list[str]:
    return [Template(way.value).safe_substitute(fields) for fields in fixtures.credentials.values()]
