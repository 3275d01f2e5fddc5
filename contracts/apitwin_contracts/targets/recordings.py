"""A target that is a recording: how it is told from others, and what it says of a request that was not recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.errors import NotRecorded
from apitwin_fixtures import Reply

from .clock import TargetClock

__all__ = ["UnsteadyPlace", "check_recorded", "is_recording", "unsteady_places"]

_APART = "x-apitwin-recorded"
_SIGN_IN, _UNNAMED = "sign_in", ""
_EVERY_OPERATION = "*"
_STATUS, _CODE, _OPENING = 501, "APITWIN_NOT_RECORDED", "apitwin: this request was not recorded"
_PLAIN = {"error", "code", "nearest", "differences"}
_IN_GRAPHQL, _EXTENSIONS = {"message", "extensions"}, {"code", "nearest", "differences"}


@dataclass(frozen=True)
class UnsteadyPlace:
    """A place of an operation's recorded replies, such as `data.products[].stock`, that says nothing of the supplier, and why."""

    operation: str
    place: str
    why: str


def check_recorded(reply: Reply) -> None:
    """Raise `NotRecorded` for the answer of `apitwin replay` to a request that was not recorded; nobody else's is taken for it."""
    apart = next((value for name, value in reply.headers if name == _APART), "")
    if apart:
        raise NotRecorded(f"not recorded in this way; the nearest recording is {apart}")
    if reply.status != _STATUS:
        return
    body = _read(reply)
    plain = isinstance(body, dict) and body.keys() == _PLAIN and body["code"] == _CODE
    message = body["error"] if plain else _in_graphql(body)
    if isinstance(message, str) and message.startswith(_OPENING):
        raise NotRecorded(f"not recorded{message.removeprefix(_OPENING)}")


def _read(reply: Reply) -> Any:
    try:
        return reply.json
    except ValueError:
        return None


def _in_graphql(body: Any) -> Any:
    errors = body["errors"] if isinstance(body, dict) and body.keys() == {"errors"} else None
    only = errors[0] if isinstance(errors, list) and len(errors) == 1 else None
    if not isinstance(only, dict) or only.keys() != _IN_GRAPHQL or not isinstance(only["extensions"], dict):
        return None
    extensions = only["extensions"]
    return only["message"] if extensions.keys() == _EXTENSIONS and extensions["code"] == _CODE else None


def is_recording(clock: TargetClock) -> bool:
    """Tell whether a target is a recording, by its clock: a recording has no state, and nothing that would change it is worth asking."""
    return bool(getattr(clock, "recorded", False))


def unsteady_places(clock: TargetClock) -> Iterator[UnsteadyPlace]:
    """Give the places that a recording hides or that varied while it was made; none for a target that is no recording."""
    if is_recording(clock):
        # What was recorded may have been laid out in another way.
        for part in ("line", "column"):
            yield UnsteadyPlace(_EVERY_OPERATION, f"errors[].locations[].{part}", "it tells of the request's layout")
    recordings: list[Mapping[str, Any]] = getattr(clock, "recordings", list)()
    for told in recordings:
        for kind, why in (("scrubbed", "hidden in the recording"), ("volatile", "it varied while it was recorded")):
            operation = _UNNAMED if told["operation"] == _SIGN_IN else told["operation"]
            yield from (UnsteadyPlace(operation, place, why) for place in told[kind])
