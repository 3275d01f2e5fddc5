"""`apitwin suppliers`: what there is, who says so, and when it was last seen."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import orjson

from apitwin_contracts.contract import Contract
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_contracts.surfaces.several import SeveralSurfaces
from apitwin_mocks.registry import supplier_names

from .ages import Ages, ago, days_of, older_than
from .columns import columns
from .wall import now

__all__ = ["list_suppliers"]

_HEAD = (
    "supplier",
    "surface",
    "operations",
    "codes",
    "documented",
    "observed",
    "assumed",
    "fixtures",
    "last seen live",
)
_KINDS = ("documented", "observed", "assumed")


def list_suppliers(names: Iterable[str] = (), *, as_json: bool, max_age: str | None = None) -> int:
    """Print the installed suppliers and give the exit code: 1 where a fixture is older than the age, such as 90d; raises `UsageError`."""
    limit = None if max_age is None else days_of(max_age)
    # The contracts first: a mistake in apitwin.toml is a wrong use there.
    contracts = load_contracts(names).values()
    today, mocked = now().date(), supplier_names()
    listed = [_entry(contract, mocked, Ages.of(contract.fixtures, today), limit) for contract in contracts]
    print(orjson.dumps(listed, option=orjson.OPT_INDENT_2).decode() if as_json else _table(listed))
    if max_age is not None and not as_json:
        print(f"\n{older_than(listed, max_age)}")
    return int(any(entry.get("older") for entry in listed))


def _entry(contract: Contract, mocked: tuple[str, ...], ages: Ages, limit: int | None) -> dict[str, Any]:
    counts = Counter(str(source.kind) for source in contract.surface.coverage().values())
    return {
        "supplier": contract.supplier,
        "title": contract.title,
        "mock": contract.supplier in mocked,
        "surface": _surface(contract),
        "operations": len(contract.operations),
        "error_codes": len(contract.errors),
        "sources": {kind: counts[kind] for kind in _KINDS},
        "recordings": len(contract.fixtures.cassettes),
        **ages.as_json(),
        **({} if limit is None else {"older": ages.older(limit)}),
    }


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
            str(entry["fixtures"]),
            _last_seen(entry),
        )
        for entry in listed
    ]
    return columns([_HEAD, *rows], numbers=range(2, 8))


def _last_seen(entry: dict[str, Any]) -> str:
    if entry["oldest"] is None:
        return "never"
    days = f"{entry['newest']} ({ago(entry['newest_days'])})"
    if entry["oldest"] != entry["newest"]:
        days = f"{entry['oldest']} to {entry['newest']} ({ago(entry['oldest_days'])} to {ago(entry['newest_days'])})"
    return f"{days}, {entry['never_seen']} never" if entry["never_seen"] else days
