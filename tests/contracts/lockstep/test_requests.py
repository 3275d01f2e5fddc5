"""Whether both sides were asked the same, in one catalogue or in two."""

import orjson
import pytest

from apitwin_contracts.lockstep.comparing import Comparison
from apitwin_contracts.lockstep.requests import same_request
from apitwin_fixtures import Request


def post(body: object) -> Request:
    return Request("POST", "/graphql", "", (), orjson.dumps(body))


@pytest.mark.parametrize(
    ("here", "there", "alike"),
    [
        ({"query": "{ products(id: 7) { name } }"}, {"query": "{ products(id: 9) { name } }"}, True),
        ({"query": "{ products { name } }"}, {"query": "{ products { price } }"}, False),
        ({"order": {"id": "A1"}}, {"order": {"id": "B2"}}, True),
        ({"order": {"id": "A1"}}, {"order": {"name": "B2"}}, False),
        ({"lines": [{"id": 1}]}, {"lines": [{"id": 2}, {"id": 3}]}, False),
    ],
)
def test_two_catalogues_are_asked_the_same_where_only_values_differ(here: object, there: object, alike: bool) -> None:  # noqa: FBT001 - a column
    assert same_request(post(here), post(there), Comparison(by_value=False)) is alike
    assert same_request(post(here), post(here), Comparison(by_value=False))
    assert not same_request(post(here), post(there), Comparison())
