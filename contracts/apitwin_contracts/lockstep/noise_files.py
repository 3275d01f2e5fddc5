"""The noise profile as a file: TOML, written by a calibration, read by later runs, and meant to be edited."""

import tomllib
from pathlib import Path
from typing import Any, get_args

import orjson

from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown

from .difference import Kind
from .noise import EVERYWHERE, Noise

__all__ = ["read_noise", "write_noise"]

_HEAD = """\
# What differs from one answer of the target to the next, and so is no drift of it. apitwin compare --noise reads this file.
# Edit it as you like: operation "*" stands for all, kinds are {kinds}, or "*".
"""
_KINDS = (*get_args(Kind), EVERYWHERE)
_TEXTS = ("operation", "place", "why")


def write_noise(path: Path, noise: Noise) -> None:
    """Write a profile; raises `UsageError` when the file cannot be written."""
    parts = [_HEAD.format(kinds=", ".join(get_args(Kind)))]
    for one in noise:
        fields = {"operation": one.operation, "place": one.place, "kinds": sorted(one.kinds), "why": one.why}
        # A JSON text, and a list of them, is written alike in TOML.
        parts.append("[[volatile]]\n" + "".join(f"{name} = {_json(value)}\n" for name, value in fields.items()))
    try:
        path.write_text("\n".join(parts), "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the noise profile {path}: {error.strerror}") from None


def read_noise(path: Path) -> Noise:
    """Read a profile; raises `UsageError` for what is none."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the noise profile {path}: {error.strerror}; --calibrate writes one") from None
    except ValueError as error:
        raise UsageError(f"the noise profile {path} is no TOML in UTF-8: {error}") from None
    noise = Noise()
    for number, table in enumerate(_tables(path, data), 1):
        operation, place, why = (_text(path, number, table, name) for name in _TEXTS)
        noise.learn(operation, place, _kinds(path, number, table), why)
    return noise


def _tables(path: Path, data: dict[str, Any]) -> list[dict[str, Any]]:
    listed = data.get("volatile", [])
    if set(data) - {"volatile"} or not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise UsageError(f"the noise profile {path} holds [[volatile]] tables and nothing else")
    return listed


def _text(path: Path, number: int, table: dict[str, Any], name: str) -> str:
    value = table.get(name, EVERYWHERE if name == "operation" else "")
    if not isinstance(value, str) or (name == "place" and not value):
        raise UsageError(f"the noise profile {path}, table {number}: {name} is a text")
    return value


def _kinds(path: Path, number: int, table: dict[str, Any]) -> list[str]:
    listed = table.get("kinds", ["value"])
    if not isinstance(listed, list) or not all(isinstance(kind, str) for kind in listed):
        raise UsageError(f'the noise profile {path}, table {number}: kinds are a list such as ["value"]')
    for kind in listed:
        if kind not in _KINDS:
            raise UsageError(f"the noise profile {path}, table {number}: {unknown('kind', kind, _KINDS)}")
    return listed


def _json(value: object) -> str:
    return orjson.dumps(value).decode().replace("\x7f", "\\u007f")
