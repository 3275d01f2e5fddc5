"""What the recognised operations do to the things that a supplier keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, partial
from typing import Any

from apitwin_fixtures.blueprint import Act, Blueprint
from apitwin_mocks.kit.errors import Refusal

from .world import Row, Shelves

__all__ = ["Done", "argument", "perform"]

_UNIQUE_WORDS = ("created", "updated", "modified", "changed", "timestamp")


@dataclass(frozen=True)
class Done:
    """What came of an operation: the things it shows, or the one, and how many there are in all."""

    rows: Sequence[Mapping[str, Any]] = ()
    row: Mapping[str, Any] | None = None
    total: int = 0


def argument(arguments: Mapping[str, Any], path: str) -> Any:
    """Give the argument at a path such as `filter.title`; None when it is not there."""
    found: Any = arguments
    for part in path.split(".") if path else ():
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def perform(blueprint: Blueprint, act: Act, world: Shelves, arguments: Mapping[str, Any]) -> Done:
    """Do what a recognised operation does; raises `Refusal` for a thing that there is not, where a code for that is known."""
    scope = {name: arguments.get(name) for name in act.scope}
    if act.kind in ("list", "count"):
        return _listed(act, world, scope, arguments)
    if act.kind == "create":
        return _created(blueprint, act, world, scope, arguments)
    key = argument(arguments, act.key_argument)
    row = world.find(act.resource, scope, key)
    if row is None:
        return _missing(act, key)
    if act.kind == "update":
        row = _updated(blueprint, act, world, row, arguments)
    elif act.kind == "delete":
        world.remove(act.resource, scope, key)
    return Done(row=row.values)


def _missing(act: Act, key: object) -> Done:
    if act.missing:
        raise Refusal(act.missing, key=key)
    return Done()


def _listed(act: Act, world: Shelves, scope: Mapping[str, Any], arguments: Mapping[str, Any]) -> Done:
    rows = [row.values for row in world.rows(act.resource, scope)]
    for path, field in act.filters.items():
        wanted = argument(arguments, path)
        if wanted is not None:
            rows = [row for row in rows if _text(row.get(field)) == _text(wanted)]
    rows = _ordered(act, rows, arguments)
    return Done(rows=[_shown(act, row) for row in _cut(act, rows, arguments)], total=len(rows))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(act: Act, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: row[name] for name in row if name in act.shown} if act.shown else row


def _ordered(act: Act, rows: list[Mapping[str, Any]], arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if act.order is None:
        return rows
    for field in dict.fromkeys(name for row in rows for name in row):
        by_field = cmp_to_key(partial(_compared, field))
        for down, wanted in ((False, act.order.ascending), (True, act.order.descending)):
            if all(_text(argument(arguments, path)) == value.format(field=field) for path, value in wanted.items()):
                return sorted(rows, key=by_field, reverse=down)
    return rows


def _compared(field: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> int:
    one: Any = first.get(field)
    other: Any = second.get(field)
    if type(one) is type(other) or (isinstance(one, int | float) and isinstance(other, int | float)):
        return 0 if one is None or isinstance(one, dict | list) else (one > other) - (one < other)
    return (one is not None) - (other is not None) or (str(one) > str(other)) - (str(one) < str(other))


def _cut(act: Act, rows: list[Mapping[str, Any]], arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    paging = act.paging
    if paging is None:
        return rows
    size = _number(argument(arguments, paging.size), paging.default)
    at = _number(argument(arguments, paging.at), paging.first if paging.by == "page" else 0) or 0
    if size is None:
        return rows[at:] if paging.by == "offset" else rows
    start = at if paging.by == "offset" else (at - paging.first) * size
    return rows[max(0, start) : max(0, start) + max(0, size)]


def _number(value: object, default: int | None) -> int | None:
    try:
        return default if value is None else int(str(value))
    except ValueError:
        return default


def _given(act: Act, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the new values among the arguments."""
    found = argument(arguments, act.body) if act.body else arguments
    left_out = {*act.scope, *([act.key_argument] if act.kind == "update" and not act.body else [])}
    return {name: value for name, value in found.items() if name not in left_out} if isinstance(found, Mapping) else {}


def _created(
    blueprint: Blueprint, act: Act, world: Shelves, scope: Mapping[str, Any], arguments: Mapping[str, Any]
) -> Done:
    given, resource = _given(act, arguments), blueprint.resources[act.resource]
    known = next(iter(world.tables()[act.resource].values()), None)
    blank = {name: _blank(value) for name, value in known.values.items()} if known else {}
    row = {**blank, **given}
    row.update(_stamps(world, [name for name in blank if name not in given], known))
    if resource.key not in given or given[resource.key] is None:
        row[resource.key] = _new_key(world, act.resource, resource.key)
    world.put(act.resource, Row(row, scope))
    return Done(row=row)


def _blank(value: object) -> object:
    return (
        [] if isinstance(value, list) else value if isinstance(value, bool | dict) or value is None else type(value)()
    )


def _new_key(world: Shelves, resource: str, key: str) -> object:
    keys = [row.values.get(key) for row in world.tables()[resource].values()]
    whole = [int(value) for value in keys if str(value).isdecimal()]
    if len(whole) == len(keys):
        number = max(whole, default=0) + 1
        return number if not keys or isinstance(keys[0], int) else str(number)
    return world.ids.uuid(resource)


def _stamps(world: Shelves, names: list[str], like: Row | None) -> dict[str, Any]:
    """Give the times at which a thing came or changed, in the form of one that is known."""
    found: dict[str, Any] = {}
    for name in names:
        value = like.values.get(name) if like else None
        if (
            any(word in name.lower() for word in _UNIQUE_WORDS)
            and value is not None
            and not isinstance(value, dict | list | bool)
        ):
            found[name] = _stamp(world, value, world.ids.number("stamp", 1))
    return found


def _stamp(world: Shelves, like: object, count: int) -> object:
    now = world.clock.now()
    if isinstance(like, int | float):
        milliseconds = like > 10**11
        return int(now.timestamp() * (1000 if milliseconds else 1)) + count
    return now.isoformat().replace("+00:00", "Z" if str(like).endswith("Z") else "+00:00")


def _updated(blueprint: Blueprint, act: Act, world: Shelves, row: Row, arguments: Mapping[str, Any]) -> Row:
    given, resource = _given(act, arguments), blueprint.resources[act.resource]
    values = {**row.values, **given, resource.key: row.values[resource.key]}
    values.update(_stamps(world, [name for name in resource.moving if name not in given], row))
    changed = Row(values, row.scope)
    world.put(act.resource, changed)
    return changed
