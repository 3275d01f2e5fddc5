from base64 import b64encode
from typing import Any

import jwt
import pytest

from apitwin_fixtures import Reply, Request
from apitwin_mocks.suppliers.wock.authority import AUDIENCE, LIFETIME, sign
from tests.mocks.wock.client import FIXTURES, SERVER, Client, fresh, grant

DEFAULT = FIXTURES.credentials["default"]
TENANT = DEFAULT["tenant"]


def _error(reply: Reply) -> Any:
    body: Any = reply.json
    entry = FIXTURES.errors[f"AADSTS{body['error_codes'][0]}"]
    assert entry.difference(body) is None
    assert entry.status == reply.status
    return body


@pytest.mark.parametrize(
    ("changes", "code", "status", "error"),
    [
        ({"tenant": "nobody"}, 90002, 400, "invalid_request"),
        ({"grant_type": None}, 900144, 400, "invalid_request"),
        ({"client_id": None}, 900144, 400, "invalid_request"),
        ({"scope": None}, 900144, 400, "invalid_request"),
        ({"grant_type": "password"}, 70003, 400, "unsupported_grant_type"),
        ({"client_id": "eeeeeeee-0000-4000-8000-000000000009"}, 700016, 400, "unauthorized_client"),
        ({"client_secret": None}, 7000218, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 7000215, 401, "invalid_client"),
        ({"scope": "api://apitwin-development-wock"}, 1002012, 400, "invalid_scope"),
        ({"scope": "api://another/.default"}, 70011, 400, "invalid_scope"),
    ],
)
def test_the_authority_refuses_with_azures_codes(
    changes: dict[str, str | None], code: int, status: int, error: str
) -> None:
    reply = grant(SERVER, "/s/auth", "default", **changes)
    body = _error(reply)
    assert (reply.status, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert f"\r\nTrace ID: {body['trace_id']}\r\nCorrelation ID: {body['correlation_id']}" in body["error_description"]
    assert body["error_description"].endswith(f"\r\nTimestamp: {body['timestamp']}")
    assert body["timestamp"] == "2026-01-01 00:00:00Z"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"tenant": "nobody"}, {"grant_type": None}),
        ({"grant_type": None}, {"client_id": None}),
        ({"grant_type": "password"}, {"client_id": "unknown"}),
        ({"client_id": "unknown"}, {"client_secret": "wrong"}),
        ({"client_secret": None}, {"scope": None}),
        ({"client_secret": "wrong"}, {"scope": "x"}),
    ],
)
def test_the_first_of_two_mistakes_is_told(first: dict[str, str | None], second: dict[str, str | None]) -> None:
    alone: Any = grant(SERVER, "/s/auth", "default", **first).json
    both: Any = grant(SERVER, "/s/auth", "default", **first, **second).json
    assert both["error_codes"] == alone["error_codes"]


def test_only_a_post_is_granted() -> None:
    reply = fresh().send(Request("GET", f"/wock/{TENANT}/oauth2/v2.0/token"))
    assert _error(reply)["error_codes"] == [900561]


def test_client_and_secret_may_come_as_http_basic() -> None:
    pair = b64encode(f"{DEFAULT['client_id']}:{DEFAULT['client_secret']}".encode()).decode()
    headers = (("content-type", "application/x-www-form-urlencoded"), ("authorization", f"Basic {pair}"))
    body = f"grant_type=client_credentials&scope={DEFAULT['scope']}".encode()
    reply: Any = fresh().send(Request("POST", f"/wock/{TENANT}/oauth2/v2.0/token", "", headers, body))
    assert reply.json["token_type"] == "Bearer"
    broken = (headers[0], ("authorization", "Basic ?"))
    refused = fresh().send(Request("POST", f"/wock/{TENANT}/oauth2/v2.0/token", "", broken, body))
    assert _error(refused)["error_codes"] == [900144]


def test_a_token_says_who_may_do_what_and_the_published_key_confirms_it() -> None:
    client = fresh()
    published: Any = client.send(Request("GET", f"/wock/{TENANT}/discovery/v2.0/keys")).json
    [key] = published["keys"]
    assert jwt.get_unverified_header(client.token) == {"alg": "RS256", "kid": key["kid"], "typ": "JWT"}
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    claims = jwt.decode(client.token, jwt.PyJWK(key), audience=AUDIENCE, algorithms=["RS256"], options=options)
    assert claims["exp"] - claims["iat"] == LIFETIME
    assert claims["roles"] == ["Partner.Access"]
    assert claims["azp"] == DEFAULT["client_id"]
    assert claims["iss"] == f"https://login.microsoftonline.com/{TENANT}/v2.0"


def test_the_configuration_leads_to_token_and_keys() -> None:
    client = fresh()
    path = f"/wock/{TENANT}/v2.0/.well-known/openid-configuration"
    told: Any = client.send(Request("GET", path, "", (("host", "127.0.0.1:8900"),))).json
    here = f"http://127.0.0.1:8900/s/{client.session}/wock/{TENANT}"
    assert told["token_endpoint"] == f"{here}/oauth2/v2.0/token"
    assert told["jwks_uri"] == f"{here}/discovery/v2.0/keys"
    assert client.send(Request("GET", path.replace(TENANT, "nobody"))).status == 400


def test_a_token_lives_as_long_as_it_says() -> None:
    client = fresh()
    token = client.token
    client.advance(LIFETIME - 1)
    assert client.ask("{ __typename }", authorization=f"Bearer {token}").status == 200
    client.advance(1)
    refused = client.ask("{ __typename }", authorization=f"Bearer {token}")
    assert refused.header("www-authenticate") == (
        'Bearer error="invalid_token", error_description="The token expired at \'01/01/2026 00:09:59\'"'
    )
    assert client.ask("{ __typename }").status == 200


def _claims(client: Client, **changes: Any) -> str:
    claims = jwt.decode(client.token, options={"verify_signature": False})
    return sign({**claims, **changes})


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"aud": "another"}, "The audience 'another' is invalid"),
        ({"iss": "https://example.com"}, "The issuer 'https://example.com' is invalid"),
        ({"nbf": 4_000_000_000, "exp": 4_100_000_000}, "The token is not valid before '10/02/2096 07:06:40'"),
        ({"exp": None}, "The token has no expiration"),
    ],
)
def test_a_wrong_token_is_challenged_with_the_reason(changes: dict[str, Any], description: str) -> None:
    client = fresh()
    reply = client.ask("{ __typename }", authorization=f"Bearer {_claims(client, **changes)}")
    challenge = f'Bearer error="invalid_token", error_description="{description}"'
    assert (reply.status, reply.header("www-authenticate"), reply.body) == (401, challenge, b"")
    assert reply.header("content-type") is None


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, "Bearer"),
        ("Basic eDp5", "Bearer"),
        ("Bearer rubbish", 'Bearer error="invalid_token"'),
    ],
)
def test_without_a_token_not_even_the_schema_is_shown(authorization: str | None, challenge: str) -> None:
    reply = fresh().ask("{ __schema { queryType { name } } }", authorization=authorization)
    assert (reply.status, reply.header("www-authenticate"), reply.body) == (401, challenge, b"")


def test_a_foreign_signature_is_refused() -> None:
    client = fresh()
    head, _, signature = client.token.split(".")
    claims = client.another("roleless").token.split(".")[1]
    reply = client.ask("{ __typename }", authorization=f"Bearer {head}.{claims}.{signature}")
    assert reply.status == 401
    assert "The signature is invalid" in (reply.header("www-authenticate") or "")


def test_a_token_without_the_role_is_forbidden() -> None:
    reply = fresh("roleless").ask("{ partner { id } }")
    assert (reply.status, reply.body, reply.header("content-type")) == (403, b"", None)


def test_fields_can_be_guarded_one_by_one_instead() -> None:
    client = fresh()
    client.settings(authorization="field")
    body: Any = client.ask("{ __typename products { totalCount } }", authorization=None).json
    assert body["data"] == {"__typename": "Query", "products": None}
    assert body["errors"][0]["extensions"]["code"] == "AUTH_NOT_AUTHENTICATED"
    assert client.another("roleless").body("{ partner { id } }")["errors"][0]["extensions"] == {
        "code": "AUTH_NOT_AUTHORIZED"
    }
    assert client.data("{ partner { partnerType } }") == {"partner": {"partnerType": "External"}}


def test_unknown_paths_are_answered_by_nobody() -> None:
    for method, path in (("GET", "/wock/nothing"), ("GET", "/wock/graphql/x"), ("DELETE", "/wock/archives/a.zip")):
        reply = fresh().send(Request(method, path))
        assert (reply.status, reply.body) == (404, b"")
