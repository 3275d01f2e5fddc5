"""What GraphQL itself promises of the errors in a reply, whoever the supplier is: section 7.1.2 of its specification."""

import re
from collections.abc import Iterator

import orjson

from apitwin_fixtures import Reply, Request, Source

from .entries import json_of
from .surface import Problem

__all__ = ["error_problems"]

_SPECIFICATION = Source("documented", "GraphQL specification, October 2021, section 7.1.2")
_WORD = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_LINE = re.compile(r"\r\n|\n|\r")
_Fault = tuple[str, str, object]


def error_problems(request: Request, reply: Reply) -> Iterator[Problem]:
    """Give each place where the errors of a reply do not fit the document that was asked, or are told twice.

    A server tells the errors of all its operations alike, so that a place names none.
    """
    document = _document(request)
    body = json_of(reply) if document is not None and b'"errors"' in reply.body else None
    errors = body.get("errors") if isinstance(body, dict) else None
    if document is None or not isinstance(errors, list):
        return
    for where, expected, observed in _faults(errors, document):
        told = orjson.dumps(observed).decode()[:200]
        yield Problem("error.told", "error", "dangerous", f"errors[]{where}", expected, told, _SPECIFICATION)


def _document(request: Request) -> str | None:
    try:
        asked = orjson.loads(request.body) if request.body else request.parameters
    except orjson.JSONDecodeError:
        return None
    document = asked.get("query") if isinstance(asked, dict) else None
    return document if isinstance(document, str) else None


def _faults(errors: list[object], document: str) -> Iterator[_Fault]:
    words = set(_WORD.findall(document))
    lengths = [len(line) for line in _LINE.split(document)]
    told = set[bytes]()
    for error in errors:
        if not isinstance(error, dict):
            continue
        # The same of the same place: whoever counts errors counts one too many.
        key = orjson.dumps(error, option=orjson.OPT_SORT_KEYS)
        if key in told:
            yield "", "told once", error
        told.add(key)
        path = error.get("path")
        if path is not None and not _leads(path, words):
            yield ".path", "what the document asks for, and places below it", path
        locations = error.get("locations")
        if locations is not None and not _lies(locations, lengths):
            yield ".locations", f"lines and columns within {len(lengths)} lines", locations


def _leads(path: object, words: set[str]) -> bool:
    """Tell whether a path begins in the document: with a response key, or as some servers have it with a variable, and goes on below it."""
    if not isinstance(path, list) or not path or not isinstance(path[0], str) or path[0] not in words:
        return False
    return all(isinstance(step, str) or (type(step) is int and step >= 0) for step in path)


def _lies(locations: object, lengths: list[int]) -> bool:
    return isinstance(locations, list) and all(_is_within(one, lengths) for one in locations)


def _is_within(location: object, lengths: list[int]) -> bool:
    if not isinstance(location, dict):
        return False
    line, column = location.get("line"), location.get("column")
    if type(line) is not int or type(column) is not int:
        return False
    # The end of a document is a place as well, just behind its last character.
    return 1 <= line <= len(lengths) and 1 <= column <= lengths[line - 1] + 1
