"""`apitwin suppliers`: what there is, who says so, and when it was last seen."""

from collections import Counter
from datetime import date
from typing import Any

import orjson

from apitwin_contracts.contract import Contract
from apitwin_contracts.registry import contract_names, load_contracts
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_contracts.surfaces.several import SeveralSurfaces
from apitwin_mocks.registry import supplier_names

from .columns import columns
from .wall import now

__all__ = ["list_suppliers"]

_HEAD = ("supplier", "surface", "operations", "codes", "documented", "observed", "assumed", "recordings", "last seen")
_KINDS = ("documented", "observed", "assumed")


def list_suppliers(*, as_json: bool) -> int:
    """Print the installed suppliers and give the exit code."""
    today = now().date()
    mocked = supplier_names()
    listed = [_entry(contract, mocked, today) for contract in load_contracts(contract_names()).values()]
    print(orjson.dumps(listed, option=orjson.OPT_INDENT_2).decode() if as_json else _table(listed))
    return 0


def _entry(contract: Contract, mocked: tuple[str, ...], today: date) -> dict[str, Any]:
    counts = Counter(str(source.kind) for source in contract.surface.coverage().values())
    days = sorted(date.fromisoformat(cassette.recorded) for cassette in _cassettes(contract))
    return {
        "supplier": contract.supplier,
        "title": contract.title,
        "mock": contract.supplier in mocked,
        "surface": _surface(contract),
        "operations": len(contract.operations),
        "error_codes": len(contract.errors),
        "sources": {kind: counts[kind] for kind in _KINDS},
        "recordings": len(days),
        "oldest": days[0].isoformat() if days else None,
        "newest": days[-1].isoformat() if days else None,
        "oldest_days": (today - days[0]).days if days else None,
        "newest_days": (today - days[-1]).days if days else None,
    }


def _cassettes(contract: Contract) -> tuple[Any, ...]:
    return contract.fixtures.cassettes if (contract.fixtures.root / "cassettes").is_dir() else ()


def _surface(contract: Contract) -> str:
    known = {GraphQLSurface: "GraphQL", SeveralSurfaces: "GraphQL", RestSurface: "REST"}
    return next((name for kind, name in known.items() if isinstance(contract.surface, kind)), "other")


def _table(listed: list[dict[str, Any]]) -> str:
    rows = [
        (
            entry["supplier"],
            entry["surface"],
            *(str(entry[name]) for name in ("operations", "error_codes")),
            *(str(entry["sources"][kind]) for kind in _KINDS),
            str(entry["recordings"]),
            _last_seen(entry),
        )
        for entry in listed
    ]
    return columns([_HEAD, *rows], numbers=range(2, 8))


def _last_seen(entry: dict[str, Any]) -> str:
    if entry["oldest"] is None:
        return "never"
    if entry["oldest"] == entry["newest"]:
        return f"{entry['newest']} ({_ago(entry['newest_days'])})"
    return f"{entry['oldest']} to {entry['newest']} ({_ago(entry['oldest_days'])} to {_ago(entry['newest_days'])})"


def _ago(days: int) -> str:
    return "today" if days == 0 else "1 day ago" if days == 1 else f"{days:,} days ago"
