"""Guesses held against a target: what it refutes is dropped or weakened, until the contract holds there."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.drift import CaseResult, Finding
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.generic import contract_of
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_fixtures import Exchange, Request

from .draft import Draft
from .forms import form_of

__all__ = ["Verifier", "Witness"]

_SHAPE = (
    "schema.unknown-key",
    "schema.missing-key",
    "schema.type",
    "schema.null",
    "schema.vocabulary",
    "wire.form",
    "wire.empty-text",
)
_ROUNDS, _KEPT, _FIRST_NO_SUCCESS, _FIRST_ERROR = 8, 4000, 300, 400
Telling = Callable[[str], None]


class Witness:
    """A target whose exchanges are remembered."""

    def __init__(self, inner: Target) -> None:
        self._inner = inner
        self.url, self.clock, self.authority = inner.url, inner.clock, inner.authority
        self.callbacks = None
        self.exchanges: list[Exchange] = []

    def send(self, request: Request) -> Exchange:
        exchange = self._inner.send(request)
        self.exchanges.append(exchange)
        del self.exchanges[:-_KEPT]
        return exchange


class Verifier:
    """Holds a draft against one target after the other; `tell` hears what is found."""

    def __init__(self, draft: Draft, folder: Path, tell: Telling) -> None:
        self.draft = draft
        self._folder = folder
        self._tell = tell
        self._known: frozenset[str] = frozenset()
        self._learned: set[str] = set()

    def verify(
        self,
        opened: Callable[[], AbstractContextManager[Target]],
        credentials: Credentials,
        *,
        read_only: bool,
        name: str,
        learn: bool = True,
        spent: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Weaken the draft until the target holds it, hard and less hard, with two seeds; tell whether it does.

        A mock teaches nothing (`learn`): what it does not hold is waived. What may be sent can be `spent` before the end.
        """
        rounds = [("quick", 0)] * _ROUNDS + [("ci", 0)] * _ROUNDS + [("ci", 1)] * (_ROUNDS // 2)
        quiet = 0
        while rounds:
            profile, seed = rounds.pop(0)
            with opened() as target:
                witness = Witness(target)
                results = self._results(witness, credentials, Settings(profile=profile, seed=seed, read_only=read_only))
            lost = next((one.reason for one in results if one.ending == "unreachable"), "")
            if lost:
                raise UnreachableError(lost)
            failed = [one for one in results if one.ending in ("failed", "crashed")]
            ran = sum(one.ending in ("passed", "failed") for one in results)
            self._tell(f"{name}: {ran} checks, {len(failed)} not held ({profile}, seed {seed})")
            if spent():
                return False
            self._known = frozenset(self.draft.refusals.entries)
            self._learned.clear()
            for one in failed:
                self._weaken(one, witness, learn=learn)
            self.draft.save(self._folder)
            if not failed:
                quiet += 1
                rounds = [later for later in rounds if later != (profile, seed)]
        return quiet == 3  # noqa: PLR2004 - quick, ci, and ci with another seed

    def _results(self, witness: Witness, credentials: Credentials, settings: Settings) -> list[CaseResult]:
        contract = contract_of(self._folder)
        # Whoever opened the target keeps its manners already.
        address = Address(witness.url, lambda: witness, credentials, in_process=True)
        return list(Bench(Plan.over([contract], {contract.supplier: address}, settings)).results())

    def _weaken(self, result: CaseResult, witness: Witness, *, learn: bool) -> None:
        findings = result.findings
        if not learn or not findings or any(not self._explained(finding, witness) for finding in findings):
            first = findings[0] if findings else None
            reason = (
                f"{first.check} at {first.location}: expected {first.expected[:120]}, observed {first.observed[:160]}"
                if first
                else result.reason[:200]
            )
            self._waive(result, reason)

    def _waive(self, result: CaseResult, reason: str) -> None:
        if result.check == "schema.reply" and result.findings:
            # An operation that refuses its own example is not known well enough to be held to anything.
            self._give_up(result.findings[0], reason)
        self.draft.blueprint = replace(
            self.draft.blueprint, waived={**self.draft.blueprint.waived, result.name: reason}
        )
        self._tell(f"  not held: {result.name}: {reason}")

    def _give_up(self, finding: Finding, reason: str) -> None:
        act = self.draft.blueprint.find(lambda one: one.name == finding.operation)
        if act and finding.check == "error.unexpected-refusal":
            self.draft.blueprint = self.draft.blueprint.with_act(replace(act, tried=False)).confirming(
                f"{act.name}: {reason}"
            )

    def _explained(self, finding: Finding, witness: Witness) -> bool:
        """Tell whether a finding is answered by knowing the target better."""
        if finding.check in ("error.unknown", "error.server", "wire.body"):
            return self._learn_refusal(finding, witness)
        if finding.check in _SHAPE:
            return self._learn_shape(finding, witness)
        if finding.check in ("wire.status", "wire.header"):
            return self._learn_refusal(finding, witness)
        if finding.check == "performance.latency":
            return self._slower(finding)
        return False

    def _slower(self, finding: Finding) -> bool:
        act = self.draft.blueprint.find(lambda one: one.name == finding.operation)
        if act is None:
            return False
        self.draft.blueprint = self.draft.blueprint.with_act(replace(act, latency=act.latency * 4))
        return True

    def _learn_refusal(self, finding: Finding, witness: Witness) -> bool:
        exchange = next(_alike(finding, witness), None)
        if exchange is None:
            return False
        body = json_of(exchange.reply)
        if exchange.reply.status < _FIRST_ERROR:
            if isinstance(body, dict) and body.get("errors"):
                return self.draft.refusals.graphql(str(body["errors"])[:200]) not in self._known
            return False
        code = self.draft.refusals.seen(exchange.reply, f"{finding.operation}, asked for what its schema allows.")
        self._remember_values()
        if exchange.reply.status >= 500:  # noqa: PLR2004 - HTTP's first error of a server
            self.draft.blueprint = self.draft.blueprint.confirming(
                f"{finding.operation} answers {exchange.reply.status} to some requests ({code}), such as {exchange.request.target[:160]}"
            )
        return code not in self._known

    def _remember_values(self) -> None:
        provoked = {name: dict(how) for name, how in self.draft.blueprint.provoked.items()}
        for code, values in self.draft.refusals.values.items():
            provoked.setdefault(code, {}).setdefault("values", values)
        self.draft.blueprint = replace(self.draft.blueprint, provoked=provoked)

    def _learn_shape(self, finding: Finding, witness: Witness) -> bool:
        if finding.operation in self._learned:
            # All that this round saw of it is known already.
            return True
        contract = contract_of(self._folder)
        bodies = list(_bodies(contract, finding.operation, witness))
        if not bodies or not isinstance(contract.surface, RestSurface):
            return False
        self._learned.add(finding.operation)
        known = self.draft.blueprint.shapes.get(finding.operation)
        # What an earlier round learned, a later one does not unlearn.
        shown = self.draft.shown.setdefault(finding.operation, [])
        shown += bodies
        samples = [*shown, *(json_of(one.reply) for one in self.draft.recordings.get(finding.operation, ()))]
        shape = {
            "instead": bool(known and known["instead"]) or finding.source.kind == "documented",
            "schema": form_of(samples),
        }
        if known == shape:
            # What one answer shows and the next does not is no promise.
            shape = {"instead": True, "schema": {}}
        if known == shape:
            return False
        self.draft.blueprint = replace(
            self.draft.blueprint, shapes={**self.draft.blueprint.shapes, finding.operation: shape}
        )
        if finding.source.kind == "documented":
            self.draft.blueprint = self.draft.blueprint.confirming(
                f"{finding.operation} does not answer as its document says: {finding.location}: expected {finding.expected[:100]}, "
                f"observed {finding.observed[:100]}"
            )
        return True


def _alike(finding: Finding, witness: Witness) -> Iterator[Exchange]:
    """Give the exchanges that a finding is about: those of its last step's request and status."""
    if not finding.steps:
        return
    step = finding.steps[-1]
    parts = urlsplit(step.request["url"])
    for exchange in reversed(witness.exchanges):
        request, reply = exchange.request, exchange.reply
        same = request.method == step.request["method"] and request.path.endswith(parts.path[-len(request.path) :])
        alike = same and request.query == parts.query and reply.status == step.reply["status"]
        if alike and _read(request.body) == step.request["body"]:
            yield exchange


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


def _bodies(contract: Contract, operation: str, witness: Witness) -> Iterator[Any]:
    surface: Any = contract.surface
    found = getattr(surface, "operations", {})
    if not isinstance(found, dict) or operation not in found:
        return
    pattern = re.compile(".*" + re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(found[operation].path)))
    for exchange in witness.exchanges:
        request, reply = exchange.request, exchange.reply
        if (
            request.method == found[operation].method
            and reply.status < _FIRST_NO_SUCCESS
            and pattern.fullmatch(request.path)
        ):
            body = json_of(reply)
            if body is not None:
                yield body
