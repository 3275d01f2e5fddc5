"""A target over HTTP that misbehaves: whatever it does, an exchange ends in time and says why."""

import pytest

from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.targets.http import HttpSettings, HttpTarget
from apitwin_fixtures import Request
from tests.contracts.targets.misbehaving import BEHAVIOURS, answering, misbehaving

SETTINGS = HttpSettings(timeout=0.5)
SAID = {
    "reset": "ConnectionResetError",
    "hangs": "it was not whole after 0.5 seconds",
    "half a body": "IncompleteRead",
    "half a chunk": "IncompleteRead",
    "50 MB": "sends more than 32 MiB in one reply",
    "drips its head": "it was not whole after 0.5 seconds",
    "drips its body": "it was not whole after 0.5 seconds",
    "drips to the end": "it was not whole after 0.5 seconds",
    "nonsense": "BadStatusLine",
    "says nothing": "RemoteDisconnected",
}


@pytest.mark.parametrize("name", SAID)
def test_every_misbehaviour_is_told(name: str) -> None:
    # Without a deadline for the whole exchange those that drip would keep this test for minutes.
    with misbehaving(BEHAVIOURS[name]) as (url, _), pytest.raises(UnreachableError, match=SAID[name]):
        HttpTarget(url, SETTINGS).send(Request("GET", "/v1/items"))


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    with misbehaving(BEHAVIOURS["50 MB packed"]) as (url, _), pytest.raises(UnreachableError, match="more than 32 MiB"):
        HttpTarget(url).send(Request("GET", "/v1/items"))


def test_a_reply_in_time_is_whole() -> None:
    with misbehaving(answering(200, body=b'{"a":1}')) as (url, _):
        target = HttpTarget(url, SETTINGS)
        assert [target.send(Request("GET", "/x")).reply.json for _ in range(3)] == [{"a": 1}] * 3
