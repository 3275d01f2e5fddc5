"""Laws of scrubbing, for any secret under any two encodings at any place."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apitwin_contracts.record.ledger import Ledger
from apitwin_contracts.record.matching import Needle, each_view, finder
from apitwin_contracts.record.personal import kind_of
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.registry import load_contracts
from apitwin_fixtures import Exchange, Reply, Request
from tests.contracts.record.encodings import ENCODINGS

AXRO = load_contracts(["axro"])["axro"]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SECRETS = st.text(LETTERS + "-_.~!@#$%^&*()+=/\\:;,?<>{}[]|'\" üßéЖ語😀", min_size=6, max_size=60).filter(
    lambda text: text == text.strip() and sum(character.isalnum() for character in text) >= 6 and not text.isdigit()
)
ENCODED = st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=2)
# These are schemes of HTTP, and no secrets.
SECRETS = SECRETS.filter(lambda text: text.lower() not in ("basic", "bearer", "digest", "negotiate"))
PLACES = ("body", "header", "query", "path", "reply", "reply header", "variable", "cookie")
KINDS = st.sampled_from(["token", "password", "key", "secret", "name", "street", "phone", "email", "company", "user"])
FEW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def encoded(secret: str, names: list[str]) -> str:
    for name in names:
        secret = ENCODINGS[name](secret)
    return secret


def placed(text: str, place: str) -> Exchange:
    request, reply = Request("POST", "/gql/v1", "", (), b"{}"), Reply(200, (), b"{}")
    if place == "body":
        request = replace(request, body=text.encode())
    elif place == "header":
        request = replace(request, headers=(("x-note", text),))
    elif place == "cookie":
        request = replace(request, headers=(("cookie", f"lang=de; kept={text}"),))
    elif place == "query":
        request = replace(request, query=Request.encode({"page": "1", "note": text}))
    elif place == "path":
        request = replace(request, path=f"/notes/{text}")
    elif place == "variable":
        request = replace(request, body=json.dumps({"query": "{ a }", "variables": {"note": text}}).encode())
    elif place == "reply":
        reply = replace(reply, body=json.dumps({"data": [{"note": text, "price": 12.50}]}).encode())
    else:
        reply = replace(reply, headers=(("x-note", text),))
    return Exchange(request, reply)


def wholes(exchange: Exchange) -> list[bytes]:
    request, reply = exchange.request, exchange.reply
    headers = [value for _, value in (*request.headers, *reply.headers)]
    return [request.body, reply.body, *(text.encode() for text in (request.path, request.query, *headers))]


@FEW
@given(SECRETS, ENCODED, st.sampled_from(PLACES))
def test_no_form_of_a_secret_survives(secret: str, names: list[str], place: str) -> None:
    subject = Scrubber(AXRO, {"password": secret})
    (scrubbed,) = subject.scrub([placed(encoded(secret, names), place)])
    seek = finder([Needle(secret.encode(), b"", "secret")])
    for part in wholes(scrubbed):
        assert not any(seek(view) for view in each_view(part, 12))


@FEW
@given(SECRETS, ENCODED, st.sampled_from(PLACES))
def test_scrubbing_again_changes_nothing(secret: str, names: list[str], place: str) -> None:
    subject = Scrubber(AXRO, {"password": secret})
    once = subject.scrub([placed(encoded(secret, names), place)])
    assert subject.scrub(once) == once


@FEW
@given(st.lists(st.tuples(KINDS, SECRETS), min_size=2, max_size=12))
def test_equal_secrets_have_equal_pseudonyms_and_different_ones_different(secrets: list[tuple[str, str]]) -> None:
    ledger = Ledger()
    stand_ins: dict[str, str] = {}
    for kind, secret in secrets:
        stand_in = ledger.learn(kind, secret, told=True)
        assert stand_ins.setdefault(secret, stand_in) == stand_in
    assume(not set(stand_ins) & set(stand_ins.values()))
    assert len(set(stand_ins.values())) == len(stand_ins)
    again = Ledger()
    assert [again.learn(kind, secret, told=True) for kind, secret in secrets] == [stand_ins[s] for _, s in secrets]


# What such a name stands for is hidden by itself.
NAMES = st.text(LETTERS, min_size=1, max_size=8).filter(lambda name: kind_of((name,), "x", ("street", "email")) is None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(-1000, 1000, places=2).map(float) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for key, part in value.items() for text in (key, *texts(part))]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@FEW
@given(JSON, SECRETS)
def test_a_scrubbed_body_is_the_same_but_for_the_secret(value: object, secret: str) -> None:
    assume(secret not in json.dumps(value) and not any(secret in text for text in texts(value)))
    subject = Scrubber(AXRO, {"password": secret})
    body = {"note": secret, "value": value, "again": [f"<{secret}>"]}
    for ensure_ascii in (True, False):
        sent = Exchange(Request("POST", "/", body=json.dumps(body, ensure_ascii=ensure_ascii).encode()), Reply(200))
        (scrubbed,) = subject.scrub([sent])
        told = json.loads(scrubbed.request.body)
        stand_in = subject.learn("password", secret)
        assert told == {"note": stand_in, "value": value, "again": [f"<{stand_in}>"]}
