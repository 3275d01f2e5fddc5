import struct
import zlib
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
import pyzipper  # type: ignore[import-untyped]

from apitwin_fixtures import Request
from tests.mocks.wock.client import SERVER, Client, fresh

BUNDLE = {"productId": 124, "quantity": 3, "unitPrice": 31.5, "partnerProductId": "mine"}
IMAGES = {"productId": 127, "quantity": 2, "unitPrice": 54.95, "keyType": 10}


def _delivered(client: Client, *lines: dict[str, Any]) -> Any:
    order = client.ordered(*lines)
    client.advance(60)
    return client.delivery(order)


def _picture_size(raw: bytes) -> tuple[int, int]:
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    size: tuple[int, int] = struct.unpack(">II", raw[16:24])
    place, data = 8, b""
    while place < len(raw):
        length = struct.unpack(">I", raw[place : place + 4])[0]
        kind, content = raw[place + 4 : place + 8], raw[place + 8 : place + 8 + length]
        assert struct.unpack(">I", raw[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + content)
        data += content if kind == b"IDAT" else b""
        place += 12 + length
    assert len(zlib.decompress(data)) == size[1] * (1 + size[0] // 8)
    return size


def _fetch(client: Client, link: str) -> Any:
    path, _, query = ("/" + link.split("/", 3)[3]).partition("?")
    assert path.startswith(f"{client.prefix}/wock/archives/")
    return client.send(Request("GET", path.removeprefix(client.prefix), query))


def test_keys_are_texts_or_pictures_that_decode() -> None:
    delivery = _delivered(fresh(), BUNDLE, IMAGES)
    texts, pictures = delivery["products"]
    assert [key["mimeType"] for key in texts["keys"]] == ["text/plain"] * 3
    assert all(len(key["key"]) == 17 for key in texts["keys"])
    assert [_picture_size(b64decode(key["key"], validate=True)) for key in pictures["keys"]] == [(64, 64)] * 2
    assert texts["partnerProductId"] == "mine"
    assert pictures["partnerProductId"] is None
    assert texts["details"] == {
        "id": 124,
        "name": "Starlight Frontier Complete Bundle",
        "platform": "Steam",
        "region": "Europe",
        "language": "EN, DE",
    }


def test_a_bundles_keys_carry_one_key_for_each_product_in_it() -> None:
    [bundle] = _delivered(fresh(), {**BUNDLE, "productId": 125, "quantity": 1, "unitPrice": 49})["products"]
    [key] = bundle["keys"]
    assert [len(sub["subKeys"]) for sub in key["subKeys"]] == [2, 0]
    shown = [key["key"], *(sub["key"] for sub in key["subKeys"]), *(sub["key"] for sub in key["subKeys"][0]["subKeys"])]
    assert len(set(shown)) == 5


def test_the_first_look_at_the_keys_is_their_download() -> None:
    client = fresh()
    order = client.ordered(BUNDLE)
    client.advance(60)
    query = "{ orders(order: { createdAt: DESC }, take: 1) { items { status } } }"
    client.data('{ delivery(orderId: "' + order + '") { products { details { id } } archives { link } } }')
    assert client.data(query)["orders"]["items"] == [{"status": 30}]
    first = client.delivery(order)
    client.advance(3600)
    assert client.delivery(order) == first
    assert {key["downloadedAt"] for key in first["products"][0]["keys"]} == {"2026-01-01T00:01:00.000Z"}
    assert {sub["downloadedAt"] for key in first["products"][0]["keys"] for sub in key["subKeys"]} == {
        "2026-01-01T00:01:00.000Z"
    }
    assert client.data(query)["orders"]["items"] == [{"status": 40}]


def test_an_archive_is_a_zip_that_its_password_opens() -> None:
    client = fresh()
    delivery = _delivered(client, BUNDLE, IMAGES)
    [archive] = delivery["archives"]
    reply = _fetch(client, archive["link"])
    assert (reply.status, reply.media_type) == (200, "application/zip")
    with pyzipper.AESZipFile(BytesIO(reply.body)) as opened:
        with pytest.raises(RuntimeError):
            opened.read("124/keys.txt")
        with pytest.raises(RuntimeError):
            opened.read("124/keys.txt", pwd=b"wrong")
        opened.setpassword(archive["password"].encode())
        texts = opened.read("124/keys.txt").decode().split("\r\n")
        pictures = {name: opened.read(name) for name in opened.namelist() if name.endswith(".png")}
    shown = [sub for key in delivery["products"][0]["keys"] for sub in (key, *key["subKeys"])]
    assert texts == [*(key["key"] for key in shown), ""]
    assert pictures == {f"127/{key['id']}.png": b64decode(key["key"]) for key in delivery["products"][1]["keys"]}
    assert _fetch(client, archive["link"]).body == reply.body


def test_an_archives_link_is_the_only_way_to_it_and_counts_as_a_download() -> None:
    client = fresh()
    order = client.ordered(BUNDLE)
    client.advance(60)
    query = '{ delivery(orderId: "' + order + '") { archives { link } } }'
    link = client.data(query)["delivery"]["archives"][0]["link"]
    assert _fetch(client, link + "0").status == 404
    assert _fetch(client, link.replace(order, "e21de451-d7e2-4f28-8925-2c1c3809a42e")).status == 404
    assert _fetch(client, link).status == 200
    assert client.delete(order) is False
    journal = client.send(Request("GET", "/_twin/journal", "operation=archive")).text
    assert f"/archives/{order}.zip" in journal
    assert link.partition("sig=")[2] not in journal


def test_a_partner_of_type_internal_gets_keys_and_no_archives() -> None:
    client = fresh("internal")
    delivery = client.delivery("e21de451-d7e2-4f28-8925-2c1c3809a42e")
    assert (len(delivery["products"][0]["keys"]), delivery["archives"]) == (25, [])
    assert client.partner()["partnerType"] == "Internal"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("", False),
        ('(orderId: "e21de451-d7e2-4f28-8925-2c1c3809a42b")', True),
        ('(legacyOrderId: "xyz789")', True),
        ('(orderId: "e21de451-d7e2-4f28-8925-2c1c3809a42b", legacyOrderId: "xyz789")', True),
        ('(orderId: "e21de451-d7e2-4f28-8925-2c1c3809a42b", legacyOrderId: "abc123")', False),
        ('(orderId: "e21de451-d7e2-4f28-8925-2c1c3809a42e")', False),
        ('(orderId: "00000000-0000-4000-8000-000000000000")', False),
        ('(legacyOrderId: "nobody")', False),
        ("(orderId: null, legacyOrderId: null)", False),
    ],
)
def test_a_delivery_is_found_by_every_id_that_is_given(arguments: str, found: object) -> None:
    assert (fresh().data("{ delivery" + arguments + " { orderId } }")["delivery"] is not None) is found


def test_five_hundred_keys_of_a_bundle_are_delivered_quickly() -> None:
    client = fresh()
    client.edit("partners", client.partner()["id"], stock_limit=500, credit_line="100000.00")
    client.edit("products", 124, text=100, image=400)
    delivery = _delivered(client, {"productId": 124, "quantity": 500, "unitPrice": 29.9})
    ids = {key["id"] for key in delivery["products"][0]["keys"]}
    assert len(ids) == 500
    assert SERVER.sessions.get(client.session).journal.count > 0
