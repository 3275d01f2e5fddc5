"""The life of addresses and orders at AXRO: what a mutation changes, and what it must not."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.laws.state import Counted, Due, NoEffect, Reading, Written
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import LINE, addresses, orders, sellable, usable_address

__all__ = ["DECLARATIONS"]

_ADDRESSES = Reading("shippingAddresses", "[]")
_ORDER_LIST = Reading("orderList", "orders[]")
_STOCK = Reading("products", "products[]", {"limit": 100})
_ALL = (_ADDRESSES, _ORDER_LIST, _STOCK)
_TOLL, _FREIGHT = 295, 490
_ADDRESS = {
    "company": "Example Corp",
    "department": "Warehouse",
    "street": "Ballindamm 40",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}


def _new_address(run: Run) -> SearchStrategy[Arguments]:
    return addresses(run).map(lambda address: {"input": address})


def _rehearsed_address(run: Run) -> SearchStrategy[Arguments]:
    return addresses(run).map(lambda address: {"input": address, "check": True})


def _placed(run: Run) -> SearchStrategy[Arguments]:
    return orders(run, place=True)


def _prepared(run: Run) -> SearchStrategy[Arguments]:
    return orders(run, place=False)


def _same_address(answer: Answer, _item: Any) -> Iterator[tuple[str, object]]:
    yield from answer.payload.items()
    yield from answer.arguments["input"].items()


def _contact(run: Run) -> SearchStrategy[Arguments]:
    contact = st.fixed_dictionaries(
        {"phone": st.from_regex(r"\+[0-9]{5,20}", fullmatch=True)},
        optional={"email": st.sampled_from(["a@example.com", "b@example.org"])},
    )
    return contact.map(lambda given: {"id": usable_address(run), "input": given})


def _order_item(answer: Answer, _item: Any) -> Iterator[tuple[str, object]]:
    yield "commission", answer.arguments["order"]["customReference"]
    yield "orderTotal", answer.at("grand_total")
    yield "currency", "EUR"


def _order_details(examination: Examination, answer: Answer, item: Any) -> None:
    detail = examination.must("orderDetails", {"orderNumber": item["orderNumber"]})
    lines = {line["productNumber"]: line for line in detail.every("order.items[]")}
    address = answer.at("shipping_address")
    expected: list[Equation] = [
        ("order.orderTotal", answer.at("grand_total"), detail.at("order.orderTotal")),
        ("order.commission", answer.at("custom_reference"), detail.at("order.commission")),
        *(
            (f"order.shippingAddress.{key}", address[key], detail.at(f"order.shippingAddress.{key}"))
            for key in ("company", "street", "zip", "city")
        ),
    ]
    for line in answer.every("cart[]"):
        found = lines.get(line["product_number"], {})
        expected.append(("order.items[].quantity", line["quantity"], found.get("quantity")))
        expected.append(("order.items[].total", line["sub_total"], found.get("total")))
    for path, wanted, observed in expected:
        if wanted != observed:
            raise examination.broken([answer, detail], path, wanted, observed, source=Source("assumed", "SOURCE.md#35"))


def _stock(examination: Examination, arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    numbers = [line["productNumber"] for line in arguments["order"]["cart"]]
    answer = examination.must("products", {"productNumber": ",".join(numbers), "limit": len(numbers)})
    return answer, {product["productNumber"]: product["stock"] for product in answer.every("products[]")}


def _taken(_arguments: Arguments, answer: Answer, before: Mapping[str, int]) -> Mapping[str, int]:
    return {
        line["product_number"]: -min(line["quantity"], before[line["product_number"]])
        for line in answer.every("cart[]")
    }


def _order_sums(examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = answer.arguments["order"]
    wanted = {line["productNumber"]: line["quantity"] for line in asked["cart"]}
    german = answer.at("shipping_address.country") == "DE"
    for line in answer.every("cart[]"):
        yield "cart[].quantity", wanted.get(line["product_number"]), line["quantity"]
        yield "cart[].uhg_total", line["quantity"] * line["uhg_unit"], line["uhg_total"]
        yield "cart[].sub_total", line["quantity"] * line["unit_price"] + line["uhg_total"], line["sub_total"]
        yield "cart[].uhg_unit", True, german or line["uhg_unit"] == 0
        yield (
            "cart[].unit_price",
            _tier_price(examination, line["product_number"], line["quantity"]),
            line["unit_price"],
        )
    yield "cart[]", len(wanted), len(answer.every("cart[]"))
    yield (
        "grand_total",
        sum(answer.every("cart[].sub_total")) + answer.at("toll") + answer.at("freight_costs"),
        answer.at("grand_total"),
    )
    yield "toll", _TOLL, answer.at("toll")
    yield "freight_costs", 0 if german else _FREIGHT, answer.at("freight_costs")
    yield from _echo(answer, asked)


def _echo(answer: Answer, asked: Mapping[str, Any]) -> Iterator[Equation]:
    yield "shipping_address.id", asked["shippingAddressId"], answer.at("shipping_address.id")
    yield "custom_reference", asked["customReference"], answer.at("custom_reference")
    yield "additional_information", asked["additionalInformation"], answer.at("additional_information")
    yield "order_placed", answer.arguments["place"], answer.at("order_placed")


def _tier_price(examination: Examination, number: str, quantity: int) -> int | None:
    answer = examination.run.remember(
        ("price", number), lambda: examination.must("products", {"productNumber": number})
    )
    tiers = answer.every("products[].price[]")
    return next((tier["price"] for tier in tiers if tier["fromQuantity"] <= quantity <= tier["toQuantity"]), None)


def _prepared_anywhere(run: Run) -> SearchStrategy[Arguments]:
    german = orders(run, place=False, country="DE") if _has_address(run, "DE") else st.nothing()
    return german | orders(run, place=False)


def _has_address(run: Run, country: str) -> bool:
    return any(
        address["country"] == country and address["status"] == "USABLE"
        for address in run.items("shippingAddresses", "[]")
    )


def _suggestion(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "status", "CHECK_ONLY", answer.at("status")
    for name in ("company", "department", "street", "zip", "city", "country", "phone", "email"):
        yield name, answer.arguments["input"].get(name), answer.at(name)


def _read_addresses(examination: Examination, _written: Answer) -> Answer:
    return examination.must("shippingAddresses")


def _address_status(status: str, info: str) -> Any:
    def holds(written: Answer, read: Answer) -> Iterator[Equation]:
        found: dict[str, Any] = next((item for item in read.every("[]") if item["id"] == written.at("id")), {})
        yield "[].status", status, found.get("status")
        yield "[].info", info, found.get("info")

    return holds


def _read_details(examination: Examination, written: Answer) -> Answer:
    return examination.must("orderDetails", {"orderNumber": _number_of(examination, written)})


def _number_of(examination: Examination, written: Answer) -> str:
    listed = examination.must("orderList")
    reference = written.arguments["order"]["customReference"]
    found = [item["orderNumber"] for item in listed.every("orders[]") if item["commission"] == reference]
    if not found:
        raise examination.broken([written, listed], "orders[]", f"the order {reference}", "not there")
    return str(found[0])


def _read_shipments(examination: Examination, written: Answer) -> Answer:
    return examination.must("shipmentList", {"orderNumber": _number_of(examination, written)})


def _shipped(statuses: frozenset[str], *, tracked: bool) -> Any:
    def holds(_written: Answer, read: Answer) -> Iterator[Equation]:
        yield "shipments[]", 1, len(read.every("shipments[]"))
        for shipment in read.every("shipments[]"):
            yield "shipments[].status", True, shipment["status"] in statuses
            yield "shipments[].trackingCode", tracked, bool(shipment["trackingCode"])

    return holds


def _no_shipment(_written: Answer, read: Answer) -> Iterator[Equation]:
    yield "shipments[]", 0, len(read.every("shipments[]"))


def _invoiced(*, yes: bool) -> Any:
    def holds(_written: Answer, read: Answer) -> Iterator[Equation]:
        yield "order.invoiceNumber", yes, read.at("order.invoiceNumber") is not None

    return holds


_TIME = Source("assumed", "SOURCE.md#assumptions")
_WRITES = (
    Written(
        "shippingCreate",
        "shippingCreate",
        _new_address,
        lambda _answer: _ADDRESSES,
        lambda answer, item: item["id"] == answer.at("id"),
        _same_address,
        source=Source("documented", "002:622"),
    ),
    Written(
        "shippingUpdate",
        "shippingUpdate",
        _contact,
        lambda _answer: _ADDRESSES,
        lambda answer, item: item["id"] == answer.arguments["id"],
        _same_address,
        source=Source("documented", "002:715"),
    ),
    Written(
        "orderCreate",
        "orderCreate",
        _placed,
        lambda _answer: _ORDER_LIST,
        lambda answer, item: item["commission"] == answer.arguments["order"]["customReference"],
        _order_item,
        _order_details,
        source=Source("documented", "002:763"),
    ),
)
_NOTHING = (
    NoEffect(
        "shippingCreate.check", "shippingCreate", _rehearsed_address, _ALL, source=Source("documented", "002:618")
    ),
    NoEffect("orderCreate.prepared", "orderCreate", _prepared, _ALL, source=Source("documented", "002:763")),
    NoEffect(
        "shippingCreate.refused",
        "shippingCreate",
        lambda _run: st.just({"input": {**_ADDRESS, "company": "x" * (LINE + 1)}}),
        _ALL,
        "SHIPPING_TOO_LONG",
        source=Source("documented", "002:625"),
    ),
    NoEffect(
        "orderCreate.refused",
        "orderCreate",
        lambda run: st.just(
            {
                "order": {
                    "shippingAddressId": usable_address(run),
                    "cart": [
                        {"productNumber": sellable(run)[0], "quantity": 1},
                        {"productNumber": "NO-SUCH-PRODUCT", "quantity": 1},
                    ],
                },
                "place": True,
            }
        ),
        _ALL,
        "ORDER_PRODUCT_UNKNOWN",
        source=Source("assumed", "SOURCE.md#orders"),
    ),
)
_STOCK_LAW = Counted(
    "orderCreate.stock",
    "orderCreate",
    _placed,
    _stock,
    _taken,
    "cart[].quantity",
    source=Source("assumed", "SOURCE.md#orders"),
)
_SUMS = (
    Equations(
        "orderCreate.sums",
        "orderCreate",
        _prepared_anywhere,
        _order_sums,
        source=Source("assumed", "SOURCE.md#32"),
        changes_state=True,
    ),
    Equations(
        "shippingCreate.suggestion",
        "shippingCreate",
        _rehearsed_address,
        _suggestion,
        source=Source("documented", "002:694-711"),
        changes_state=True,
    ),
)
_DUES = (
    Due(
        "shippingCreate.approval",
        "shippingCreate",
        _new_address,
        timedelta(hours=1, minutes=1),
        _read_addresses,
        _address_status("USABLE", "Can be used for shipping."),
        _address_status("WAITING_APPROVAL", "Please wait for approval."),
        source=_TIME,
    ),
    Due(
        "orderCreate.invoice",
        "orderCreate",
        _placed,
        timedelta(hours=1, minutes=1),
        _read_details,
        _invoiced(yes=True),
        _invoiced(yes=False),
        source=_TIME,
    ),
    Due(
        "orderCreate.shipment",
        "orderCreate",
        _placed,
        timedelta(hours=5),
        _read_shipments,
        _shipped(frozenset({"OnTheWay"}), tracked=True),
        _no_shipment,
        source=_TIME,
    ),
    Due(
        "orderCreate.delivery",
        "orderCreate",
        _placed,
        timedelta(days=7),
        _read_shipments,
        _shipped(frozenset({"Delivered"}), tracked=True),
        _no_shipment,
        source=_TIME,
    ),
)


def _line_limit(field: str, line: int) -> Limit:
    return Limit(
        f"shippingCreate.{field}",
        "shippingCreate",
        lambda _run, value: {"input": {**_ADDRESS, field: value}, "check": True},
        "x" * LINE,
        "x" * (LINE + 1),
        "SHIPPING_TOO_LONG",
        lambda _examination, answer: (answer, field, answer.at(field)),
        Source("documented", f"002:{line}"),
        changes_state=True,
    )


def _phone_limit(name: str, accepted: int, refused: int) -> Limit:
    return Limit(
        f"shippingCreate.{name}",
        "shippingCreate",
        lambda _run, value: {"input": {**_ADDRESS, "phone": value}, "check": True},
        "+" + "1" * accepted,
        "+" + "1" * refused,
        "SHIPPING_PHONE",
        lambda _examination, answer: (answer, "phone", answer.at("phone")),
        Source("documented", "002:633"),
        changes_state=True,
    )


def _reference(run: Run, value: str) -> Arguments:
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart, "customReference": value}, "place": True}


def _commission(examination: Examination, _answer: Answer) -> tuple[Answer, str, Any]:
    listed = examination.must("orderList")
    return listed, "orders[].commission", listed.at("orders[].commission")


def _quantity(run: Run, value: int) -> Arguments:
    cart = [{"productNumber": sellable(run)[0], "quantity": value}]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart}, "place": False}


_LIMITS = (
    *(
        _line_limit(field, line)
        for field, line in (("company", 625), ("department", 626), ("street", 629), ("city", 631))
    ),
    _phone_limit("phone-longest", 20, 21),
    _phone_limit("phone-shortest", 5, 4),
    Limit(
        "orderCreate.commission",
        "orderCreate",
        _reference,
        "R" + "0123456789" * 7,
        echo=_commission,
        changes_state=True,
    ),
    Limit(
        "orderCreate.quantity",
        "orderCreate",
        _quantity,
        999_999,
        1_000_000,
        "ORDER_QUANTITY_TOO_LARGE",
        lambda _examination, answer: (answer, "cart[].quantity", answer.at("cart[].quantity")),
        Source("assumed", "SOURCE.md#orders"),
        changes_state=True,
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (*_WRITES, *_NOTHING, _STOCK_LAW, *_SUMS, *_DUES, *_LIMITS)
