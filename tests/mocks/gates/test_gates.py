"""The BusinessManager names gates that can be reached, and each surface shows its schema and its explorer."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from apitwin_fixtures import Request
from tests.mocks.gates.client import FIXTURES, GATES, Client, exact

LIST = """{ connectedDistributionGates { name domain code auth0Domain auth0ClientId auth0ClientSecret subtype defaultSite
    defaultStore defaultOrderDate { value type saturdaysAllowed } orderTypes { name mapping } distributionChannelId } }"""


def _listed(client: Client, host: str | None = None) -> Any:
    reply = client.post("/bm/graphql", f'{{"query": "{" ".join(LIST.split())}"}}'.encode(), host=host)
    return exact(reply)["data"]["connectedDistributionGates"]


def test_it_lists_every_gate_with_its_own_client_and_channel() -> None:
    listed = _listed(Client("manager", "default"))
    assert [gate["code"] for gate in listed] == [gate["code"] for gate in GATES]
    for name in ("domain", "auth0ClientId", "auth0ClientSecret", "distributionChannelId"):
        assert len({gate[name] for gate in listed}) == len(listed)
    assert {gate["subtype"] for gate in listed} == {"PERSONAL", "ANONYMOUS"}
    assert {gate["defaultOrderDate"]["type"] for gate in listed} == {"ABSOLUTE", "RELATIVE"}


@pytest.mark.parametrize("session", ["default", "another"])
@pytest.mark.parametrize("host", [None, "127.0.0.1:8900", "[::1]:8900", "twin.example"])
def test_what_it_names_leads_to_the_gates_in_the_same_session(session: str, host: str | None) -> None:
    client = Client(session, "default")
    for gate in _listed(client, host):
        prefix = "" if session == "default" else f"/s/{session}"
        base = f"http://{host or 'localhost'}{prefix}/gates"
        assert gate["domain"] == f"{base}/dg/{gate['code']}"
        assert gate["auth0Domain"] == base
        visitor = Client(session, gate["code"])
        assert visitor.known["client_id"] == gate["auth0ClientId"]
        path = urlsplit(gate["domain"]).path.removeprefix(f"{prefix}/gates")
        [found] = visitor.data(f"{path}/graphql", "{ productsearch(page: {size: 1}) { content { id } } }")["content"]
        assert found["id"].startswith(f"{gate['code']}:")


def test_a_host_that_is_none_is_not_repeated() -> None:
    assert _listed(Client("manager", "default"), 'x"<y')[0]["domain"].startswith("http://localhost/")


def test_a_gates_defaults_are_its_users_and_its_own() -> None:
    for gate in _listed(Client("manager", "default")):
        user = Client("manager", gate["code"]).at_gate("{ getUser { stores { code } constructionSites { code } } }")
        assert gate["defaultStore"] in [store["code"] for store in user["stores"]]
        assert gate["defaultSite"] in [site["code"] for site in user["constructionSites"]]


@pytest.mark.parametrize("path", ["/bm", "/bg", *(f"/dg/{gate['code']}" for gate in GATES)])
def test_graphiql_stands_beside_each_endpoint(path: str) -> None:
    reply = Client("explorer").send(Request("GET", f"{path}/api", "", (("accept", "text/html"),)))
    assert (reply.status, reply.media_type) == (200, "text/html")
    assert 'url: "graphql"' in reply.text
    assert "window.location.href" not in reply.text


def test_an_endpoint_is_no_page() -> None:
    client = Client("explorer")
    reply = client.send(Request("GET", "/bm/graphql", "", (("accept", "text/html"),)))
    assert client.code(reply, "connectedDistributionGates") == "METHOD_NOT_ALLOWED"
    assert reply.header("allow") == "POST"


@pytest.mark.parametrize(
    ("path", "credential", "document"),
    [
        ("/bm/graphql", "default", "business-manager.graphql"),
        ("/dg/exampledistributor/graphql", "exampledistributor", "distribution-gate.graphql"),
        ("/bg/graphql", "exampledistributor", "booking-gate.graphql"),
    ],
)
def test_each_surface_shows_its_own_schema(path: str, credential: str, document: str) -> None:
    names = {
        kind["name"] for kind in Client("schema", credential).data(path, "{ __schema { types { name } } }")["types"]
    }
    text = FIXTURES.text(document)
    assert {name for name in names if not name.startswith("__")} >= {
        line.split()[1] for line in text.splitlines() if line.startswith(("type ", "input ", "enum ", "scalar "))
    }


def test_the_journal_names_what_was_asked() -> None:
    client = Client("journal", "default")
    client.sign_in()
    _listed(client)
    journal = client.server.sessions.get("journal").journal
    assert [entry.operation for entry in journal.read("gates", None, None)][-2:] == [
        "token",
        "connectedDistributionGates",
    ]
