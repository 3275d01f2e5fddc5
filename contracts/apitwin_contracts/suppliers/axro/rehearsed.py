"""What AXRO answers to an order and to an address that are only tried: sums, echoes, suggestions."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import addresses, rehearsals

__all__ = ["DECLARATIONS"]

_TOLL, _FREIGHT = 295, 490
# Drawn carts have up to so many lines, of which several may be of one product; longer ones are of the first products, each once.
_FEW = 4


def _anywhere(run: Run) -> SearchStrategy[Arguments]:
    german = rehearsals(run, "DE") if _has_address(run, "DE") else st.nothing()
    return german | rehearsals(run)


def _has_address(run: Run, country: str) -> bool:
    listed = run.items("shippingAddresses", "[]")
    return any(address["country"] == country and address["status"] == "USABLE" for address in listed)


def _sums(examination: Examination, answer: Answer) -> Iterator[Equation]:
    german, lines = answer.at("shipping_address.country") == "DE", answer.every("cart[]")
    yield "cart[]", len(answer.arguments["order"]["cart"]), len(lines)
    known = _known(examination, dict(answer.arguments))
    left = {number: product["stock"] for number, product in known.items()}
    for line, asked in zip(lines, answer.arguments["order"]["cart"], strict=False):
        number, quantity = asked["productNumber"], asked["quantity"]
        yield "cart[].product_number", number, line["product_number"]
        yield "cart[].quantity", quantity, line["quantity"]
        yield "cart[].unit_price", _tier_price(known[number], quantity), line["unit_price"]
        lacking = max(quantity - left[number], 0)
        left[number] -= quantity - lacking
        yield "cart[].difference", lacking, line["difference"]
        yield "cart[].uhg_unit", True, german or line["uhg_unit"] == 0
        yield "cart[].uhg_total", quantity * line["uhg_unit"], line["uhg_total"]
        yield "cart[].sub_total", quantity * line["unit_price"] + line["uhg_total"], line["sub_total"]
    yield "toll", _TOLL, answer.at("toll")
    yield "freight_costs", 0 if german else _FREIGHT, answer.at("freight_costs")
    charges = answer.at("toll") + answer.at("freight_costs")
    yield "grand_total", sum(line["sub_total"] for line in lines) + charges, answer.at("grand_total")
    yield from _echo(answer, answer.arguments["order"])


def _known(examination: Examination, arguments: Arguments) -> Mapping[str, Any]:
    numbers = dict.fromkeys(line["productNumber"] for line in arguments["order"]["cart"])
    answer = examination.must("products", {"productNumber": ",".join(numbers), "limit": len(numbers)})
    found = {product["productNumber"]: product for product in answer.every("products[]")}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise examination.broken([answer], "products[]", f"the product {missing[0]}", "not there")
    return found


def _tier_price(product: Any, quantity: int) -> int | None:
    tiers = product["price"]
    return next((tier["price"] for tier in tiers if tier["fromQuantity"] <= quantity <= tier["toQuantity"]), None)


def _echo(answer: Answer, asked: Mapping[str, Any]) -> Iterator[Equation]:
    yield "shipping_address.id", asked["shippingAddressId"], answer.at("shipping_address.id")
    yield "custom_reference", asked["customReference"], answer.at("custom_reference")
    yield "additional_information", asked["additionalInformation"], answer.at("additional_information")
    yield "order_placed", answer.arguments["place"], answer.at("order_placed")


def _levied(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """Some product bears the levy, else nobody would know of it: among the first priced ones, as of now."""
    yield "cart[].uhg_unit", True, any(answer.every("cart[].uhg_unit"))
    yield "freight_costs", 0, answer.at("freight_costs")
    del examination


def _many_home(run: Run) -> SearchStrategy[Arguments]:
    return rehearsals(run, "DE").filter(lambda arguments: len(arguments["order"]["cart"]) > _FEW)


def _suggestion(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "status", "CHECK_ONLY", answer.at("status")
    for name in ("company", "department", "street", "zip", "city", "country", "phone", "email"):
        yield name, answer.arguments["input"].get(name), answer.at(name)
    for name in ("firstname", "lastname"):
        if name in answer.arguments["input"]:
            yield name, answer.arguments["input"][name], answer.at(name)


def _rehearsed_address(run: Run) -> SearchStrategy[Arguments]:
    return addresses(run).map(lambda address: {"input": address, "check": True})


def _gap(_run: Run) -> SearchStrategy[Arguments]:
    known = {"company": "Example Corp", "department": "Warehouse", "street": "Ballindamm 40", "country": "DE"}
    whole = {"zip": "20095", "city": "Hamburg"}
    return st.sampled_from([{"zip": "", "city": ""}, {**whole, "zip": ""}, {**whole, "city": ""}]).map(
        lambda given: {"input": {**known, **given}, "check": True}
    )


def _completed(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "zip", "20095", answer.at("zip")
    yield "city", "Hamburg", answer.at("city")


DECLARATIONS: tuple[Declaration, ...] = (
    Equations(
        "orderCreate.sums",
        "orderCreate",
        _anywhere,
        _sums,
        share=0.8,
        source=Source("assumed", "SOURCE.md#32"),
        changes_state=True,
    ),
    Equations(
        "orderCreate.levy",
        "orderCreate",
        _many_home,
        _levied,
        share=0.05,
        source=Source("assumed", "SOURCE.md#33"),
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
    Equations(
        "shippingCreate.completed",
        "shippingCreate",
        _gap,
        _completed,
        share=0.1,
        source=Source("documented", "002:686-707"),
        changes_state=True,
    ),
)
