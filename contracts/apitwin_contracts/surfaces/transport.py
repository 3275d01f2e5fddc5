"""What carries a reply: its status, its media type and its headers, held apart from what the body says."""

import re
from collections.abc import Iterator, Mapping

from apitwin_contracts.drift import Severity
from apitwin_fixtures import ASSUMED, ErrorCatalogue, ErrorEntry, Reply, Request
from apitwin_fixtures.template import difference

from .surface import OK, UNKNOWN, Problem, Recognition, Surface

__all__ = ["transport_problems"]

_JSON = frozenset({"application/json", "application/graphql-response+json"})
_LEAVING = ("deprecation", "sunset")


def transport_problems(
    surface: Surface,
    operation: str,
    request: Request,
    reply: Reply,
    recognition: Recognition,
    catalogue: ErrorCatalogue,
) -> Iterator[Problem]:
    """Give each place where what carries a recognised reply is not what was promised; an unknown reply promises nothing."""
    place = surface.location(operation)
    if recognition.outcome == UNKNOWN:
        return
    if recognition.outcome != OK:
        yield from _refusal(place, request, reply, catalogue[recognition.outcome])
    for name in _LEAVING:
        value = reply.header(name)
        if value is not None:
            yield Problem("wire.leaving", "wire", "additive", f"{place}#{name}", "no such header", value, ASSUMED)


def _refusal(place: str, request: Request, reply: Reply, entry: ErrorEntry) -> Iterator[Problem]:
    if reply.status != entry.status:
        observed = f"status {reply.status}"
        yield Problem(
            "wire.status", "wire", "breaking", f"{place}#status", f"status {entry.status}", observed, entry.source
        )
    expected = {"content-type": "application/json", **(entry.headers or {})}
    for name, template in expected.items():
        found = _header(name, template, reply, entry)
        if found:
            severity, wanted, observed = found
            yield Problem("wire.header", "wire", severity, f"{place}#{name}", wanted, observed, entry.source)
    yield from _allowed(place, request, reply, entry)


def _header(name: str, template: str, reply: Reply, entry: ErrorEntry) -> tuple[Severity, str, str] | None:
    value = reply.header(name)
    if name == "content-type":
        wanted = template.partition(";")[0].strip()
        alike = reply.media_type == wanted or entry.body == "" or {reply.media_type, wanted} <= _JSON
        return None if alike else ("breaking", wanted, value or "absent")
    if value is None:
        return "breaking", template, "absent"
    return None if difference(template, value) is None else ("dangerous", template, value)


def _allowed(place: str, request: Request, reply: Reply, entry: ErrorEntry) -> Iterator[Problem]:
    """A refused method cannot be among the allowed ones, and the body must name the same methods as the header."""
    allow = reply.header("allow")
    if "allow" not in (entry.headers or {}) or allow is None:
        return
    named = _named(entry.body, reply.text) if isinstance(entry.body, Mapping) else None
    methods = {method.strip() for method in allow.split(",")}
    if request.method in methods or named not in (None, allow):
        expected = f"{named or 'methods'}, {request.method} not among them"
        yield Problem("wire.header", "wire", "dangerous", f"{place}#allow", expected, allow, entry.source)


def _named(body: Mapping[str, object], text: str) -> str | None:
    template = next((part for part in body.values() if isinstance(part, str) and "{allowed}" in part), None)
    if template is None:
        return None
    before, _, after = template.partition("{allowed}")
    found = re.search(f"{re.escape(before)}([A-Z, ]+){re.escape(after)}", text)
    return found[1].strip() if found else None
