"""A check against a target that repeats our credentials everywhere: no byte that the command writes holds one."""

import json
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from apitwin_contracts.record.matching import Needle, each_view, finder
from apitwin_contracts.targets.served import Served
from apitwin_fixtures import Reply, Request
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from tests.journeys.command import Command

PASSWORD = "reseller-password"


class Chatty(Server):
    """A mock that says with each answer, in many forms, who asked and how; and says it where something else was promised."""

    tokens: set[str]

    async def _answer(self, request: Request) -> Reply:
        reply = await super()._answer(request)
        if request.path.startswith("/_twin") or not isinstance(reply.json, dict):
            return reply
        token = (request.header("authorization") or "").removeprefix("Bearer ")
        granted = reply.json.get("data")
        if isinstance(granted, dict) and "Token" in granted:
            self.tokens.add(granted["Token"])
        said = [form for secret in (PASSWORD, token) for form in _forms(secret)]
        body = {**reply.json, "debug": said, "message": {"of": said}, PASSWORD: token}
        headers = (*reply.headers, ("x-debug", f"{token}; {quote(PASSWORD)}"), ("deprecation", PASSWORD))
        return Reply(reply.status, headers, json.dumps(body).encode())


def _forms(secret: str) -> list[str]:
    return [
        secret,
        f"as {secret}, said",
        b64encode(f"user:{secret}".encode()).decode(),
        "".join(f"%{byte:02x}" for byte in secret.encode()),
        json.dumps({"in": json.dumps(secret)}),
    ]


@pytest.fixture
def chatty() -> Iterator[tuple[str, Chatty]]:
    server = Chatty(load_suppliers(["reseller"]), Seeding(0, 20))
    server.tokens = set()
    with Served(server) as served:
        yield f"{served.url}/reseller", server


@pytest.mark.slow
def test_no_report_holds_a_secret(apitwin: Command, chatty: tuple[str, Chatty]) -> None:
    url, server = chatty
    reports = ("--report", "json=r.json", "--report", "junit=j.xml")
    only = ("--only", "account_details,schema,auth,list_products", "--profile", "quick")
    shown = apitwin("check", "reseller", "--target", url, *only, *reports)
    assert shown.returncode == 1, shown.stdout + shown.stderr
    assert server.tokens
    written = {path.name: path.read_bytes() for path in apitwin.folder.rglob("*") if path.is_file()}
    assert {"r.json", "j.xml"} <= written.keys()
    written |= {"the screen": shown.stdout.encode(), "the errors": shown.stderr.encode()}
    seek = finder([Needle(secret.encode(), b"", "") for secret in (PASSWORD, *server.tokens)])
    left = {
        (name, view[max(0, edit.start - 60) : edit.start])
        for name, text in written.items()
        for view in each_view(text, 6)
        for edit in seek(view)
    }
    assert not left


class Refusing(Server):
    """A mock that lets nobody in, and says with which password they came."""

    async def _answer(self, request: Request) -> Reply:
        if request.path.startswith("/_twin"):
            return await super()._answer(request)
        body = json.dumps({"error": f"{PASSWORD} is wrong, and so is {b64encode(PASSWORD.encode()).decode()}"})
        return Reply(400, (("content-type", "application/json"),), body.encode())


def test_a_refusal_that_repeats_the_password_is_told_without_it(apitwin: Command) -> None:
    with Served(Refusing(load_suppliers(["reseller"]), Seeding(0, 5))) as served:
        words = ("check", "reseller", "--target", f"{served.url}/reseller", "--report", "json=r.json")
        shown = apitwin(*words)
    assert shown.returncode == 3, shown.stdout + shown.stderr
    text = shown.stdout + shown.stderr + (apitwin.folder / "r.json").read_text()
    assert "is wrong" in text
    assert PASSWORD not in text
    assert b64encode(PASSWORD.encode()).decode() not in text
