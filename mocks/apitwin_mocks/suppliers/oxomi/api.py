"""OXOMI's REST surface: six operations, all asked by query parameters."""

from collections.abc import Iterable
from functools import partial

from apitwin_fixtures import Reply
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.rest import RestEndpoint, Route

from .auth import Principal, admit
from .domain import END, INTERNATIONALISATION, PRICES, Filter, Graph, require_feature
from .errors import Code
from .parameters import Parameters
from .product import Product
from .shapes import V1, V2, V3, Version, View

__all__ = ["answer", "authenticate", "operation_of", "owns"]

_ROOT = "/portals/api/"
_PRICES_BLOCK = "PRICES"
_PORTAL_LANGUAGE = "de"
_DONE = {"success": True, "error": False}


def _sync(version: Version, call: Call) -> object:
    asked = Parameters(call.request.parameters)
    _check_rights(version, asked, call.principal)
    asked.moment("syncStart")
    wanted, view = _filter(asked), _view(version, asked, call)
    graph: Graph = call.world
    page, following = graph.changed_since_sync(call.principal.api_token, wanted, asked.text("continuationToken"))
    return _list(version, page, view, following)


def _spx(version: Version, call: Call) -> object:
    asked = Parameters(call.request.parameters)
    _check_rights(version, asked, call.principal)
    wanted, view = _filter(asked), _view(version, asked, call)
    graph: Graph = call.world
    return _list(version, graph.find(asked.text("itemNumber"), asked.text("gtin"), wanted), view, END)


def _update_sync_date(call: Call) -> object:
    asked = Parameters(call.request.parameters)
    date = asked.moment("date")
    asked.iso_code("language")
    graph: Graph = call.world
    graph.set_sync_date(call.principal.api_token, date)
    return _DONE


def _list(version: Version, products: Iterable[Product], view: View, following: str) -> object:
    return {**_DONE, "products": [version.show(product, view) for product in products], "continuationToken": following}


def _filter(asked: Parameters) -> Filter:
    return Filter(
        country=asked.iso_code("filterCountry"),
        language=asked.iso_code("filterLanguage"),
        supplier_number=asked.text("supplierNumber") or None,
    )


def _view(version: Version, asked: Parameters, call: Call) -> View:
    return View(
        label_languages=asked.iso_codes("classificationLabelLanguages"),
        language=asked.iso_code("language") or _PORTAL_LANGUAGE,
        blocks=_shown_blocks(version, asked, call.principal),
        dictionary=call.world.catalogue.dictionary,
    )


def _check_rights(version: Version, asked: Parameters, principal: Principal) -> None:
    if _PRICES_BLOCK in asked.parts("blocks") and _PRICES_BLOCK in version.keys:
        require_feature(principal.portal, PRICES)
    if asked.text("filterCountry") or asked.text("filterLanguage"):
        require_feature(principal.portal, INTERNATIONALISATION)


def _shown_blocks(version: Version, asked: Parameters, principal: Principal) -> frozenset[str]:
    blocks = asked.blocks(version.keys)
    return blocks if PRICES in principal.portal.features else blocks - {_PRICES_BLOCK}


_ENDPOINT = RestEndpoint(
    (
        Route(("GET",), f"{_ROOT}v3/products/changed", "sync_v3", partial(_sync, V3)),
        Route(("GET",), f"{_ROOT}v2/products/changed", "sync_v2", partial(_sync, V2)),
        Route(("GET",), f"{_ROOT}v1/products/changed", "sync_v1", partial(_sync, V1)),
        Route(("GET",), f"{_ROOT}v3/products/spx", "spx_v3", partial(_spx, V3)),
        Route(("GET",), f"{_ROOT}v2/products/spx", "spx_v2", partial(_spx, V2)),
        Route(("GET", "POST"), f"{_ROOT}v1/core/update-sync-date", "update_sync_date", _update_sync_date),
    ),
    not_found=Code.NOT_FOUND,
    method_not_allowed=Code.METHOD_NOT_ALLOWED,
)


def authenticate(call: Call) -> None:
    """Let the call in or refuse it; what no route takes passes, so that it gets its 404 or 405."""
    operation = operation_of(call)
    if operation is not None:
        call.operation = operation
        call.principal = admit(call, operation)


def answer(call: Call) -> Reply:
    """Answer a call that was let in."""
    return _ENDPOINT(call)


def operation_of(call: Call) -> str | None:
    """Name the operation that a call asks for."""
    return _ENDPOINT.operation_of(call.request.method, call.request.path)


def owns(path: str) -> bool:
    """Tell whether a path is OXOMI's also without its mount."""
    return path.startswith(_ROOT)
