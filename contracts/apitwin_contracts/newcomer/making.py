"""From a supplier's own description to its folder: read, recognised, recorded, scrubbed, verified."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from graphql import build_schema

from apitwin_contracts.errors import UsageError
from apitwin_contracts.generic import contract_of
from apitwin_contracts.generic.auth import names_in
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.config import TargetTable
from apitwin_contracts.targets.credentials import NamedCredentials, development, variable
from apitwin_contracts.targets.manners import SpentError
from apitwin_fixtures import Headers
from apitwin_fixtures.blueprint import Blueprint, Way
from apitwin_fixtures.openapi import plain_document

from .draft import Draft
from .forms import form_of
from .graphql_acts import graphql_acts
from .keeping import Keeping
from .reading import graphql_schema, openapi_document, place_of, served_at
from .refusals import Refusals
from .rest_acts import rest_acts
from .scout import Scout
from .tour import Tour
from .verifying import Telling, Verifier

__all__ = ["Asked", "Made", "make"]

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_GRAPHQL_NEEDS = {
    "BODY_NOT_JSON": "the body is no JSON",
    "QUERY_MISSING": "the body has no query",
    "VARIABLES_NOT_OBJECT": "variables are no object",
    "OPERATION_NAME_NOT_TEXT": "operationName is no text",
    "EXTENSIONS_NOT_OBJECT": "extensions are no object",
    "UNSUPPORTED_MEDIA_TYPE": "the body is not sent as JSON",
}


@dataclass(frozen=True)
class Asked:
    """What the user wants: a name, where the description is, the headers with `${VARIABLE}`s, where to put it.

    `record` is None for: what only reads, and what writes on this machine alone. `table` says how the target is reached and how far one may go,
    `config` where that was read.
    """

    name: str
    folder: Path
    graphql: str | None = None
    openapi: str | None = None
    target: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    record: bool | None = None
    table: TargetTable = field(default_factory=lambda: TargetTable("", ""))
    config: Path = Path()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """What came of it: the base URL to check, the guesses, how many requests were sent, whether target and mock hold the contract."""

    url: str
    blueprint: Blueprint
    requests: int
    on_target: bool | None
    on_mock: bool


def make(asked: Asked, day: str, mock: Callable[[Path], Target], tell: Telling) -> Made:
    """Make a supplier's folder; raises `UsageError`, `UnreachableError`, `SpentError` or `LeakError`, and then writes none."""
    secrets = _secrets(asked)
    headers = tuple((name.lower(), Template(value).substitute(secrets)) for name, value in asked.headers)
    asked.folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{asked.name}.", dir=asked.folder.parent))
    keeping, pending = Keeping(replace(asked.table, name=asked.name), asked.config, tell), False
    try:
        made = _Making(asked, day, stage, headers, secrets, keeping, tell).make(mock)
        stage.chmod(0o755)
        stage.rename(asked.folder)
    finally:
        pending = keeping.end()
        if not pending:
            shutil.rmtree(stage, ignore_errors=True)
    return made


def _secrets(asked: Asked) -> dict[str, str]:
    found = {}
    for name, value in asked.headers:
        for held in names_in(value):
            if not asked.environment.get(held):
                raise UsageError(f"the environment variable {held} is not set, and the header {name} needs it; set it")
            found[held] = asked.environment[held]
    return found


class _Making:
    """One supplier on its way from a description to a folder."""

    def __init__(
        self,
        asked: Asked,
        day: str,
        stage: Path,
        headers: Headers,
        secrets: Mapping[str, str],
        keeping: Keeping,
        tell: Telling,
    ) -> None:
        self._asked = asked
        self._stage = stage
        self._headers = headers
        self._secrets = secrets
        self._keeping = keeping
        self._tell = tell
        self._url, schema, blueprint = self._described()
        self._draft = Draft(schema, blueprint, Refusals(), day, self._url)
        self._assume()
        self._draft.save(stage)
        keeping.begin(self._url, stage, asked.environment)

    def _described(self) -> tuple[str, tuple[str, str], Blueprint]:
        asked = self._asked
        ways = tuple(Way(name, value) for name, value in asked.headers)
        if asked.graphql:
            url, path = place_of(asked.graphql)
            sdl = graphql_schema(self._keeping.polite(url), path or "/", self._headers)
            resources, acts = graphql_acts(build_schema(sdl))
            blueprint = Blueprint(asked.name, asked.name, "graphql", path or "/", "", resources, acts, ways)
            return url, ("schema.graphql", sdl + "\n"), blueprint
        source = str(asked.openapi)
        raw = openapi_document(source, self._headers, self._keeping.polite)
        url, path = served_at(raw, source, asked.target)
        plain = plain_document(raw)
        resources, acts = rest_acts(plain)
        title = str(plain["info"].get("title") or asked.name)
        document = urlsplit(source).path if source.startswith(f"{url}/") else ""
        blueprint = Blueprint(asked.name, title, "rest", path, document, resources, acts, ways)
        return url, ("openapi.json", json.dumps(raw, indent=1, ensure_ascii=False) + "\n"), blueprint

    def _assume(self) -> None:
        """Note the refusals without which the mock could not answer."""
        refusals = self._draft.refusals
        is_graphql = self._draft.blueprint.surface == "graphql"
        for code, why in _GRAPHQL_NEEDS.items() if is_graphql else ():
            refusals.assumed(code, 400, {"errors": [{"message": f"{why} (assumed)"}]}, f"Assumed: {why}.")
        for code, status in (("ROUTE_NOT_FOUND", 404), ("METHOD_NOT_ALLOWED", 405)):
            text = code.lower().replace("_", " ")
            body = {"errors": [{"message": text}]} if is_graphql else {"message": text}
            refusals.assumed(code, status, body, "A path or method that there is not.")

    def make(self, mock: Callable[[Path], Target]) -> Made:
        """Record and verify; tell what came of it."""
        acts = self._draft.blueprint.acts
        known = sum(act.kind != "other" for act in acts)
        self._tell(
            f"{len(acts)} operations, {known} of them recognised, on {len(self._draft.blueprint.resources)} resources"
        )
        sent, on_target = 0, None
        if self._asked.record is not False:
            sent = self._record()
            self._tell(f"recorded {len(self._draft.recordings)} operations with {sent} requests")
        self._draft.save(self._stage)
        if self._asked.record is not False:
            on_target = self._verified()
        on_mock = self._verifier().verify(
            lambda: nullcontext(mock(self._stage)), self._development(), read_only=False, name="mock", learn=False
        )
        return Made(self._url, self._draft.blueprint, sent, on_target, on_mock)

    @property
    def _writes(self) -> bool:
        return self._asked.record is True or urlsplit(self._url).hostname in _LOOPBACK

    def _verifier(self) -> Verifier:
        return Verifier(self._draft, self._stage, self._tell)

    def _development(self) -> Mapping[str, str]:
        return development(contract_of(self._stage))["default"]

    def _verified(self) -> bool:
        return self._verifier().verify(
            lambda: self._keeping.kept(self._url, self._stage, self._credentials()),
            self._credentials(),
            read_only=not self._writes,
            name=self._url,
            spent=lambda: self._keeping.purse.is_spent,
        )

    def _credentials(self) -> NamedCredentials:
        names = {name: variable(self._asked.name, name) for name in self._secrets}
        return NamedCredentials(self._secrets, names)

    def _record(self) -> int:
        contract = contract_of(self._stage)
        surface: Any = contract.surface
        with self._keeping.kept(self._url, self._stage, self._credentials()) as target:
            scout = Scout(target, surface, self._headers)
            tour = Tour(scout, self._draft.blueprint, self._draft.refusals)
            # What a limit leaves out is not known: the guesses that nothing has shown are not held to anything.
            with suppress(SpentError):
                self._ask(tour)
        tour.settle()
        tour.documented()
        self._take_over(tour, Scrubber(contract, self._secrets))
        return scout.count

    def _ask(self, tour: Tour) -> None:
        tour.read()
        tour.sizes()
        tour.orders()
        nobodys = {
            name: Template(value).safe_substitute(dict.fromkeys(self._secrets, "nobodys"))
            for name, value in self._asked.headers
        }
        tour.doors(self._headers, nobodys)
        if self._writes:
            tour.write()
        tour.edges()

    def _take_over(self, tour: Tour, scrubber: Scrubber) -> None:
        draft = self._draft
        draft.entities = {
            name: [{"scope": scope, "row": row} for scope, row in rows] for name, rows in tour.rows.items()
        }
        draft.recordings = {name: exchanges[:3] for name, exchanges in tour.scout.blessed.items()}
        draft.shown = tour.shown
        provoked = {code: dict(how) for code, how in tour.provoked.items()}
        for code, values in draft.refusals.values.items():
            provoked.setdefault(code, {})["values"] = values
        shapes = {} if tour.scout.is_graphql else dict(_shapes(tour))
        draft.blueprint = replace(tour.blueprint, provoked=provoked, shapes=shapes, verified=True)
        draft.record(self._stage, scrubber)


def _shapes(tour: Tour) -> Iterator[tuple[str, Any]]:
    for name, exchanges in tour.scout.blessed.items():
        answers = [*(json_of(exchange.reply) for exchange in exchanges), *tour.shown.get(name, ())]
        bodies = [body for body in answers if body is not None]
        if bodies:
            yield name, {"instead": False, "schema": form_of(bodies)}
