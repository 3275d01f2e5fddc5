"""From a folder of data to a contract."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from apitwin_contracts.contract import Arguments, Contract, Declaration, Operation, Provocation
from apitwin_contracts.laws.documents import Published
from apitwin_contracts.laws.lists import Cut, Detailed, Listing, Narrowed, Ordered, placed
from apitwin_contracts.laws.lives import Life
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Fixtures, Request, Source
from apitwin_fixtures.blueprint import Act, Blueprint, Resource

from .asking import Asking
from .auth import HeaderAuth
from .surfaces import OpenGraphQL, OpenRest
from .undos import undos_of

__all__ = ["contract_of"]

_OTHERWISE = "No request of ours brings it about on demand."
_UNSENT = "what a schema allows at random is not sent where it would change something"

_LEFT = "the laws of life create, and delete what they created; an example by itself would leave it"


def contract_of(folder: Path) -> Contract:
    """Make the contract that a folder describes; raises `ValueError` for an `operations.json` of another format."""
    fixtures, blueprint = Fixtures(folder), Blueprint.read(folder / "operations.json")
    asking = Asking(blueprint)
    is_graphql = blueprint.surface == "graphql"
    surface: OpenGraphQL | OpenRest = (
        OpenGraphQL(fixtures, blueprint.path) if is_graphql else OpenRest(fixtures, blueprint)
    )
    held = [act for act in blueprint.acts if act.tried or (not blueprint.verified and act.kind in ("list", "detail"))]
    provocations = tuple(_provocations(blueprint, asking))
    # Only what was seen on a target is a law: a guess that nobody has tried would cry wolf.
    laws = tuple(_laws(blueprint, asking, surface)) if blueprint.verified else ()
    return Contract(
        supplier=blueprint.supplier,
        title=blueprint.title,
        fixtures=fixtures,
        surface=surface,
        operations=tuple(_operation(act, asking) for act in held),
        auth=HeaderAuth(blueprint.ways),
        provocations=provocations,
        declarations=laws,
        unprovoked={
            entry.code: _OTHERWISE
            for entry in fixtures.errors.entries
            if entry.code not in {one.code for one in provocations}
        },
        prepare=asking.tidy,
        undos=undos_of(blueprint),
        waived={**_unsent(blueprint), **blueprint.waived},
    )


def _operation(act: Act, asking: Asking) -> Operation:
    def examples(run: Run) -> Arguments:
        return asking.example(run, act)

    source = Source("observed", f"cassettes/{act.name}.json") if act.tried else ASSUMED
    return Operation(act.name, "write" if act.changes else "read", source, examples, act.latency)


def _unsent(blueprint: Blueprint) -> Mapping[str, str]:
    name, writes = blueprint.supplier, [act for act in blueprint.acts if act.changes]
    random = {f"{name}-schema.generated-{act.name}": _UNSENT for act in writes}
    alone = ("schema.reply", "performance.latency")
    kept = {f"{name}-{check}-{act.name}": _LEFT for act in writes if act.kind == "create" for check in alone}
    return {**random, **kept}


def _provocations(blueprint: Blueprint, asking: Asking) -> Iterator[Provocation]:
    for code, how in blueprint.provoked.items():
        if "operation" not in how:
            continue
        if "path" in how:
            yield Provocation(code, how["operation"], request=_to(how["path"]), signed=how.get("signed", True))
            continue
        act = blueprint.act(how["operation"])
        if act.tried:
            yield Provocation(code, act.name, _refused(asking, act, how), changes_state=act.changes)


def _to(path: str) -> Callable[[Run], Request]:
    return lambda _run: Request("GET", path, headers=(("accept", "application/json"),))


def _refused(asking: Asking, act: Act, how: Mapping[str, Any]) -> Callable[[Run], Arguments]:
    return lambda run: {**asking.scope(run, act), **how["arguments"]}


def _laws(blueprint: Blueprint, asking: Asking, surface: object) -> Iterator[Declaration]:
    for act in blueprint.acts:
        if act.kind == "list" and act.tried:
            yield from _list_laws(blueprint, asking, act)
        elif act.kind == "create" and act.tried:
            yield from _lives(blueprint, asking, act)
    if isinstance(surface, OpenRest) and blueprint.document:
        yield Published(blueprint.document, surface.published)


def _listing(blueprint: Blueprint, asking: Asking, act: Act) -> Listing:
    resource = blueprint.resources[act.resource]
    return Listing(act.name, act.items, resource.key, lambda run: asking.example(run, act), resource.moving)


def _list_laws(blueprint: Blueprint, asking: Asking, act: Act) -> Iterator[Declaration]:
    listing = _listing(blueprint, asking, act)
    if act.paging:
        yield Cut(listing, act.paging.at, act.paging.size, act.paging.by, act.paging.first, act.total)
    yield from (Narrowed(listing, argument, field) for argument, field in act.filters.items())
    for field in act.order.fields if act.order else ():
        up, down = (
            (_filled(way, field) for way in (act.order.ascending, act.order.descending)) if act.order else ({}, {})
        )
        yield Ordered(listing, field, up, down)
    detail = blueprint.of_resource(act.resource, "detail")
    if detail and detail.tried:
        yield Detailed(listing, detail.name, detail.key_argument, detail.item, lambda run: asking.scope(run, detail))


def _filled(arguments: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    return {name: str(value).format(field=field) for name, value in arguments.items()}


def _lives(blueprint: Blueprint, asking: Asking, create: Act) -> Iterator[Declaration]:
    resource = blueprint.resources[create.resource]
    read = _reading(blueprint, asking, resource)
    if read is None:
        return
    update, delete = (blueprint.of_resource(resource.name, kind) for kind in ("update", "delete"))

    def changed(run: Run, key: Any) -> tuple[Arguments, Mapping[str, Any]]:
        assert update  # noqa: S101 - asked only where there is one
        arguments = asking.changed(run, update, key)
        return arguments, asking.written(update, arguments)

    def deleted(run: Run, key: Any) -> Arguments:
        assert delete  # noqa: S101 - asked only where there is one
        return asking.keyed(run, delete, key)

    can_update, can_delete = bool(update and update.tried), bool(delete and delete.tried)
    yield Life(
        resource.name,
        create.name,
        lambda run: asking.created(run, create),
        lambda arguments: asking.written(create, arguments),
        create.item,
        resource.key,
        read,
        update.name if update and can_update else "",
        changed if can_update else None,
        delete.name if delete and can_delete else "",
        deleted if can_delete else None,
        resource.moving,
    )


def _reading(
    blueprint: Blueprint, asking: Asking, resource: Resource
) -> tuple[str, Callable[[Run, Any], Arguments], str, bool] | None:
    detail, listing = (blueprint.of_resource(resource.name, kind) for kind in ("detail", "list"))
    if detail and detail.tried:
        return (
            detail.name,
            lambda run, key: placed(asking.scope(run, detail), detail.key_argument, key),
            detail.item,
            False,
        )
    if listing and listing.tried:
        return listing.name, lambda run, _key: asking.example(run, listing), listing.items, True
    return None
