from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_fixtures import Request
from apitwin_mocks.kit.faults import Fault
from apitwin_mocks.suppliers.oxomi.errors import Code
from apitwin_mocks.suppliers.oxomi.parameters import required_parameters
from tests.mocks.oxomi.client import FIXTURES, PATHS, SERVER, Client, fresh_client
from tests.mocks.replay import answer

DOCUMENT = FIXTURES.json("openapi.json")
SYNCS = ["sync_v1", "sync_v2", "sync_v3"]
LISTS = [*SYNCS, "spx_v2", "spx_v3"]
MORE = {"itemNumber": "ST.001.A", "date": "2022-11-23 10:19:42"}
REQUIRED = [
    (operation, parameter["name"])
    for operation, path in PATHS.items()
    for parameter in DOCUMENT["paths"][path]["get"]["parameters"]
    if parameter["required"]
]


def test_the_codes_are_the_catalogues() -> None:
    assert {code.value for code in Code} == {entry.code for entry in FIXTURES.errors.entries}


@pytest.mark.parametrize("operation", PATHS)
def test_required_parameters_are_the_documents(operation: str) -> None:
    documented = [name for found, name in REQUIRED if found == operation]
    assert [name for name in required_parameters(operation) if " or " not in name] == documented


@pytest.mark.parametrize(("operation", "name"), REQUIRED)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_parameter_is_named(operation: str, name: str, value: str | None) -> None:
    reply = Client().ask(operation, **{**MORE, name: value})
    assert reply.status == 400
    assert reply.json == {"success": False, "error": True, "message": f"The parameter {name} must be filled."}


def test_of_several_missing_the_first_of_the_document_is_named() -> None:
    reply = answer(SERVER, Request("GET", f"/oxomi{PATHS['sync_v3']}"))
    assert "accessToken" in reply.text


@pytest.mark.parametrize("operation", ["spx_v2", "spx_v3"])
def test_spx_needs_a_number_or_a_gtin(operation: str) -> None:
    reply = Client().ask(operation)
    assert "The parameter itemNumber or gtin must be filled." in reply.text


@pytest.mark.parametrize("operation", PATHS)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_a_wrong_method_is_told_the_right_ones(operation: str, method: str) -> None:
    client = fresh_client("methods")
    reply = client.ask_by(method, operation)
    allowed = "GET,POST" if operation == "update_sync_date" else "GET"
    assert (reply.status, reply.header("allow")) == (405, allowed)
    assert f"HTTP method not allowed, expecting {allowed}" in reply.text


@pytest.mark.parametrize("path", ["/portals/api/v4/products/changed", "/portals/api/v3/products/changed/", "/", "/x"])
def test_an_unknown_route_is_a_page_and_the_journal_knows_the_nearest(path: str) -> None:
    fresh_client("lost")
    reply = answer(SERVER, Request("GET", f"/s/lost/oxomi{path}"))
    assert (reply.status, reply.media_type) == (404, "text/html")
    assert "Seite nicht gefunden" in reply.text
    [entry] = SERVER.sessions.get("lost").journal.read()
    assert (entry.code, entry.operation) == ("NOT_FOUND", None)
    assert entry.nearest is not None


def test_spx_has_no_first_version() -> None:
    reply = answer(SERVER, Request("GET", "/oxomi/portals/api/v1/products/spx"))
    assert reply.status == 404


MALFORMED = [
    *((operation, {"syncStart": "2022-02-30 10:19:42"}, "DATE_MALFORMED") for operation in SYNCS),
    *((operation, {"syncStart": "2022-11-23T10:19:42"}, "DATE_MALFORMED") for operation in SYNCS),
    *((operation, {"syncStart": "23.11.2022"}, "DATE_MALFORMED") for operation in SYNCS),
    *((operation, {"continuationToken": "X" * 26}, "CONTINUATION_TOKEN_UNKNOWN") for operation in SYNCS),
    ("update_sync_date", {"date": "yesterday"}, "DATE_MALFORMED"),
    *((operation, {"language": "deu"}, "ISO_CODE_MALFORMED") for operation in PATHS),
    *((operation, {"filterCountry": "d"}, "ISO_CODE_MALFORMED") for operation in LISTS),
    *((operation, {"filterLanguage": "d1"}, "ISO_CODE_MALFORMED") for operation in LISTS),
    *((operation, {"classificationLabelLanguages": "de,eng"}, "ISO_CODE_MALFORMED") for operation in LISTS),
    *((operation, {"blocks": "TEXTS,texts"}, "BLOCK_UNKNOWN") for operation in LISTS),
    ("sync_v1", {"blocks": "PRICES"}, "BLOCK_UNKNOWN"),
    ("sync_v2", {"blocks": "DETAILS"}, "BLOCK_UNKNOWN"),
    ("spx_v2", {"blocks": "PACKAGES"}, "BLOCK_UNKNOWN"),
]


@pytest.mark.parametrize(("operation", "changes", "code"), MALFORMED)
def test_what_is_malformed_is_refused(operation: str, changes: dict[str, str], code: str) -> None:
    assert Client().refusal(operation, **{**MORE, **changes}) == code


def test_a_refused_update_moves_nothing() -> None:
    client = fresh_client("refused")
    client.refusal("update_sync_date", date="2026-01-01 00:00:00", language="deu")
    assert client.get("sync_v3")["products"] != []


@pytest.mark.parametrize("operation", PATHS)
def test_a_portal_without_the_synchronisation_is_forbidden(operation: str) -> None:
    assert Client(credential="unlicensed").refusal(operation, **MORE) == "PERMISSION_SYNC"


@pytest.mark.parametrize("operation", [name for name in LISTS if name != "sync_v1"])
def test_named_prices_are_forbidden_where_there_are_none(operation: str) -> None:
    assert Client(credential="basic").refusal(operation, **MORE, blocks="TEXTS,PRICES") == "PERMISSION_PRICES"


@pytest.mark.parametrize("operation", LISTS)
@pytest.mark.parametrize("name", ["filterCountry", "filterLanguage"])
def test_filters_of_a_paid_feature_are_forbidden_where_it_is_missing(operation: str, name: str) -> None:
    assert Client(credential="basic").refusal(operation, **MORE, **{name: "de"}) == "PERMISSION_INTERNATIONALISATION"


def test_every_code_is_reached_by_these_tests_or_by_a_fault() -> None:
    reached = {code for _, _, code in MALFORMED}
    reached |= {"MISSING_PARAMETER", "METHOD_NOT_ALLOWED", "NOT_FOUND", "PERMISSION_SYNC", "PERMISSION_PRICES"}
    reached |= {"PERMISSION_INTERNATIONALISATION", "MAINTENANCE", "INTERNAL_ERROR"}
    by_auth = {code for code in Code if code.startswith(("ACCESS_", "API_", "USER_", "PORTAL_", "ROLE_"))}
    assert reached | by_auth == set(Code)


@pytest.mark.parametrize("code", ["INTERNAL_ERROR", "MAINTENANCE", "API_TOKEN_UNKNOWN"])
def test_a_code_can_be_forced(code: str) -> None:
    client = fresh_client("faults")
    SERVER.sessions.get("faults").faults.order(Fault("oxomi", "sync_v3", code, times=1))
    reply = client.ask("sync_v3")
    assert client.code(reply) == code
    assert (reply.header("retry-after") is not None) == (code == "MAINTENANCE")
    assert client.ask("sync_v3").status == 200


PARAMETERS = {
    parameter["name"] for path in PATHS.values() for parameter in DOCUMENT["paths"][path]["get"]["parameters"]
}
TEXTS = ["-", "de", "DETAILS", "K58LMG8E9SI5PR9LR8NBHMO9K8"]
texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(TEXTS)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PATHS)), st.dictionaries(st.sampled_from(sorted(PARAMETERS)), texts, max_size=4))
def test_whatever_is_sent_gets_a_documented_answer(operation: str, changes: dict[str, str]) -> None:
    client = Client(session="anything")
    reply = client.ask(operation, **{**MORE, **changes})
    documented = DOCUMENT["paths"][PATHS[operation]]["get"]["responses"][str(reply.status)]["content"]
    schema: Any = {**documented["application/json"]["schema"], "components": DOCUMENT["components"]}
    assert jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(reply.json)
    if reply.status != 200:
        assert FIXTURES.errors[client.code(reply)].occurs_in(operation)
