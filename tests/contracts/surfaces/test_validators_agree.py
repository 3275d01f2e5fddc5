"""The fast validator and the reference one give the same verdicts on what suppliers send and on damaged copies of it.

Email is left out: the reference asks for no more than an @.
"""

from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_contracts.surfaces.problems import validator
from apitwin_fixtures import Fixtures

OXOMI = Fixtures.of("oxomi")
DOCUMENT = OXOMI.json("openapi.json")
PRODUCTS = [cassette.exchanges[0].reply.json for cassette in OXOMI.cassettes if cassette.operation == "sync_v3"]
TEXTS = st.sampled_from(["", "2026-01-01", "2026-13-01", "15.00"]) | st.text(max_size=3)
VALUES = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-1, 1) | TEXTS
FORMED = [
    "2026-02-29",
    "2024-02-29",
    "2026-01-01T00:00:00Z",
    "a@b.de",
    "a@",
    "x",
    "https://example.com/a",
    "0b6f2f0e-3c55-5d0a-8f0e-5a8f5d1c9e21",
]
LEAVES = ["gtin", "lang", "model", "id"]


def reference(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def damaged(body: Any, key: str, value: Any) -> Any:
    product = {**body["products"][0], key: value}
    return {**body, "products": [product]}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LEAVES), VALUES)
def test_both_give_the_same_verdict_on_a_damaged_reply(key: str, value: object) -> None:
    schema = {"$ref": "#/components/schemas/ProductsV3", "components": DOCUMENT["components"]}
    body = damaged(next(body for body in PRODUCTS if "products" in body), key, value)  # type: ignore[operator] # JSON
    assert validator(schema).is_valid(body) == reference(schema).is_valid(body)


@pytest.mark.parametrize("form", ["date", "date-time", "uuid", "uri"])
@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(
        [
            "2026-02-29",
            "2024-02-29",
            "2026-01-01T00:00:00Z",
            "a@b.de",
            "a@",
            "x",
            "https://example.com/a",
            "0b6f2f0e-3c55-5d0a-8f0e-5a8f5d1c9e21",
        ]
    )
)
def test_both_know_the_same_formats(form: str, text: str) -> None:
    schema = {"type": "string", "format": form}
    assert validator(schema).is_valid(text) == reference(schema).is_valid(text)


def test_the_fast_one_checks_formats_at_all() -> None:
    assert not validator({"type": "string", "format": "date"}).is_valid("tomorrow")
    assert jsonschema_rs.is_valid({"type": "string", "format": "date"}, "tomorrow")
