"""Whether two targets show one catalogue: told by what they say, not by their schema."""

from datetime import UTC, datetime

import orjson

from apitwin_contracts.lockstep.likeness import likeness
from apitwin_contracts.lockstep.sides import Sent, Track
from apitwin_fixtures import Exchange, Reply, Request

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA = {"data": {"__schema": {"queryType": {"name": "Query"}, "types": [{"name": f"Type{n}"} for n in range(900)]}}}


def track(*bodies: object) -> Track:
    request = Request("GET", "/", "", (), b"")
    exchanges = (Exchange(request, Reply(200, (), orjson.dumps(body)), 0.0) for body in bodies)
    return Track(tuple(Sent("a", exchange, NOW) for exchange in exchanges), ())


def names(first: int) -> object:
    return {"items": [{"name": f"item {number}"} for number in range(first, first + 30)]}


def test_two_catalogues_behind_one_schema_are_two() -> None:
    assert likeness([(track(SCHEMA, names(0)), track(SCHEMA, names(500)))]) < 0.1


def test_one_catalogue_whose_list_is_shifted_is_one() -> None:
    assert likeness([(track(names(0)), track(names(1)))]) > 0.9


def test_nothing_said_is_no_difference() -> None:
    assert likeness([(track(SCHEMA), track(SCHEMA))]) == 1
