"""Where OXOMI shows one product: three versions of the synchronisation, two of the single product."""

from collections.abc import Iterator
from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.contract import Declaration
from apitwin_contracts.laws.cursors import known_chain
from apitwin_contracts.laws.views import Seen, View, Views
from apitwin_fixtures import Source

from .laws import PAGES
from .operations import LABELS

__all__ = ["DECLARATIONS"]

_NUMBERS = ("id", "visibleItemNumber", "itemNumber", "gtin", "model", "supplierNumber", "lang", "countries")
_SHARED = ("classifications", "features", "properties", "texts")
_FLAT = (
    *("lifecycle", "brand", "seriesCode", "seriesNormalizedCode", "seriesName", "series", "shortText"),
    *("type", "variantGroup", "variantPriority", "variantMaster"),
)
_GROUP = ("productGroup", "productGroupName")
_NEW = ("uniqueIdentifier", "measurements", "relationships", "packages", "details")


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_COMMON = {**_same(*_NUMBERS, *_SHARED), "attachments": "attachments"}
_PRICED = _same("pricing", "supplierNumbers")
_V1 = {**_COMMON, **_same(*_FLAT), "images": "image"}
_V2 = {**_COMMON, **_PRICED, **_same(*_FLAT, *_GROUP), "images": "images"}
_V3 = {
    **_COMMON,
    **_PRICED,
    **{name: f"details.{name}" for name in (*_FLAT, *_GROUP)},
    **_same(*_NEW),
    "images": "images",
    "every attachment": "attachments",
}


def _attached(rows: Any) -> Any:
    """Give what all versions show of attachments."""
    return [{key: row[key] for key in ("type", "filename", "url")} for row in rows]


def _synchronised(operation: str) -> Any:
    def listed(examination: Examination) -> Iterator[Seen]:
        for page in known_chain(examination, PAGES[operation]):
            for product in page.every("products[]"):
                yield Seen(page, product, "products[]")

    return listed


def _single(operation: str) -> Any:
    def looked_up(examination: Examination, item: Any) -> Seen | None:
        asked = {"itemNumber": item["itemNumber"], "classificationLabelLanguages": LABELS}
        answer = examination.must(operation, asked)
        found = [product for product in answer.every("products[]") if product["id"] == item["id"]]
        if not found:
            text = f"the product {item['id']} that a synchronisation has"
            raise examination.broken([answer], "products[]", text, "not there", source=_SOURCE)
        return Seen(answer, found[0], "products[]")

    return looked_up


_SOURCE = Source("assumed", "SOURCE.md#trap-4")
_FORMS = {"attachments": _attached}

DECLARATIONS: tuple[Declaration, ...] = (
    Views(
        "products",
        "id",
        (
            View("sync_v3", _V3, listed=_synchronised("sync_v3"), forms=_FORMS),
            View("sync_v2", _V2, listed=_synchronised("sync_v2"), forms=_FORMS),
            View("sync_v1", _V1, listed=_synchronised("sync_v1"), forms=_FORMS),
            View("spx_v3", _V3, looked_up=_single("spx_v3"), forms=_FORMS),
            View("spx_v2", _V2, looked_up=_single("spx_v2"), forms=_FORMS),
        ),
        examples=8,
        source=_SOURCE,
    ),
)
