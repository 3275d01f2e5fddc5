from datetime import timedelta

import jwt
import pytest

from apitwin_mocks.kit.clock import EPOCH
from tests.mocks.reseller.client import FIXTURES, OPERATIONS, Client, fresh_client

GOOD = {"Email": "reseller@example.com", "Password": "reseller-password"}
AUTHED = [name for name in OPERATIONS if name != "generate_token"]


def sent(operation: str) -> object:
    """A body or a number with which the operation gets as far as the token."""
    return {"get_product": 265, "get_order_detail": 55501}.get(operation)


def test_a_token_is_a_jwt_that_tells_its_end() -> None:
    client = fresh_client("jwt")
    data = client.data("generate_token", {**GOOD, "callbackData": "me"})
    claims = jwt.decode(data["Token"], options={"verify_signature": False})
    assert (claims["sub"], claims["email"], claims["IsAPI"]) == ("101", "reseller@example.com", "1")
    assert claims["exp"] == int((EPOCH + timedelta(hours=24)).timestamp())
    assert (data["Expiration"], data["callbackData"]) == ("2026-01-02T00:00:00Z", "me")


def test_names_of_fields_are_read_in_any_case_and_addresses_too() -> None:
    client = Client(session="case")
    assert client.data("generate_token", {"email": "Reseller@Example.COM", "PASSWORD": "reseller-password"})["Token"]


def test_each_signing_in_gives_another_token_and_the_former_stays_good() -> None:
    client = fresh_client("again")
    first = client.token
    assert client.sign_in() != first
    assert client.ask("account_details", authorization=f"Bearer {first}").status == 200


def test_the_same_seed_gives_the_same_tokens() -> None:
    assert fresh_client("same").token == fresh_client("same").token
    assert fresh_client("same").token != fresh_client("other").token


@pytest.mark.parametrize(
    "body",
    [
        {**GOOD, "Password": "wrong"},
        {**GOOD, "Password": "default-api-key"},
        {**GOOD, "Email": "nobody@example.com"},
        {**GOOD, "Email": "second@example.com"},
        {**GOOD, "Email": "unflagged@example.com"},
    ],
)
def test_wrong_credentials_are_refused_alike(body: dict[str, str]) -> None:
    assert Client().refusal("generate_token", body) == "CREDENTIALS_INVALID"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"Password": "x"}, "Email"),
        ({"Email": "x"}, "Password"),
        ({}, "Email"),
        ({**GOOD, "Email": ""}, "Email"),
        ({**GOOD, "Email": 5}, "Email"),
        ({**GOOD, "Password": None}, "Password"),
        ({**GOOD, "callbackData": ["x"]}, "callbackData"),
    ],
)
def test_missing_credentials_are_named(body: dict[str, object], field: str) -> None:
    reply = Client().ask("generate_token", body)
    assert Client().code("generate_token", reply) == "VALIDATION_FAILED"
    assert reply.json["details"]["field"] == field  # type: ignore[index] # JSON


def test_an_account_without_the_flag_is_told_so_only_with_its_password() -> None:
    known = FIXTURES.credentials["unflagged"]
    body = {"Email": known["email"], "Password": known["password"]}
    assert Client().refusal("generate_token", body) == "ACCOUNT_WITHOUT_API"


def test_an_account_that_loses_the_flag_loses_its_tokens() -> None:
    client = fresh_client("flag")
    client.edit("customers", 101, is_api=False)
    assert client.refusal("account_details") == "ACCOUNT_WITHOUT_API"
    client.edit("customers", 101, is_api=True)
    assert client.ask("account_details").status == 200


@pytest.mark.parametrize("operation", AUTHED)
@pytest.mark.parametrize("header", [None, "", "  ", "Bearer", "Bearer   "])
def test_without_a_token_nothing_is_told(operation: str, header: str | None) -> None:
    assert Client().refusal(operation, sent(operation), authorization=header) == "TOKEN_MISSING"


@pytest.mark.parametrize("header", ["Bearer x.y.z", "x.y.z", "Basic cmVzZWxsZXI6eA==", "Token x", "Bearer a b"])
def test_an_unknown_token_is_refused(header: str) -> None:
    assert Client().refusal("account_details", authorization=header) == "TOKEN_INVALID"


def test_a_token_of_another_session_or_seed_is_unknown() -> None:
    token = fresh_client("mine").token
    assert Client(session="yours").refusal("account_details", authorization=f"Bearer {token}") == "TOKEN_INVALID"


def test_a_token_expires_to_the_second() -> None:
    client = fresh_client("expiry")
    client.advance(24 * 3600 - 1)
    assert client.ask("account_details").status == 200
    client.advance(1)
    assert client.refusal("account_details") == "TOKEN_EXPIRED"
    client.sign_in()
    assert client.ask("account_details").status == 200


def test_expiration_is_exact_also_between_two_seconds() -> None:
    client = fresh_client("fraction")
    client.advance(0.75)
    data = client.data("generate_token", GOOD)
    assert data["Expiration"] == "2026-01-02T00:00:00Z"
    client.advance(24 * 3600 - 0.8)
    header = f"Bearer {data['Token']}"
    assert client.ask("account_details", authorization=header).status == 200
    client.advance(0.05)
    assert client.refusal("account_details", authorization=header) == "TOKEN_EXPIRED"


@pytest.mark.parametrize(
    ("mode", "prefixed", "bare"),
    [("either", 200, 200), ("bearer", 200, "TOKEN_WITHOUT_BEARER"), ("bare", "TOKEN_WITH_BEARER", 200)],
)
def test_the_switch_decides_what_stands_before_the_token(mode: str, prefixed: int | str, bare: int | str) -> None:
    client = fresh_client("switch")
    client.control("PATCH", "/settings", {"choices": {"reseller": {"authorization": mode}}})
    for header, expected in [
        (f"Bearer {client.token}", prefixed),
        (f"bearer {client.token}", prefixed),
        (f"BEARER   {client.token}", prefixed),
        (client.token, bare),
        (f"  {client.token} ", bare),
    ]:
        reply = client.ask("account_details", authorization=header)
        assert expected in (reply.status, reply.status != 200 and client.code("account_details", reply))
    assert client.refusal("account_details", authorization="Basic x") == "TOKEN_INVALID"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_tenant_without_the_api_answers_so_everywhere(operation: str) -> None:
    client = Client(session="disabled")
    client.control("PATCH", "/settings", {"choices": {"reseller": {"integration": "disabled"}}})
    reply = client.ask(operation, sent(operation))
    assert client.code(operation, reply) == "API_DISABLED"
    assert reply.json["message"] == "The API integration is disabled for this tenant"  # type: ignore[index] # JSON


def test_journal_and_state_hold_no_secret() -> None:
    client = fresh_client("secrets")
    client.ask("account_details")
    seen = str(client.control("GET", "/journal")) + str(client.control("GET", "/state/reseller/customers"))
    assert str(client.token) not in seen
    assert not [
        entry for entry in FIXTURES.credentials.values() if entry["password"] in seen or entry["apikey"] in seen
    ]
