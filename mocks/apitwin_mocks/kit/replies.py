"""Replies made of JSON, text and catalogue entries."""

from collections.abc import Mapping

import orjson

from apitwin_fixtures import ErrorEntry, Reply

__all__ = ["html_reply", "json_reply", "refused_reply", "text_reply"]

_JSON = ("content-type", "application/json")


def json_reply(body: object, status: int = 200, headers: tuple[tuple[str, str], ...] = (_JSON,)) -> Reply:
    """Serialise a body; the default header is `application/json`."""
    return Reply(status, headers, orjson.dumps(body))


def text_reply(text: str, status: int = 200, media_type: str = "text/plain") -> Reply:
    """Send UTF-8 text."""
    return Reply(status, (("content-type", f"{media_type}; charset=utf-8"),), text.encode())


def html_reply(text: str, status: int = 200) -> Reply:
    """Send a page."""
    return text_reply(text, status, "text/html")


def refused_reply(entry: ErrorEntry, values: Mapping[str, object]) -> Reply:
    """Make a catalogue entry's whole reply; a body that is text is sent as the entry's own content type, an empty one as none."""
    if entry.placement == "reply" and entry.body == "":
        return Reply(entry.status, tuple(entry.rendered_headers(values).items()))
    headers = {"content-type": "application/json", **entry.rendered_headers(values)}
    body = _enveloped(entry, entry.render(values), values.get("operation"))
    raw = orjson.dumps(body) if headers["content-type"].startswith("application/json") else str(body).encode()
    return Reply(entry.status, tuple(headers.items()), raw)


def _enveloped(entry: ErrorEntry, body: object, operation: object) -> object:
    # Only an ordered fault comes here with a code that is placed inside a GraphQL reply.
    if entry.placement == "errors":
        return {"data": None, "errors": [body]}
    return {"data": {str(operation): body}} if entry.placement == "payload" else body
