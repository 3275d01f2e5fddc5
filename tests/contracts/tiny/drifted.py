"""Tiny as it has drifted: later pages begin with the first item again, and an order is of one piece more than was asked for."""

from dataclasses import replace

import orjson

from apitwin_fixtures import Reply
from apitwin_mocks.kit.call import Call
from tests.contracts.tiny.mock import SUPPLIER as FAITHFUL

__all__ = ["SUPPLIER"]


def _answer(call: Call) -> Reply:
    reply = FAITHFUL.endpoint(call)
    asked = call.request.parameters
    if reply.status != 200:
        return reply
    body = orjson.loads(reply.body)
    if "items" in body and asked.get("page", "1") != "1" and "colour" not in asked and body["items"]:
        body["items"][0] = next(iter(call.world.items.values()))
    if call.request.method == "POST":
        body["quantity"] += 1
    return replace(reply, body=orjson.dumps(body))


SUPPLIER = replace(FAITHFUL, endpoint=_answer)
