"""A client speaks through the recording proxy to a mock, and gets what it would have got without."""

import gzip
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import orjson
import pytest
import urllib3

from apitwin_contracts.errors import LeakError, UsageError
from apitwin_contracts.record.forwarding import LARGEST
from apitwin_contracts.record.proxy import Proxied, run_proxy, wait_until
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.targets.http import HttpSettings
from apitwin_contracts.targets.served import Served
from apitwin_fixtures.cassettes import read_cassette
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from tests.contracts.targets.misbehaving import BEHAVIOURS, misbehaving

CONTRACTS = load_contracts(["axro", "reseller"])
CLIENT = urllib3.PoolManager(retries=False)
QUERY = {"query": "{ userInfo { email } brands { brands } }"}
TOKEN = {"authorization": "Bearer YOUR_ACCESS_TOKEN"}


class Run:
    """A proxy under way in a thread; ended, it says what came of it."""

    def __init__(self, supplier: str, target: str, folder: Path, **more: Any) -> None:
        self.url = ""
        self.result: Proxied | None = None
        self.error: BaseException | None = None
        self._ready, self._until = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(supplier, target, folder), kwargs=more)

    def _run(self, supplier: str, target: str, folder: Path, timeout: float = 5, **more: Any) -> None:
        def during(url: str, _stopped: threading.Event) -> None:
            self.url = url
            self._ready.set()
            assert self._until.wait(60)

        contract = CONTRACTS[supplier]
        try:
            scrubber = Scrubber(contract, {}, **more)
            settings = HttpSettings(timeout=timeout)
            self.result = run_proxy(contract, target, "127.0.0.1:0", folder, scrubber, settings=settings, during=during)
        except (LeakError, UsageError) as error:
            self.error = error

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._until.set()
        self._thread.join(30)


@pytest.fixture(scope="module")
def mocks() -> Iterator[str]:
    with Served(Server(load_suppliers(["axro", "reseller"]), Seeding(0, 20))) as served:
        yield served.url


def test_a_client_gets_what_the_target_sends_and_the_conversation_is_kept(mocks: str, tmp_path: Path) -> None:
    with Run("axro", f"{mocks}/axro", tmp_path) as proxy:
        direct = CLIENT.request("POST", f"{mocks}/axro/gql/v1", json=QUERY, headers=TOKEN)
        through = CLIENT.request("POST", f"{proxy.url}/gql/v1", json=QUERY, headers=TOKEN)
        refused = CLIENT.request("POST", f"{proxy.url}/gql/v1", json=QUERY)
    assert (through.status, through.data) == (direct.status, direct.data)
    assert refused.status == 401
    assert proxy.result
    assert [path.name for path in proxy.result.files] == ["proxied-userInfo.json"]
    cassette = read_cassette(proxy.result.files[0])
    assert cassette.operation == "userInfo"
    assert [one.reply.status for one in cassette.exchanges] == [200, 401]
    assert cassette.exchanges[0].request.path == "/gql/v1"
    text = proxy.result.files[0].read_text()
    assert "YOUR_ACCESS_TOKEN" not in text
    assert "user@example.com" not in text
    assert "@example.test" in text


def test_a_sign_in_and_what_follows_are_scrubbed_alike(mocks: str, tmp_path: Path) -> None:
    with Run("reseller", f"{mocks}/reseller", tmp_path) as proxy:
        body = {"Email": "reseller@example.com", "Password": "reseller-password"}
        told = CLIENT.request("POST", f"{proxy.url}/Login/Customer/Api/Verify", json=body).json()
        token = told["data"]["Token"]
        products = CLIENT.request("GET", f"{proxy.url}/Products", headers={"authorization": f"Bearer {token}"})
    assert proxy.result
    by_operation = {cassette.operation: cassette for cassette in map(read_cassette, proxy.result.files)}
    granted = by_operation.pop("generate_token").exchanges[0]
    (listed,) = by_operation.values()
    stand_in: Any = granted.reply.json
    assert stand_in["data"]["Token"] != token
    assert listed.exchanges[0].request.header("authorization") == f"Bearer {stand_in['data']['Token']}"
    assert listed.exchanges[0].reply.json == products.json()


def test_a_canary_stops_the_recording(mocks: str, tmp_path: Path) -> None:
    with Run("axro", f"{mocks}/axro", tmp_path / "new", canaries=("Example Toner",)) as proxy:
        asked = {"query": '{ products(brand: "Example Toner") { totalPages } }'}
        CLIENT.request("POST", f"{proxy.url}/gql/v1", json=asked, headers=TOKEN)
    assert isinstance(proxy.error, LeakError)
    assert "Toner" not in str(proxy.error)
    assert not (tmp_path / "new").exists()


@contextmanager
def crude(*replies: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one connection after another with these bytes; give the base URL and what was asked."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def serve() -> None:
        for reply in replies:
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(65536))
                connection.sendall(reply.replace(b"%s", base.encode()))

    thread = threading.Thread(target=serve)
    thread.start()
    yield base, asked
    thread.join(20)
    listener.close()


def reply(body: bytes, *headers: str, length: int | None = None) -> bytes:
    head = [
        "HTTP/1.1 200 OK",
        f"content-length: {len(body) if length is None else length}",
        "connection: close",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def test_what_is_packed_goes_through_packed_and_is_kept_unpacked(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"email": "somebody@shop.example"}')
    more = ("content-encoding: gzip", "x-hop: 1", "connection: x-hop", "set-cookie: a=1", "set-cookie: b=2")
    with crude(reply(packed, *more)) as (target, asked), Run("axro", target, tmp_path) as proxy:
        url, sent = f"{proxy.url}/things?q=%C3%BC&q=2", {"TE": "trailers"}
        got = CLIENT.request("GET", url, headers=sent, decode_content=False, preload_content=False)
        raw = got.read(decode_content=False)
    assert raw == packed
    assert got.headers["content-encoding"] == "gzip"
    assert "x-hop" not in got.headers
    assert got.headers.getlist("set-cookie") == ["a=1", "b=2"]
    head = asked[0].decode().lower()
    assert head.startswith("get /things?q=%c3%bc&q=2 http/1.1")
    assert f"host: {target.removeprefix('http://')}" in head
    assert "te:" not in head
    assert proxy.result
    kept = read_cassette(proxy.result.files[0]).exchanges[0].reply
    assert kept.header("content-encoding") is None
    assert kept.json == {"email": "mail1xxx@example.test"}


def test_a_target_that_is_not_there_or_breaks_off_is_told_and_not_recorded(tmp_path: Path) -> None:
    broken = pytest.raises(urllib3.exceptions.HTTPError)
    with crude(reply(b'{"half": ', length=100)) as (target, _), Run("axro", target, tmp_path) as proxy, broken:
        CLIENT.request("GET", f"{proxy.url}/half")
    with Run("axro", target, tmp_path) as gone:
        refused = CLIENT.request("GET", f"{gone.url}/nothing?key=hidden")
    assert refused.status == 502
    assert "no reply from" in refused.json()["error"]
    assert "hidden" not in refused.json()["error"]
    assert proxy.result
    assert proxy.result.files == ()
    assert "broke off" in proxy.result.missed[0]
    assert gone.result
    assert len(gone.result.missed) == 1


@pytest.mark.parametrize("name", [name for name in BEHAVIOURS if not name.startswith(("429", "503", "50 MB"))])
def test_a_target_that_never_gives_a_whole_reply_is_given_up(name: str, tmp_path: Path) -> None:
    with misbehaving(BEHAVIOURS[name]) as (target, _), Run("axro", target, tmp_path, timeout=1) as proxy:
        try:
            got = CLIENT.request("GET", f"{proxy.url}/things", timeout=20)
        except urllib3.exceptions.HTTPError as error:
            assert not isinstance(error, urllib3.exceptions.TimeoutError), "the client gave up first"  # noqa: PT017 - one of two ways
        else:
            assert (got.status, "no reply from" in got.json()["error"]) == (502, True)
    assert proxy.result
    assert (proxy.result.files, len(proxy.result.missed)) == ((), 1)
    if name.startswith(("drips", "hangs")):
        assert "it was not whole after 1 seconds" in proxy.result.missed[0]


def test_a_reply_that_is_still_dripping_does_not_keep_the_listening_from_its_end(tmp_path: Path) -> None:
    with misbehaving(BEHAVIOURS["drips its body"]) as (target, _):
        with Run("axro", target, tmp_path, timeout=600) as proxy:
            under_way = CLIENT.request("GET", f"{proxy.url}/things", timeout=60, preload_content=False)
        assert proxy.result
        assert "its reply broke off" in proxy.result.missed[0]
        with pytest.raises(urllib3.exceptions.HTTPError):
            under_way.read()


@pytest.mark.slow
def test_a_reply_that_is_too_large_is_passed_on_and_not_recorded(tmp_path: Path) -> None:
    large = b"x" * (LARGEST + 1)
    with crude(reply(large)) as (target, _), Run("axro", target, tmp_path) as proxy:
        got = CLIENT.request("GET", f"{proxy.url}/large")
        refused = CLIENT.request("POST", f"{proxy.url}/large", body=large)
    assert got.data == large
    assert refused.status == 413
    assert proxy.result
    assert "more than" in proxy.result.missed[0]
    assert proxy.result.files == ()


def test_a_redirect_to_the_target_stays_with_the_proxy(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 302 Found\r\nlocation: %s/new\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    with crude(moved) as (target, _), Run("axro", target, tmp_path) as proxy:
        got = CLIENT.request("GET", f"{proxy.url}/old", redirect=False)
    assert got.headers["location"] == f"{proxy.url}/new"
    assert proxy.result
    assert read_cassette(proxy.result.files[0]).exchanges[0].reply.header("location") == f"{target}/new"


@pytest.mark.parametrize("listen", ["0.0.0.0:8901", "example.com:1", "8901", "127.0.0.1:x"])
def test_it_listens_on_this_machine_only(listen: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this machine"):
        run_proxy(CONTRACTS["axro"], "http://127.0.0.1:1", listen, tmp_path, Scrubber(CONTRACTS["axro"], {}))


def test_sigterm_ends_the_listening_and_writes(mocks: str, tmp_path: Path) -> None:
    def during(url: str, stopped: threading.Event) -> None:
        CLIENT.request("POST", f"{url}/gql/v1", json=QUERY, headers=TOKEN)
        os.kill(os.getpid(), signal.SIGTERM)
        wait_until(stopped)

    before = signal.getsignal(signal.SIGTERM)
    scrubber = Scrubber(CONTRACTS["axro"], {})
    result = run_proxy(CONTRACTS["axro"], f"{mocks}/axro", "127.0.0.1:0", tmp_path, scrubber, during=during)
    assert [path.name for path in result.files] == ["proxied-userInfo.json"]
    assert orjson.loads(result.files[0].read_bytes())["metadata"]["supplier"] == "axro"
    assert signal.getsignal(signal.SIGTERM) == before
