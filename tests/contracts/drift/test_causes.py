"""One cause is one finding, and two causes are two."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.drift import Finding, Findings, Step
from apitwin_contracts.drift.causes import by_cause
from tests.contracts.tiny.outcomes import finding, findings

LAW = {"check": "paging.concatenation", "operation": "products", "location": "Query.products.products[]"}
REMOVED = {
    "check": "schema.introspection",
    "category": "schema",
    "operation": "products",
    "location": "Product.brand",
    "expected": "present",
    "observed": "absent",
}
REFUSED = {
    "check": "error.unexpected-refusal",
    "category": "error",
    "operation": "products",
    "location": "Query.products",
    "expected": "success",
    "observed": "FIELD_UNKNOWN",
    "answered": "FIELD_UNKNOWN",
}
UNKNOWN = {**REFUSED, "check": "error.unknown", "answered": "status 400 OUTDATED", "observed": "status 400: {…}"}


def waved(code: str) -> Finding:
    return finding(
        check="error.provoked",
        category="error",
        operation="create",
        location=f"create#{code}",
        expected=f"{code}: status 422",
        observed="ok: status is 200",
        answered="ok",
    )


def said(body: Any, request: Any = "") -> tuple[Step, ...]:
    return (
        Step(
            {"method": "POST", "url": "", "headers": {}, "body": request},
            {"status": 200, "headers": {}, "body": body},
            "curl x",
        ),
    )


def door(fault: str, operation: str = "products", answered: str = "ok", code: str = "TOKEN_MISSING") -> Finding:
    return finding(
        check="auth.credentials",
        category="auth",
        operation=operation,
        location=f"Query.{operation}#{fault}",
        expected=f"{code} for credentials: {fault}",
        observed=answered,
        answered=answered,
    )


def shape(
    check: str, location: str, *, expected: str = "present", body: Any = "", operation: str = "products"
) -> Finding:
    return finding(
        check=check,
        category="schema",
        operation=operation,
        location=location,
        expected=expected,
        answered="ok",
        steps=said(body),
    )


def causes(*found: Finding) -> list[list[str]]:
    return [[f"{one.check} {one.location}" for one in group] for group in by_cause(found)]


NO_BRAND = said({"errors": [{"message": "Cannot query field 'brand' on type 'Product'."}]})
ONE = {
    "no refusal looks like one": tuple(waved(f"CODE_{letter}") for letter in "ABCD"),
    "a field that is gone, and what cannot be asked for without it": (
        finding(**REMOVED),
        finding(**REFUSED, steps=NO_BRAND),
        door("no-token", answered="FIELD_UNKNOWN").with_steps(NO_BRAND),
        finding(**{**REFUSED, "check": "paging.maximum"}, steps=NO_BRAND),
    ),
    "an input that is needed now, and whoever meets its name": (
        finding(**{**REMOVED, "location": "OrderInput.channel", "expected": "absent", "observed": "present: String!"}),
        finding(
            **{**REFUSED, "operation": "orderCreate", "location": "Mutation.orderCreate"},
            steps=said("channel is missing"),
        ),
    ),
    "one wrong answer, told by several checks": (
        finding(**UNKNOWN),
        finding(
            **{
                **UNKNOWN,
                "check": "error.provoked",
                "location": "Query.products#A_CODE",
                "expected": "A_CODE: status 400",
            }
        ),
        finding(**{**UNKNOWN, "operation": "brands", "location": "Query.brands"}),
    ),
    "one code instead of another, in several operations": (
        door("expired", answered="TOKEN_UNKNOWN", code="TOKEN_EXPIRED"),
        door("old", "brands", answered="TOKEN_UNKNOWN", code="TOKEN_EXPIRED"),
    ),
    "nobody looks at credentials": (
        door("no-token"),
        door("unknown", code="TOKEN_UNKNOWN"),
        finding(
            check="error.provoked",
            category="error",
            operation="products",
            expected="TOKEN_MISSING: status 401",
            answered="ok",
        ),
    ),
    "a field of another form, wherever it is read": (
        shape("schema.type", "Query.products.products[].price.net", expected="type number"),
        shape("agreement.views", "Query.products.products[].price", expected="x"),
        shape("schema.type", "Query.product.price.net", expected="type number", operation="product"),
    ),
    "a key renamed": (
        shape("schema.missing-key", "Query.products.totalPages", body={"total_pages": 1}),
        shape("schema.unknown-key", "Query.products.total_pages", expected="no such key", body={"total_pages": 1}),
    ),
    "a reply of another form": (
        *(shape("schema.missing-key", f"Query.products.{name}", body={"data": {}}) for name in "abcd"),
        finding(**LAW, answered="ok"),
    ),
    "pages that overlap, filtered or not": (
        finding(**LAW),
        finding(**{**LAW, "check": "paging.filtered"}, observed="A7 too"),
    ),
}
TWO = {
    "fields that came, and pages that overlap": (
        *(shape("schema.unknown-key", "Query.products.products[].a", expected="no such key") for _ in range(2)),
        finding(**LAW, answered="ok"),
    ),
    "fields of items gone at once, and pages that overlap": (
        shape("schema.missing-key", "Query.products.products[].a"),
        finding(**LAW, answered="ok"),
    ),
    "one rule gone, and another": (waved("NO_STOCK"), waved("NO_MONEY")),
    "a field gone, and pages that overlap": (
        finding(**REMOVED),
        finding(**LAW, answered="ok", steps=said({"brand": "x"})),
    ),
    "two refusals of one operation": (
        finding(**REFUSED),
        finding(**{**REFUSED, "check": "limits.bound", "answered": "LIMIT_TOO_LARGE"}),
    ),
    "one fault let in, and another": (door("expired", code="TOKEN_EXPIRED"), door("no-prefix", code="TOKEN_PREFIX")),
    "a door open here, and a fault let in everywhere": (
        door("no-token"),
        door("no-prefix", code="TOKEN_PREFIX"),
        door("no-prefix", "brands", code="TOKEN_PREFIX"),
    ),
    "two fields of one reply": (
        shape("schema.missing-key", "Query.products.products[].ean", body={"x": 1}),
        shape("schema.type", "Query.products.products[].stock", expected="type integer", body={"x": 1}),
    ),
    "a size and an order": (
        finding(**{**LAW, "check": "paging.size"}),
        finding(**{**LAW, "check": "order.direction"}, observed="upside down"),
    ),
    "two operations refused with different codes": (
        finding(**REFUSED),
        finding(**{**REFUSED, "operation": "brands", "location": "Query.brands", "answered": "TOKEN_EXPIRED"}),
    ),
    "two walks": (
        finding(check="walk.state", operation="a", location="Query.a", answered="ok"),
        finding(check="walk.state", operation="b", location="Query.b", answered="ok"),
    ),
}


@pytest.mark.parametrize("found", ONE.values(), ids=ONE.keys())
def test_one_cause_is_one(found: tuple[Finding, ...]) -> None:
    assert len(causes(*found)) == 1, causes(*found)


@pytest.mark.parametrize("found", TWO.values(), ids=TWO.keys())
def test_two_causes_are_two(found: tuple[Finding, ...]) -> None:
    assert len(causes(*found)) == 2, causes(*found)


def test_what_explains_stands_first_and_is_as_grave_as_the_gravest() -> None:
    told = Findings()
    for found in (finding(**REFUSED, steps=NO_BRAND), finding(**REMOVED, severity="additive")):
        told.add(found)
    [one] = told
    assert (one.check, one.severity, [other.check for other in one.also]) == (
        "schema.introspection",
        "breaking",
        ["error.unexpected-refusal"],
    )
    assert len(told) == 1
    assert len(told.every()) == 2


@given(
    st.lists(
        findings | st.sampled_from([one for group in (*ONE.values(), *TWO.values()) for one in group]), max_size=8
    ),
    st.randoms(),
)
def test_everything_is_told_once_in_whatever_order_it_was_found(found: list[Finding], random: Random) -> None:
    groups = by_cause(found)
    assert sorted(map(id, found)) == sorted(id(one) for group in groups for one in group)
    shuffled = random.sample(found, len(found))
    assert {frozenset(map(id, group)) for group in by_cause(shuffled)} == {
        frozenset(map(id, group)) for group in groups
    }
