"""What holds inside one of OXOMI's products, and between a product and what it points to."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.drift import Category
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.cursors import known_chain
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .laws import PAGES
from .operations import BLOCKS, SPXS, START, SYNCS, item_number

__all__ = ["DECLARATIONS"]

_LIST, _RETAIL = "LIST_EXCL_VAT", "RRP_INCL_VAT"
_SIZES = ("previewImageUrl", "mediumImageUrl", "hdImageUrl")
_ASSUMED = Source("assumed", "SOURCE.md#entities")


def _asked(operation: str) -> Any:
    def asked(run: Run) -> SearchStrategy[Arguments]:
        return st.just(dict(START) if operation in SYNCS else {"itemNumber": item_number(run)})

    return asked


def _parts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for product in answer.every("products[]"):
        yield from _numbers(product)
        yield from _prices(product)
        yield from _packages(product)


def _numbers(product: Any) -> Iterator[Equation]:
    if "supplierNumbers" in product:
        known = [part.strip() for text in product["supplierNumbers"] for part in text.split(",")]
        yield "products[].supplierNumber", True, product["supplierNumber"] in known
    for text in product.get("texts", ()):
        yield "products[].texts[].lang", product["lang"], text["lang"]


def _prices(product: Any) -> Iterator[Equation]:
    path, prices = "products[].pricing.prices[]", product.get("pricing", {}).get("prices", ())
    scales: dict[Any, list[tuple[int, Decimal]]] = defaultdict(list)
    for price in prices:
        yield f"{path}.validUntil", True, not price["validUntil"] or price["validFrom"] <= price["validUntil"]
        scales[price["type"], price["currency"], price["priceLine"]].append(
            (price["lowerBound"], Decimal(price["amount"]))
        )
    for scale in scales.values():
        amounts = [amount for _, amount in sorted(scale)]
        yield f"{path}.amount", sorted(amounts, reverse=True), amounts
    for (kind, currency, line), scale in scales.items():
        retail = scales.get((_RETAIL, currency, line))
        if kind == _LIST and retail:
            yield f"{path}.type", True, min(scale)[1] <= min(retail)[1]


def _packages(product: Any) -> Iterator[Equation]:
    for package in product.get("packages", ()):
        path = "products[].packages[]"
        yield f"{path}.minContents", True, Decimal(package["minContents"]) <= Decimal(package["maxContents"])


def _forms(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for product in answer.every("products[]"):
        path = "products[]"
        yield f"{path}.gtin", f"{product['gtin'][:-1]}{_check_digit(product['gtin'])}", product["gtin"]
        for key in ("images", "image"):
            for picture in product.get(key, ()):
                yield f"{path}.{key}[].hdImageUrl", len(_SIZES), len({picture[size] for size in _SIZES})
        yield from _measures(product)


def _check_digit(gtin: str) -> int:
    return -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(gtin[:-1]))) % 10


def _measures(product: Any) -> Iterator[Equation]:
    """A thing fills at most the box around it, and not a hundredth of it only: else a unit has changed."""
    measured = product.get("measurements")
    if measured and measured["volume_cm3"]:
        box = Decimal(1)
        for side in ("length_mm", "width_mm", "height_mm"):
            box *= Decimal(measured[side]) / 10
        share = Decimal(measured["volume_cm3"]) / box if box else Decimal(1)
        yield "products[].measurements.volume_cm3", True, Decimal("0.01") <= share <= Decimal("1.01")


def _images_in_order(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for product in answer.every("products[]"):
        for key in ("images", "image"):
            priorities = [picture["priority"] for picture in product.get(key, ())]
            yield f"products[].{key}[].priority", sorted(priorities), priorities


def _ends(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "continuationToken", "-", answer.at("continuationToken")


def _pointed_to(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = answer.arguments["itemNumber"]
    found = answer.every("products[].visibleItemNumber")
    yield "products[].relationships[].visibleItemNumber", True, asked in found


def _relations(run: Run) -> SearchStrategy[Arguments]:
    found = run.items("sync_v3", "products[].relationships[].visibleItemNumber", list(START.items()))
    return st.sampled_from(sorted(set(found))).map(lambda number: {"itemNumber": number})


def _editions(run: Run) -> SearchStrategy[Arguments]:
    """Generate single products with a filter, where one number has several editions if there are such."""
    products = run.items("sync_v3", "products[]", list(START.items()))
    counted = defaultdict(list)
    for product in products:
        counted[product["itemNumber"]].append(product)
    numbers = sorted(counted, key=lambda number: -len(counted[number]))[:10]
    if not numbers:
        raise NothingToExamine("no product has an item number")

    def filtered(number: str) -> SearchStrategy[Arguments]:
        known = counted[number]
        choices = [
            *({"filterLanguage": language} for language in ("de", "en")),
            *({"filterCountry": country} for product in known for country in (*product["countries"], "fr")),
            *(
                {"supplierNumber": text.split(",")[0].strip()}
                for product in known
                for text in product["supplierNumbers"]
            ),
            {"supplierNumber": "no-such-number"},
        ]
        return st.sampled_from(choices).map(lambda chosen: {"itemNumber": number, **chosen})

    return st.sampled_from(numbers).flatmap(filtered)


def _filtered_editions(examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = answer.arguments
    known = [product for page in known_chain(examination, PAGES["sync_v3"]) for product in page.every("products[]")]
    expected = {
        product["id"]
        for product in known
        if product["itemNumber"] == asked["itemNumber"]
        and asked.get("filterLanguage") in (None, product["lang"])
        and ("filterCountry" not in asked or asked["filterCountry"] in product["countries"])
        and ("supplierNumber" not in asked or asked["supplierNumber"] in _suppliers(product))
    }
    if len(known) < examination.run.profile.items:
        yield "products[]", expected, {product["id"] for product in answer.every("products[]")}


def _suppliers(product: Any) -> list[str]:
    return [part.strip() for text in product["supplierNumbers"] for part in text.split(",")]


_INSIDE: tuple[tuple[str, Any, Category], ...] = (
    ("parts", _parts, "state"),
    ("forms", _forms, "wire"),
    ("images", _images_in_order, "paging"),
)
DECLARATIONS: tuple[Declaration, ...] = (
    *(
        Equations(f"{operation}.{name}", operation, _asked(operation), equations, category, share=0.04, source=_ASSUMED)
        for operation in BLOCKS
        for name, equations, category in _INSIDE
    ),
    *(
        Equations(
            f"{operation}.end",
            operation,
            _asked(operation),
            _ends,
            "paging",
            share=0.04,
            source=Source("documented", "004:1259"),
        )
        for operation in SPXS
    ),
    *(
        Equations(
            f"{operation}.relations",
            operation,
            _relations,
            _pointed_to,
            share=0.3,
            source=Source("assumed", "SOURCE.md#trap-24"),
        )
        for operation in SPXS
    ),
    *(
        Equations(
            f"{operation}.editions",
            operation,
            _editions,
            _filtered_editions,
            "paging",
            share=0.6,
            source=Source("documented", "004:34-38"),
        )
        for operation in SPXS
    ),
)
