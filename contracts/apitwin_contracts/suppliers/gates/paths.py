"""Where the gates' surfaces stand; a path names its gate by code, or by its place among those that the BusinessManager names."""

import re
from collections.abc import Callable

__all__ = ["BOOKING_GATE", "BUSINESS_MANAGER", "DISTRIBUTION_GATE", "FIRST", "SECOND", "at_gate", "for_gate", "gate_of"]

FIRST, SECOND = "{first}", "{second}"
BUSINESS_MANAGER = "/bm/graphql"
DISTRIBUTION_GATE = "/dg/{first}/graphql"
# There is one BookingGate: behind its path stands whose token is shown there.
BOOKING_GATE = "/bg/graphql{first}"

_PLACE = re.compile(r"\{\w+\}")
_CODE = re.compile(r"/dg/([^/{}]+)/")


def for_gate(path: str, gate: str) -> str:
    """Give the path for another gate, by its code or its place."""
    return path.replace(FIRST, gate if gate.startswith("{") or path.startswith("/dg/") else f"{{{gate}}}")


def gate_of(path: str) -> str | None:
    """Give the gate that a path names, by its code or its place."""
    place = _PLACE.search(path)
    if place:
        return place[0] if place[0] in (FIRST, SECOND) else place[0].strip("{}")
    code = _CODE.search(path)
    return code[1] if code else None


def at_gate(path: str, code: Callable[[str], str]) -> str:
    """Give the path as it is asked: with the gate's code where it stands at a gate."""
    place = _PLACE.search(path)
    if place is None:
        return path
    return path.replace(place[0], code(place[0]) if path.startswith("/dg/") else "")
