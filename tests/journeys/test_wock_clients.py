"""Clients that shops really use, against World of CD Keys' mock with nothing changed but the addresses."""

import io
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import httpx
import pytest
import pyzipper  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

from apitwin_contracts.targets.mock import ServedMocks
from apitwin_contracts.targets.mock_session import MockSession

CHEAP = """query Cheap($where: ProductResponseFilterInput) {
  products(where: $where, order: [{name: ASC}, {id: DESC}], take: 5) {
    totalCount
    items { id name isDisabled quantity { all text } bulkPrices { price minimumQuantity } }
  }
}"""
CREATE = """mutation Create($input: CreateOrderInput!) {
  createOrder(input: $input) { orderId products { productId price quantity partnerProductId } }
}"""
DELIVERY = """query Delivery($orderId: UUID!) {
  delivery(orderId: $orderId) {
    status { ready error }
    archives { link password }
    products { partnerProductId keys { key mimeType } }
  }
}"""
STOCKED = {"isDisabled": {"eq": False}, "quantity": {"text": {"gte": 5}}, "bulkPrices": {"some": {"price": {"lt": 60}}}}


@pytest.fixture(scope="module")
def mocks() -> Iterator[ServedMocks]:
    served = ServedMocks(["wock"], products=60)
    yield served
    served.stop()


@pytest.fixture
def mock(mocks: ServedMocks, request: pytest.FixtureRequest) -> MockSession:
    return mocks.session("wock", request.node.name)


def signed_in(mock: MockSession) -> Any:
    """Sign in as an OAuth 2 library does, with the authority's own configuration document."""
    known = mock.credentials
    configuration = (
        httpx.get(f"{mock.url}/{known['tenant']}/v2.0/.well-known/openid-configuration").raise_for_status().json()
    )
    client = OAuth2Client(
        known["client_id"],
        known["client_secret"],
        scope=known["scope"],
        token_endpoint=configuration["token_endpoint"],
        token_endpoint_auth_method="client_secret_post",
    )
    token = client.fetch_token(grant_type="client_credentials")
    assert token["expires_in"] == 599
    return client


def order_of(product: Any, quantity: int) -> dict[str, Any]:
    price = next(tier["price"] for tier in reversed(product["bulkPrices"]) if tier["minimumQuantity"] <= quantity)
    line = {
        "productId": product["id"],
        "quantity": quantity,
        "unitPrice": price,
        "keyType": 20,
        "partnerProductId": "SKU-7",
    }
    return {"input": {"products": [line]}}


def test_gql_fetches_the_schema_validates_and_asks(mock: MockSession) -> None:
    with closing(signed_in(mock)) as oauth:
        headers = {"authorization": f"Bearer {oauth.token['access_token']}"}
    transport = HTTPXTransport(url=f"{mock.url}/graphql", headers=headers)
    with Client(transport=transport, fetch_schema_from_transport=True) as session:
        found = session.execute(GraphQLRequest(CHEAP, variable_values={"where": STOCKED}))["products"]
        assert found["totalCount"] >= len(found["items"]) > 0
        assert [item["name"].casefold() for item in found["items"]] == sorted(
            item["name"].casefold() for item in found["items"]
        )
        with pytest.raises(GraphQLError, match="Cannot query field 'nonsense'"):
            session.execute(gql("{ products { nonsense } }"))
        with pytest.raises(TransportQueryError, match="maximum allowed items per page"):
            session.execute(gql("{ products(take: 51) { totalCount } }"))


def test_a_plain_script_orders_waits_and_opens_its_archive(mock: MockSession) -> None:
    with closing(signed_in(mock)) as shop:

        def ask(query: str, variables: Any = None) -> Any:
            body = {"query": query, "variables": variables}
            answer = shop.post(f"{mock.url}/graphql", json=body).raise_for_status().json(parse_float=Decimal)
            assert "errors" not in answer, answer
            return answer["data"]

        def available() -> Decimal:
            return Decimal(ask("{ partner { available } }")["partner"]["available"])

        product = ask(CHEAP, {"where": STOCKED})["products"]["items"][0]
        price = product["bulkPrices"][0]["price"]
        product["bulkPrices"] = [{**tier, "price": float(tier["price"])} for tier in product["bulkPrices"]]
        before = available()
        created = ask(CREATE, order_of(product, 2))["createOrder"]
        assert not ask(DELIVERY, {"orderId": created["orderId"]})["delivery"]["status"]["ready"]
        mock.advance(120)
        delivery = ask(DELIVERY, {"orderId": created["orderId"]})["delivery"]
        [line] = delivery["products"]
        assert (line["partnerProductId"], len(line["keys"])) == ("SKU-7", 2)
        assert before - available() == 2 * price
        [archive] = delivery["archives"]
        packed = pyzipper.AESZipFile(io.BytesIO(httpx.get(archive["link"]).raise_for_status().content))
        packed.setpassword(archive["password"].encode())
        texts = "".join(packed.read(name).decode() for name in packed.namelist())
        assert all(key["key"] in texts for key in line["keys"])


def test_a_token_ends_with_its_time(mock: MockSession) -> None:
    with closing(signed_in(mock)) as shop:
        token = shop.token["access_token"]
    ask: dict[str, Any] = {"json": {"query": "{ partner { id } }"}, "headers": {"authorization": f"Bearer {token}"}}
    assert httpx.post(f"{mock.url}/graphql", **ask).status_code == 200
    mock.advance(600)
    late = httpx.post(f"{mock.url}/graphql", **ask)
    assert (late.status_code, late.content) == (401, b"")
    assert "invalid_token" in late.headers["www-authenticate"]
