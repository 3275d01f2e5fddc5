"""The receiver of webhooks, and how a user says where a sandbox finds it."""

import urllib.request
from pathlib import Path

import pytest

from apitwin_contracts.errors import UsageError
from apitwin_contracts.targets.callbacks import LOOPBACK, Callbacks, callbacks_of
from apitwin_contracts.targets.config import read_targets
from apitwin_contracts.targets.http import HttpTarget
from apitwin_contracts.targets.receiver import Mailbox, Receiver

_TARGET = '[targets.sandbox]\nurl = "https://sandbox.example"\n'


def _post(url: str, body: bytes = b'{"n": 1}') -> None:
    request = urllib.request.Request(url, body, {"Apikey": "k", "Content-Type": "application/json"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310 - loopback
        assert reply.status == 200


def test_each_mailbox_gets_its_own() -> None:
    with Receiver(LOOPBACK) as receiver:
        one, other = receiver.mailbox(), receiver.mailbox()
        _post(one.url)
        _post(one.url, b"no json")
        hits = one.wait(2)
    assert [hit.json for hit in hits] == [{"n": 1}, None]
    assert hits[0].request.header("apikey") == "k"
    assert not other.hits


def test_patience_ends() -> None:
    box = Mailbox("http://127.0.0.1:9", Callbacks(patience=0.01, pause=0.0), lambda _request, _before: 200)
    assert not box.wait(1)


def test_a_sandbox_finds_the_receiver_where_its_user_says(tmp_path: Path) -> None:
    path = tmp_path / "apitwin.toml"
    path.write_text(_TARGET + 'webhook_url = "https://shop.example/hooks/"\nwebhook_listen = "127.0.0.1:9099"\n')
    callbacks = read_targets(path)["sandbox"].settings.callbacks
    assert callbacks is not None
    assert (callbacks.url, callbacks.host, callbacks.port) == ("https://shop.example/hooks", "127.0.0.1", 9099)


@pytest.mark.parametrize(
    "keys",
    [
        'webhook_url = "https://shop.example"',
        'webhook_listen = "127.0.0.1:9"',
        'webhook_url = "x"\nwebhook_listen = "a:1"',
    ],
)
def test_half_an_address_is_refused(tmp_path: Path, keys: str) -> None:
    path = tmp_path / "apitwin.toml"
    path.write_text(f"{_TARGET}{keys}\n")
    with pytest.raises(UsageError, match="give both"):
        read_targets(path)


def test_only_a_target_on_this_machine_needs_no_address() -> None:
    assert callbacks_of(HttpTarget("http://127.0.0.1:9/reseller")) is LOOPBACK
    assert callbacks_of(HttpTarget("https://sandbox.example")) is None
    assert callbacks_of(object()) is None
