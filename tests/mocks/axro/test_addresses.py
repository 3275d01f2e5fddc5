from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.mocks.axro.client import ADDRESSES, CREATE, FIXTURES, UPDATE, Client, fresh_client

CHECKED = {
    name: Draft202012Validator(
        FIXTURES.json(f"json-schemas/{name}.json"), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    for name in ("shippingCreate", "shippingUpdate")
}
GOOD = {
    "company": "Muster GmbH",
    "department": "Einkauf",
    "street": "Ballindamm 40",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}
short = st.text(min_size=1, max_size=35).filter(lambda text: bool(text.strip()))
texts = st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip()))
inputs = st.fixed_dictionaries(
    {
        "company": short,
        "department": short,
        "street": short,
        "zip": texts,
        "city": short,
        "country": st.sampled_from(["DE", "US", "FR", "XK"]) | st.text("ADEZ", min_size=2, max_size=2),
    },
    optional={
        "firstname": st.text(max_size=50),
        "lastname": st.none() | texts,
        "phone": st.none() | st.from_regex(r"\+[0-9]{5,20}", fullmatch=True),
        "email": st.none() | st.just("a@b.de"),
    },
)


def _create(client: Client, given: dict[str, Any], *, check: bool = False) -> Any:
    created = client.data(CREATE, input=given, check=check)
    assert list(CHECKED["shippingCreate"].iter_errors(created)) == []
    return created


@given(inputs)
@settings(max_examples=100, deadline=None)
def test_an_address_is_read_as_it_was_written(given: dict[str, Any]) -> None:
    client = fresh_client("addresses")
    created = _create(client, given)
    if created.get("error"):
        assert given["country"] not in ("DE", "US", "FR")
        return
    assert created == {"firstname": None, "lastname": None, "phone": None, "email": None} | given | {
        "id": created["id"],
        "status": "WAITING_APPROVAL",
        "info": "Please wait for approval.",
    }
    assert client.data(ADDRESSES)[-1] == {name: value for name, value in created.items() if "stname" not in name}


@given(inputs)
@settings(max_examples=60, deadline=None)
def test_a_check_saves_nothing(given: dict[str, Any]) -> None:
    client = Client("checked")
    before = client.data(ADDRESSES)
    checked = _create(client, given, check=True)
    assert checked.get("error") or (checked["status"], "id" in checked) == ("CHECK_ONLY", False)
    assert client.data(ADDRESSES) == before


@pytest.mark.parametrize(
    ("gap", "filled"),
    [
        ({"zip": "", "city": ""}, ("20095", "Hamburg")),
        ({"zip": " "}, ("20095", "Hamburg")),
        ({"city": "", "zip": "20095", "street": "Unbekannte Gasse 1"}, ("20095", "Hamburg")),
        ({"zip": "", "city": "berlin", "street": "Unbekannte Gasse 1"}, ("10117", "Berlin")),
        ({"zip": "99999"}, ("99999", "Hamburg")),
    ],
)
def test_a_check_fills_what_street_and_city_tell(gap: dict[str, str], filled: tuple[str, str]) -> None:
    suggestion = _create(Client("checked"), GOOD | gap, check=True)
    assert (suggestion["zip"], suggestion["city"]) == filled


@pytest.mark.parametrize(
    "gap",
    [
        {"zip": "", "city": "", "street": "Unbekannte Gasse 1"},
        {"zip": "", "city": "Nirgendwo"},
        {"zip": "", "city": "", "country": "US"},
    ],
)
def test_a_check_suggests_nothing_that_does_not_fit(gap: dict[str, str]) -> None:
    refusal = _create(Client("checked"), GOOD | gap, check=True)
    assert (refusal["error"], refusal["status"], refusal["body"]["detail"][0]["loc"]) == (True, 422, ["body", "zip"])


def test_without_a_check_nothing_is_filled_in() -> None:
    assert _create(Client("checked"), GOOD | {"zip": ""})["error"] is True


@pytest.mark.parametrize("field", ["company", "department", "street", "city"])
@pytest.mark.parametrize("check", [True, False])
def test_thirty_five_characters_fit_and_no_more(field: str, check: bool) -> None:  # noqa: FBT001 - a column
    client = fresh_client("limits")
    assert "error" not in _create(client, GOOD | {field: "ß" * 35}, check=check)
    refusal = _create(client, GOOD | {field: "ß" * 36}, check=check)
    assert (refusal["status"], refusal["body"]["detail"][0]["loc"]) == (422, ["body", field])


@pytest.mark.parametrize(
    ("phone", "fits"),
    [
        ("+12345", True),
        ("+" + "1" * 20, True),
        ("+1234", False),
        ("+" + "1" * 21, False),
        ("004940123456", False),
        ("+49 40 123456", False),
        ("+١٢٣٤٥٦", False),
        ("+12345\n", False),
        ("", False),
    ],
)
def test_a_phone_number_is_a_plus_and_digits(phone: str, fits: bool) -> None:  # noqa: FBT001 - a column
    assert ("error" not in _create(Client("phones"), GOOD | {"phone": phone}, check=True)) is fits


def test_an_update_changes_what_is_sent_and_nothing_else() -> None:
    client = fresh_client("update")
    key = client.data(ADDRESSES)[1]["id"]
    before = client.data(UPDATE, id=key, input={})
    after = client.data(UPDATE, id=key, input={"phone": "+49123456", "email": None})
    assert list(CHECKED["shippingUpdate"].iter_errors(after)) == []
    assert after == before | {"phone": "+49123456"}
    assert client.data(UPDATE, id=key, input={}) == after


def test_an_update_does_not_approve() -> None:
    client = fresh_client("update")
    created = _create(client, GOOD)
    updated = client.data(UPDATE, id=created["id"], input={"phone": "+49123456"})
    assert updated["status"] == "WAITING_APPROVAL"
