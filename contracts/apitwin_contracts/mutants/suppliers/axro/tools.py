"""Twists and rules of AXRO's mock that several files of drifts share."""

from collections.abc import Callable
from functools import partial
from typing import Any

from apitwin_contracts.mutants.mutant import Stage
from apitwin_contracts.mutants.places import Change
from apitwin_contracts.mutants.stage import ruled
from apitwin_contracts.mutants.texts import rewritten
from apitwin_contracts.mutants.twist import Twist, answered, staged, values
from apitwin_fixtures import Fixtures
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.graphql import GraphQLEndpoint
from apitwin_mocks.suppliers.axro import api
from apitwin_mocks.suppliers.axro.auth import require_customer
from apitwin_mocks.suppliers.axro.scalars import INT_OR_STRING, JSON

__all__ = ["answer_changed", "reads", "rule", "schema_changed", "twisted", "value_changed"]
rule = partial(ruled, "axro")
reads = "products categories brands userInfo billingAddress shippingAddresses orderList orderDetails shipmentList shipmentDetails trackingHistory"
"Every query."


def twisted(make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist that remembers something."""
    return staged("axro", make)


def value_changed(operation: str, path: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which the values at a path of an operation are changed."""
    return staged("axro", lambda: values(operation, path, change, **when))


def answer_changed(operation: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which an operation's answers are changed as a whole."""
    return staged("axro", lambda: answered(operation, change, **when))


def schema_changed(*replacements: tuple[str, str], **aliases: str) -> Stage:
    """Give a stage whose schema is another text; `aliases` (`Type__new="old"`) say where a renamed field has its value."""
    fixtures = Fixtures.of("axro")

    def endpoint(_original: object) -> GraphQLEndpoint:
        sdl = rewritten(wire_sdl(fixtures.text("schema.graphql")), replacements)
        bound = (api._query, api._mutation, JSON, INT_OR_STRING, *api._RESULTS)
        made = GraphQLEndpoint(sdl, bound, fixtures.errors, title="AXRO", admit=require_customer)
        for alias, key in aliases.items():
            kind, _, name = alias.partition("__")
            field = made.schema.type_map[kind].fields[name]  # type: ignore[attr-defined] # an object type has fields
            field.resolve = lambda body, _info, key=key: body[key]
        return made

    return rule((api, "_graphql", endpoint))
