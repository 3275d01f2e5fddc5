"""What leaves a scrubber holds no secret in any encoding, keeps its forms, and is still a conversation."""

import gzip
import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from apitwin_contracts.errors import LeakError
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.writing import write_cassette, write_recording
from apitwin_contracts.registry import load_contracts
from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_fixtures.cassettes import read_cassette

AXRO = load_contracts(["axro"])["axro"]
SECRET = "p@ss W0rd/xY+z=1"
METADATA = {"supplier": "axro", "operation": "userInfo", "target": "https://api.axro.com"}

Encode = Callable[[str], str]
FORMS: dict[str, Encode] = {
    "as it is": lambda text: text,
    "URL": lambda text: quote(text, safe=""),
    "URL in lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": quote_plus,
    "JSON escapes": lambda text: "".join(f"\\u{ord(character):04X}" for character in text),
    "JSON in a string": lambda text: json.dumps(json.dumps({"password": text}))[1:-1],
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "inside longer base64": lambda text: b64encode(f"shop:{text}:end".encode()).decode(),
    "entities": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "named entities": html.escape,
    "hexadecimal": lambda text: text.encode().hex(),
    "gzip in base64": lambda text: b64encode(gzip.compress(text.encode())).decode(),
}


def exchange(request: str = "", reply: str = "{}", **headers: str) -> Exchange:
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(Request("POST", "/gql/v1", "", sent, request.encode()), Reply(200, (), reply.encode()))


def scrubber(*canaries: str) -> Scrubber:
    return Scrubber(AXRO, {"token": "T0ken-of-the-shop", "password": SECRET}, canaries)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_found_in_each_form(form: Encode) -> None:
    subject = scrubber()
    stand_in = subject.learn("password", SECRET)
    (scrubbed,) = subject.scrub([exchange(f"before {form(SECRET)} behind")])
    text = scrubbed.request.body.decode()
    assert form(SECRET) not in text
    assert stand_in not in SECRET
    if form(SECRET) != SECRET and "gzip" not in text:
        subject.look(scrubbed.request.body, "the text")


@pytest.mark.parametrize("form", ["base64", "inside longer base64", "hexadecimal", "gzip in base64"])
def test_what_is_packed_the_same_many_times_is_replaced_everywhere(form: str) -> None:
    # More often than a text is gone over: what looks alike is unpacked once, and written anew wherever it stands.
    packed = FORMS[form](SECRET)
    (scrubbed,) = scrubber().scrub([exchange(json.dumps([{"note": packed, "again": f"{packed} {packed}"}] * 20))])
    notes = {text for one in json.loads(scrubbed.request.body) for text in (one["note"], *one["again"].split())}
    assert packed not in notes
    assert len(notes) == 1


def test_a_canary_stops_the_writing(tmp_path: Path) -> None:
    cassette = Cassette("one", (exchange(b64encode(b"the canary sings here").decode()),), METADATA)
    with pytest.raises(LeakError, match=r"canary 1 in base64") as caught:
        write_recording(tmp_path / "new", [cassette], scrubber("canary sings"))
    assert "sings" not in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_a_written_recording_reads_back(tmp_path: Path) -> None:
    sent = exchange(
        '{"query": "{userInfo{email}}"}', '{"email": "a.person@shop.example"}', content_type="application/json"
    )
    (path,) = write_recording(tmp_path, [Cassette("user-info", (sent,), METADATA)], scrubber())
    read = read_cassette(path)
    assert read.operation == "userInfo"
    assert read.exchanges[0].request == sent.request
    assert read.exchanges[0].reply.json == {"email": "mail1xxx@example.test"}
    first = path.read_bytes()
    write_cassette(path, read)
    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["user-info.json"]


@pytest.mark.parametrize("shown", ["Bearer", "Bearer null", "Bearer undefined", "Basic"])
def test_a_scheme_without_credentials_is_no_secret(shown: str) -> None:
    subject = scrubber()
    subject.learn("token", shown.split(maxsplit=1)[0])
    sent = exchange('{"note": "a Bearer token"}', authorization=shown)
    (scrubbed,) = subject.scrub([sent])
    assert scrubbed == sent


def test_a_password_that_is_a_name_of_the_api_leaves_names_alone() -> None:
    subject = Scrubber(AXRO, {"password": "products"})
    asked = {"query": '{ products(brand: "products") { totalPages } }', "variables": {"password": "products"}}
    (scrubbed,) = subject.scrub([exchange(json.dumps(asked), '{"data": {"products": {"totalPages": 3}}}')])
    stand_in = subject.learn("password", "products")
    told = json.loads(scrubbed.request.body)
    assert told["variables"]["password"] == stand_in != "products"
    assert told["query"].startswith("{ products(")
    assert scrubbed.reply.json == {"data": {"products": {"totalPages": 3}}}


def test_a_message_names_no_secret() -> None:
    with pytest.raises(LeakError) as caught:
        scrubber().look(b64encode(SECRET.encode()), "the text")
    assert "a secret (password) in base64" in str(caught.value)
    assert SECRET not in str(caught.value)
