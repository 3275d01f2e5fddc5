"""Bodies as they mean: without the encoding that carried them."""

from dataclasses import replace
from typing import TypeVar

from apitwin_fixtures import Reply, Request

from .packed import inflated

__all__ = ["decoded"]

Message = TypeVar("Message", Request, Reply)
_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


def decoded(message: Message) -> Message:
    """Give a message whose body is unpacked, as far as it is whole; one in an encoding that is not known stays as it is."""
    names = [name.strip().lower() for name in (message.header("content-encoding") or "").split(",") if name.strip()]
    body = message.body
    for name in reversed(names):
        unpacked = next((found for window in _WINDOWS.get(name, ()) if (found := inflated(body, window))), None)
        if unpacked is None and name != "identity":
            return message
        body = unpacked[0] if unpacked else body
    if not names:
        return message
    headers = [(name, value) for name, value in message.headers if name != "content-encoding"]
    length = str(len(body))
    return replace(message, headers=tuple((n, length if n == "content-length" else v) for n, v in headers), body=body)
