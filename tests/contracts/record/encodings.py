"""Encodings as clients and servers really write them, and places in which a text may stand."""

import gzip
import html
import json
import zlib
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

__all__ = ["ENCODINGS", "Encode"]

Encode = Callable[[str], str]


def _padded(text: str) -> str:
    return b64encode(f"shop-7:{text}:end".encode()).decode()


def _token(text: str) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "1", "held": text, "exp": 1900000000})
    head, body = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{body}.c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4"


ENCODINGS: dict[str, Encode] = {
    "plain": lambda text: text,
    "URL": lambda text: quote(text, safe=""),
    "URL of a path": quote,
    "URL in lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "URL in upper case": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in ASCII": json.dumps,
    "JSON escapes": lambda text: "".join(f"\\u{unit:04x}" for unit in _units(text)),
    "JSON in a string": lambda text: json.dumps(json.dumps({"held": text})),
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 inside longer base64": _padded,
    "base64 in lines": lambda text: encodebytes(f"{'before ' * 9}{text}{' behind' * 9}".encode()).decode(),
    "entities": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(character):x};" for character in text),
    "named entities": html.escape,
    "hexadecimal": lambda text: text.encode().hex(),
    "gzip": lambda text: b64encode(gzip.compress(text.encode())).decode(),
    "deflate": lambda text: b64encode(zlib.compress(text.encode())).decode(),
    "web token": _token,
    "GraphQL literal": lambda text: f"{{ find(word: {json.dumps(text)}) {{ id }} }}",
    "GraphQL block": lambda text: '{ find(word: """\n' + text.replace('"""', '\\"""') + '\n""") { id } }',
    "XML": lambda text: f"<a><b>{html.escape(text)}</b></a>",
}


def _units(text: str) -> list[int]:
    coded = text.encode("utf-16-be")
    return [int.from_bytes(coded[at : at + 2], "big") for at in range(0, len(coded), 2)]
