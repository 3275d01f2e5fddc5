"""How much World of CD Keys takes: keys of a product, the last key of a stock, lines of an order, values of a filter, a text of one's own."""

from collections.abc import Callable
from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.limits import Largest, Limit
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Request, Source

from .entities import IMAGE, few, line, plenty, spendable, stocked, tier_price
from .operations import PATH

__all__ = ["DECLARATIONS"]

_QUANTITY = Source("documented", "003:646")
_WITHIN, _ABOVE = "as many as allowed", "one more than allowed"
_MOST_LINES = 10


def _ordered(*lines: dict[str, Any]) -> Arguments:
    return {"input": {"products": list(lines)}}


def _of_quantity(run: Run, quantity: int) -> Arguments:
    return _ordered({**line(stocked(run)[0], 1), "quantity": quantity})


def _up_to_limit(run: Run, bound: str) -> Arguments:
    """Ask for as many keys of a product as the partner's limit allows, or for one more."""
    most = min(int(run.client.must("partner").at("stockLimit")), 500)
    found = plenty(run, most)
    if tier_price(found, most) * most > spendable(run):
        raise NothingToExamine("the partner cannot pay for so many keys")
    return _ordered(line(found, most + (bound == _ABOVE)))


def _two_lines(run: Run, _bound: str) -> Arguments:
    """Ask for two products that are within the limit each, and beyond it together."""
    most = min(int(run.client.must("partner").at("stockLimit")), 500)
    found, other = plenty(run, most), plenty(run, most // 2, besides=most)
    if (tier_price(found, most) + tier_price(other, most)) * most > spendable(run):
        raise NothingToExamine("the partner cannot pay for so many keys")
    return _ordered(line(found, most), line(other, most // 2))


def _to_the_last(run: Run, bound: str, key_type: int | None = None) -> Arguments:
    """Ask for all the keys that a product has, or for one more."""
    found = few(run, key_type)
    current = run.client.must("product", {"id": found["id"]}).payload
    count = current["quantity"]["image" if key_type == IMAGE else "all"]
    if count < 1 or tier_price(current, count) * count > spendable(run):
        raise NothingToExamine("the partner cannot pay for so many keys")
    more = {} if key_type is None else {"keyType": key_type}
    return _ordered(line(current, count + (bound == _ABOVE), **more))


def _images_to_the_last(run: Run, bound: str) -> Arguments:
    return _to_the_last(run, bound, IMAGE)


def _of_lines(run: Run, count: int) -> Arguments:
    if len(stocked(run)) < count:
        raise NothingToExamine(f"fewer than {count} products can be ordered")
    return _ordered(*(line(found, 1) for found in stocked(run)[:count]))


def _named(run: Run, name: str) -> Arguments:
    return _ordered(line(stocked(run)[0], 1, partnerProductId=name))


def _given_back(
    examination: Examination, answer: Answer, path: str, expected: Any, observed: Any
) -> tuple[Answer, str, Any]:
    """Delete what was ordered only to see that it can be."""
    examination.must("deleteOrder", {"orderId": answer.at("orderId")})
    return answer, path, expected if observed is True else observed


def _whole(examination: Examination, answer: Answer) -> tuple[Answer, str, Any]:
    asked = [wanted["quantity"] for wanted in answer.arguments["input"]["products"]]
    got = answer.every("products[].quantity")
    return _given_back(examination, answer, "products[].quantity", _WITHIN, got == asked or got)


def _every_line(examination: Examination, answer: Answer) -> tuple[Answer, str, Any]:
    count = len(answer.every("products[]"))
    return _given_back(examination, answer, "products[]", _MOST_LINES, count == _MOST_LINES or count)


def _one(examination: Examination, answer: Answer) -> tuple[Answer, str, Any]:
    return _given_back(examination, answer, "products[].quantity", 1, answer.at("products[].quantity") == 1)


def _name(examination: Examination, answer: Answer) -> tuple[Answer, str, Any]:
    name = answer.at("products[].partnerProductId")
    return _given_back(examination, answer, "products[].partnerProductId", _NAME, name == _NAME or name)


_NAME = "P" + "0123456789" * 12


def _bound(
    name: str,
    asked: Any,
    largest: Any,
    echo: Any,
    beyond: Any = None,
    refused: str | None = None,
    source: Source = _QUANTITY,
) -> Limit:
    return Limit(
        f"createOrder.{name}", "createOrder", asked, largest, beyond, refused, echo, source, changes_state=True
    )


def _filtered(operation: str, count: int) -> Limit:
    return Limit(
        f"{operation}.where",
        operation,
        lambda _run, most: {
            "where": {"and": [{"status" if operation == "orders" else "id": {"nin": list(range(1, most))}}]}
        },
        count,
        source=Source("assumed", "SOURCE.md#filters"),
    )


# 50 items with 18 objects each cost 952 types; 99 partners cost 990 fields: one more of each is above the 1,000 that are allowed.
_TYPES = "{ products(take: 50) { items { " + " ".join(f"q{place}: quantity {{ all }}" for place in range(18)) + " } } }"
_FIELDS = "{ partner { id } " + " ".join(f"p{place}: partner {{ id }}" for place in range(98)) + " }"
_COST = Source("assumed", "SOURCE.md#cost")


def _document(query: str) -> Callable[[Run], Request]:
    return lambda _run: GraphQLSurface.post(PATH, query)


DECLARATIONS: tuple[Declaration, ...] = (
    _bound("quantity", _of_quantity, 1, _one, 0, "ORDER_ERR"),
    _bound("stockLimit", _up_to_limit, _WITHIN, _whole, _ABOVE, "PRODUCT_QTY_ERR", Source("documented", "003:1165")),
    _bound("stockLimit.each", _two_lines, _WITHIN, _whole, source=Source("assumed", "SOURCE.md#13")),
    _bound("stock", _to_the_last, _WITHIN, _whole, _ABOVE, "PRODUCT_STOCK_MISMATCH", Source("documented", "003:501")),
    _bound(
        "images",
        _images_to_the_last,
        _WITHIN,
        _whole,
        _ABOVE,
        "PRODUCT_STOCK_MISMATCH",
        Source("documented", "003:501"),
    ),
    _bound("products", _of_lines, _MOST_LINES, _every_line, source=Source("documented", "003:641")),
    _bound("partnerProductId", _named, _NAME, _name, source=Source("documented", "003:656")),
    _filtered("products", 1000),
    _filtered("orders", 1000),
    Largest("types", "products", _document(_TYPES), _COST),
    Largest("fields", "partner", _document(_FIELDS), _COST),
)
