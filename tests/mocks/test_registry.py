"""The mocks that there are, and when they are imported."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apitwin_fixtures import Request
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.registry import load_suppliers, open_suppliers, supplier_names
from apitwin_mocks.server import Server

ASKED = """
import sys
from apitwin_mocks.registry import open_suppliers
opened = open_suppliers(["axro", "oxomi"])
cards = [opened.card(name) for name in opened]
before = [name for name in opened if f"apitwin_mocks.suppliers.{name}" in sys.modules]
opened["oxomi"]
print(before, "apitwin_mocks.suppliers.axro" in sys.modules, "apitwin_mocks.suppliers.oxomi" in sys.modules)
"""


def test_a_supplier_is_imported_when_it_is_asked_for() -> None:
    ended = subprocess.run([sys.executable, "-c", ASKED], check=True, capture_output=True, text=True)
    assert ended.stdout == "[] False True\n"


def test_what_is_said_beforehand_is_true() -> None:
    opened, loaded = open_suppliers(), load_suppliers()
    assert list(opened) == list(loaded) == list(supplier_names())
    for name, supplier in loaded.items():
        card = opened.card(name)
        assert (card.about["title"], card.about["start_page"]) == (supplier.title, supplier.start_page)
        assert card.credentials == supplier.fixtures.credentials


def test_a_browser_finds_the_page_that_is_named() -> None:
    server = Server(open_suppliers())
    for name, supplier in server.suppliers.items():
        if supplier.start_page != "/":
            page = Request("GET", f"/{name}{supplier.start_page}", headers=(("accept", "text/html"),))
            assert asyncio.run(server.answer(page)).media_type == "text/html"


def test_it_is_imported_once_for_all_who_ask() -> None:
    opened = open_suppliers(["axro"])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _number: opened["axro"], range(8)))
    assert all(one is found[0] for one in found)


def test_none_is_there_that_was_not_named() -> None:
    opened = open_suppliers(["axro"])
    assert (len(opened), "axro" in opened, "oxomi" in opened, opened.get("oxomi")) == (1, True, False, None)
    with pytest.raises(MisuseError, match="did you mean 'axro'"):
        open_suppliers(["axor"])


def test_fixtures_of_ones_own_are_read_before_anybody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apitwin.toml").write_text('fixtures = "own"\n', "utf-8")
    (tmp_path / "own" / "axro").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    opened = open_suppliers(["axro", "oxomi"])
    assert list(opened._loaded) == ["axro"]
    assert opened.card("axro").about["title"] == "AXRO"
