"""Arguments with which recognised operations can be asked on any target: keys of things that are there, values that are new."""

from collections.abc import Mapping
from typing import Any

from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.lists import placed
from apitwin_contracts.paths import at
from apitwin_contracts.run import Run
from apitwin_fixtures.blueprint import Act, Blueprint
from apitwin_fixtures.template import render

__all__ = ["Asking"]

_MARK = "apitwin"


class Asking:
    """Makes arguments for the operations of one blueprint."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint

    def example(self, run: Run, act: Act) -> Arguments:
        """Give arguments that must succeed; raises `NothingToExamine` where the target has nothing to ask for."""
        scope = self.scope(run, act)
        if act.kind in ("list", "count"):
            return {**_recorded(act), **scope}
        if act.kind == "detail":
            return placed({**_recorded(act), **scope}, act.key_argument, self.some_key(run, act, scope))
        if act.kind == "create":
            return self.created(run, act)
        if act.kind in ("update", "delete") and act.key_argument:
            return self._on_new(run, act)
        return {**_recorded(act), **scope}

    def scope(self, run: Run, act: Act) -> Arguments:
        """Give the path's other arguments: keys of the things in which it lies."""
        found: Arguments = {}
        for name, resource in act.scope.items():
            listing = self._blueprint.of_resource(resource, "list") if resource else None
            if listing is None or not listing.tried:
                found[name] = act.example.get(name)
                continue
            outer = dict(zip(listing.scope, found.values(), strict=False))
            found[name] = self._key(run, listing, outer, act.example.get(name))
        return found

    def some_key(self, run: Run, act: Act, scope: Mapping[str, Any]) -> Any:
        """Give the key of a thing that is there."""
        listing = self._blueprint.of_resource(act.resource, "list")
        if listing is None or not listing.tried:
            recorded = at(act.example, act.key_argument)
            if recorded is None:
                raise NothingToExamine(f"nothing tells a key for {act.name}")
            return recorded
        return self._key(run, listing, dict(zip(listing.scope, scope.values(), strict=False)))

    def _key(self, run: Run, listing: Act, scope: Mapping[str, Any], known: Any = None) -> Any:
        """Give the key of a thing that is listed: the known one, in which things lie that were seen, or else the first."""
        answer = run.client.must(listing.name, {**_recorded(listing), **scope})
        key = self._blueprint.resources[listing.resource].key
        keys = [at(item, key) for item in answer.every(listing.items)]
        if not keys:
            raise NothingToExamine(f"{listing.name} lists nothing")
        return known if known in keys else keys[0]

    def created(self, run: Run, act: Act) -> Arguments:
        """Give arguments of a thing of its own."""
        filled = render(dict(act.example), {"unique": run.unique(self.mark(run))})
        assert isinstance(filled, dict)  # noqa: S101 - a template keeps its form
        return {**filled, **self.scope(run, act)}

    def changed(self, run: Run, act: Act, key: Any) -> Arguments:
        """Give arguments that change the thing of this key."""
        return placed(self.created(run, act), act.key_argument, key)

    def written(self, act: Act, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give the values that arguments write."""
        inner = at(arguments, act.body) if act.body else arguments
        left_out = {*act.scope, *([] if act.body else [act.key_argument])}
        return {
            name: value
            for name, value in (inner.items() if isinstance(inner, Mapping) else ())
            if name not in left_out and not isinstance(value, dict | list) and value is not None
        }

    def keyed(self, run: Run, act: Act, key: Any) -> Arguments:
        """Give arguments that name a thing by its key."""
        return placed({**_recorded(act), **self.scope(run, act)}, act.key_argument, key)

    @staticmethod
    def mark(run: Run) -> str:
        """Give a text that tells what this run creates from what others do."""
        return run.remember("mark", lambda: f"{_MARK}-{run.target.clock.now():%d%H%M%S%f}")

    def _on_new(self, run: Run, act: Act) -> Arguments:
        create = self._blueprint.of_resource(act.resource, "create")
        if create is None or not create.tried:
            raise NothingToExamine(f"{act.name} is tried on things of our own alone, and none can be created")
        answer = run.client.must(create.name, self.created(run, create))
        key = at(answer.at(create.item), self._blueprint.resources[act.resource].key)
        delete = self._blueprint.of_resource(act.resource, "delete")
        if delete and delete.tried:
            run.known.setdefault("made", []).append((delete, key))
        return self.keyed(run, act, key) if act.kind == "delete" else self.changed(run, act, key)

    def tidy(self, run: Run) -> None:
        """Delete what examples created and nothing has deleted; a law deletes what it created itself."""
        made: list[tuple[Act, Any]] = run.known.pop("made", [])
        for delete, key in made:
            if self._is_there(run, delete.resource, key):
                run.client.ask(delete.name, self.keyed(run, delete, key))

    def _is_there(self, run: Run, resource: str, key: Any) -> bool:
        detail = self._blueprint.of_resource(resource, "detail")
        if detail is None or not detail.tried:
            return True
        answer = run.client.ask(detail.name, self.keyed(run, detail, key))
        return answer.ok and answer.payload is not None


def _recorded(act: Act) -> Arguments:
    return dict(act.example)
