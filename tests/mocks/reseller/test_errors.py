from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_fixtures import Reply
from apitwin_mocks.kit.faults import Fault
from apitwin_mocks.suppliers.reseller.errors import Code
from tests.mocks.reseller.client import FIXTURES, OPERATIONS, SERVER, USER_ID, Client, fresh_client, line


def order(client: Client, *lines: dict[str, Any], **more: Any) -> Reply:
    return client.ask("create_order", {"basketData": list(lines), **more})


def cancel(client: Client, **body: int) -> Reply:
    return client.ask("cancel_order", body)


def ordered(client: Client, *lines: dict[str, Any]) -> Client:
    client.create(*(lines or (line(10, 2, "a"),)))
    return client


def settled(client: Client, *states: int) -> Client:
    ordered(client, *(line(10) for _ in states))
    for place, status in enumerate(states):
        client.edit("lines", 55501 + place, status=status)
    return client


def switched(client: Client, **choices: str) -> Client:
    client.control("PATCH", "/settings", {"choices": {"reseller": choices}})
    return client


def limited(client: Client) -> Client:
    client.control("PATCH", "/settings", {"rate_limit": {"requests": 1, "seconds": 60}})
    client.ask("account_details")
    return client


def aged(client: Client) -> Client:
    client.advance(10**6)
    return client


def poor(client: Client) -> Client:
    client.edit("customers", 101, balance=0, credit_limit=0)
    return client


PROVOKED: dict[str, tuple[str, Callable[[Client], Reply]]] = {
    "RATE_LIMITED": ("account_details", lambda c: limited(c).ask("account_details")),
    "API_DISABLED": ("list_categories", lambda c: switched(c, integration="disabled").ask("list_categories")),
    "TOKEN_MISSING": ("list_orders", lambda c: c.ask("list_orders", authorization=None)),
    "TOKEN_WITHOUT_BEARER": (
        "list_orders",
        lambda c: switched(c, authorization="bearer").ask("list_orders", authorization=c.token),
    ),
    "TOKEN_WITH_BEARER": ("list_orders", lambda c: switched(c, authorization="bare").ask("list_orders")),
    "TOKEN_INVALID": ("list_orders", lambda c: c.ask("list_orders", authorization="Bearer x")),
    "TOKEN_EXPIRED": ("list_orders", lambda c: aged(c).ask("list_orders")),
    "MEDIA_TYPE": ("create_order", lambda c: c.ask("create_order", b"{}", content_type="text/xml")),
    "BODY_MALFORMED": ("create_order", lambda c: c.ask("create_order", b"{")),
    "VALIDATION_FAILED": ("create_order", lambda c: c.ask("create_order", {})),
    "CREDENTIALS_INVALID": ("generate_token", lambda c: c.ask("generate_token", {"Email": "x", "Password": "x"})),
    "ACCOUNT_WITHOUT_API": (
        "generate_token",
        lambda c: c.ask("generate_token", {"Email": "unflagged@example.com", "Password": "unflagged-password"}),
    ),
    "PRODUCT_NOT_FOUND": ("get_product", lambda c: c.ask("get_product", 10**6)),
    "ORDER_NOT_FOUND": ("get_order", lambda c: c.ask("get_order", query="orderID=1")),
    "LINE_NOT_FOUND": ("cancel_order", lambda c: cancel(c, OrderDetailID=1)),
    "LINE_DELIVERED": ("cancel_order", lambda c: cancel(settled(c, 1), OrderDetailID=55501)),
    "LINE_CANCELLED": ("cancel_order", lambda c: cancel(settled(c, 0), OrderDetailID=55501)),
    "LINE_PROCESSING": ("cancel_order", lambda c: cancel(settled(c, 2), OrderDetailID=55501)),
    "ORDER_DELIVERED": ("cancel_order", lambda c: cancel(settled(c, 1, 1), OrderID=9876)),
    "ORDER_CANCELLED": ("cancel_order", lambda c: cancel(settled(c, 0, 0), OrderID=9876)),
    "NOTHING_TO_DELIVER": ("cancel_order", lambda c: cancel(settled(c, 0, 1), OrderID=9876)),
    "CANCEL_QUANTITY": ("cancel_order", lambda c: cancel(ordered(c), OrderDetailID=55501, Quantity=3)),
    "DELIVER_ID_REUSED": ("create_order", lambda c: order(ordered(c), line(10, 3, "a"))),
    "PRODUCT_ID_MISSING": ("create_order", lambda c: order(c, line(None))),
    "PRODUCT_ID_MALFORMED": ("create_order", lambda c: order(c, line("x"))),
    "PRODUCT_UNMATCHED": ("create_order", lambda c: order(c, line(10**6))),
    "REGION_EXCLUDED": ("create_order", lambda c: order(c, line(4))),
    "STEP_MISSING": ("create_order", lambda c: order(c, line(5))),
    "REQUIRE_DATA": ("create_order", lambda c: order(c, line(1))),
    "PRODUCT_INACTIVE": ("create_order", lambda c: order(c, line(6))),
    "QUANTITY_LIMIT": ("create_order", lambda c: order(c, line(1, 101, RequireData=USER_ID))),
    "OUT_OF_STOCK": ("create_order", lambda c: order(c, line(7))),
    "BILLING_ADDRESS": ("create_order", lambda c: order(c, line(), BillingAddressID=9)),
    "BALANCE_INSUFFICIENT": ("create_order", lambda c: order(poor(c), line())),
}
ELSEWHERE = {"NOT_FOUND", "METHOD_NOT_ALLOWED"}
BY_FAULT = {"UNAVAILABLE", "INTERNAL_ERROR"}


def test_the_codes_are_the_catalogues() -> None:
    assert {code.value for code in Code} == {entry.code for entry in FIXTURES.errors.entries}
    assert set(PROVOKED) | ELSEWHERE | BY_FAULT == {code.value for code in Code}


@pytest.mark.parametrize("code", PROVOKED)
def test_every_code_can_be_provoked(code: str) -> None:
    client = fresh_client("provoked")
    operation, provoke = PROVOKED[code]
    reply = provoke(client)
    assert client.code(operation, reply) == code
    *_, entry = client.server.sessions.get("provoked").journal.read()
    assert (entry.code, entry.operation) == (code, operation)


@pytest.mark.parametrize("code", [code.value for code in Code if code not in ELSEWHERE])
def test_every_code_can_be_forced(code: str) -> None:
    client = fresh_client("forced")
    operation = next((name for name in OPERATIONS if FIXTURES.errors[code].occurs_in(name)), "")
    SERVER.sessions.get("forced").faults.order(Fault("reseller", operation, code, times=1))
    body = {"get_product": 265, "get_order_detail": 55501}.get(operation)
    assert client.code(operation, client.ask(operation, body)) == code


@pytest.mark.parametrize("code", [*BY_FAULT, "RATE_LIMITED"])
def test_a_busy_platform_says_when_to_come_again(code: str) -> None:
    client = fresh_client("busy")
    SERVER.sessions.get("busy").faults.order(Fault("reseller", None, code, times=1))
    reply = client.ask("account_details")
    assert (reply.header("retry-after") or "60").isdigit()
    assert client.ask("account_details").status == 200


def test_a_rate_limit_tells_the_seconds_to_wait() -> None:
    client = limited(fresh_client("limit"))
    client.advance(12.5)
    reply = client.ask("account_details")
    assert (client.code("account_details", reply), reply.header("retry-after")) == ("RATE_LIMITED", "48")
    client.advance(48)
    assert client.ask("account_details").status == 200


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_a_wrong_method_is_told_the_right_one(operation: str, method: str) -> None:
    right, path, _ = OPERATIONS[operation]
    if method == right:
        return
    client = fresh_client("methods")
    reply = client.send(method, path.replace("{productID}", "1").replace("{orderDetailID}", "1").upper())
    assert (reply.status, reply.header("allow")) == (405, right)
    assert client.code(operation, reply) == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("path", ["/", "/Orders", "/Order/create/", "/Products/Detail/", "/Order/detail/1/2", "/%00"])
def test_an_unknown_path_is_not_found_and_the_journal_knows_the_nearest(path: str) -> None:
    client = Client(session="lost")
    reply = client.send("GET", path)
    assert reply.status == 404
    assert client.code("account_details", reply) == "NOT_FOUND"
    *_, entry = SERVER.sessions.get("lost").journal.read()
    assert (entry.operation, entry.nearest is not None) == (None, True)


def test_every_refusal_has_a_trace_of_its_own_and_the_same_in_every_run() -> None:
    def traces() -> list[str]:
        client = fresh_client("traces")
        replies: list[Any] = [client.ask("get_product", 10**6).json for _ in range(3)]
        return [reply["traceId"] for reply in replies]

    assert len(set(traces())) == 3
    assert traces() == traces()


PRECEDENCE: list[tuple[str, Callable[[Client], Reply]]] = [
    ("API_DISABLED", lambda c: switched(c, integration="disabled").ask("list_orders", authorization=None)),
    ("RATE_LIMITED", lambda c: limited(c).ask("list_orders", authorization=None)),
    ("TOKEN_MISSING", lambda c: c.ask("create_order", b"{", authorization=None, content_type="text/plain")),
    ("TOKEN_EXPIRED", lambda c: aged(c).ask("create_order", b"{")),
    ("MEDIA_TYPE", lambda c: c.ask("create_order", b"{", content_type="text/plain")),
    ("BODY_MALFORMED", lambda c: c.ask("create_order", b"[", h_region_code="x")),
    ("VALIDATION_FAILED", lambda c: order(ordered(c), line(10, 0, "a"))),
    ("VALIDATION_FAILED", lambda c: c.ask("create_order", {"basketData": [line(10**6)]}, h_region_code="x")),
    ("VALIDATION_FAILED", lambda c: c.ask("generate_token", {"Email": "x"})),
    ("VALIDATION_FAILED", lambda c: order(c, line(10**6), NotifyURL="x")),
    ("DELIVER_ID_REUSED", lambda c: order(ordered(c), line(None, 1, "a"), line("x"))),
    ("PRODUCT_ID_MISSING", lambda c: order(c, line("x"), line(None))),
    ("PRODUCT_ID_MALFORMED", lambda c: order(c, line(10**6), line("x"))),
    ("PRODUCT_UNMATCHED", lambda c: order(c, line(4), line(10**6))),
    ("REGION_EXCLUDED", lambda c: order(c, line(5), line(4), line(6))),
    ("STEP_MISSING", lambda c: order(c, line(1), line(5))),
    ("REQUIRE_DATA", lambda c: order(c, line(6), line(1, 101))),
    ("PRODUCT_INACTIVE", lambda c: order(c, line(1, 101, RequireData=USER_ID), line(6))),
    ("QUANTITY_LIMIT", lambda c: order(c, line(7), line(1, 101, RequireData=USER_ID))),
    ("OUT_OF_STOCK", lambda c: order(poor(c), line(7), BillingAddressID=9)),
    ("BILLING_ADDRESS", lambda c: order(poor(c), line(), BillingAddressID=9)),
    ("LINE_DELIVERED", lambda c: cancel(settled(c, 1), OrderDetailID=55501, Quantity=9)),
    ("LINE_PROCESSING", lambda c: cancel(settled(c, 1, 2, 0), OrderID=9876)),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(PRECEDENCE)))
def test_of_several_the_first_in_precedence_speaks(place: int) -> None:
    code, provoke = PRECEDENCE[place]
    client = fresh_client("precedence")
    reply = provoke(client)
    operation = next(name for name in OPERATIONS if FIXTURES.errors[code].occurs_in(name))
    assert client.code(operation, reply) == code


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = ["basketData", "BillingAddressID", "NotifyURL", "OrderID", "OrderDetailID", "Quantity", "page", "pageSize"]
NAMES += ["search", "detailed", "typeID", "Email", "Password", "callbackData", "productID"]
lines = st.fixed_dictionaries(
    {},
    optional={
        "DeliverID": json_values | st.sampled_from(["a", "b"]),
        "CustomerStoreProductID": json_values | st.integers(1, 12),
        "Quantity": json_values | st.integers(1, 3),
        "RequireData": json_values | st.just(USER_ID),
    },
)
bodies = st.dictionaries(st.sampled_from(NAMES), json_values, max_size=4) | st.builds(
    lambda rows, more: {**more, "basketData": rows},
    st.lists(lines, max_size=3),
    st.dictionaries(st.sampled_from(NAMES), json_values, max_size=1),
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(OPERATIONS)),
    bodies,
    st.dictionaries(st.sampled_from(NAMES), st.text(max_size=8), max_size=2),
)
def test_whatever_is_sent_gets_a_documented_answer(operation: str, body: dict[str, Any], query: dict[str, str]) -> None:
    client = Client(session="anything")
    client.sign_in()
    sent: object = {"get_product": 265, "get_order_detail": 55501}.get(operation, body)
    if OPERATIONS[operation][0] == "GET" and operation != "get_order_detail":
        sent = None
    reply = client.ask(operation, sent, query=urlencode(query, errors="replace"))
    assert reply.status < 500
    if reply.status != 200:
        client.code(operation, reply)
