"""What GraphQL promises of errors: they are told once, and point into the document that was asked."""

from typing import Any

import orjson
import pytest
from graphql import build_schema, graphql_sync
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.surfaces.graphql_errors import error_problems
from apitwin_fixtures import Reply, Request

DOCUMENT = "query Q($name: String) {\n  cup(name: $name) { note }\n}"
FIRST = {"message": "No such cup.", "locations": [{"line": 2, "column": 3}], "path": ["cup"]}
SCHEMA = build_schema("type Query { cup(name: String, size: Int): Cup } type Cup { note: String! friends: [Cup] }")


def told(*errors: Any, document: str = DOCUMENT, by_get: bool = False) -> list[str]:
    asked = {"query": document}
    request = (
        Request("GET", "/graphql", Request.encode(asked)) if by_get else Request("POST", "/", body=orjson.dumps(asked))
    )
    reply = Reply(200, (), orjson.dumps({"data": None, "errors": errors}))
    return [problem.location for problem in error_problems(request, reply)]


@pytest.mark.parametrize("by_get", [False, True])
@pytest.mark.parametrize(
    "error",
    [
        FIRST,
        {"message": "No such cup."},
        {"message": "In a list.", "path": ["cup", "friends", 0, "note"]},
        {"message": "In an input.", "path": ["name", "first"], "locations": []},
        {"message": "At the end.", "locations": [{"line": 3, "column": 2}]},
        {"message": "Nothing to point at.", "path": None, "locations": None},
    ],
)
def test_what_the_specification_allows_is_no_problem(error: Any, *, by_get: bool) -> None:
    assert told(error, by_get=by_get) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"path": ["CUP"]}, ".path"),
        ({"path": []}, ".path"),
        ({"path": [["cup"]]}, ".path"),
        ({"path": ["cup", -1]}, ".path"),
        ({"path": ["cup", True]}, ".path"),
        ({"path": "cup"}, ".path"),
        ({"locations": {"line": 2, "column": 3}}, ".locations"),
        ({"locations": [{"line": 4, "column": 1}]}, ".locations"),
        ({"locations": [{"line": 0, "column": 1}]}, ".locations"),
        ({"locations": [{"line": 3, "column": 3}]}, ".locations"),
        ({"locations": [{"line": "2", "column": 3}]}, ".locations"),
        ({"locations": [{"line": 2}]}, ".locations"),
        ({"locations": [2, 3]}, ".locations"),
    ],
)
def test_what_points_elsewhere_is_told(change: dict[str, Any], where: str) -> None:
    assert told({**FIRST, **change}) == [f"errors[]{where}"]


def test_the_same_error_twice_is_told_and_two_that_differ_are_not() -> None:
    assert told(FIRST, FIRST) == ["errors[]"]
    assert told(FIRST, {**FIRST, "locations": [{"line": 2, "column": 4}]}) == []


@given(st.text('{}()$:abcup \n"noteqryQ1', max_size=60))
def test_a_server_that_keeps_to_the_specification_is_never_told(text: str) -> None:
    document = f"query Q {{ cup {{ {text} }} }}"
    errors = [error.formatted for error in graphql_sync(SCHEMA, document).errors or ()]
    assert told(*errors, document=document) == []


def test_a_request_without_a_document_promises_nothing() -> None:
    reply = Reply(200, (), orjson.dumps({"errors": [FIRST, FIRST]}))
    assert not list(error_problems(Request("POST", "/", body=b"[1]"), reply))
    assert not list(error_problems(Request("POST", "/", body=b"no JSON"), reply))
