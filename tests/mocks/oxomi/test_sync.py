from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.suppliers.oxomi.domain import PAGE_SIZE
from tests.mocks.oxomi.client import SERVER, START, Client, fresh_client, fresh_server

SYNCS = ["sync_v1", "sync_v2", "sync_v3"]
ALL = sorted(SERVER.catalogue("oxomi").products)
CHANGED = {key: product.changed_at for key, product in SERVER.catalogue("oxomi").products.items()}
moments = st.datetimes(datetime(2021, 12, 1), datetime(2025, 2, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001 - the wire has no zone


def ids(products: list[dict[str, Any]]) -> list[str]:
    return [product["id"] for product in products]


@pytest.mark.parametrize("operation", SYNCS)
def test_the_first_sync_gives_every_product_once_by_id(operation: str) -> None:
    assert ids(fresh_client("first").sync(operation)) == ALL


def test_pages_are_full_but_for_the_last() -> None:
    sizes = [len(page) for page in fresh_client("pages").pages()]
    assert sizes == [PAGE_SIZE] * (len(ALL) // PAGE_SIZE) + ([len(ALL) % PAGE_SIZE] if len(ALL) % PAGE_SIZE else [])


def test_a_continuation_token_is_the_next_products_id() -> None:
    page = Client().get("sync_v3")
    assert page["continuationToken"] == ALL[PAGE_SIZE]


def test_the_documented_continuation_token_works() -> None:
    page = Client().get("sync_v3", continuationToken="K58LMG8E9SI5PR9LR8NBHMO9K8")
    assert ids(page["products"])[0] == "K58LMG8E9SI5PR9LR8NBHMO9K8"


def test_the_end_sent_back_stays_the_end() -> None:
    page = Client().get("sync_v3", continuationToken="-")
    assert (page["products"], page["continuationToken"]) == ([], "-")


@given(st.sampled_from(ALL))
def test_a_page_starts_where_its_token_says(key: str) -> None:
    place = ALL.index(key)
    assert ids(Client().get("sync_v3", continuationToken=key)["products"]) == ALL[place : place + PAGE_SIZE]


@settings(max_examples=25, deadline=None)
@given(moments)
def test_a_sync_gives_what_changed_after_the_stored_date(moment: datetime) -> None:
    client = fresh_client("delta")
    assert client.get("update_sync_date", date=str(moment)) == {"success": True, "error": False}
    stored = moment.replace(tzinfo=UTC)
    assert ids(client.sync()) == [key for key in ALL if CHANGED[key] > stored]


def test_a_product_changed_at_the_stored_date_is_known() -> None:
    key = next(key for key in ALL if CHANGED[key].microsecond == 0)
    client = fresh_client("same-instant")
    client.get("update_sync_date", date=f"{CHANGED[key]:%Y-%m-%d %H:%M:%S}")
    assert key not in ids(client.sync())


def test_a_sync_does_not_move_the_date() -> None:
    client = fresh_client("again")
    assert client.sync() == client.sync()


def test_the_date_moves_back_too() -> None:
    client = fresh_client("back")
    client.get("update_sync_date", date=START)
    assert client.sync() == []
    client.get("update_sync_date", date="2000-01-01 00:00:00")
    assert ids(client.sync()) == ALL


def test_each_api_token_has_its_own_date() -> None:
    first = fresh_client("tokens")
    second = Client(session="tokens", credential="second")
    first.get("update_sync_date", date=START)
    assert first.sync() == []
    assert ids(second.sync()) == ALL


def test_each_session_has_its_own_dates_and_products() -> None:
    mine, other = fresh_client("mine"), fresh_client("other")
    mine.get("update_sync_date", date=START)
    mine.world.edit("products", ALL[0], {"price": "1.23"})
    assert ids(mine.sync()) == ALL[:1]
    assert ids(other.sync()) == ALL
    assert other.sync()[0]["pricing"] != mine.sync()[0]["pricing"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_both_methods_move_the_date(method: str) -> None:
    client = fresh_client("methods")
    assert client.ask_by(method, "update_sync_date", date=START).status == 200
    assert client.sync() == []


@pytest.mark.parametrize("changes", [{"price": "12.50"}, {"stock": 0}, {"short_text": "Neu"}, {"countries": ["ch"]}])
@pytest.mark.parametrize("minutes", [0, 1])
def test_an_edited_product_appears_in_the_next_sync_and_then_no_more(changes: dict[str, Any], minutes: int) -> None:
    client = fresh_client("edited")
    clock = SERVER.sessions.get("edited").clock
    client.get("update_sync_date", date=START)
    clock.advance(timedelta(minutes=minutes))
    client.world.edit("products", ALL[7], changes)
    assert ids(client.sync()) == [ALL[7]]
    client.get("update_sync_date", date=f"{clock.now():%Y-%m-%d %H:%M:%S}")
    assert client.sync() == []


def test_an_edited_price_is_shown() -> None:
    client = fresh_client("price")
    client.world.edit("products", "VHPKG8BLQEKO58DKT2LEDD55EC", {"price": "16.00"})
    [product] = client.get("spx_v3", itemNumber="ST.001.A")["products"]
    assert [price["amount"] for price in product["pricing"]["prices"]] == ["16.00", "39.99"]


def test_edited_countries_are_filtered_by() -> None:
    client = fresh_client("countries")
    client.world.edit("products", ALL[3], {"countries": ["zz"]})
    assert ids(client.sync(filterCountry="zz")) == [ALL[3]]


def test_a_product_that_changes_between_pages_comes_once() -> None:
    client = fresh_client("meanwhile")
    found = []
    for page in client.pages():
        found += ids(page)
        client.world.edit("products", ALL[0], {"stock": 1})
        client.world.edit("products", ALL[-1], {"stock": 1})
    assert found == ALL


def test_the_control_edits_a_sync_date() -> None:
    client = fresh_client("edited-date")
    client.world.edit("api_tokens", "KJ9M1HEM2KEVRQS2KQFPO2TRS8", {"sync_date": START})
    assert client.sync() == []


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("products", {}),
        ("products", {"id": "x"}),
        ("products", {"price": 12.5}),
        ("products", {"price": "12.5"}),
        ("products", {"stock": -1}),
        ("products", {"stock": True}),
        ("products", {"short_text": ""}),
        ("products", {"countries": "de"}),
        ("products", {"countries": ["DE"]}),
        ("api_tokens", {"portal": "x"}),
        ("api_tokens", {"sync_date": "2026-01-01"}),
    ],
)
def test_a_wrong_edit_says_what_would_work_and_changes_nothing(table: str, changes: dict[str, Any]) -> None:
    client = fresh_client("misuse")
    key = ALL[0] if table == "products" else "KJ9M1HEM2KEVRQS2KQFPO2TRS8"
    before = client.world.tables()[table][key]
    with pytest.raises(MisuseError):
        client.world.edit(table, key, changes)
    assert client.world.tables()[table][key] == before


def test_one_seed_gives_the_same_bytes() -> None:
    first, second = (Client(server=fresh_server(60, seed=5)).ask("sync_v3").body for _ in range(2))
    assert first == second
    assert first != Client(server=fresh_server(60, seed=6)).ask("sync_v3").body
