"""The operations of World of CD Keys, each with arguments that must succeed."""

from typing import Any

from hypothesis import strategies as st
from hypothesis_graphql import nodes

from apitwin_contracts.contract import Operation
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Fixtures, Source

from .entities import NOBODY, line, order_id, product, stocked

__all__ = ["FIXTURES", "OPERATIONS", "PATH", "SURFACE"]

PATH = "/graphql"


FIXTURES = Fixtures.of("wock")


def _surface() -> GraphQLSurface:
    return GraphQLSurface(
        FIXTURES,
        PATH,
        {
            "UUID": st.uuids().map(str).map(nodes.String),
            "Decimal": st.decimals(0, 1000, places=2).map(lambda value: nodes.Float(float(value))),
            "DateTime": st.sampled_from(["2025-03-01T12:00:00Z", "2007-12-03T10:15:30.123+02:00"]).map(nodes.String),
        },
    )


def _operation(name: str, kind: Any, line_number: int, examples: Any = lambda _run: {}) -> Operation:
    return Operation(name, kind, Source("documented", f"003:{line_number}"), examples)


SURFACE = _surface()
OPERATIONS = (
    _operation("partner", "read", 271),
    _operation("products", "read", 391, lambda _run: {"skip": 0, "take": 5}),
    _operation("product", "read", 306, lambda run: {"id": product(run)}),
    _operation("orders", "read", 188, lambda _run: {"take": 5}),
    _operation("delivery", "read", 103, lambda run: {"orderId": order_id(run)}),
    _operation("createOrder", "write", 486, lambda run: {"input": {"products": [line(stocked(run)[0], 1)]}}),
    _operation("deleteOrder", "write", 540, lambda _run: {"orderId": NOBODY}),
)
