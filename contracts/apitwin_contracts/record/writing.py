"""Writing cassettes: whole or not at all, the same bytes for the same recording, and never with a secret."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from apitwin_contracts.errors import UsageError
from apitwin_fixtures import Cassette, Exchange, Headers

from .scrubbing import Scrubber

__all__ = ["place_files", "rendered", "write_cassette", "write_recording"]

_NOWHERE = "http://localhost"
_PART = ".part"
_DEAD_AFTER = 600.0
"""In seconds: all files of a recording are written and named within a few."""


def rendered(cassette: Cassette) -> bytes:
    """Give a cassette in vcrpy's JSON format; raises `UsageError` for a body that is no text, which the format cannot hold."""
    # Imported here: vcrpy takes a tenth of a second to import.
    from vcr.request import Request as Recorded  # noqa: PLC0415 - see above
    from vcr.serialize import serialize  # noqa: PLC0415 - see above
    from vcr.serializers import jsonserializer  # noqa: PLC0415 - see above

    base = _origin(cassette.metadata)
    asked = [exchange.request for exchange in cassette.exchanges]
    requests = [Recorded(r.method, base + r.target, r.body, _headers(r.headers)) for r in asked]
    replies = [_reply(exchange) for exchange in cassette.exchanges]
    try:
        text = serialize({"requests": requests, "responses": replies, "metadata": cassette.metadata}, jsonserializer)
    except TypeError:
        raise UsageError(
            f"the cassette {cassette.name} has a body that is no UTF-8 text; leave its operation out"
        ) from None
    return str(text).encode()


def _origin(metadata: Mapping[str, Any]) -> str:
    parts = urlsplit(str(metadata.get("target", "")))
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}" if parts.hostname else _NOWHERE


def _headers(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


def _reply(exchange: Exchange) -> dict[str, Any]:
    reply = exchange.reply
    known = reply.status in {status.value for status in HTTPStatus}
    message = HTTPStatus(reply.status).phrase if known else ""
    return {
        "status": {"code": reply.status, "message": message},
        "headers": _headers(reply.headers),
        "body": {"string": reply.body},
    }


def write_cassette(path: Path, cassette: Cassette) -> None:
    """Write one cassette that is scrubbed already; a reader finds the old file or the new one, never a half."""
    place_files({path: rendered(cassette)})


def write_recording(folder: Path, cassettes: Sequence[Cassette], scrubber: Scrubber) -> list[Path]:
    """Scrub and write cassettes, after a last look over every byte; raises `LeakError` and writes nothing when a secret would stay."""
    for cassette in cassettes:
        scrubber.discover(cassette.exchanges)
    scrubbed = [replace(cassette, exchanges=scrubber.scrub(cassette.exchanges)) for cassette in cassettes]
    files = {folder / f"{cassette.name}.json": rendered(cassette) for cassette in scrubbed}
    for path, content in files.items():
        for text in _texts(json.loads(content)):
            scrubber.look(text.encode("utf-8", "surrogateescape"), f"the cassette {path.stem}")
    folder.mkdir(parents=True, exist_ok=True)
    place_files(files)
    return list(files)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, part in value.items() for text in (key, *_texts(part))]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []


def place_files(files: Mapping[Path, bytes]) -> None:
    """Put files into folders that are there: all are whole on the disk before the first takes its name."""
    made: dict[str, Path] = {}
    try:
        for path, content in files.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=_PART, dir=path.parent)
            made[name] = path
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for name in {path.parent: name for name, path in made.items()}.values():
            _sweep(Path(name))
        for name, path in list(made.items()):
            Path(name).replace(path)
            del made[name]
    finally:
        for name in made:
            with suppress(OSError):
                Path(name).unlink()


def _sweep(made: Path) -> None:
    """Remove what a run that was killed while it wrote left beside a file that was made now."""
    # The file system's own clock tells what is old, wherever the files are.
    now = made.stat().st_mtime
    for part in made.parent.glob(f".*{_PART}"):
        with suppress(OSError):
            if now - part.stat().st_mtime > _DEAD_AFTER:
                part.unlink()
