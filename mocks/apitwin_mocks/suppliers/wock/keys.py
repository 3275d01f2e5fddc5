"""The keys themselves: texts, and pictures of them that decode; the same key of the same order is always the same."""

import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from .entities import Order, OrderedItem, OrderLine

__all__ = ["Key", "keys_of"]

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SIDE = 16
_DOT = 4


@dataclass(frozen=True, slots=True)
class Key:
    """One key and those that hang on it; `content` is what the wire's `key` says or, for an image, encodes."""

    id: str
    content: bytes
    mime_type: str
    sub_keys: tuple["Key", ...] = ()

    @property
    def text(self) -> str:
        """The key in plain text, or its picture in base64."""
        return self.content.decode() if self.mime_type == "text/plain" else b64encode(self.content).decode()


def keys_of(order: Order, line: OrderLine) -> list[Key]:
    """Give a line's keys, text keys first; a bundle's keys carry one key for each product in it."""
    return [_key(f"{order.id}|{line.item.id}|{place}", line.item, place >= line.text) for place in range(line.quantity)]


def _key(name: str, item: OrderedItem, picture: bool) -> Key:  # noqa: FBT001 - one of two forms
    digest = blake2b(name.encode(), digest_size=32).digest()
    code = _code(digest)
    return Key(
        id=str(UUID(bytes=digest[:16], version=4)),
        content=_picture(digest) if picture else code.encode(),
        mime_type="image/png" if picture else "text/plain",
        sub_keys=tuple(_key(f"{name}|{place}|{child.id}", child, picture) for place, child in enumerate(item.children)),
    )


def _code(digest: bytes) -> str:
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[16:31])
    return "-".join(letters[start : start + 5] for start in (0, 5, 10))


def _picture(digest: bytes) -> bytes:
    """Draw a digest as black and white squares: a PNG of one bit for each pixel, as a scanned card would hold more."""
    bits = [byte >> shift & 1 for byte in digest for shift in range(8)]
    rows = [bits[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    lines = b"".join((b"\0" + _packed(row)) * _DOT for row in rows)
    size = _SIDE * _DOT
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    parts = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _packed(row: list[int]) -> bytes:
    wide = "".join(str(bit) * _DOT for bit in row)
    return int(wide, 2).to_bytes(len(wide) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
