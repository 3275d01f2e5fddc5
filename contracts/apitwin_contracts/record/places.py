"""Texts whose parts have names: JSON, forms, cookies, GraphQL, XML, multipart; a part is replaced and the rest stays as it is written."""

import html
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection
from urllib.parse import quote_plus, unquote_plus

from apitwin_fixtures import Headers

from .json_places import json_leaves

__all__ = ["Visit", "rewritten_body", "rewritten_headers", "rewritten_query"]

Place = tuple[str, ...]
Visit = Callable[[Place, str, Collection[str]], str]
"""Gives what is to stand at a place instead of a value; told the place, the value and the names beside it."""

_GRAPHQL = re.compile(
    r'#[^\n]*|"""(?P<block>(?:\\"""|[^"]|"(?!""))*)"""|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<name>\w+)\s*:|[{}()\[\]]',
    re.DOTALL,
)
_MARKUP = re.compile(
    r"<(?P<tag>[\w:.-]+)(?P<rest>[^<>]*)>(?P<text>[^<>]+)(?=</)|(?P<name>[\w:.-]+)\s*=\s*\"(?P<value>[^\"<>]*)\""
)
_PART = re.compile(rb"\r?\n\r?\n")
_PART_NAME = re.compile(rb'name="([^"]*)"', re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)', re.IGNORECASE)
_PAIR = re.compile(r"[\w.\[\]%+~$-]{1,100}=[^=&\s]*(?:=*)(?:&[\w.\[\]%+~$-]{1,100}=[^=&\s]*(?:=*))*")
_COOKIE = re.compile(r"(?P<name>[^=;\s]+)=(?P<value>[^;]*)")
_SHORTEST_COOKIE = 6
_DEEPEST = 4


def rewritten_body(body: bytes, media_type: str, visit: Visit) -> bytes:
    """Rewrite a body; what it is tells its first character rather than its type, which clients often leave out."""
    boundary = _BOUNDARY.search(media_type)
    if media_type.startswith("multipart/") and boundary:
        return _rewritten_parts(body, b"--" + boundary[1].encode(), visit)
    text = body.decode("utf-8", "surrogateescape")
    if media_type.startswith("application/graphql") and "json" not in media_type:
        return _rewritten_graphql(text, visit).encode("utf-8", "surrogateescape")
    return _rewritten(text, (), visit, 0).encode("utf-8", "surrogateescape")


def _rewritten(text: str, place: Place, visit: Visit, depth: int) -> str:
    """Rewrite a text that may itself be JSON, GraphQL, a form, a URL with a query or markup."""
    start = text.lstrip()[:1]
    if depth > _DEEPEST or not start:
        return text
    if (start in "{[" and (not place or place[-1] != "query")) or (start == '"' and not place):
        return _rewritten_json(text, place, visit, depth)
    if place and place[-1] == "query":
        return _rewritten_graphql(text, visit)
    if start == "<":
        return _rewritten_markup(text, visit)
    before, mark, after = text.partition("?")
    if mark and ("://" in before or before.startswith("/")) and " " not in before:
        return before + mark + rewritten_query(after, visit, depth)
    return rewritten_query(text, visit, depth) if _PAIR.fullmatch(text.strip()) else text


def _spliced(text: str, edits: list[tuple[int, int, str]]) -> str:
    parts, done = [], 0
    for start, end, new in edits:
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


def _rewritten_json(text: str, place: Place, visit: Visit, depth: int) -> str:
    edits = []
    # All of it is read before the first is visited: the names beside a place may come after it.
    for leaf in list(json_leaves(text)):
        at = (*place, *leaf.place)
        new = visit(at, leaf.value, leaf.names)
        if new == leaf.value and leaf.is_text:
            new = _rewritten(leaf.value, at, visit, depth + 1)
        if new != leaf.value:
            edits.append((leaf.start, leaf.end, json.dumps(new) if leaf.is_text else new))
    return _spliced(text, edits)


def rewritten_query(query: str, visit: Visit, depth: int = 0) -> str:
    """Rewrite a query string or a form."""
    pairs = [pair.partition("=") for pair in query.split("&")]
    names = {unquote_plus(name) for name, _, _ in pairs}
    return "&".join(
        name + between + _parameter(unquote_plus(name), value, names, visit, depth) for name, between, value in pairs
    )


def _parameter(name: str, value: str, names: set[str], visit: Visit, depth: int) -> str:
    decoded = unquote_plus(value)
    new = visit((name,), decoded, names)
    if new == decoded:
        new = _rewritten(decoded, (name,), visit, depth + 1)
    return quote_plus(new) if new != decoded else value


def _rewritten_graphql(text: str, visit: Visit) -> str:
    names = {match["name"] for match in _GRAPHQL.finditer(text) if match["name"]}
    edits, name = [], ""
    for match in _GRAPHQL.finditer(text):
        if match["name"]:
            name = match["name"]
        elif match["text"] and name:
            value = _literal(match["text"])
            new = visit((name,), value, names)
            edits += [(*match.span(), json.dumps(new))] if new != value else []
        elif match["block"] and name:
            value = match["block"].replace('\\"""', '"""').strip()
            new = visit((name,), value, names)
            edits += [(*match.span("block"), new.replace('"""', '\\"""'))] if new != value else []
    return _spliced(text, edits)


def _literal(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]


def _rewritten_markup(text: str, visit: Visit) -> str:
    found = list(_MARKUP.finditer(text))
    names = {(match["tag"] or match["name"]).rpartition(":")[2] for match in found}
    edits = []
    for match in found:
        group, name = ("text", match["tag"]) if match["tag"] else ("value", match["name"])
        value = html.unescape(match[group])
        new = visit((name.rpartition(":")[2],), value, names)
        edits += [(*match.span(group), html.escape(new))] if new != value else []
    return _spliced(text, edits)


def _rewritten_parts(body: bytes, boundary: bytes, visit: Visit) -> bytes:
    return boundary.join(_rewritten_part(part, visit) for part in body.split(boundary))


def _rewritten_part(part: bytes, visit: Visit) -> bytes:
    end, named = _PART.search(part), _PART_NAME.search(part)
    if not end or not named or named.start() > end.start():
        return part
    head, content, tail = part[: end.end()], part[end.end() :], b""
    if content.endswith(b"\r\n"):
        content, tail = content[:-2], b"\r\n"
    name, text = named[1].decode("utf-8", "replace"), content.decode("utf-8", "surrogateescape")
    new = visit((name,), text, ())
    new = _rewritten(text, (name,), visit, 1) if new == text else new
    return head + new.encode("utf-8", "surrogateescape") + tail


def rewritten_headers(headers: Headers, visit: Visit) -> Headers:
    """Rewrite headers: credentials behind their scheme, cookies one by one, the queries of addresses."""
    return tuple((name, _header(name, value, visit)) for name, value in headers)


def _header(name: str, value: str, visit: Visit) -> str:
    if name in ("authorization", "proxy-authorization"):
        return _authorization(value, visit)
    if name in ("cookie", "set-cookie"):
        return _cookies(value, visit, only_first=name == "set-cookie")
    new = visit((name,), value, ())
    return _rewritten(value, (name,), visit, 1) if new == value and "?" in value else new


def _authorization(value: str, visit: Visit) -> str:
    scheme, space, credentials = value.partition(" ")
    if not space:
        return visit(("authorization",), value, ())
    pair = _basic(credentials) if scheme.lower() == "basic" else None
    if pair is None:
        return scheme + space + visit(("authorization",), credentials, ())
    user, password = (visit((name,), part, ()) for name, part in zip(("username", "password"), pair, strict=True))
    return scheme + space + b64encode(f"{quote_plus(user) if '%' in pair[0] else user}:{password}".encode()).decode()


def _basic(credentials: str) -> tuple[str, str] | None:
    try:
        user, between, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if between else None


def _cookies(value: str, visit: Visit, *, only_first: bool) -> str:
    def rewritten(match: re.Match[str]) -> str:
        if len(match["value"]) < _SHORTEST_COOKIE or (only_first and match.start()):
            return match[0]
        return f"{match['name']}={visit((match['name'], 'session'), match['value'], ())}"

    return _COOKIE.sub(rewritten, value)
