"""What a supplier added is served with its recorded values by mocks that were written before, and new inputs are taken."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from apitwin_fixtures import Fixtures, Reply
from apitwin_fixtures.additions import Addition, Additions, KeyAddition
from apitwin_mocks.kit.new_keys import with_new_keys

# A mock reads its schema when it is imported, so that each of these asks one that was started under the overlay.
ASK = """
import sys, orjson
from apitwin_contracts.client import Client
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import mock_targets
supplier, path, body = sys.argv[1:]
contract = load_contracts([supplier])[supplier]
client = Client(contract, mock_targets([supplier])[supplier], development(contract)["default"], lambda _: None)
surface = contract.surface
part = surface.parts[path] if hasattr(surface, "parts") else surface
request = part.post(part.path, body) if hasattr(part, "post") else surface.request(path, orjson.loads(body))
print(client.exchange(client.signed(request)).reply.text)
"""


def ask(overlay: Path, supplier: str, path: str, body: str) -> Any:
    environment = {**os.environ, "APITWIN_FIXTURES": str(overlay)}
    shown = subprocess.run(
        [sys.executable, "-c", ASK, supplier, path, body], env=environment, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    return orjson.loads(shown.stdout)


def write(overlay: Path, supplier: str, additions: Additions, **files: str) -> None:
    folder = overlay / supplier
    folder.mkdir(parents=True)
    (folder / "additions.json").write_bytes(orjson.dumps(additions.as_json()))
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_a_new_field_has_its_recorded_value_and_new_inputs_are_taken(tmp_path: Path) -> None:
    sdl = Fixtures.shipped("axro").text("schema.graphql")
    more = sdl.replace(
        "type Product ", "enum Energy { A B }\ntype Label { code: Energy! pages: Int }\ntype Product ", 1
    )
    head, _, rest = more.partition('  productNumber: String @source(kind: DOCUMENTED, where: "002:79")')
    assert rest, "the schema's own line has moved"
    more = f'{head}  energy: Energy!\n  label: Label\n  productNumber: String @source(kind: DOCUMENTED, where: "002:79"){rest}'
    more = more.replace("    limit: IntOrString", "    onlyNew: Boolean\n    limit: IntOrString", 1)
    by = {"CANT7260C": "B"}
    fields = {
        "Product.energy": Addition("A", "productNumber", by),
        "Product.label": Addition({"code": "A", "pages": 3}),
    }
    additions = Additions({"schema.graphql": fields}, {"schema.graphql": ("Query.products(onlyNew:)",)})
    write(tmp_path, "axro", additions, schema__graphql=more)
    query = "{ products(limit: 2, onlyNew: true) { products { productNumber energy label { pages } } } }"
    assert ask(tmp_path, "axro", "", query)["data"]["products"]["products"] == [
        {"productNumber": "CANT7260C", "energy": "B", "label": {"pages": 3}},
        {"productNumber": "CANL055BK", "energy": "A", "label": {"pages": 3}},
    ]


def test_rows_that_are_written_without_resolvers_have_new_fields_too(tmp_path: Path) -> None:
    sdl = Fixtures.shipped("wock").text("schema.graphql")
    kind = next(line for line in sdl.splitlines() if line.startswith("type ProductResponse "))
    more = sdl.replace(
        kind, f"type Label {{ code: String pages: [Int!] }}\n{kind}\n  released: DateTime\n  labels: [Label!]", 1
    )
    labels = [{"code": "x", "pages": [1, 2]}, {"code": None, "pages": None}]
    fields = {
        "ProductResponse.released": Addition(None, "id", {"123": "2025-01-15T09:30:00Z"}),
        "ProductResponse.labels": Addition(labels),
    }
    write(tmp_path, "wock", Additions({"schema.graphql": fields}), schema__graphql=more)
    query = "{ product(id: 123) { id released labels { pages } } }"
    assert ask(tmp_path, "wock", "", query)["data"]["product"] == {
        "id": 123,
        "released": "2025-01-15T09:30:00Z",
        "labels": [{"pages": [1, 2]}, {"pages": None}],
    }


def test_a_new_key_of_a_rest_reply(tmp_path: Path) -> None:
    key = KeyAddition("list_products", "data[]", "warranty", Addition(12, "productID", {"265": 24}))
    write(tmp_path, "reseller", Additions(keys=(key,)))
    rows = ask(tmp_path, "reseller", "list_products", "{}")["data"]
    assert [row["warranty"] for row in rows if row["productID"] == 265] == [24]
    assert {row["warranty"] for row in rows if row["productID"] != 265} == {12}


def test_what_is_there_already_stays() -> None:
    keys = (KeyAddition("x", "a[].b", "c", Addition(1)),)
    reply = Reply(200, (("content-type", "application/json"),), b'{"a":[{"b":{"c":0}},{"b":{}},{"b":3},4]}')
    assert with_new_keys(reply, keys).json == {"a": [{"b": {"c": 0}}, {"b": {"c": 1}}, {"b": 3}, 4]}
    assert with_new_keys(Reply(200, (), b"x"), keys).body == b"x"


def test_they_are_written_and_read_back() -> None:
    additions = Additions(
        {"s": {"T.f": Addition(1, "id", {"a": 2})}},
        {"s": ("T.f(a:)",)},
        (KeyAddition("o", "data", "k", Addition("v")),),
    )
    assert Additions.of(additions.as_json()) == additions
    assert additions.merged(Additions()) == additions == Additions().merged(additions)
    newer = Additions({"s": {"T.f": Addition(3), "T.g": Addition(4)}})
    assert additions.merged(newer).fields == {"s": {"T.f": Addition(3), "T.g": Addition(4)}}
    with pytest.raises(ValueError, match="apitwin/additions/1"):
        Additions.of({"format": "other"})
