"""A target over HTTP that misbehaves: whatever it does, an exchange ends in time and says why."""

import pytest

from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.targets.http import HttpSettings, HttpTarget
from apitwin_fixtures import Request
from tests.contracts.targets.misbehaving import BEHAVIOURS, TOLD, answering, misbehaving

SETTINGS = HttpSettings(timeout=0.5)
# What a status says is told by whoever keeps the manners.
NO_REPLY = [name for name in TOLD if not name.startswith(("429", "503", "50 MB packed"))]


@pytest.mark.parametrize("name", NO_REPLY)
def test_every_misbehaviour_is_told(name: str) -> None:
    # Without a deadline for the whole exchange those that drip would keep this test for minutes.
    with misbehaving(BEHAVIOURS[name]) as (url, _), pytest.raises(UnreachableError, match=TOLD[name]):
        HttpTarget(url, SETTINGS).send(Request("GET", "/v1/items"))


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    with misbehaving(BEHAVIOURS["50 MB packed"]) as (url, _), pytest.raises(UnreachableError, match="more than 32 MiB"):
        HttpTarget(url).send(Request("GET", "/v1/items"))


def test_a_reply_in_time_is_whole() -> None:
    with misbehaving(answering(200, body=b'{"a":1}')) as (url, _):
        target = HttpTarget(url, SETTINGS)
        assert [target.send(Request("GET", "/x")).reply.json for _ in range(3)] == [{"a": 1}] * 3
