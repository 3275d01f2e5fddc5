import json
from itertools import product
from typing import Any

import jwt
import pytest
from graphql import get_introspection_query

from apitwin_fixtures import Request
from tests.mocks.gates.client import FIXTURES, GATES, SERVER, Client, exact, fresh_client
from tests.mocks.replay import answer

ENDPOINTS = ["/bm/graphql", "/bg/graphql", *(f"/dg/{gate['code']}/graphql" for gate in GATES)]
ASK = {"/bm/graphql": "{ connectedDistributionGates { code } }", "/bg/graphql": "{ orders { orderId } }"}
OPERATION = {"/bm/graphql": "connectedDistributionGates", "/bg/graphql": "orders"}


def _opens(credential: str, path: str) -> bool:
    known = FIXTURES.credentials[credential]
    manager = known["audience"].startswith("http://bm.")
    return path == "/bm/graphql" if manager else path in ("/bg/graphql", f"/dg/{known['gate']}/graphql")


@pytest.mark.parametrize(("credential", "path"), list(product(FIXTURES.credentials, ENDPOINTS)))
def test_a_token_opens_its_own_gate_and_the_booking_gate_alone(credential: str, path: str) -> None:
    client = Client("confinement", credential)
    reply = client.ask(path, ASK.get(path, "{ getUser { email } }"))
    assert reply.status == 200
    if _opens(credential, path):
        assert "errors" not in exact(reply)
    else:
        manager = credential == "default" or path == "/bm/graphql"
        assert client.code(reply, OPERATION.get(path, "getUser")) == ("TOKEN_AUDIENCE" if manager else "TOKEN_GATE")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "TOKEN_MISSING"),
        ("", "TOKEN_PREFIX"),
        ("TOKEN", "TOKEN_PREFIX"),
        ("Basic TOKEN", "TOKEN_PREFIX"),
        ("Bearer", "TOKEN_MALFORMED"),
        ("Bearer TOKEN TOKEN", "TOKEN_MALFORMED"),
        ("Bearer tökén", "TOKEN_MALFORMED"),
        ("Bearer nobody", "TOKEN_UNKNOWN"),
    ],
)
@pytest.mark.parametrize("path", ENDPOINTS)
def test_each_wrong_way_of_signing_in_has_its_own_refusal(path: str, header: str | None, code: str) -> None:
    client = Client("auth")
    header = header and header.replace("TOKEN", client.token)
    reply = client.post(path, b'{"query": "{ __typename }"}', authorization=header)
    assert (reply.status, exact(reply)["data"]) == (200, None)
    assert client.code(reply, OPERATION.get(path, "getUser")) == code


@pytest.mark.parametrize("query", [get_introspection_query(), "{ __typename }"])
def test_even_the_schema_needs_a_token(query: str) -> None:
    client = Client("auth")
    body = json.dumps({"query": query}).encode()
    assert client.code(client.post("/dg/distributor1/graphql", body, authorization=None), "getUser") == "TOKEN_MISSING"
    assert exact(client.post("/dg/exampledistributor/graphql", body)).keys() == {"data"}


def test_a_bad_token_is_told_before_a_bad_body() -> None:
    client = Client("auth")
    assert client.code(client.post("/bg/graphql", b"{", authorization="Bearer nobody"), "orders") == "TOKEN_UNKNOWN"


def test_the_scheme_may_be_written_in_any_case() -> None:
    client = Client("auth")
    reply = client.post("/bg/graphql", b'{"query": "{ __typename }"}', authorization=f"bearer {client.token}")
    assert exact(reply) == {"data": {"__typename": "Query"}}


def test_a_token_lets_in_for_a_day_of_the_sessions_clock() -> None:
    client = fresh_client("lifetime")
    grant = exact(client.sign_in())
    assert (grant["token_type"], grant["expires_in"]) == ("Bearer", 86_400)
    header = f"Bearer {grant['access_token']}"
    client.advance(seconds=86_399)
    assert "errors" not in exact(client.post("/bg/graphql", b'{"query": "{ __typename }"}', authorization=header))
    client.advance(seconds=1)
    reply = client.post("/bg/graphql", b'{"query": "{ __typename }"}', authorization=header)
    assert client.code(reply, "orders") == "TOKEN_EXPIRED"


def test_a_token_is_good_in_its_own_session_alone() -> None:
    here, there = fresh_client("here"), fresh_client("there")
    assert here.token != there.token
    reply = here.post("/bg/graphql", b'{"query": "{ __typename }"}', authorization=f"Bearer {there.token}")
    assert here.code(reply, "orders") == "TOKEN_UNKNOWN"


@pytest.mark.parametrize("credential", FIXTURES.credentials)
def test_a_token_is_a_jwt_that_the_published_key_signed(credential: str) -> None:
    client = Client("jwt", credential)
    keys = exact(client.send(Request("GET", "/.well-known/jwks.json")))
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(client.token)["kid"]]
    unchecked: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    claims = jwt.decode(client.token, key, ["RS256"], audience=client.known["audience"], options=unchecked)
    assert claims["exp"] - claims["iat"] == 86_400
    assert claims["azp"] == client.known["client_id"]
    assert claims["scope"].split() == client.known["scope"].split()
    assert claims["gty"] == ("password" if "username" in client.known else "client-credentials")


def test_a_scope_that_is_asked_for_is_all_that_is_granted() -> None:
    grant = exact(Client("scopes").sign_in(scope="read:order read:products"))
    assert grant["scope"] == "read:order read:products"


def test_a_form_may_carry_client_credentials_too() -> None:
    client = Client("form")
    names = ("client_id", "client_secret", "audience")
    pairs = [f"{name}={client.known[name]}" for name in names]
    body = "&".join([*pairs, "grant_type=client_credentials"]).encode()
    headers = (("content-type", "application/x-www-form-urlencoded; charset=utf-8"),)
    assert exact(client.send(Request("POST", "/oauth/token", "", headers, body)))["scope"] == client.known["scope"]


WRONG: list[tuple[str, str, dict[str, str | None]]] = [
    ("AUTH0_GRANT_MISSING", "default", {"grant_type": None}),
    ("AUTH0_GRANT_UNSUPPORTED", "default", {"grant_type": "implicit"}),
    ("AUTH0_CLIENT_MISSING", "default", {"client_id": None}),
    ("AUTH0_UNAUTHORIZED", "default", {"client_secret": None}),
    ("AUTH0_UNAUTHORIZED", "default", {"client_secret": "wrong"}),
    ("AUTH0_UNAUTHORIZED", "default", {"client_id": "nobody"}),
    ("AUTH0_UNAUTHORIZED", "exampledistributor", {"client_secret": FIXTURES.credentials["reader"]["client_secret"]}),
    ("AUTH0_GRANT_FORBIDDEN", "distributor2", {"grant_type": "password", "username": "a", "password": "b"}),
    ("AUTH0_GRANT_FORBIDDEN", "default", {"grant_type": "password"}),
    ("AUTH0_AUDIENCE_MISSING", "default", {"audience": None}),
    ("AUTH0_AUDIENCE_UNKNOWN", "default", {"audience": "https://example.com"}),
    ("AUTH0_AUDIENCE_FORBIDDEN", "default", {"audience": FIXTURES.credentials["reader"]["audience"]}),
    ("AUTH0_AUDIENCE_FORBIDDEN", "distributor1", {"audience": FIXTURES.credentials["default"]["audience"]}),
    ("AUTH0_SCOPE_FORBIDDEN", "reader", {"scope": "read:products write:order"}),
    ("AUTH0_PASSWORD_WRONG", "user", {"password": "wrong"}),
    ("AUTH0_PASSWORD_WRONG", "user", {"username": "bauleitung@example.org"}),
    ("AUTH0_PASSWORD_WRONG", "user", {"username": None, "password": None}),
]


@pytest.mark.parametrize(("code", "credential", "changes"), WRONG)
def test_the_token_endpoint_refuses_as_auth0_does(code: str, credential: str, changes: dict[str, str | None]) -> None:
    client = Client("auth0", credential)
    assert client.code(client.sign_in(**changes), "token") == code


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"grant_type": 1}', b"\xff"])
@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_the_token_endpoint_reads_objects_of_texts_and_forms(body: bytes, media_type: str) -> None:
    client = Client("auth0")
    reply = client.send(Request("POST", "/oauth/token", "", (("content-type", media_type),), body))
    assert client.code(reply, "token") == "AUTH0_BODY"


def test_users_of_one_gate_pay_their_own_prices() -> None:
    prices = {
        name: Client("users", name).price("exampledistributor:00009479", 1) for name in ("user", "other", "reader")
    }
    assert prices["user"] == prices["reader"] < prices["other"]
    assert Client("users", "other").at_gate("{ getUser { email clientNumber company } }") == {
        "email": "bauleitung@example.org",
        "clientNumber": "801999",
        "company": "Muster Ausbau KG",
    }


def test_the_gates_can_be_asked_without_their_mount() -> None:
    reply = answer(SERVER, Request("POST", "/bm/graphql", "", (("content-type", "application/json"),), b"{}"))
    assert Client().code(reply, "connectedDistributionGates") == "TOKEN_MISSING"
