"""Twists and rules of the gates' mock that several files of drifts share."""

from collections.abc import Callable
from functools import partial
from typing import Any

from apitwin_contracts.mutants.mutant import Stage
from apitwin_contracts.mutants.places import Change
from apitwin_contracts.mutants.stage import ruled
from apitwin_contracts.mutants.texts import rewritten
from apitwin_contracts.mutants.twist import Twist, answered, refused, staged, values
from apitwin_fixtures import Fixtures
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import GraphQLEndpoint
from apitwin_mocks.suppliers.gates import api
from apitwin_mocks.suppliers.gates.scalars import BIG_DECIMAL, DATE_TIME, UNIVERSAL_TYPE_VALUE

__all__ = ["EVERY", "answer_changed", "forgiven", "rule", "schema_changed", "twisted", "value_changed", "worded"]

rule = partial(ruled, "gates")
EVERY = (
    "connectedDistributionGates productsearch pricesearch getUser shoppingcart orders upsertProduct deleteProduct createOrder "
    "upsertExpectedReceiptDateTime upsertStore beginCheckout finishOrder"
)
"""Every operation."""
_DOCUMENTS = {"bm": "business-manager.graphql", "dg": "distribution-gate.graphql", "bg": "booking-gate.graphql"}


def twisted(make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist that remembers something."""
    return staged("gates", make)


def value_changed(operations: str, path: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which the values at a path of some operations are changed."""

    def make() -> Twist:
        def twist(asked: Any, request: Any, forward: Any) -> Any:
            return values(asked.operation if asked.operation in operations.split() else "-", path, change, **when)(
                asked, request, forward
            )

        return twist

    return staged("gates", make)


def answer_changed(operation: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which an operation's answers are changed as a whole."""
    return staged("gates", lambda: answered(operation, change, **when))


def worded(operation: str, change: Change) -> Stage:
    """Give a stage on which an operation's refusals (all, when it is empty) have another body."""
    return staged("gates", lambda: refused(operation, change))


def schema_changed(surface: str, *replacements: tuple[str, str], **aliases: str) -> Stage:
    """Give a stage on which a surface's schema is another text; `aliases` (`Type__new="old"`) say where a renamed field has its value."""

    def surfaces(original: Any) -> Any:
        sdl = rewritten(wire_sdl(Fixtures.of("gates").text(_DOCUMENTS[surface])), replacements)
        made = _endpoint(surface, sdl)
        for alias, key in aliases.items():
            kind, _, name = alias.partition("__")
            field = made.schema.type_map[kind].fields[name]  # type: ignore[attr-defined] # aliases are of object types
            field.resolve = lambda body, _info, key=key: body[key]
        return {**original, surface: made}

    return rule((api, "_SURFACES", surfaces))


def _endpoint(surface: str, sdl: str) -> GraphQLEndpoint:
    bound: dict[str, tuple[Any, ...]] = {
        "bm": (api._manager,),
        "dg": (api._distribution, BIG_DECIMAL, UNIVERSAL_TYPE_VALUE),
        "bg": (api._booking, api._booking_changes, BIG_DECIMAL, DATE_TIME),
    }
    return GraphQLEndpoint(sdl, bound[surface], Fixtures.of("gates").errors, title=surface)


def forgiven(code: str, otherwise: Callable[..., Any] = lambda *_: None) -> Callable[[Any], Any]:
    """Give a maker of a rule that does `otherwise` where the original refuses with a code."""

    def make(original: Any) -> Any:
        def lenient(*arguments: Any, **named: Any) -> Any:
            try:
                return original(*arguments, **named)
            except Refusal as refusal:
                if refusal.code != code:
                    raise
                return otherwise(*arguments, **named)

        return lenient

    return make
