"""No code of the catalogue is there for show: each is provoked by one request, and the reply is the catalogue's."""

from collections.abc import Callable
from typing import Any

import pytest

from apitwin_fixtures import Reply, Request
from tests.mocks.wock.client import FIXTURES, Client, fresh, grant
from tests.mocks.wock.test_orders import WRONG
from tests.mocks.wock.test_wording import DOCUMENTS, VALUES

Provoke = Callable[[Client], Reply]
ORDER = "mutation($i: CreateOrderInput!) { createOrder(input: $i) { orderId } }"
LINE = {"productId": 123, "quantity": 1, "unitPrice": 24.99}

UNREACHABLE = {"DOCUMENT_INVALID": "it stands for a rule without known wording, and every rule has one"}


def _asking(query: str, variables: dict[str, Any] | None = None, /, **headers: str | None) -> Provoke:
    return lambda client: client.ask(query, variables, **headers)


def _posting(body: bytes) -> Provoke:
    return lambda client: client.post(body)


def _set(provoke: Provoke, **settings: Any) -> Provoke:
    def provoked(client: Client) -> Reply:
        client.settings(**settings)
        return provoke(client)

    return provoked


def _as(credential: str, provoke: Provoke) -> Provoke:
    return lambda client: provoke(client.another(credential))


def _granting(**changes: str | None) -> Provoke:
    return lambda client: grant(client.server, client.prefix, "default", **changes)


def _get_token(client: Client) -> Reply:
    return client.send(Request("GET", f"/wock/{FIXTURES.credentials['default']['tenant']}/oauth2/v2.0/token"))


_order = _asking(ORDER, {"i": {"products": [LINE]}})
PROVOCATIONS: dict[str, Provoke] = {
    **{code: _asking(query) for query, code, _ in DOCUMENTS},
    **{code: _asking(query, {"a": value}) for query, value, code, _, _ in VALUES},
    **{code: _asking(ORDER, {"i": {"products": lines}}) for code, lines in WRONG.items()},
    "ROUTE_UNKNOWN": lambda client: client.send(Request("GET", "/wock/nothing")),
    "UNAUTHENTICATED": _asking("{ partner { id } }", authorization=None),
    "FORBIDDEN": _as("roleless", _asking("{ partner { id } }")),
    "HC0064": _asking("{ __typename }", accept="unsupported"),
    "NOT_ACCEPTABLE": _asking("{ __typename }", accept="image/png"),
    "HC0012": _posting(b"{"),
    "HC0009": _posting(b"[]"),
    "HC0013": _posting(b"{}"),
    "OPERATION_NOT_ALLOWED": lambda client: client.get(
        query="mutation { deleteOrder(orderId: null) }".replace("null", '"e21de451-d7e2-4f28-8925-2c1c3809a42b"')
    ),
    "VARIABLE_UNDECLARED": _asking("{ product(id: $a) { id } }"),
    "VARIABLE_UNUSED": _asking("query($a: Int) { __typename }"),
    "HC0046": _set(_asking("{ __schema { queryType { name } } }"), introspection=False),
    "OPERATION_UNKNOWN": _posting(b'{"query": "query A { __typename }", "operationName": "B"}'),
    "HC0047_TYPE": _set(_asking("{ partner { id } }"), max_type_cost=1),
    "HC0047_FIELD": _set(_asking("{ partner { id } }"), max_field_cost=1),
    "AUTH_NOT_AUTHENTICATED": _set(_asking("{ partner { id } }", authorization=None), authorization="field"),
    "AUTH_NOT_AUTHORIZED": _as("internal", _order),
    "HC0051": _asking("{ products(take: 51) { totalCount } }"),
    "HC0052": _set(_asking("{ products { totalCount } }"), require_paging_boundaries=True),
    "FILTER_NULL": _asking("{ products(where: { id: { gt: null } }) { totalCount } }"),
    "PARTNER_NOT_FOUND": _as("unassigned", _order),
    "PARTNER_ERR": _as("incomplete", _order),
    "PARTNER_BALANCE_ERR": _as("empty", _order),
    "AADSTS900561": _get_token,
    "AADSTS90002": _granting(tenant="nobody"),
    "AADSTS900144": _granting(scope=None),
    "AADSTS70003": _granting(grant_type="password"),
    "AADSTS700016": _granting(client_id="nobody"),
    "AADSTS7000218": _granting(client_secret=None),
    "AADSTS7000215": _granting(client_secret="wrong"),
    "AADSTS1002012": _granting(scope="x"),
    "AADSTS70011": _granting(scope="x/.default"),
}


def test_every_code_is_provoked() -> None:
    assert {entry.code for entry in FIXTURES.errors.entries} == set(PROVOCATIONS) | set(UNREACHABLE)


@pytest.mark.parametrize("code", sorted(PROVOCATIONS))
def test_a_code_is_answered_as_the_catalogue_says(code: str) -> None:
    entry = FIXTURES.errors[code]
    client = fresh()
    reply = PROVOCATIONS[code](client)
    if entry.placement == "reply":
        body = reply.text if isinstance(entry.body, str) else reply.json
        assert (reply.status, entry.difference(body)) == (entry.status, None)
        assert all(reply.header(name) for name in entry.headers or ())
        return
    told: Any = reply.json
    item = told["errors"][0]
    wanted = entry.body if isinstance(entry.body, dict) else {}
    shown = {name: value for name, value in item.items() if name in wanted or name not in ("locations", "path")}
    assert entry.difference(shown) is None
    assert list(item) == [name for name in ("message", "locations", "path", "extensions") if name in item]
