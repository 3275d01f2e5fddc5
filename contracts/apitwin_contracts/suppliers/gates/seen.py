"""Laws of what is told in several places: products and prices by search, price search and cart, gates by the BusinessManager."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import CALCULATED, gate, must_at, products, unit, user
from .paths import FIRST, SECOND

__all__ = ["DECLARATIONS"]

_PRICES = Source("documented", "SOURCE.md#page-pricesearch")
_STATIC = Source("documented", "SOURCE.md#page-prices")
_DISCOUNTS = Source("assumed", "SOURCE.md#prices")
_NETWORK = Source("documented", "SOURCE.md#page-cart")
_TYPES = Source("documented", "SOURCE.md#page-properties")
_GATES = Source("documented", "SOURCE.md#page-gates")
_ACCESS = Source("documented", "000:11")
_SEVERAL = 2
_CENT = Decimal("0.01")
_QUANTITIES = (1, 5, 49, 50, 51, 99, 100, 199, 200, 250, 999, 100_000)


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _pages(_run: Run) -> SearchStrategy[Arguments]:
    return st.integers(0, 6).map(lambda number: {"page": {"page": number, "size": 30}, **CALCULATED})


def _parts(examination: Examination, answer: Answer) -> Iterator[Equation]:
    run = examination.run
    code, places = gate(run)["code"], [(store["name"], store["address"]) for store in user(run)["stores"]]
    for product in answer.every("content[]"):
        yield "content[].id", f"{code}:", product["id"][: len(code) + 1]
        yield (
            "content[].proMaterialIds[]",
            True,
            bool(product["proMaterialIds"]) and len(set(product["proMaterialIds"])) == len(product["proMaterialIds"]),
        )
        units = product["productOrderDetails"]["orderUnits"]
        yield "content[].productOrderDetails.orderUnits[]", True, bool(units)
        for one in units:
            yield from _of_unit(one, places)
        yield from _of_packings(units)
        for feature in product["features"]["universalTypes"]:
            yield from _of_feature(feature)


def _of_unit(one: Any, places: list[Any]) -> Iterator[Equation]:
    path = "content[].productOrderDetails.orderUnits[]"
    price = _decimal(one["price"]["amount"])
    yield f"{path}.price.amount", price.quantize(_CENT), price
    yield f"{path}.price.amount", True, price > 0
    located = [(place["location"]["name"], place["location"]["address"]) for place in one["availabilities"]]
    yield f"{path}.availabilities[].location", [], [place for place in located if place not in places]
    yield f"{path}.availabilities[].location", len(located), len({name for name, _ in located})


def _of_packings(units: list[Any]) -> Iterator[Equation]:
    """The same stock is told in each packing that holds single pieces of it."""
    path, first = "content[].productOrderDetails.orderUnits[].availabilities[].amount", units[0]
    single = first["contentUnit"]["contentUnitPerOrderUnit"] == 1
    for other in units[1:]:
        holds, same = (
            other["contentUnit"]["contentUnitPerOrderUnit"],
            other["contentUnit"]["code"] == first["contentUnit"]["code"],
        )
        if single and same:
            stock = [place["amount"] // holds for place in first["availabilities"]]
            yield path, stock, [place["amount"] for place in other["availabilities"]]


def _of_feature(feature: Any) -> Iterator[Equation]:
    path, kind, value = "content[].features.universalTypes[]", feature["type"], feature["value"]
    forms = {"TEXT": isinstance(value, str), "BOOLEAN": value is None}
    yield f"{path}.value", True, forms.get(kind["type"], isinstance(value, int | float))
    yield f"{path}.unit", forms.get(kind["type"]) is None, feature["unit"] is not None
    yield f"{path}.persistedPath", feature["code"], feature["persistedPath"].rpartition("UT")[2][3:][-9:]
    is_range = kind["type"] == "RANGE"
    yield f"{path}.type.rangeMin", is_range, kind["rangeMin"] is not None
    yield f"{path}.type.rangeMax", is_range, kind["rangeMax"] is not None
    if is_range and not isinstance(value, str) and None not in (value, kind["rangeMin"], kind["rangeMax"]):
        yield f"{path}.value", True, kind["rangeMin"] <= value <= kind["rangeMax"]
    parent = feature.get("parent")
    if parent:
        yield f"{path}.persistedPath", f"{parent['persistedPath']}-{feature['code']}", feature["persistedPath"]


def _calculations(run: Run, place: str = FIRST) -> SearchStrategy[Arguments]:
    kinds = [kind["name"] for kind in gate(run, place)["orderTypes"]]
    sites = [site["code"] for site in user(run, place)["constructionSites"]]
    given = {"deliveryType": st.sampled_from(kinds), "project": st.sampled_from(sites)}
    return st.fixed_dictionaries({}, optional=given)


def _priced(run: Run) -> SearchStrategy[Any]:
    chosen = st.lists(st.sampled_from(products(run)), min_size=1, max_size=4)
    return st.tuples(_calculations(run), chosen, st.sampled_from(_QUANTITIES))


def _price(examination: Examination, drawn: Any) -> None:
    """Ask prices of one quantity: they come as asked, none is dearer than the smallest quantity's, and one discount explains them all."""
    calculation, chosen, wanted = drawn
    asked = [{"productId": product["id"], "quantity": max(wanted, unit(product)["quantityMin"])} for product in chosen]
    answer = examination.must("pricesearch", {"calculation": calculation, "products": asked})
    prices = answer.every("prices[]")
    told = [{name: price[name] for name in ("productId", "quantity")} for price in prices]
    if told != asked:
        raise examination.broken([answer], "prices[]", asked, told, source=_PRICES)
    plain = _searched(examination, chosen, {"priceCalculation": calculation})
    lists = _searched(examination, chosen, {})
    groups: dict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for product, price in zip(chosen, prices, strict=True):
        name, amount = product["id"], _decimal(price["amount"])
        if amount != amount.quantize(_CENT):
            raise examination.broken([answer], "prices[].amount", "whole cents", amount, source=_PRICES)
        least = unit(product)["quantityMin"]
        if price["quantity"] == least and amount != plain[name]:
            raise examination.broken(
                [answer], "prices[].amount", f"{plain[name]} as in productsearch", amount, source=_PRICES
            )
        if amount > plain[name]:
            raise examination.broken([answer], "prices[].amount", f"at most {plain[name]}", amount, source=_DISCOUNTS)
        groups[price["quantity"]].append((lists[name], amount))
    for quantity, pairs in groups.items():
        if not any(all(_less(listed, percent) == amount for listed, amount in pairs) for percent in range(101)):
            text = f"one discount on all list prices for {quantity}, in whole per cent"
            raise examination.broken([answer], "prices[].amount", text, pairs, source=_DISCOUNTS)


def _less(listed: Decimal, percent: int) -> Decimal:
    return (listed * (100 - percent) / 100).quantize(_CENT, ROUND_HALF_UP)


def _searched(examination: Examination, chosen: list[Any], how: Arguments) -> Mapping[str, Decimal]:
    """Give the first order unit's prices by productsearch, one page of all the pool."""
    key = ("searched", repr(sorted(how.get("priceCalculation", {"": ""}).items())))
    asked = {"page": {"page": 0, "size": len(products(examination.run))}, **how}
    answer: Answer = examination.run.view(key, lambda: examination.must("productsearch", asked))
    found = {product["id"]: _decimal(unit(product)["price"]["amount"]) for product in answer.every("content[]")}
    absent = [product["id"] for product in chosen if product["id"] not in found]
    if absent:
        raise examination.broken(
            [answer], "content[]", f"{absent} on the first page, as before", "absent", source=_PRICES
        )
    return found


def _compared(run: Run) -> SearchStrategy[Any]:
    return st.tuples(
        _calculations(run), st.sampled_from([(), ("project",), ("deliveryType",), ("project", "deliveryType")])
    )


def _cheaper(examination: Examination, drawn: Any) -> None:
    """No calculation is dearer than the static list prices, and none with a site or a pickup dearer than the one without."""
    calculation, left_out = drawn
    chosen = products(examination.run)
    special = {name: value for name, value in calculation.items() if name not in left_out}
    asked = {"page": {"page": 0, "size": len(chosen)}, "priceCalculation": special}
    answer = examination.must("productsearch", asked)
    lists, plain = _searched(examination, chosen, {}), _searched(examination, chosen, CALCULATED)
    percents = set(range(101))
    for product in answer.every("content[]"):
        amount, name = _decimal(unit(product)["price"]["amount"]), product["id"]
        path = "content[].productOrderDetails.orderUnits[].price.amount"
        if amount > min(plain[name], lists[name]):
            text = f"at most {min(plain[name], lists[name])} with {special}"
            raise examination.broken([answer], path, text, amount, source=_STATIC)
        if unit(product)["quantityMin"] == 1:
            percents = {percent for percent in percents if _less(lists[name], percent) == amount}
            if not percents:
                raise examination.broken([answer], path, "one discount on all list prices", amount, source=_DISCOUNTS)


def _choices(_run: Run) -> SearchStrategy[str]:
    return st.sampled_from(["deliveryType", "project"])


def _matters(examination: Examination, choice: str) -> None:
    """Some delivery type and some construction site make a difference, or asking for them were of no use."""
    run = examination.run
    names = (
        [kind["name"] for kind in gate(run)["orderTypes"]],
        [site["code"] for site in user(run)["constructionSites"]],
    )
    chosen = products(run)
    plain = _searched(examination, chosen, CALCULATED)
    values = names[0] if choice == "deliveryType" else names[1]
    if len(values) < _SEVERAL:
        raise NothingToExamine(f"there is no choice of {choice}")
    if all(_searched(examination, chosen, {"priceCalculation": {choice: value}}) == plain for value in values):
        asked = {"page": {"page": 0, "size": len(chosen)}, "priceCalculation": {choice: values[-1]}}
        answer = examination.must("productsearch", asked)
        path = "content[].productOrderDetails.orderUnits[].price.amount"
        raise examination.broken(
            [answer], path, f"prices by {choice}", "the same for each", severity="dangerous", source=_STATIC
        )


def _named(run: Run) -> SearchStrategy[Any]:
    return st.sampled_from(run.items("connectedDistributionGates", "[]"))


def _answers(examination: Examination, row: Any) -> None:
    """A gate that is named knows its user, its delivery types and its defaults, and its token opens the BookingGate too."""
    run, client = examination.run, examination.client
    named = examination.must("connectedDistributionGates")
    code = row["code"]
    if code not in client.sign_in().gates:
        raise NothingToExamine(f"the gate {code} has no client")
    try:
        who = must_at(client, code, "getUser", {})
    except NothingToExamine as reason:
        refused = str(reason)[:200]
        raise examination.broken(
            [named], "[].auth0ClientSecret", f"a client for {code}", refused, source=_GATES
        ) from None
    found = must_at(client, code, "productsearch", {"page": {"page": 0, "size": 3}})
    _tell(examination, [who, named], "[].defaultSite", row["defaultSite"], who.every("constructionSites[].code"))
    _tell(examination, [who, named], "[].defaultStore", row["defaultStore"], who.every("stores[].code"))
    for product in found.every("content[]"):
        _tell(examination, [named, found], "content[].id", code, [product["id"].partition(":")[0]])
        asked = {"productId": product["id"], "quantity": unit(product)["quantityMin"]}
        for kind in row["orderTypes"]:
            calculation = {"deliveryType": kind["name"], "project": row["defaultSite"]}
            must_at(client, code, "pricesearch", {"calculation": calculation, "products": [asked]})
    must_at(client, code, "orders", {})
    others = [other["code"] for other in run.items("connectedDistributionGates", "[]") if other["code"] != code]
    _tell(
        examination,
        [named],
        "[].domain",
        True,
        [code in row["domain"] and not any(other in row["domain"] for other in others)],
    )
    relative = row["defaultOrderDate"]["value"].startswith("+")
    expected = "RELATIVE" if relative else "ABSOLUTE"
    _tell(examination, [named], "[].defaultOrderDate.type", expected, [row["defaultOrderDate"]["type"]])


def _tell(examination: Examination, evidence: list[Answer], path: str, expected: Any, among: list[Any]) -> None:
    if expected not in among:
        raise examination.broken(evidence, path, expected, among, source=_GATES)


def _listed(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for name in ("code", "name", "domain", "auth0ClientId", "auth0ClientSecret", "distributionChannelId"):
        values = answer.every(f"[].{name}")
        yield f"[].{name}", len(values), len(set(values))
    for row in answer.every("[]"):
        kinds = [kind["name"] for kind in row["orderTypes"]]
        yield "[].orderTypes[].name", len(kinds), len(set(kinds))
        yield "[].orderTypes[]", True, bool(kinds)


def _shared(run: Run) -> SearchStrategy[Any]:
    return st.sampled_from(products(run))


def _network(examination: Examination, product: Any) -> None:
    """What another gate sells under the same proMaterialId is the same product, under another id."""
    name = product["proMaterialIds"][0]
    other = must_at(examination.client, SECOND, "productsearch", {"query": name, **CALCULATED})
    here = examination.must("productsearch", {"query": name, **CALCULATED})
    for answer in (here, other):
        for found in answer.every("content[]"):
            if name not in found["proMaterialIds"]:
                continue
            for path in ("proMaterialIds", "productGateCode", "productDetails", "features"):
                if found[path] != product[path]:
                    raise examination.broken(
                        [here, answer], f"content[].{path}", product[path], found[path], source=_NETWORK
                    )
    ids = [found["id"] for found in here.every("content[]")]
    if product["id"] not in ids:
        raise examination.broken([here], "content[]", f"{product['id']} by its id {name}", ids, source=_NETWORK)
    shown = _told(next(found for found in here.every("content[]") if found["id"] == product["id"]))
    for path, known in _told(product).items():
        if shown[path] != known:
            raise examination.broken([here], f"content[].{path}", known, shown[path], source=_NETWORK)


def _told(product: Any) -> Mapping[str, Any]:
    """Give what is told of a product and does not move, as the stock does."""
    units = product["productOrderDetails"]["orderUnits"]
    still = [{name: value for name, value in one.items() if name != "availabilities"} for one in units]
    return {**product, "productOrderDetails": still}


def _user(examination: Examination, answer: Answer) -> Iterator[Equation]:
    for path in ("stores[].code", "constructionSites[].code"):
        yield path, len(answer.every(path)), len(set(answer.every(path)))
    again = examination.must("getUser")
    yield "email", answer.at("email"), again.at("email")


def _refuses(examination: Examination, row: Any) -> None:
    """A gate's token opens neither another gate nor the BusinessManager."""
    client, code = examination.client, row["code"]
    grants = client.sign_in()
    for other in grants.gates:
        asked = client.request("getUser", {})
        signed = client.contract.auth.sign(_at(asked, other), _only(grants, code), client.target.clock.now())
        answer = client.send("getUser", signed)
        wanted = "ok" if other == code else "TOKEN_GATE"
        if answer.outcome != wanted:
            text = f"{wanted} for a token of {code} at {other}"
            raise examination.broken([answer], "", text, answer.recognition.detail or answer.outcome, source=_ACCESS)


def _at(request: Any, code: str) -> Any:
    return replace(request, path=f"/dg/{code}/graphql")


def _only(grants: Any, code: str) -> Any:
    token = grants.token(f"/dg/{code}/graphql")
    return replace(grants, tokens=dict.fromkeys(grants.gates, token))


DECLARATIONS: tuple[Declaration, ...] = (
    Equations("productsearch.parts", "productsearch", _pages, _parts, "wire", share=0.4, source=_TYPES),
    Equations(
        "connectedDistributionGates.parts",
        "connectedDistributionGates",
        lambda _run: st.just({}),
        _listed,
        "wire",
        share=0.05,
        source=_GATES,
    ),
    Equations("getUser.parts", "getUser", lambda _run: st.just({}), _user, "wire", share=0.05, source=_GATES),
    Walk("pricesearch.agrees", _priced, _price, "wire", 1.0, changes_state=False),
    Walk("productsearch.prices", _compared, _cheaper, "wire", 0.5, changes_state=False),
    Walk("productsearch.matters", _choices, _matters, "wire", 0.1, changes_state=False),
    Walk("productsearch.network", _shared, _network, "wire", 0.5, changes_state=False),
    Walk("connectedDistributionGates.answer", _named, _answers, "wire", 0.3, changes_state=False),
    Walk("getUser.confined", _named, _refuses, "auth", 0.3, changes_state=False),
)
