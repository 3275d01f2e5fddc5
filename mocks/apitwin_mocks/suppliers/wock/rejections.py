"""What Hot Chocolate says of a request before it executes it: a code of the catalogue, where in the document, and below which fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import Node, get_location

from apitwin_fixtures import ErrorCatalogue

__all__ = ["Rejection", "located", "written"]

Path = Sequence[str | int]


@dataclass(frozen=True)
class Rejection:
    """One error; `locations` and `path` are left out where Hot Chocolate leaves them out."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    locations: Sequence[Mapping[str, int]] = ()
    path: Path = ()


def located(*nodes: Node) -> list[dict[str, int]]:
    """Give where nodes begin, in Hot Chocolate's form."""
    places = (get_location(node.loc.source, node.loc.start) for node in nodes if node.loc)
    return [{"line": place.line, "column": place.column} for place in places]


def written(rejection: Rejection, catalogue: ErrorCatalogue) -> dict[str, Any]:
    """Make the item of `errors`, its keys in Hot Chocolate's order; what the template has no place for is added."""
    given = {**rejection.values, "locations": rejection.locations, "path": rejection.path}
    body = catalogue[rejection.code].render(given)
    told: dict[str, Any] = dict(body) if isinstance(body, dict) else {}
    places = {"locations": rejection.locations, "path": rejection.path}
    added = {name: list(place) for name, place in places.items() if place and name not in told}
    return {
        name: {**told, **added}[name]
        for name in ("message", "locations", "path", "extensions")
        if name in told or name in added
    }
