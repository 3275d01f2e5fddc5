"""What was signed with a secret is signed with its pseudonym, so that whoever knows the pseudonym finds it right."""

import hmac
import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.suppliers.oxomi.auth import access_token
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.kit.webhooks import hmac_signature

CONTRACTS = load_contracts(["axro", "oxomi"])
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
CUSTOMER = {
    "portal": "8111222",
    "user": "ada.lovelace",
    "apiToken": "ZZ9M1HEM2KEVRQS2KQFPO2TRS8",
    "secret": "s3cr3t-of-Ada",
}


def scrubbed(scrubber: Scrubber, request: Request) -> Request:
    return scrubber.scrub([Exchange(request, Reply(200, (), b"{}"))])[0].request


@pytest.mark.parametrize("roles", ["", "Heating,Top-Customer"])
def test_an_access_token_of_oxomi_is_computed_anew(roles: str) -> None:
    contract = CONTRACTS["oxomi"]
    scrubber = Scrubber(contract, CUSTOMER)
    asked = Request("GET", "/portals/api/v3/products/changed", Request.encode({"roles": roles} if roles else {}))
    signed = contract.auth.sign(asked, CUSTOMER, NOW)
    shown = scrubbed(scrubber, signed).parameters
    secret = scrubber.learn("secret", CUSTOMER["secret"])
    assert secret != CUSTOMER["secret"]
    assert shown["apiToken"] != CUSTOMER["apiToken"]
    assert shown["user"] != CUSTOMER["user"]
    assert shown["portal"] == CUSTOMER["portal"]
    assert shown["accessToken"] == access_token({**shown, "secret": secret}, roles, NOW)
    assert shown["accessToken"] != signed.parameters["accessToken"]


def test_a_token_that_nobody_could_compute_is_hidden_and_stays_wrong() -> None:
    contract = CONTRACTS["oxomi"]
    scrubber = Scrubber(contract, CUSTOMER)
    signed = contract.auth.sign(Request("GET", "/portals/api/v3/products/changed"), CUSTOMER, NOW)
    spoilt = replace(signed, query=signed.query.replace(signed.parameters["accessToken"], "0123456789abcdef" * 2))
    shown = scrubbed(scrubber, spoilt).parameters["accessToken"]
    assert (len(shown), shown.isalnum()) == (32, True)
    assert shown != "0123456789abcdef" * 2


def test_a_signed_webhook_of_axro_is_signed_anew() -> None:
    secret = "the secret of the shop's webhooks"
    scrubber = Scrubber(CONTRACTS["axro"], {"webhook_secret": secret})
    body = json.dumps({"event": "order.placed", "email": "ada@shop.example", "orderNumber": "3001"}).encode()
    headers = (("content-type", "application/json"), *hmac_signature(secret)(body, NOW))
    sent = scrubbed(scrubber, Request("POST", "/hooks", "", headers, body))
    stand_in = scrubber.learn("secret", secret)
    assert b"ada@shop.example" not in sent.body
    assert json.loads(sent.body)["orderNumber"] == "3001"
    assert sent.headers == (("content-type", "application/json"), *hmac_signature(stand_in)(sent.body, NOW))


def test_a_token_signed_with_a_known_key_is_signed_with_its_pseudonym() -> None:
    key = "a key of thirty-two bytes, or more of them"
    scrubber = Scrubber(CONTRACTS["axro"], {"signing_secret": key})
    claims = {
        "sub": "17",
        "email": "ada@shop.example",
        "name": "Ada Lovelace",
        "exp": 1_900_000_000,
        "scope": "read:orders",
    }
    token = jwt.encode(claims, key, algorithm="HS256")
    sent = scrubbed(scrubber, Request("GET", "/", "", (("authorization", f"Bearer {token}"),)))
    shown = (sent.header("authorization") or "").removeprefix("Bearer ")
    told: Any = jwt.decode(shown, scrubber.learn("secret", key), algorithms=["HS256"])
    assert told["scope"] == "read:orders"
    assert told["exp"] == claims["exp"]
    assert told["email"].endswith("@example.test")
    assert told["name"] != "Ada Lovelace"


def test_a_token_of_somebody_elses_key_still_parses_and_verifies_nowhere() -> None:
    token = jwt.encode({"sub": "17", "preferred_username": "ada.lovelace"}, "k" * 32, algorithm="HS256")
    scrubber = Scrubber(CONTRACTS["axro"], {})
    sent = scrubbed(scrubber, Request("POST", "/", "", (), json.dumps({"access_token": token}).encode()))
    shown = json.loads(sent.body)["access_token"]
    head, body, signature = shown.split(".")
    assert json.loads(urlsafe_b64decode(head + "==")) == {"alg": "HS256", "typ": "JWT"}
    assert b"ada.lovelace" not in urlsafe_b64decode(body + "==")
    assert len(signature) == len(token.rpartition(".")[2])
    signed = hmac.digest(b"k" * 32, f"{head}.{body}".encode(), "sha256")
    assert urlsafe_b64decode(signature + "=") != signed
