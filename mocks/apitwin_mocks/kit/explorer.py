"""A REST supplier's own OpenAPI document, and a page to browse and try it; the page's assets come from an installed package."""

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apitwin_fixtures import Reply

from .call import Call
from .errors import Refusal
from .replies import html_reply
from .rest import Route

__all__ = ["EXPLORER_OPERATIONS", "explorer_routes"]

EXPLORER_OPERATIONS = frozenset({"openapi", "docs", "docs_asset"})
"""The operations that need no credentials and belong to no supplier."""

_PACKAGE = "swagger_ui"
_ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{url: "openapi.json", dom_id: "#page", deepLinking: true}});</script>
</body>
</html>
"""


def explorer_routes(document: Mapping[str, Any], *, not_found: str) -> tuple[Route, ...]:
    """Give the routes `/openapi.json` and `/docs`; the document is served with this mock as its only server."""
    title = str(document["info"]["title"])

    def openapi(call: Call) -> object:
        return {**document, "servers": [_server(call)]}

    def page(_call: Call) -> Reply:
        return html_reply(_PAGE.format(title=escape(title)))

    def asset(call: Call, name: str) -> Reply:
        if name not in _ASSETS:
            raise Refusal(not_found, path=call.request.path, method=call.request.method)
        return Reply(200, (("content-type", _ASSETS[name]),), _asset(name))

    return _routes(openapi, page, asset)


def _routes(
    openapi: Callable[[Call], object], page: Callable[[Call], Reply], asset: Callable[..., Reply]
) -> tuple[Route, ...]:
    return (
        Route(("GET",), "/openapi.json", "openapi", openapi),
        Route(("GET",), "/docs", "docs", page),
        Route(("GET",), "/docs/{name}", "docs_asset", asset),
    )


def _server(call: Call) -> dict[str, str]:
    name = call.session.name
    prefix = "" if name == "default" else f"/s/{name}"
    return {"url": f"{prefix}/{call.supplier.name}", "description": f"This mock, session {name}."}


@cache
def _asset(name: str) -> bytes:
    # Found without importing the package, which would import a template engine that nobody needs here.
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = f"the package {_PACKAGE} is not installed, and with it the assets of the page /docs"
        raise RuntimeError(message)
    return (Path(spec.submodule_search_locations[0]) / "static" / name).read_bytes()
