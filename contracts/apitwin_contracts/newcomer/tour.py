"""The first recording: every operation that was recognised is asked, and what the answers say corrects what was guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apitwin_contracts.generic.shapes import item_path, items_path, key_of, unknown_key
from apitwin_contracts.laws.lists import placed
from apitwin_contracts.paths import at, every
from apitwin_fixtures import Headers, Request
from apitwin_fixtures.blueprint import Act, Blueprint, Paging
from apitwin_fixtures.samples import sample_of_schema

from .bodies import candidates
from .edges import bodies_at_edges
from .refusals import Refusals
from .scout import Scout

__all__ = ["Tour"]

_ROWS, _DETAILS, _ORDERED = 100, 20, 4
_NOWHERE = "/apitwin-asks-for-a-path-that-there-is-not"


@dataclass
class Tour:
    """One target toured; `rows` holds the things that were seen of each resource, each with the arguments of its path.

    `shown` holds what operations answered at the edges of their arguments.
    """

    scout: Scout
    blueprint: Blueprint
    refusals: Refusals
    rows: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = field(default_factory=dict)
    provoked: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: dict[str, list[Any]] = field(default_factory=dict)

    def read(self) -> None:
        """Ask everything that only reads; raises `UnreachableError` where nothing is answered."""
        for depth in range(6):
            for act in self._listings(depth):
                self._list(act)
        for act in self.blueprint.acts:
            if act.kind == "detail":
                self._detail(act)
            elif act.kind in ("other", "count") and not act.changes:
                self._other(act)
        self.scout.check_alive()
        self._nowhere()

    def settle(self) -> None:
        """Note for every operation on things that lie in others in which of them things were seen."""
        for act in self.blueprint.acts:
            outer = self._outer(act) if act.scope and act.resource else None
            if outer:
                self._change(act, example={**act.example, **outer})

    def _listings(self, depth: int) -> list[Act]:
        return [act for act in self.blueprint.acts if act.kind == "list" and len(act.scope) == depth]

    def _change(self, act: Act, **changes: Any) -> Act:
        changed = replace(act, **changes)
        self.blueprint = self.blueprint.with_act(changed)
        return changed

    def _outer(self, act: Act) -> dict[str, Any] | None:
        """Give the path's other arguments from what was seen; None where nothing was."""
        seen = [scope for scope, _ in self.rows.get(act.resource, ()) if len(scope) == len(act.scope)]
        if seen:
            return dict(zip(act.scope, seen[0].values(), strict=True))
        found: dict[str, Any] = {}
        for name, resource in act.scope.items():
            fitting = [
                row[self.blueprint.resources[resource].key]
                for scope, row in self.rows.get(resource, ())
                if list(scope.values()) == list(found.values())[: len(scope)]
            ]
            if not fitting:
                return None
            found[name] = fitting[0]
        return found

    def _list(self, act: Act) -> None:
        for scope in self._scopes(act):
            exchange = self.scout.ask(act.name, scope)
            if not self.scout.succeeded(act.name, exchange):
                self._refused(act, exchange, scope)
                return
            body = self.scout.payload(act.name, exchange)
            path = items_path(body, act.items) if "edges" not in act.items else act.items
            if not path:
                self._change(act, kind="other", tried=True, example=scope, resource="")
                return
            act = self._change(act, items=path, tried=True, status=exchange.reply.status)
            self._keep(act, scope, list(every(body, path)))

    def _scopes(self, act: Act) -> list[dict[str, Any]]:
        """Give the arguments of every place that was seen in which such things lie."""
        if not act.scope:
            return [{}]
        last = list(act.scope.values())[-1]
        if not last:
            return []
        key = self.blueprint.resources[last].key
        return [
            dict(zip(act.scope, [*scope.values(), row[key]], strict=True))
            for scope, row in self.rows.get(last, ())[:_DETAILS]
            if len(scope) + 1 == len(act.scope)
        ]

    def _keep(self, act: Act, scope: dict[str, Any], items: list[Any]) -> None:
        resource = self.blueprint.resources[act.resource]
        key = key_of(items, resource.key) if items else resource.key
        if items and not key:
            self._change(act, kind="other", example=scope)
            return
        self.blueprint = replace(
            self.blueprint, resources={**self.blueprint.resources, resource.name: replace(resource, key=key)}
        )
        kept = self.rows.setdefault(act.resource, [])
        kept += [(scope, dict(item)) for item in items[:_ROWS] if isinstance(item, dict) and item.get(key) is not None]

    def _refused(self, act: Act, exchange: Any, arguments: Mapping[str, Any]) -> None:
        code = self._code(act, exchange, f"{act.name} with {sorted(arguments)}")
        self.blueprint = self.blueprint.confirming(
            f"{act.name} was refused with {code} (status {exchange.reply.status}): it is not checked"
        )

    def _code(self, act: Act, exchange: Any, trigger: str) -> str:
        body = self._json(exchange)
        if self.scout.is_graphql and exchange.reply.status < 400 and isinstance(body, dict) and body.get("errors"):  # noqa: PLR2004 - HTTP's first refusal
            return self.refusals.graphql(str(at(body, "errors[].message")))
        del act
        return self.refusals.seen(exchange.reply, trigger)

    @staticmethod
    def _json(exchange: Any) -> Any:
        try:
            return exchange.reply.json
        except ValueError:
            return None

    def _detail(self, act: Act) -> None:
        rows = [(scope, row) for scope, row in self.rows.get(act.resource, ()) if len(scope) == len(act.scope)]
        key = self.blueprint.resources[act.resource].key
        for place, (scope, row) in enumerate(rows[:_DETAILS]):
            arguments = {**dict(zip(act.scope, scope.values(), strict=True)), act.key_argument: row[key]}
            exchange = self.scout.ask(act.name, arguments, keep=place == 0)
            body = self.scout.payload(act.name, exchange)
            path = item_path(body, key)
            if path is None or not self.scout.succeeded(act.name, exchange):
                self._refused(act, exchange, arguments)
                return
            if place == 0:
                act = self._change(act, item=path, tried=True, example={}, status=exchange.reply.status)
                self._narrow(act.resource, row)
            row.update({name: value for name, value in at(body, path or "").items() if name not in row})
        if act.tried:
            self._missing(act, rows[0])

    def _narrow(self, resource: str, listed: Mapping[str, Any]) -> None:
        """Note which fields the list shows, before the rows gain what only the detail shows."""
        for act in self.blueprint.acts:
            if act.kind == "list" and act.resource == resource:
                self._change(act, shown=tuple(listed))

    def _missing(self, act: Act, known: tuple[dict[str, Any], dict[str, Any]]) -> None:
        scope, row = known
        key = unknown_key(row[self.blueprint.resources[act.resource].key])
        asked = {act.key_argument: key}
        exchange = self.scout.ask(act.name, {**dict(zip(act.scope, scope.values(), strict=True)), **asked}, keep=False)
        if self.scout.succeeded(act.name, exchange):
            self._for_all(act.resource, "")
            return
        code = self._code(act, exchange, f"{act.name} of a key that there is not")
        self._provoke(code, {"operation": act.name, "arguments": asked})
        self._for_all(act.resource, code)

    def _for_all(self, resource: str, code: str) -> None:
        for act in self.blueprint.acts:
            if act.resource == resource and act.kind in ("detail", "update", "delete"):
                self._change(act, missing=code)

    def _provoke(self, code: str, how: dict[str, Any]) -> None:
        self.provoked.setdefault(code, how)

    def _other(self, act: Act) -> None:
        outer = self._outer(act)
        if outer is None or self._needs_more(act):
            self.blueprint = self.blueprint.confirming(
                f"{act.name} takes arguments that nothing tells: it is not checked"
            )
            return
        exchange = self.scout.ask(act.name, outer)
        if not self.scout.succeeded(act.name, exchange):
            self._refused(act, exchange, outer)
            return
        self._change(act, tried=True, example=outer, status=exchange.reply.status)

    def _needs_more(self, act: Act) -> bool:
        surface: Any = self.scout.surface
        if self.scout.is_graphql:
            return any(str(argument.type).endswith("!") for argument in surface.root(act.name)[1].args.values())
        parameters = surface.operations[act.name].parameters.values()
        return any(one.get("required") and one["in"] != "path" for one in parameters)

    def _nonsense(self) -> None:
        surface: Any = self.scout.surface
        exchange = self.scout.send(surface.post(surface.path, "{ apitwinAsksForAFieldThatThereIsNot }"))
        self.blueprint = replace(self.blueprint, invalid_status=exchange.reply.status)
        self._code(self.blueprint.acts[0], exchange, "A document that breaks the schema.")

    def _nowhere(self) -> None:
        if self.scout.is_graphql:
            self._nonsense()
            return
        path = f"{self.blueprint.path}{_NOWHERE}"
        exchange = self.scout.send(Request("GET", path, headers=(("accept", "application/json"),)))
        if not 300 <= exchange.reply.status < 400:  # noqa: PLR2004 - HTTP's redirections
            code = self.refusals.seen(exchange.reply, "A path that there is not.")
            first = self.blueprint.acts[0].name
            self._provoke(code, {"operation": first, "path": path})
            self.refusals.entries["ROUTE_NOT_FOUND"] = {
                **self.refusals.entries[code],
                "code": "ROUTE_NOT_FOUND",
                "precedence": 301,
            }

    def orders(self) -> None:
        """Name the fields by which lists could be ordered."""
        for act in self.blueprint.acts:
            rows = [row for _, row in self.rows.get(act.resource, ())]
            if act.kind == "list" and act.order and rows:
                shown = [name for name in rows[0] if not act.shown or name in act.shown]
                usable = [
                    name for name in shown if all(isinstance(row.get(name), str | int | float) for row in rows[:_ROWS])
                ]
                self._change(act, order=replace(act.order, fields=tuple(usable[:_ORDERED])))

    def sizes(self) -> None:
        """Find out from where pages count, how many things a page has that nobody asked a size for, and more things than that."""
        for act in self.blueprint.acts:
            if act.kind == "list" and act.tried and act.paging and self.rows.get(act.resource):
                self._size(act, act.paging, self._outer(act) or {})

    def _size(self, act: Act, paging: Paging, outer: Mapping[str, Any]) -> None:
        key = self.blueprint.resources[act.resource].key
        known = [row[key] for scope, row in self.rows[act.resource] if scope == outer]

        def shown(number: int, size: int) -> list[Any]:
            asked = placed(placed(outer, paging.at, number), paging.size, size)
            exchange = self.scout.ask(act.name, asked, keep=False)
            body = self.scout.payload(act.name, exchange) if self.scout.succeeded(act.name, exchange) else None
            return [item for item in every(body, act.items) if isinstance(item, dict)]

        if paging.by == "page" and known:
            first, second = ([at(item, key) for item in shown(number, 2)] for number in (0, 1))
            paging = replace(paging, first=0 if first == known[:2] and second != first else 1)
        more = shown(paging.first if paging.by == "page" else 0, _ROWS)
        if len(more) > len(known):
            paging = replace(paging, default=len(known))
            self.rows[act.resource] += [(dict(outer), item) for item in more if item.get(key) not in known]
        self._change(act, paging=paging)

    def write(self) -> None:
        """Create, change and delete things of our own; whatever was created and can be deleted is deleted."""
        for create in self.blueprint.acts:
            if create.kind == "create":
                self._write(create)

    def _write(self, create: Act) -> None:
        resource, outer = self.blueprint.resources[create.resource], self._outer(create)
        detail = self.blueprint.of_resource(resource.name, "detail")
        wrapper = detail.item if detail and detail.tried else ""
        row = next((row for _, row in self.rows.get(resource.name, ())), None)
        if outer is None:
            return
        refused: Any = None
        for number, (path, arguments) in enumerate(candidates(self.scout.surface, create, row, resource.key, wrapper)):
            filled = _filled(arguments, f"apitwin-{number}")
            exchange = self.scout.ask(create.name, {**outer, **filled})
            body = self.scout.payload(create.name, exchange)
            item = item_path(body, resource.key)
            if self.scout.succeeded(create.name, exchange) and item is not None:
                create = self._change(
                    create, tried=True, body=path, item=item, example=dict(arguments), status=exchange.reply.status
                )
                made = at(body, item)
                self._after(create, outer, made, row or made)
                return
            refused = refused or exchange
        if refused is not None:
            self._refused(create, refused, {})

    def _after(self, create: Act, outer: dict[str, Any], made: Mapping[str, Any], like: Mapping[str, Any]) -> None:
        update, detail = (self.blueprint.of_resource(create.resource, kind) for kind in ("update", "detail"))
        try:
            if detail and not detail.tried:
                self.rows[create.resource] = [(dict(outer), dict(made))]
                self._detail(detail)
                self.rows[create.resource] = []
            if update:
                self._update(update, outer, made, like)
        finally:
            self._delete(create, outer, made)

    def _delete(self, create: Act, outer: dict[str, Any], made: Mapping[str, Any]) -> None:
        delete, resource = (
            self.blueprint.of_resource(create.resource, "delete"),
            self.blueprint.resources[create.resource],
        )
        key = made[resource.key]
        if delete:
            arguments = placed(dict(zip(delete.scope, outer.values(), strict=False)), delete.key_argument, key)
            exchange = self.scout.ask(delete.name, arguments)
            if self.scout.succeeded(delete.name, exchange):
                shown = item_path(self.scout.payload(delete.name, exchange), resource.key)
                item = "-" if shown is None else shown
                self._change(delete, tried=True, item=item, status=exchange.reply.status)
                return
            self._refused(delete, exchange, arguments)
        sentence = f"{create.name} made {create.resource} {key!r}, and nothing could delete it again"
        self.blueprint = self.blueprint.confirming(sentence)

    def _update(self, update: Act, outer: dict[str, Any], made: Mapping[str, Any], like: Mapping[str, Any]) -> None:
        resource = self.blueprint.resources[update.resource]
        create = self.blueprint.of_resource(resource.name, "create")
        wrapper, refused = create.item if create else "", None
        for number, (path, arguments) in enumerate(candidates(self.scout.surface, update, like, resource.key, wrapper)):
            named = dict(zip(update.scope, outer.values(), strict=False))
            asked = {**_filled(arguments, f"apitwin-{number}-changed"), **named}
            exchange = self.scout.ask(update.name, placed(asked, update.key_argument, made[resource.key]))
            if self.scout.succeeded(update.name, exchange):
                body, status = self.scout.payload(update.name, exchange), exchange.reply.status
                item = item_path(body, resource.key)
                shown = "-" if item is None else item
                changed = self._change(
                    update, tried=True, body=path, item=shown, example=dict(arguments), status=status
                )
                self._moving(changed, at(body, item) if item is not None else {}, made)
                return
            refused = refused or exchange
        if refused is not None:
            self._refused(update, refused, {})

    def _moving(self, update: Act, after: Any, before: Mapping[str, Any]) -> None:
        """Note what changed of itself when something else was changed."""
        resource = self.blueprint.resources[update.resource]
        inner: Any = at(dict(update.example), update.body) if update.body else update.example
        moved = [
            name
            for name, value in before.items()
            if isinstance(after, Mapping) and after.get(name, value) != value and name not in (inner or {})
        ]
        changed = replace(resource, moving=tuple(dict.fromkeys([*resource.moving, *moved])))
        self.blueprint = replace(self.blueprint, resources={**self.blueprint.resources, resource.name: changed})

    def edges(self) -> None:
        """See what reads show at the edges of their arguments; things that were deleted are shown only once there are any."""
        for act in self.blueprint.acts if not self.scout.is_graphql else ():
            if act.tried and not act.changes and not act.key_argument:
                self.shown[act.name] = list(bodies_at_edges(self.scout, act.name, self._outer(act) or {}))

    def doors(self, headers: Headers, nobodys: Mapping[str, str]) -> None:
        """Find out what is answered to whoever shows no credentials, or `nobodys` by the header's name."""
        reads = sorted(
            (one for one in self.blueprint.acts if one.tried and not one.changes), key=lambda one: one.kind != "list"
        )
        act = next(iter(reads), None)
        if act is None:
            return
        ways = []
        request = self.scout.surface.request(act.name, self._outer(act) or {})
        for way in self.blueprint.ways:
            others = tuple(pair for pair in headers if pair[0] != way.header.lower())
            without = self.scout.send(request, others)
            wrong = self.scout.send(request, (*others, (way.header.lower(), nobodys[way.header])))
            ways.append(replace(way, without=self._shut(act, without, "no"), wrong=self._shut(act, wrong, "a wrong")))
        self.blueprint = replace(self.blueprint, ways=tuple(ways))

    def _shut(self, act: Act, exchange: Any, shown: str) -> str | None:
        if self.scout.succeeded(act.name, exchange):
            self.blueprint = self.blueprint.confirming(f"whoever shows {shown} credential is let in to {act.name}")
            return None
        return self._code(act, exchange, f"{act.name} asked with {shown} credential.")

    def documented(self) -> None:
        """Note the refusals that the document names."""
        surface: Any = self.scout.surface
        if self.scout.is_graphql:
            return
        for name, operation in surface.operations.items():
            for status, response in operation.definition["responses"].items():
                if status >= "400":
                    schema: Any = next((media["schema"] for media in response.get("content", {}).values()), {})
                    self.refusals.documented(int(status), sample_of_schema(surface.document, schema, name), name)


def _filled(value: Any, unique: str) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(part, unique) for name, part in value.items()}
    return value.replace("{unique}", unique) if isinstance(value, str) else value
