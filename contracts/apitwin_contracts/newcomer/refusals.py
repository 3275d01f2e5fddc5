"""What was seen of refusals, as entries of an error catalogue: what names the error is kept, what describes the case is left open."""

import re
from http import HTTPStatus
from itertools import count
from typing import Any

from apitwin_contracts.surfaces.entries import json_of
from apitwin_fixtures import Reply

__all__ = ["Refusals"]

_NAMING = ("code", "errno", "error_code", "type", "status", "statusCode")
_SHORT = 40


class Refusals:
    """Gathers entries, each form once; `values` are what stood in the open places when it was seen."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        self.values: dict[str, dict[str, Any]] = {}

    def documented(self, status: int, sample: Any, operation: str) -> str:
        """Note a status that the document names; its body is open."""
        code = _code(status)
        if code not in self.entries or self.entries[code]["source"]["kind"] == "documented":
            known = self.entries.get(code, {}).get("operations", [])
            self._add(code, status, f"{{{code.lower()}_body}}", "documented", "openapi.json", precedence=200)
            self.entries[code]["operations"] = [*known, operation]
            self.values[code] = {f"{code.lower()}_body": sample}
        return code

    def seen(self, reply: Reply, trigger: str) -> str:
        """Note a whole reply that refuses, and give its code."""
        body = json_of(reply)
        media = reply.media_type
        code = ""
        for number in count(1):
            code = _code(reply.status) + "_SEEN" + (f"_{number}" if number > 1 else "")
            template, values = _template(body if body is not None else reply.text, code.lower())
            known = self.entries.get(code)
            if known is None:
                self._add(code, reply.status, template, "observed", "SOURCE.md", trigger=trigger)
                if reply.body and media != "application/json":
                    self.entries[code]["headers"] = {"content-type": media or "text/plain"}
                self.values[code] = values
                break
            carried = media or "text/plain" if reply.body else "application/json"
            if _bare(known["body"]) == _bare(template) and _media(known) == carried:
                break
        return code

    def graphql(self, message: str) -> str:
        """Note that an item of `errors` refuses; its text is open."""
        code = "REFUSED"
        if code not in self.entries:
            self._add(
                code,
                200,
                {"message": "{refused_message}"},
                "observed",
                "SOURCE.md",
                placement="errors",
                trigger="Any refusal.",
            )
            self.values[code] = {"refused_message": message}
        return code

    def assumed(self, code: str, status: int, body: Any, trigger: str) -> None:
        """Note a refusal that the mock needs and nobody has seen."""
        self._add(code, status, body, "assumed", "SOURCE.md", precedence=300, trigger=trigger)

    def _add(
        self,
        code: str,
        status: int,
        body: Any,
        kind: str,
        where: str,
        *,
        placement: str = "reply",
        precedence: int = 100,
        trigger: str = "As documented.",
    ) -> None:
        self.entries[code] = {
            "code": code,
            "placement": placement,
            "status": status,
            "body": body,
            "operations": ["*"],
            "trigger": trigger,
            "precedence": precedence,
            "partial": isinstance(body, dict),
            "message_is_contract": False,
            "source": {"kind": kind, "where": where},
        }


def _code(status: int) -> str:
    known = {one.value: one.phrase for one in HTTPStatus}
    return re.sub(r"[^A-Z0-9]+", "_", known.get(status, f"status {status}").upper())


def _media(entry: dict[str, Any]) -> str:
    return str((entry.get("headers") or {}).get("content-type", "application/json"))


def _template(value: Any, prefix: str, name: str = "") -> tuple[Any, dict[str, Any]]:
    """Give the form of a refusal with its open places, and what stood in them."""
    last = name.rpartition("_")[2]
    if isinstance(value, dict):
        parts = {
            key: _template(part, prefix, f"{name}_{key if key == _word(key) else f'x{place}'}")
            for place, (key, part) in enumerate(value.items())
        }
        values = {key: one for _, inner in parts.values() for key, one in inner.items()}
        return {key: template for key, (template, _) in parts.items()}, values
    if (
        last in map(_word, _NAMING)
        and isinstance(value, str | int)
        and not isinstance(value, bool)
        and len(str(value)) <= _SHORT
    ):
        return value, {}
    if value == "" and not name:
        return "", {}
    place = f"{prefix}{name or '_body'}"
    return f"{{{place}}}", {place: value}


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "", text) or "x"


def _bare(template: Any) -> Any:
    """Give a template whose open places have no names."""
    if isinstance(template, dict):
        return {key: _bare(part) for key, part in template.items()}
    return "{}" if isinstance(template, str) and template.startswith("{") and template.endswith("}") else template
