"""Mutators of what carries an answer: status, headers, media type, encoding, envelope."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from apitwin_contracts.drift import Category, Severity
from apitwin_fixtures import Reply

from .ground import Ground
from .mutator import Mutator, Spot
from .rewriting import carried, named, reply_of, without_header

__all__ = ["CARRIERS"]

Change = Callable[[Reply], Reply]


def _spots(change: Change, ground: Ground) -> Iterator[Spot]:
    for operation in ground.answers:
        stage = reply_of(ground, named(operation), change, "ok")
        yield Spot(operation, (operation,), stage, operation, (f"schema.reply:{operation}",))


def _payload_spots(change: Callable[[Any], Any], ground: Ground) -> Iterator[Spot]:
    for operation in ground.answers:
        stage = reply_of(ground, named(operation), partial(_payload, ground, operation, change))
        yield Spot(operation, (operation,), stage, operation, (f"schema.reply:{operation}",))


def _payload(ground: Ground, operation: str, change: Callable[[Any], Any], reply: Reply) -> Reply:
    return carried(ground, operation, reply, change)


def _header(name: str, value: str) -> Change:
    return lambda reply: replace(reply, headers=(*without_header(reply.headers, name), (name, value)))


def _body(change: Callable[[bytes], bytes]) -> Change:
    return lambda reply: replace(reply, body=change(reply.body))


def _status(status: int) -> Change:
    return lambda reply: replace(reply, status=status)


def _moved(reply: Reply) -> Reply:
    return Reply(302, (*without_header(reply.headers, "content-type"), ("location", "/v2")), b"")


def _empty(_reply: Reply) -> Reply:
    return Reply(204, (), b"")


def _page(_reply: Reply) -> Reply:
    return Reply(200, (("content-type", "text/html; charset=utf-8"),), b"<!doctype html><title>Welcome</title>")


def _xml(_reply: Reply) -> Reply:
    return Reply(200, (("content-type", "application/xml"),), b"<?xml version='1.0'?><result/>")


def _make(name: str, severity: Severity, promise: str, change: Change, category: Category = "wire") -> Mutator:
    return Mutator(name, category, severity, promise, partial(_spots, change))


def _shape(name: str, promise: str, change: Callable[[Any], Any]) -> Mutator:
    return Mutator(name, "wire", "breaking", promise, partial(_payload_spots, change))


_STATUS, _MEDIA, _JSON = (
    "a success has its documented status",
    "an answer has its documented media type",
    "an answer is plain JSON",
)
CARRIERS: tuple[Mutator, ...] = (
    _make("status-201", "breaking", _STATUS, _status(201)),
    _make("status-202", "breaking", _STATUS, _status(202)),
    _make("status-206", "breaking", _STATUS, _status(206)),
    _make("status-500", "breaking", _STATUS, _status(500)),
    _make("status-404", "breaking", _STATUS, _status(404)),
    _make("redirect", "breaking", "an answer comes from where it was asked for", _moved),
    _make("no-content", "breaking", "a success says something", _empty),
    _make("media-type-text", "breaking", _MEDIA, _header("content-type", "text/plain; charset=utf-8")),
    _make("media-type-html", "breaking", _MEDIA, _header("content-type", "text/html")),
    _make("media-type-problem", "breaking", _MEDIA, _header("content-type", "application/problem+json")),
    _make(
        "media-type-missing",
        "breaking",
        _MEDIA,
        lambda reply: replace(reply, headers=without_header(reply.headers, "content-type")),
    ),
    _make("html-page", "breaking", "an answer is no page", _page),
    _make("xml", "breaking", "an answer is no XML", _xml),
    _make("byte-order-mark", "dangerous", _JSON, _body(lambda body: b"\xef\xbb\xbf" + body)),
    _make("html-comment", "breaking", _JSON, _body(lambda body: body + b"<!-- cached -->")),
    _make("cut-short", "breaking", _JSON, _body(lambda body: body[:-1])),
    _make("json-in-text", "breaking", _JSON, _body(lambda body: orjson.dumps(body.decode()))),
    _make("padded-callback", "breaking", _JSON, _body(lambda body: b"callback(" + body + b");")),
    _make("compressed-untold", "breaking", _JSON, _body(gzip.compress)),
    _make("in-a-list", "breaking", "an answer lies where the contract puts it", _body(lambda body: b"[" + body + b"]")),
    _make(
        "one-deeper",
        "breaking",
        "an answer lies where the contract puts it",
        _body(lambda body: b'{"result":' + body + b"}"),
    ),
    _make("deprecation-header", "additive", "nothing says that the API will go", _header("deprecation", "true")),
    _make(
        "sunset-header",
        "additive",
        "nothing says when the API will go",
        _header("sunset", "Sat, 31 Dec 2033 23:59:59 GMT"),
    ),
    _shape("payload-wrapped", "a payload lies where the contract puts it", lambda payload: {"data": payload}),
    _shape("payload-in-list", "a payload that is one thing is no list", lambda payload: [payload]),
    _shape("payload-null", "a success has a payload", lambda _payload: None),
    _shape("payload-text", "a payload is no text", lambda payload: orjson.dumps(payload).decode()),
)
