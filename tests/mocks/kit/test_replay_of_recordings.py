"""A replay answers what means the same as a recording, in recorded order, and tells what is nearest to all else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
import pytest
from graphql import build_schema, parse, print_ast
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.targets.mock import replay_target
from apitwin_fixtures import Cassette, Exchange, Fixtures, Reply, Request
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.replay import Found, Missing, Recording, Tape, recordings_of
from apitwin_mocks.replay.documents import document_facts
from apitwin_mocks.replay.facts import Secrets, request_facts

JSON = (("content-type", "application/json"),)
SUPPLIERS = ("axro", "gates", "oxomi", "reseller", "wock")


def post(query: str, variables: dict[str, Any] | None = None, *headers: tuple[str, str]) -> Request:
    return Request(
        "POST", "/graphql", headers=(*JSON, *headers), body=orjson.dumps({"query": query, "variables": variables})
    )


def tape(*requests: Request, secrets: Secrets | None = None, statuses: Sequence[int] = ()) -> Tape:
    codes = [*statuses, *[200] * len(requests)]
    return Tape(
        [Recording(f"c{index}", "op", request, Reply(codes[index])) for index, request in enumerate(requests)], secrets
    )


def played(one: Tape, request: Request) -> list[str]:
    found = one.find(request)
    assert isinstance(found, Found)
    return [recording.cassette for recording in found.recordings]


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_every_shipped_recording_is_played(supplier: str) -> None:
    cassettes = Fixtures.shipped(supplier).cassettes
    hidden = Secrets(load_suppliers([supplier])[supplier].secret_parameters)
    recorded, target = Tape(recordings_of(cassettes), hidden), replay_target(supplier, cassettes)
    for cassette in cassettes:
        for exchange in cassette.exchanges:
            assert cassette.name in played(recorded, exchange.request)
            answered = target.send(exchange.request).reply
            found = recorded.find(exchange.request)
            assert isinstance(found, Found)
            assert (answered.status, answered.body) in [(one.reply.status, one.reply.body) for one in found.recordings]


@pytest.mark.parametrize("supplier", ["axro", "gates", "wock"])
def test_layout_does_not_matter(supplier: str) -> None:
    cassettes = Fixtures.shipped(supplier).cassettes
    target = replay_target(supplier, cassettes)
    laid_out = 0
    for cassette in cassettes:
        request = cassette.exchanges[0].request
        try:
            body = orjson.loads(request.body)
            body["query"] = print_ast(parse(body["query"])) + "\n# the same"
        except Exception:  # noqa: BLE001, S112 - no document: there is no other layout
            continue
        again = replace(request, body=orjson.dumps(body))
        assert target.send(again).reply.status == cassette.exchanges[0].reply.status, cassette.name
        laid_out += 1
    assert laid_out > 7


@pytest.mark.parametrize(
    "alike",
    [
        post("{ products(limit: 5, where: {a: 1, b: [X]}) { ean stock } }"),
        post("query Named { products(where: {b: [X], a: 1}, limit: 5) { stock, ean } } # said"),
        post(
            "query($n: Int!, $w: W) { products(limit: $n, where: $w) { ean stock } }",
            {"n": 5, "w": {"a": 1, "b": ["X"]}},
        ),
        post(
            "query($n: Int = 5) { products(limit: $n, where: {a: 1, b: [X]}) { ...f } } fragment f on P { ean stock }"
        ),
        Request("GET", "/graphql", urlencode({"query": "{products(limit:5,where:{a:1,b:[X]}){ean stock}}"})),
    ],
)
def test_what_means_the_same_is_the_same(alike: Request) -> None:
    recorded = tape(replace(post("{ products(limit: 5, where: {a: 1, b: [X]}) { ean stock } }"), method=alike.method))
    if alike.method == "GET":
        recorded = tape(replace(alike, query=alike.query.replace("ean+stock", "stock+ean")))
    assert played(recorded, alike) == ["c0"]


@pytest.mark.parametrize(
    ("query", "path", "recorded", "asked"),
    [
        ("{ products(limit: 6) { ean stock } }", "query.products(limit)", "5", "6"),
        ("{ products(limit: 5) { ean } }", "query.products.stock", "selected", "absent"),
        ("{ products(limit: 5) { ean stock brand } }", "query.products.brand", "absent", "selected"),
        ("{ products(limit: 5, page: 2) { ean stock } }", "query.products(page)", "absent", "2"),
        ("{ products(limit: 5) { ean stock @skip(if: true) } }", "query.products.stock@skip", "absent", "present"),
    ],
)
def test_what_differs_is_told_place_by_place(query: str, path: str, recorded: str, asked: str) -> None:
    found = tape(post("{ orders { id } }"), post("{ products(limit: 5) { ean stock } }")).find(post(query))
    assert isinstance(found, Missing)
    assert found.nearest is not None
    assert found.nearest.cassette == "c1"
    assert (path, recorded, asked) in [(one.path, one.recorded, one.asked) for one in found.differences]


def test_rest_is_compared_by_method_path_query_and_body() -> None:
    one = Request("POST", "/a", "x=1&y=2", JSON, b'{"a": {"b": 1}, "c": [1, 2]}')
    recorded = tape(one)
    assert played(recorded, replace(one, query="y=2&x=1", body=b'{"c":[1,2],"a":{"b":1}}')) == ["c0"]
    for other, path in (
        (replace(one, method="PUT"), "method"),
        (replace(one, path="/b"), "path"),
        (replace(one, query="x=1&y=3"), "query.y"),
        (replace(one, query="x=1&y=2&x=3"), "query.x[1]"),
        (replace(one, body=b'{"c":[2,1],"a":{"b":1}}'), "body.c[0]"),
        (replace(one, body=b"no json"), "body"),
    ):
        found = recorded.find(other)
        assert isinstance(found, Missing)
        assert path in [difference.path for difference in found.differences]


def test_of_credentials_only_the_presence_counts() -> None:
    secrets = Secrets(["accessToken"])
    signed = Request("GET", "/a", "accessToken=one&user=me&page=1", (("authorization", "Bearer one"),))
    recorded = tape(signed, secrets=secrets)
    other = Request("GET", "/a", "accessToken=two&user=you&page=1", (("authorization", "Bearer two"),))
    assert played(recorded, other) == ["c0"]
    assert isinstance(recorded.find(replace(other, headers=())), Missing)
    assert isinstance(recorded.find(replace(other, query="user=you&page=1")), Missing)
    missed = recorded.find(replace(other, path="/b"))
    assert isinstance(missed, Missing)
    assert [difference.path for difference in missed.differences] == ["path"]


def test_a_customers_own_recording_outweighs_anothers_and_an_answer_a_refusal() -> None:
    def asked(token: str) -> Request:
        return Request("GET", "/a", headers=(("authorization", token),))

    recorded = tape(asked("bad"), asked("mine"), asked("theirs"), statuses=(401, 200, 200))
    assert played(recorded, asked("theirs")) == ["c2"]
    assert played(recorded, asked("bad")) == ["c0"]
    assert played(recorded, asked("new")) == ["c1"]


def test_among_equals_the_same_headers_decide() -> None:
    one = post("{ a }", None, ("accept", "application/json"))
    other = post("{ a }", None, ("accept", "application/graphql-response+json"))
    assert played(tape(one, other), other) == ["c1"]
    assert played(tape(one, other), post("{ a }", None, ("accept", "application/JSON"), ("user-agent", "x"))) == ["c0"]


def test_repeated_requests_play_in_recorded_order_and_stay_at_the_last() -> None:
    request = Request("GET", "/portals/api/v1/x")
    exchanges = tuple(Exchange(request, Reply(200, (), str(number).encode())) for number in range(3))
    cassette = Cassette("x", exchanges, {"operation": "x", "recorded": "2026-11-22", "credential": None})
    target = replay_target("oxomi", [cassette])
    assert [target.send(request).reply.body for _ in range(5)] == [b"0", b"1", b"2", b"2", b"2"]


def test_nothing_recorded_is_said_too() -> None:
    reply = replay_target("oxomi", []).send(Request("GET", "/any")).reply
    assert reply.status == 501
    assert reply.json == {
        "error": "apitwin: this request was not recorded, nor was any other",
        "code": "APITWIN_NOT_RECORDED",
        "nearest": None,
        "differences": [],
    }


def test_graphql_is_answered_in_its_own_form() -> None:
    reply = replay_target("axro", Fixtures.shipped("axro").cassettes).send(post("{ brandz }")).reply
    body: Any = reply.json
    assert reply.status == 501
    assert body["errors"][0]["extensions"]["code"] == "APITWIN_NOT_RECORDED"
    assert "this request was not recorded; the nearest recording is" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{",
        "{" * 3000,
        "query a { a } query b { b }",
        "fragment f on F { ...f }",
        "{ ...f } fragment f on F { a ...f }",
    ],
)
def test_strange_documents_are_only_themselves(query: str) -> None:
    assert played(tape(post(query)), post(query)) == ["c0"]
    assert isinstance(tape(post(query)).find(post(query + " { other }")), Missing)


_NAMES = st.sampled_from(["a", "b", "c"])
_SELECTIONS = st.recursive(
    _NAMES,
    lambda inner: st.builds(
        lambda name, parts: f"{name} {{ {' '.join(parts)} }}", _NAMES, st.lists(inner, min_size=1, max_size=4)
    ),
)


@given(st.lists(_SELECTIONS, min_size=1, max_size=4), st.randoms())
def test_the_order_of_selections_never_matters(selections: list[str], random: Any) -> None:
    shuffled = random.sample(selections, len(selections))
    assert document_facts(f"{{ {' '.join(selections)} }}", {}, None) == document_facts(
        f"{{ {' '.join(shuffled)} }}", {}, None
    )


@given(st.lists(st.tuples(_NAMES, st.text(max_size=3)), max_size=5))
def test_a_querys_facts_tell_all_its_values(pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs)
    facts, _ = request_facts(Request("GET", "/", query), Secrets())
    told = sorted(value for place, value in facts.items() if place.startswith("query."))
    assert told == sorted(value for _, value in parse_qsl(query, keep_blank_values=True))


@given(st.binary(max_size=30), st.text(max_size=30))
def test_any_request_has_facts(body: bytes, query: str) -> None:
    request = Request("POST", "/", query, (), body)
    assert request_facts(request, Secrets()) == request_facts(request, Secrets())


def test_what_was_asked_in_another_way_says_so() -> None:
    def asked(token: str, accept: str = "application/json") -> Request:
        return Request("GET", "/a", headers=(("authorization", token), ("accept", accept)))

    def apart(one: Tape, request: Request) -> tuple[str, ...]:
        found = one.find(request)
        assert isinstance(found, Found)
        return found.apart

    recorded = tape(asked("Bearer mine"))
    assert apart(recorded, asked("Bearer mine")) == ()
    assert apart(recorded, asked("Bearer new")) == ()
    assert apart(recorded, asked("Bearer new", "text/html")) == ("accept",)
    # What was refused to one need not be refused to another.
    assert apart(tape(asked("Bearer bad"), statuses=[401]), asked("Bearer new")) == ("credentials",)
    assert isinstance(recorded.find(asked("Basic mine")), Missing)


def test_a_credential_that_is_no_text_is_another_question() -> None:
    def asked(password: object) -> Request:
        return Request("POST", "/token", headers=JSON, body=orjson.dumps({"user": "me", "password": password}))

    recorded = tape(asked("right"), asked(7), statuses=(200, 422))
    assert played(recorded, asked("other")) == ["c0"]
    assert played(recorded, asked(8)) == ["c1"]


def test_a_document_that_the_schema_refuses_stands_for_itself() -> None:
    schema = build_schema("type Query { brands(page: Int): [String] }")

    def found(query: str) -> Found | Missing:
        recorded = Tape([Recording("c0", "op", post("{ brands }"), Reply(200))], schemas=[schema])
        return recorded.find(post(query))

    assert isinstance(found("query Named { ...f } fragment f on Query { brands }"), Found)
    for refused in ("{ brands } fragment f on Query { brands }", "query($page: String) { brands }"):
        assert isinstance(found(refused), Missing)
