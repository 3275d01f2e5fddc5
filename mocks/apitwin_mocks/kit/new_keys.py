"""New keys of a supplier's JSON in a mock that was written before them: recorded values out; a REST mock needs no more of what was added."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from apitwin_fixtures import Reply
from apitwin_fixtures.additions import KeyAddition

__all__ = ["with_new_keys"]

_PART = re.compile(r"\[\]|[^.\[\]]+")


def with_new_keys(reply: Reply, keys: tuple[KeyAddition, ...]) -> Reply:
    """Give a JSON reply with new keys where they are not yet; any other reply stays as it is."""
    if "json" not in reply.media_type:
        return reply
    body: Any = reply.json
    for one in keys:
        for holder in _at(body, _PART.findall(one.path)):
            holder.setdefault(one.key, one.addition.value(holder.get))
    return replace(reply, body=orjson.dumps(body))


def _at(value: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    if not path:
        if isinstance(value, dict):
            yield value
        return
    head, *rest = path
    if head == "[]":
        for item in value if isinstance(value, list) else ():
            yield from _at(item, rest)
    elif isinstance(value, dict) and head in value:
        yield from _at(value[head], rest)
