import asyncio

import pytest

from apitwin_fixtures import Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.wock import SUPPLIER

BROWSER = (("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),)


def get(query: str = "", headers: tuple[tuple[str, str], ...] = BROWSER) -> Reply:
    server = Server({"wock": SUPPLIER}, Seeding(products=5))
    return asyncio.run(server.answer(Request("GET", "/wock/graphql", query, headers)))


def test_a_browser_gets_the_explorer_without_a_token() -> None:
    page = get()
    assert (page.status, page.media_type) == (200, "text/html")
    assert "graphiql" in page.text.lower()


@pytest.mark.parametrize(("query", "headers"), [("query=%7Bpartner%7Bid%7D%7D", BROWSER), ("", ())])
def test_whatever_asks_for_data_needs_a_token(query: str, headers: tuple[tuple[str, str], ...]) -> None:
    assert get(query, headers).status == 401
