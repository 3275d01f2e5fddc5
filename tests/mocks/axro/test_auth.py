import json
from typing import Any

import pytest
from graphql import get_introspection_query

from tests.mocks.axro.client import FIXTURES, Client, fresh_client

BRANDS = "{ brands { brands } }"
TOKEN = "/api/v1/auth/token"


def _refused(client: Client, header: str | None) -> str:
    reply = client.post(json.dumps({"query": BRANDS}).encode(), authorization=header)
    assert reply.status == 401
    assert (reply.header("www-authenticate") or "").startswith("Bearer")
    return client.code(reply, "brands")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "TOKEN_MISSING"),
        ("", "TOKEN_PREFIX"),
        ("YOUR_ACCESS_TOKEN", "TOKEN_PREFIX"),
        ("Basic YOUR_ACCESS_TOKEN", "TOKEN_PREFIX"),
        ("Bearer", "TOKEN_MALFORMED"),
        ("Bearer ", "TOKEN_MALFORMED"),
        ("Bearer YOUR ACCESS TOKEN", "TOKEN_MALFORMED"),
        ("Bearer tökén", "TOKEN_MALFORMED"),
        ("Bearer nobody", "TOKEN_UNKNOWN"),
        ("Bearer your_access_token", "TOKEN_UNKNOWN"),
        ("Bearer EXPIRED_ACCESS_TOKEN", "TOKEN_EXPIRED"),
    ],
)
def test_each_wrong_way_of_signing_in_has_its_own_refusal(header: str | None, code: str) -> None:
    assert _refused(Client("auth"), header) == code


def test_the_scheme_may_be_written_in_any_case() -> None:
    reply = Client("auth").post(json.dumps({"query": BRANDS}).encode(), authorization="bearer YOUR_ACCESS_TOKEN")
    assert reply.status == 200


@pytest.mark.parametrize("query", [get_introspection_query(), "{ __typename }", '{ __type(name: "Product") { name } }'])
def test_the_schema_is_open(query: str) -> None:
    answer: Any = Client("auth").post(json.dumps({"query": query}).encode(), authorization=None).json
    assert answer.keys() == {"data"}


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename brands { brands } }",
        "{ ... on Query { brands { brands } } }",
        "{ __typename ...Data } fragment Data on Query { brands { brands } }",
    ],
)
def test_data_beside_the_schema_is_not(query: str) -> None:
    assert Client("auth").post(json.dumps({"query": query}).encode(), authorization=None).status == 401


def test_what_is_wrong_with_the_document_is_said_first() -> None:
    client = Client("auth")
    reply = client.post(b'{"query": "{ nothing }"}', authorization=None)
    assert client.code(reply, "brands") == "FIELD_UNKNOWN"


def _token(client: Client, body: Any) -> Any:
    return client.post(json.dumps(body).encode(), TOKEN, authorization=None)


def test_a_token_lets_in_for_an_hour_of_the_sessions_clock() -> None:
    client = fresh_client("token")
    known = FIXTURES.credentials["other"]
    grant = _token(client, {"username": known["username"], "password": known["password"]}).json
    assert (grant["token_type"], grant["expires_in"]) == ("Bearer", 3600)
    header = f"Bearer {grant['access_token']}"
    asked = json.dumps({"query": "{ userInfo { email } }"}).encode()
    answer: Any = client.post(asked, authorization=header).json
    assert answer["data"]["userInfo"]["email"] == known["username"]
    client.advance(seconds=3599)
    assert client.post(asked, authorization=header).status == 200
    client.advance(seconds=1)
    assert _refused(client, header) == "TOKEN_EXPIRED"


def test_a_token_is_good_in_its_own_session_alone() -> None:
    known = FIXTURES.credentials["default"]
    body = {"username": known["username"], "password": known["password"]}
    tokens = [_token(fresh_client(name), body).json["access_token"] for name in ("here", "there")]
    assert tokens[0] != tokens[1]
    assert _refused(Client("here"), f"Bearer {tokens[1]}") == "TOKEN_UNKNOWN"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "TOKEN_BODY_NOT_JSON"),
        ({}, "TOKEN_FIELD_MISSING"),
        ({"username": "user@example.com"}, "TOKEN_FIELD_MISSING"),
        ({"username": 1, "password": "x"}, "TOKEN_FIELD_NOT_TEXT"),
        ({"username": "user@example.com", "password": "wrong"}, "CREDENTIALS_WRONG"),
        ({"username": "einkauf@example.de", "password": "development-only"}, "CREDENTIALS_WRONG"),
    ],
)
def test_the_token_endpoint_refuses_anything_else(body: Any, code: str) -> None:
    client = Client("auth")
    assert client.code(_token(client, body), "token") == code


def test_a_credential_without_a_password_cannot_be_had_by_leaving_it_out() -> None:
    client = Client("auth")
    reply = _token(client, {"username": None, "password": None})
    assert client.code(reply, "token") == "TOKEN_FIELD_NOT_TEXT"
