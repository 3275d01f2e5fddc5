"""Laws of how refusals are told: the forms of what they carry, what is told once only, and what stands beside them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract, Provocation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import every
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.surface import Problem
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Told"]


@dataclass(frozen=True)
class Told:
    """How some codes are told: `forms` are anchored patterns by path of the body, `single` the paths with one value, `fresh` those never told twice.

    `beside` gives by code what stands at `data`, each as (path below data, value), the operation's name in place of `*`.
    """

    name: str
    codes: tuple[str, ...]
    forms: Mapping[str, str] = field(default_factory=dict)
    single: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    source: Source = ASSUMED


def _provoked(examination: Examination, declared: Told) -> Iterator[tuple[Provocation, Answer, Any]]:
    client, contract = examination.client, examination.run.contract
    for provocation in contract.provocations:
        if provocation.code not in declared.codes:
            continue
        try:
            arguments = provocation.arguments(examination.run) if provocation.arguments else {}
            request = (
                provocation.request(examination.run)
                if provocation.request
                else contract.surface.request(provocation.operation, arguments)
            )
        except NothingToExamine:
            continue
        exchange = client.exchange(client.signed(request) if provocation.signed else request, provocation.operation)
        recognition = contract.surface.recognise(provocation.operation, exchange.reply, contract.errors)
        # Another refusal, or none, is told by the check that provokes this code.
        if recognition.outcome == provocation.code:
            answer = client.taken_for(provocation.operation, exchange, recognition)
            yield provocation, answer, json_of(exchange.reply)


def _form(examination: Examination, declared: Told) -> None:
    seen: dict[tuple[str, Any], Answer] = {}
    for provocation, answer, body in _provoked(examination, declared):
        for path, pattern in declared.forms.items():
            values = list(every(body, path))
            wrong = [value for value in values if not re.fullmatch(pattern, str(value))]
            if wrong or not values:
                raise _broken(examination, declared, provocation, (path, pattern, wrong[:1] or "absent"), [answer])
        for path in declared.single:
            values = list(every(body, path))
            if len(values) != 1:
                raise _broken(examination, declared, provocation, (path, "one", len(values)), [answer])
        for path in declared.fresh:
            for value in every(body, path):
                if (path, value) in seen:
                    found = (path, "another value for each refusal", value)
                    raise _broken(examination, declared, provocation, found, [seen[path, value], answer])
                seen[path, value] = answer


def _beside(examination: Examination, declared: Told) -> None:
    for provocation, answer, body in _provoked(examination, declared):
        path, wanted = declared.beside[provocation.code]
        place = f"data.{path.replace('*', provocation.operation)}"
        values = list(every(body, place))
        if values != [wanted]:
            found = (place, repr(wanted), repr(values[0])[:200] if values else "absent")
            raise _broken(examination, declared, provocation, found, [answer])


def _broken(
    examination: Examination,
    declared: Told,
    provocation: Provocation,
    found: tuple[str, object, object],
    evidence: list[Answer],
) -> Exception:
    where, expected, observed = found
    place = f"{examination.run.contract.surface.location(provocation.operation)}#{provocation.code}.{where}"
    check = examination.check
    problem = Problem(check.id, check.category, "dangerous", place, str(expected), str(observed), declared.source)
    return examination.client.violation(provocation.operation, problem, evidence)


def _formed(contract: Contract) -> tuple[Told, ...]:
    return tuple(told for told in contract.declared(Told) if told.forms or told.single or told.fresh)


def _accompanied(contract: Contract) -> tuple[Told, ...]:
    return tuple(told for told in contract.declared(Told) if told.beside)


CHECKS: tuple[Check, ...] = (
    Check("error.form", "error", "What a refusal carries can be read by who looks into it later.", _formed, _form),
    Check("error.beside", "error", "What stands beside a refusal is what was promised.", _accompanied, _beside),
)
