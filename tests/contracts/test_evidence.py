"""A reproducer repeats the request when its variables are set, and holds no secret."""

import shutil
import subprocess
from collections.abc import Iterator

import orjson
import pytest

from apitwin_contracts.client import Client
from apitwin_contracts.drift import Finding
from apitwin_contracts.evidence import Scribe
from apitwin_contracts.suppliers.oxomi import CONTRACT as OXOMI
from apitwin_contracts.targets.credentials import NamedCredentials
from apitwin_contracts.targets.http import HttpTarget
from apitwin_contracts.targets.mock import ServedMocks
from apitwin_fixtures import Exchange, Reply, Request
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.stage import Twisted, target

SECRET = "TINY_TOKEN"
CREDENTIALS = NamedCredentials({"token": SECRET}, {"token": "MY_TINY_TOKEN"})


@pytest.fixture
def served(tiny_installed: None) -> Iterator[str]:
    mocks = ServedMocks(["tiny"])
    yield mocks.session("tiny", "evidence").url
    mocks.stop()


def repeat(curl: str, **variables: str) -> object:
    shell = shutil.which("sh")
    run = subprocess.run(
        [str(shell), "-c", curl], env={"PATH": "/usr/bin:/bin", **variables}, capture_output=True, check=True
    )
    return orjson.loads(run.stdout)


def client(url: str, found: list[Finding]) -> Client:
    return Client(CONTRACT, HttpTarget(url), CREDENTIALS, found.append)


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("listItems", {"limit": 2, "colour": "red"}),
        ("listItems", {"colour": 'it\'s "${HOME}" & `id` $(id) \\ ü % + ; \n?'}),
        ("createOrder", {"body": {"item": "I0001", "quantity": 2}}),
        ("createOrder", {"body": {"item": "it's ${HOME} $(id) `id` \\ \" ü", "quantity": 2}}),
    ],
)
def test_it_repeats_the_request(served: str, operation: str, arguments: dict[str, object]) -> None:
    asking = client(served, [])
    answer = asking.ask(operation, arguments)
    curl = asking.scribe.step(answer.exchange).curl
    assert SECRET not in curl.replace("MY_TINY_TOKEN", "")
    again = repeat(curl, MY_TINY_TOKEN=SECRET, HOME="wrong")
    first = answer.exchange.reply.json
    assert isinstance(again, dict)
    assert isinstance(first, dict)
    assert again.keys() == first.keys()
    assert operation == "createOrder" or again == first
    assert again.get("item") == first.get("item")
    assert repeat(curl, MY_TINY_TOKEN="") == {"error": "no token"}


@pytest.mark.parametrize(
    ("request_", "curl"),
    [
        (Request("GET", "/v1/x", "a=[1]"), "curl -sS --globoff 'http://127.0.0.1:8900/tiny/v1/x?a=[1]'"),
        (Request("HEAD", "/v1/x"), "curl -sS --head http://127.0.0.1:8900/tiny/v1/x"),
        (Request("GET", "/", headers=(("x-empty", ""),)), "curl -sS http://127.0.0.1:8900/tiny/ -H 'x-empty;'"),
        (Request("GET", "/", body=b"@a"), "curl -sS -X GET http://127.0.0.1:8900/tiny/ -H content-type: --data-raw @a"),
    ],
)
def test_what_curl_takes_in_its_own_way_is_said_in_its_way(request_: Request, curl: str) -> None:
    assert orjson.loads(step_of(request_))[2] == curl


def step_of(request: Request, credentials: dict[str, str] | None = None) -> str:
    scribe = Scribe(CONTRACT, target(), credentials or CREDENTIALS)
    reply = Reply(200, (("set-cookie", "session=abc"), ("x-echo", SECRET)), f'{{"token": "{SECRET}"}}'.encode())
    step = scribe.step(Exchange(request, reply))
    return orjson.dumps([step.request, step.reply, step.curl]).decode()


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", f"/v1/{SECRET}"),
        Request("GET", "/v1/items", f"token={SECRET}"),
        Request("GET", "/v1/items", headers=(("authorization", f"Bearer {SECRET}"), ("cookie", "a=b"))),
        Request("GET", "/v1/items", headers=(("authorization", "Bearer another"),)),
        Request("POST", "/v1/items", headers=(("x-api-key", "another"),), body=f'"{SECRET}"'.encode()),
    ],
)
def test_a_secret_stands_nowhere(request_: Request) -> None:
    shown = step_of(request_).replace("MY_TINY_TOKEN", "")
    assert SECRET not in shown
    assert "another" not in shown
    assert "session=abc" not in shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://oxomi.example.com", 'accessToken=\'"${APITWIN_OXOMI_ACCESSTOKEN}"'),
        ("http://127.0.0.1:8900/oxomi", "accessToken=0123456789abcdef"),
    ],
)
def test_a_token_computed_for_a_day_is_hidden_from_the_world(url: str, shown: str) -> None:
    elsewhere = Twisted()
    elsewhere.url = url
    scribe = Scribe(OXOMI, elsewhere, {"secret": "s3cret"})
    step = scribe.step(Exchange(Request("GET", "/x", "a=1&accessToken=0123456789abcdef"), Reply(200)))
    assert shown in step.curl


def test_without_a_name_of_its_own_a_secret_is_called_by_supplier_and_name() -> None:
    assert "${TINY_TOKEN}" in step_of(Request("GET", "/", f"t={SECRET}"), {"token": SECRET})
