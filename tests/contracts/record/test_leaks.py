"""Two hundred secrets in every form and every place: none reaches the disk, and what was written can be played again."""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
import vcr

from apitwin_contracts.errors import LeakError
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.writing import write_recording
from apitwin_contracts.registry import load_contracts
from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_fixtures.cassettes import read_cassettes
from tests.contracts.record.encodings import ENCODINGS

AXRO = load_contracts(["axro"])["axro"]
RANDOM = random.Random(7)
ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SPECIAL = "!@#$%^&*()_+-=/\\:;,.?<>{}|'\"~ üßé"
METADATA = {"supplier": "axro", "operation": "products", "target": "https://api.axro.com", "volatile": []}


def word(length: int, alphabet: str = ALPHABET) -> str:
    return "".join(RANDOM.choice(alphabet) for _ in range(length))


def phrase(length: int) -> str:
    return word(3) + word(length - 4, ALPHABET + SPECIAL) + word(1)


TOLD = (
    [("password", phrase(RANDOM.randint(8, 40))) for _ in range(40)]
    + [("token", word(RANDOM.randint(12, 80))) for _ in range(40)]
    + [("secret", word(32, "0123456789abcdef")) for _ in range(10)]
    + [("key", f"{word(5)}-{word(5)}-{word(5)}".upper()) for _ in range(10)]
)
"""Secrets that somebody named: hidden in every form at every place."""
NAMED = [("access_token", word(24)) for _ in range(15)] + [("clientSecret", phrase(20)) for _ in range(15)]
PERSONAL = (
    [("email", f"{word(6).lower()}.{word(5).lower()}@{word(7).lower()}.example") for _ in range(20)]
    + [("phone", f"+49 {word(3, '123456789')} {word(7, '0123456789')}") for _ in range(15)]
    + [("street", f"{word(8).title()}straße {RANDOM.randint(1, 200)}") for _ in range(15)]
    + [("recipientName", f"{word(6).title()} {word(8).title()}") for _ in range(10)]
    + [("firstname", word(7).title()) for _ in range(5)]
    + [("lastname", word(9).title()) for _ in range(5)]
)


def everywhere(secret: str, number: int) -> Iterator[Exchange]:
    """Plant a secret in every form, the place changing from form to form."""
    for turn, (name, encode) in enumerate(ENCODINGS.items()):
        text = encode(secret)
        place = (turn + number) % 6
        yield Exchange(
            Request(
                "POST",
                f"/notes/{text.encode().hex()}" if place == 5 else "/gql/v1",
                Request.encode({"note": text}) if place == 0 else "page=1",
                (("content-type", "application/json"), ("x-note", text.replace("\n", " ") if place == 1 else "none")),
                json.dumps({"query": "{ a }", "variables": {"note": text if place == 2 else name}}).encode(),
            ),
            Reply(
                200,
                (("content-type", "application/json"), ("set-cookie", f"kept={b64encode(text.encode()).decode()}")),
                json.dumps({"note": text if place in (3, 4) else name, "price": 12, "title": "Toner TN-2420"}).encode(),
            ),
        )


def named(name: str, secret: str) -> Iterator[Exchange]:
    """Show a secret where its name gives it away, as clients and servers do, and once more where nothing does."""
    told: dict[str, Any] = {name: secret, "zip": "22525"}
    form = "application/x-www-form-urlencoded"
    kinds = {"content-type": "application/json"}
    again = f'{{"note": "as agreed with {name}"}}'.encode()
    yield Exchange(Request("POST", "/one", "", tuple(kinds.items()), json.dumps(told).encode()), Reply(200, (), again))
    yield Exchange(
        Request("POST", "/two", "", (("content-type", form),), Request.encode({name: secret, "page": "2"}).encode()),
        Reply(200, tuple(kinds.items()), json.dumps({"data": [told]}, ensure_ascii=False).encode()),
    )
    yield Exchange(Request("GET", "/three", Request.encode({name: secret})), Reply(204))
    literal = {"query": f'mutation {{ make(input: {{{name}: {json.dumps(secret)}, zip: "22525"}}) {{ id }} }}'}
    yield Exchange(Request("POST", "/four", "", (), json.dumps(literal).encode()), Reply(200, (), b"{}"))


def recording() -> list[Cassette]:
    told = [
        Cassette(f"told-{number}", tuple(everywhere(secret, number)), METADATA)
        for number, (_, secret) in enumerate(TOLD)
    ]
    shown = [
        Cassette(f"shown-{number}", tuple(named(name, secret)), METADATA)
        for number, (name, secret) in enumerate([*NAMED, *PERSONAL])
    ]
    return told + shown


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recording")
    scrubber = Scrubber(AXRO, {f"{kind}.{number}": secret for number, (kind, secret) in enumerate(TOLD[:20])})
    for kind, secret in TOLD[20:]:
        scrubber.learn(kind, secret)
    write_recording(folder, recording(), scrubber)
    return folder


@pytest.mark.slow
def test_no_secret_is_on_the_disk_in_any_form(written: Path) -> None:
    secrets = [secret for _, secret in (*TOLD, *NAMED, *PERSONAL)]
    assert len(set(secrets)) == 200
    text = "\n".join(
        part
        for path in sorted(written.iterdir())
        for part in (path.read_text(), *strings(json.loads(path.read_text())))
    )
    assert len(text) > 1_000_000
    found = [
        (secret, name)
        for secret in secrets
        for name, encode in ENCODINGS.items()
        for form in {encode(secret), encode(secret).strip('"')}
        if form in text
    ]
    assert found == []


@pytest.mark.slow
def test_what_is_no_secret_stays(written: Path) -> None:
    for cassette in read_cassettes(written):
        for exchange in cassette.exchanges:
            if cassette.name.startswith("told"):
                told: Any = exchange.reply.json
                assert (told["price"], told["title"]) == (12, "Toner TN-2420")
            elif exchange.request.path == "/one":
                assert json.loads(exchange.request.body)["zip"] == "22525"


@pytest.mark.slow
def test_every_scrubbed_cassette_plays_again(written: Path) -> None:
    for cassette in read_cassettes(written):
        path = written / f"{cassette.name}.json"
        player = vcr.VCR(
            serializer="json", record_mode=vcr.mode.NONE, match_on=["method", "scheme", "host", "path", "query", "body"]
        )
        with player.use_cassette(str(path)) as tape, urllib3.PoolManager(retries=False) as pool:
            for exchange in cassette.exchanges:
                request = exchange.request
                url = f"https://api.axro.com{request.target}"
                got = pool.request(
                    request.method, url, body=request.body, headers=dict(request.headers), redirect=False
                )
                assert (got.status, got.data) == (exchange.reply.status, exchange.reply.body)
            assert tape.all_played


@pytest.mark.slow
@pytest.mark.parametrize("name", ENCODINGS)
def test_a_canary_stops_the_recording_in_every_form(name: str, tmp_path: Path) -> None:
    canary = "Tweety-4711 sings, doesn't it?"
    text = ENCODINGS[name](canary)
    for other, encode in ENCODINGS.items():
        planted = Exchange(Request("POST", "/", "", (), encode(text).encode()), Reply(200, (), b"{}"))
        with pytest.raises(LeakError) as caught:
            write_recording(tmp_path, [Cassette("one", (planted,), METADATA)], Scrubber(AXRO, {}, [canary]))
        assert "4711" not in str(caught.value), other
    assert list(tmp_path.iterdir()) == []
