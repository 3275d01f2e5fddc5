from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mocks.oxomi.client import FIXTURES, PATHS, Client

DOCUMENT = FIXTURES.json("openapi.json")
CLIENT = Client(session="shapes")
KEYS = {
    "v1": {
        "CLASSIFICATIONS": "classifications",
        "FEATURES": "features",
        "PROPERTIES": "properties",
        "TEXTS": "texts",
        "IMAGES": "image",
        "ATTACHMENTS": "attachments",
    }
}
KEYS["v2"] = {**KEYS["v1"], "IMAGES": "images", "PRICES": "pricing"}
KEYS["v3"] = {
    **KEYS["v2"],
    "DETAILS": "details",
    "RELATIONSHIPS": "relationships",
    "MEASUREMENTS": "measurements",
    "PACKAGES": "packages",
}
LISTS = [name for name in PATHS if name.startswith(("sync", "spx"))]
some_list = st.sampled_from(LISTS)


def validator(operation: str, status: str = "200") -> Any:
    content = DOCUMENT["paths"][PATHS[operation]]["get"]["responses"][status]["content"]
    schema: Any = {**content["application/json"]["schema"], "components": DOCUMENT["components"]}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def first(operation: str, **changes: str) -> dict[str, Any]:
    wanted = {"itemNumber": "ST.001.A"} if operation.startswith("spx") else {"supplierNumber": "1351"}
    [product] = CLIENT.get(operation, **{**wanted, **changes})["products"]
    return dict(product)


def keys_of(operation: str) -> dict[str, str]:
    return KEYS[operation[-2:]]


@pytest.mark.parametrize("operation", ["sync_v1", "sync_v2", "sync_v3"])
@pytest.mark.parametrize("languages", [None, "de,en", "en", "fr"])
def test_every_product_fits_its_versions_schema(operation: str, languages: str | None) -> None:
    fits = validator(operation)
    for page in CLIENT.pages(operation, classificationLabelLanguages=languages):
        body = {"success": True, "error": False, "products": page, "continuationToken": "-"}
        assert [error.message for error in fits.iter_errors(body)] == []


@settings(max_examples=60, deadline=None)
@given(some_list, st.data())
def test_blocks_select_blocks_in_any_order(operation: str, data: st.DataObject) -> None:
    keys = keys_of(operation)
    blocks = data.draw(st.lists(st.sampled_from(sorted(keys)), min_size=1))
    separator = data.draw(st.sampled_from([",", ", ", " ,,"]))
    shown, whole = first(operation, blocks=separator.join(blocks)), first(operation)
    hidden = {key for block, key in keys.items() if block not in blocks}
    assert shown == {key: value for key, value in whole.items() if key not in hidden}


@pytest.mark.parametrize("operation", LISTS)
def test_every_block_is_a_key(operation: str) -> None:
    keys = keys_of(operation)
    assert set(keys.values()) <= set(first(operation))
    pattern = next(p for p in DOCUMENT["paths"][PATHS[operation]]["get"]["parameters"] if p["name"] == "blocks")
    assert set(pattern["example"].split(",")) == set(keys)


@pytest.mark.parametrize("operation", LISTS)
def test_an_empty_list_of_blocks_means_all(operation: str) -> None:
    assert first(operation, blocks="") == first(operation, blocks=" , ") == first(operation)


def test_the_versions_tell_of_one_product() -> None:
    v1, v2, v3 = (first(operation) for operation in ("sync_v1", "sync_v2", "sync_v3"))
    assert v1["image"] == v2["images"] == v3["images"]
    assert all(v2[key] == v1[key] for key in v1 if key != "image")
    assert all(v2[key] == v3["details"][key] for key in v2 if key in v3["details"])
    assert all(v2[key] == v3[key] for key in v2 if key in v3 and key != "attachments")
    assert [set(row) for row in v2["attachments"]] == [{"type", "filename", "url"}] * 2
    assert set(v2) - set(v1) == {"supplierNumbers", "productGroup", "productGroupName", "pricing", "images"}
    assert first("spx_v2") == v2
    assert first("spx_v3") == v3


def labels(product: dict[str, Any]) -> list[dict[str, dict[str, str]]]:
    rows = [*product["classifications"], *product["features"]]
    return [row["labels"] for row in rows if "labels" in row]


@pytest.mark.parametrize("operation", LISTS)
def test_labels_come_in_the_languages_asked(operation: str) -> None:
    assert labels(first(operation)) == []
    assert labels(first(operation, classificationLabelLanguages="fr")) == []
    for languages in ("de", "en", "EN,de,fr"):
        wanted = set(languages.lower().split(",")) - {"fr"}
        found = labels(first(operation, classificationLabelLanguages=languages))
        assert len(found) == 4
        assert all(set(label) == wanted for row in found for label in row.values())


def test_the_documented_labels_are_by_kind_of_value() -> None:
    found = labels(first("sync_v3", classificationLabelLanguages="de,en"))
    assert [set(row) for row in found] == [
        {"classificationCode", "groupCode"},
        {"code", "value"},
        {"code", "value"},
        {"code", "effectiveUnit"},
    ]


def test_language_names_product_groups_and_nothing_else() -> None:
    page = {code: CLIENT.get("sync_v2", language=code)["products"] for code in ("de", "en", "EN", "fr")}
    assert page["en"] == page["EN"]
    assert page["fr"] == page["de"] == CLIENT.get("sync_v2")["products"]
    groups = {code: [product.pop("productGroupName") for product in page[code]] for code in ("de", "en")}
    assert groups["de"] != groups["en"]
    assert page["de"] == page["en"]


def test_every_coded_value_has_a_label_in_both_languages() -> None:
    for product in CLIENT.sync(classificationLabelLanguages="de,en"):
        etim = [row for row in product["features"] if row["classificationSystem"] != "CUSTOM"]
        coded = [row for row in etim if row["effectiveUnit"] is None]
        assert all(set(row["labels"]["value"]) == {"de", "en"} for row in coded)
        assert all("value" not in row["labels"] for row in etim if row not in coded)


class TestBasicPortal:
    client = Client(credential="basic", session="basic")

    @pytest.mark.parametrize("operation", ["sync_v2", "sync_v3"])
    def test_prices_are_left_out(self, operation: str) -> None:
        assert all("pricing" not in product for product in self.client.sync(operation))

    def test_it_sees_the_same_products(self) -> None:
        assert len(self.client.sync("sync_v1")) == len(CLIENT.sync("sync_v1"))
