"""A reply compared with an entry of the error catalogue that is a whole reply."""

from collections.abc import Mapping
from dataclasses import replace

from apitwin_fixtures import ErrorCatalogue, ErrorEntry, Reply
from apitwin_fixtures.template import render, values_of

__all__ = ["Difference", "body_difference", "filled", "json_of", "specified", "whole_difference"]

Difference = tuple[str, object, object]
# A refusal may come before the client's choice between GraphQL's two media types is read.
_SAME = frozenset({("application/json", "application/graphql-response+json")})


def json_of(reply: Reply) -> object:
    """Give the reply's body as JSON, None when it is none."""
    try:
        return reply.json
    except ValueError:
        return None


def body_difference(entry: ErrorEntry, reply: Reply) -> Difference | None:
    """Give the first place where a reply differs in status or body, whatever carries it; None if in none."""
    if entry.status != reply.status:
        return "status", entry.status, reply.status
    found = entry.difference(reply.text if isinstance(entry.body, str) else json_of(reply))
    return found and (f"body.{found[0]}" if found[0] else "body", found[1], found[2])


def whole_difference(entry: ErrorEntry, reply: Reply) -> Difference | None:
    """Give the first place (path, expected, observed) where a reply differs in status, content type, body or headers; None if in none."""
    if entry.status != reply.status:
        return "status", entry.status, reply.status
    headers = {"content-type": "application/json", **(entry.headers or {})}
    # An empty body has no type.
    media_type = headers["content-type"].partition(";")[0].strip() if entry.body != "" else reply.media_type
    if reply.media_type != media_type and (media_type, reply.media_type) not in _SAME:
        return "header content-type", media_type, reply.media_type
    found = entry.difference(reply.text if isinstance(entry.body, str) else json_of(reply))
    if found:
        return (f"body.{found[0]}" if found[0] else "body", found[1], found[2])
    missing = [name for name in entry.headers or {} if reply.header(name) is None]
    return (f"header {missing[0]}", "present", "absent") if missing else None


def filled(entry: ErrorEntry, body: object) -> ErrorEntry:
    """Give an entry that expects a body's own values wherever it names them: what stands alone in one place is the same in a sentence."""
    return replace(entry, body=render(entry.body, values_of(entry.body, body)))


def specified(catalogue: ErrorCatalogue, code: str, names: Mapping[str, object]) -> ErrorCatalogue:
    """Give a code alone, with what its text must name filled in."""
    entry = catalogue[code]
    return ErrorCatalogue((replace(entry, body=render(entry.body, names)),))
