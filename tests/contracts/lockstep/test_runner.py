"""Mock and target in lockstep: what differs is told with the shortest sequence, and what does not is silent."""

from dataclasses import replace
from typing import Any

import pytest

from apitwin_contracts.drift import Finding
from apitwin_contracts.lockstep.runner import Asked, compare
from apitwin_contracts.run import PROFILES
from apitwin_contracts.targets import Target
from apitwin_fixtures import Reply, Request
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.stage import Change, Twisted, in_body, target


def told(drifted: Target, seed: int = 0) -> list[Finding]:
    asked = Asked(CONTRACT, target(), drifted, PROFILES["quick"], seed)
    return list(compare(asked).findings)


@pytest.mark.parametrize("seed", range(5))
def test_two_mocks_do_not_differ(seed: int) -> None:
    assert told(target(), seed) == []


def first_renamed(body: Any) -> None:
    for item in body["items"]:
        item["title"] = item.pop("name")


def one_too_many(body: Any) -> None:
    body["pages"] += 1


def colours_as_numbers(body: Any) -> None:
    for item in body["items"]:
        item["colour"] = 7


def backwards(body: Any) -> None:
    body["items"].reverse()


def as_text(_request: Request, reply: Reply) -> Reply:
    return replace(reply, headers=tuple((name, "text/plain") for name, _ in reply.headers))


def let_in(request: Request, reply: Reply) -> Reply:
    return Reply(200, reply.headers, b'{"items":[],"pages":1}') if reply.status == 401 else reply


@pytest.mark.parametrize(
    ("change", "check", "category", "place"),
    [
        (in_body(first_renamed), "lockstep.absent", "schema", "items[].name"),
        (in_body(one_too_many), "lockstep.value", "paging", "pages"),
        (in_body(colours_as_numbers), "lockstep.type", "schema", "items[].colour"),
        (in_body(backwards), "lockstep.order", "paging", "items[]"),
        (as_text, "lockstep.media", "wire", "#content-type"),
        (let_in, "lockstep.status", "auth", "#status"),
    ],
)
def test_a_drift_is_told_in_one_step(change: Change, check: str, category: str, place: str) -> None:
    found = told(Twisted(change))
    seen = [(finding.check, finding.category, finding.location, len(finding.steps)) for finding in found]
    assert any(
        finding.check == check
        and (finding.category == category or check in ("lockstep.value", "lockstep.order"))
        and finding.location.endswith(place)
        and len(finding.steps) == 1
        for finding in found
    ), seen


def test_a_difference_that_does_not_show_again_is_a_flake() -> None:
    flakes: list[str] = []
    once = iter([True])

    def hiccup(request: Request, reply: Reply) -> Reply:
        return Reply(500, (), b"oops") if request.path == "/v1/items" and next(once, False) else reply

    asked = Asked(CONTRACT, target(), Twisted(hiccup), PROFILES["quick"], flaky=flakes.append)
    assert list(compare(asked).findings) == []
    assert len(flakes) == 1
    assert "status" in flakes[0]


def test_several_drifts_are_all_told() -> None:
    def both(request: Request, reply: Reply) -> Reply:
        return as_text(request, in_body(first_renamed)(request, reply))

    assert {"lockstep.media", "lockstep.absent", "lockstep.added"} <= {finding.check for finding in told(Twisted(both))}
