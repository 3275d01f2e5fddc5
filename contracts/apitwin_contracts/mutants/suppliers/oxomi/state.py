"""OXOMI's paging, state, limits and performance drifts: continuation tokens, filters, versions that differ, the sync date, rates."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.oxomi.tools import ALL, SPXS, SYNCS, rule, twisted
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.suppliers.oxomi import api, domain

__all__ = ["MUTANTS"]
_paging = family("oxomi", "paging")
_limits = family("oxomi", "limits")
_slow = family("oxomi", "performance")
_VIEWS, _EVERY, _SYNCS = ("agreement.views", " ".join((*SYNCS, *SPXS)), " ".join(SYNCS))
_SIZE, _JOINED, _END, _SINGLE = ("cursor.size", "cursor.concatenation", "cursor.end", "filter.single")


def _chained(change: Any) -> Any:
    """Give a rule that answers other pages: change(original, graph, token, wanted, start)."""
    return rule(
        (
            domain.Graph,
            "changed_since_sync",
            lambda original: (
                lambda self, token, wanted, start="": change(
                    lambda *arguments: original(self, *arguments), self, token, wanted, start
                )
            ),
        )
    )


def _one_early(original: Any, _graph: Any, token: str, wanted: Any, start: str) -> Any:
    page, following = original(token, wanted, start)
    return (page, page[-1].id if following != "-" else following)


def _never_ends(original: Any, _graph: Any, token: str, wanted: Any, start: str) -> Any:
    page, following = original(token, wanted, start)
    return (page, page[0].id if following == "-" and page else following)


def _backwards(original: Any, _graph: Any, token: str, wanted: Any, start: str) -> Any:
    page, following = original(token, wanted, start)
    return (page[::-1], following)


def _used_once() -> Twist:
    seen: set[tuple[str, str]] = set()

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        token = asked.arguments.get("continuationToken", "")
        key = (asked.operation, token)
        if token.strip("-") and key in seen:
            body = (
                b'{"success":false,"error":true,"message":"The parameter continuationToken is no product\'s id: '
                + token.encode()
                + b'"}'
            )
            return Exchange(request, Reply(400, (("content-type", "application/json"),), body))
        seen.add(key)
        return forward(request)

    return twist


_PAGES = (
    _paging("overlap", "breaking", _SYNCS, "products[]", _JOINED, _chained(_one_early), of="page_overlap"),
    _paging(
        "never-ends",
        "breaking",
        _SYNCS,
        "",
        "cursor.end cursor.concatenation",
        _chained(_never_ends),
        of="page_has_next",
    ),
    _paging(
        "size-capped",
        "breaking",
        _SYNCS,
        "products[]",
        _SIZE,
        rule((domain, "PAGE_SIZE", lambda _: 30)),
        of="page_max_size",
    ),
    _paging(
        "size-larger",
        "dangerous",
        _SYNCS,
        "products[]",
        _SIZE,
        rule((domain, "PAGE_SIZE", lambda _: 100)),
        of="page_default",
    ),
    _paging("token-once", "dangerous", _SYNCS, "products[]", "cursor.reuse", twisted(_used_once), of="gql_cursor_once"),
    _paging(
        "backwards",
        "breaking",
        _SYNCS,
        "products[]",
        "cursor.order cursor.names-next",
        _chained(_backwards),
        of="sort_dir_ignored",
    ),
)


def _kept(change: Any) -> Any:
    return rule((domain.Filter, "keeps", lambda original: lambda self, product: change(original, self, product)))


_FILTERS = (
    _paging(
        "country-ignored",
        "breaking",
        _EVERY,
        "products[]",
        _SINGLE,
        _kept(lambda original, self, product: original(replace(self, country=None), product)),
        of="filter_ignored",
    ),
    _paging(
        "capitals-refused",
        "breaking",
        _EVERY,
        "products[]",
        "filter.case",
        rule(
            (
                api,
                "_filter",
                lambda _original: (
                    lambda asked: domain.Filter(
                        asked.text("filterCountry") or None,
                        asked.text("filterLanguage") or None,
                        asked.text("supplierNumber") or None,
                    )
                ),
            )
        ),
        of="gql_filter_case",
        also=("error",),
    ),
)
_DATES = ()
_VERSIONS = ()


def _rate(most: int) -> Twist:
    sent = [0]

    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        sent[0] += 1
        body = b'{"success":false,"error":true,"message":"Too many requests"}'
        return (
            forward(request)
            if sent[0] <= most
            else Exchange(request, Reply(429, (("content-type", "application/json"),), body))
        )

    return twist


def _late(seconds: float, when: Any) -> Any:

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        return replace(exchange, seconds=exchange.seconds + seconds) if when(asked) else exchange

    return twisted(lambda: twist)


_LIMITS = (
    _limits("rate", "breaking", ALL, "rate limit", "schema.reply", twisted(lambda: _rate(30)), of="limit_rate"),
    _slow(
        "latency",
        "dangerous",
        "spx_v3",
        "spx_v3",
        "performance.latency",
        _late(0.8, lambda asked: asked.operation == "spx_v3"),
        of="perf_latency",
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_PAGES, *_FILTERS, *_DATES, *_VERSIONS, *_LIMITS)
