"""A REST surface: routes, each a method, a path and a handler; what fits none gets the supplier's own 404 or 405."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from re import Pattern
from typing import Any

from starlette.routing import compile_path

from apitwin_fixtures import Reply

from .call import Call
from .errors import Refusal
from .replies import json_reply

__all__ = ["Handler", "RestEndpoint", "Route"]

Handler = Callable[..., "Reply | object"]


@dataclass(frozen=True)
class Route:
    """One operation: the methods it answers, its path template (`/orders/{number}`) and its handler, called with the call and the path's values."""

    methods: tuple[str, ...]
    path: str
    operation: str
    handler: Handler

    @property
    def title(self) -> str:
        """How the journal names it."""
        return f"{'|'.join(self.methods)} {self.path}"


@dataclass(frozen=True)
class _Compiled:
    route: Route
    pattern: Pattern[str]
    convertors: dict[str, Any]


class RestEndpoint:
    """Answers a call by the first route that fits; a handler gives a reply or a body to send as JSON with status 200."""

    def __init__(
        self, routes: Iterable[Route], *, not_found: str, method_not_allowed: str, ignore_case: bool = False
    ) -> None:
        self.routes = tuple(routes)
        self._ignore_case = ignore_case
        self._not_found = not_found
        self._method_not_allowed = method_not_allowed
        self._exact: dict[str, list[Route]] = {}
        self._patterns: list[_Compiled] = []
        for route in self.routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        if "{" not in route.path:
            self._exact.setdefault(self._spelled(route.path), []).append(route)
            return
        pattern, _, convertors = compile_path(route.path)
        if self._ignore_case:
            pattern = re.compile(pattern.pattern, re.IGNORECASE)
        self._patterns.append(_Compiled(route, pattern, convertors))

    def _spelled(self, path: str) -> str:
        return path.lower() if self._ignore_case else path

    def __call__(self, call: Call) -> Reply:
        """Find the route and answer; raises `Refusal` for none."""
        route, values = self._find(call)
        call.operation = route.operation
        answer = route.handler(call, **values)
        return answer if isinstance(answer, Reply) else json_reply(answer)

    def operation_of(self, method: str, path: str) -> str | None:
        """Name the operation that would answer; None when no route fits."""
        return next((route.operation for route, _ in self._candidates(path) if method in route.methods), None)

    def _candidates(self, path: str) -> list[tuple[Route, dict[str, Any]]]:
        found: list[tuple[Route, dict[str, Any]]] = [(route, {}) for route in self._exact.get(self._spelled(path), ())]
        for compiled in self._patterns:
            match = compiled.pattern.match(path)
            if match:
                values = {name: compiled.convertors[name].convert(text) for name, text in match.groupdict().items()}
                found.append((compiled.route, values))
        return found

    def _find(self, call: Call) -> tuple[Route, dict[str, Any]]:
        candidates = self._candidates(call.request.path)
        for route, values in candidates:
            if call.request.method in route.methods:
                return route, values
        if candidates:
            allowed = ",".join(sorted({method for route, _ in candidates for method in route.methods}))
            call.nearest = candidates[0][0].title
            call.operation = candidates[0][0].operation
            raise Refusal(self._method_not_allowed, allowed=allowed, method=call.request.method, path=call.request.path)
        call.nearest = self._nearest(call.request.path)
        raise Refusal(self._not_found, path=call.request.path, method=call.request.method)

    def _nearest(self, path: str) -> str | None:
        by_path = {route.path: route.title for route in self.routes}
        found = difflib.get_close_matches(path, by_path, 1, 0.0)
        return by_path[found[0]] if found else None
