"""Questions that ask for little: a GraphQL operation with a few paths of its answer, where asking for everything would only take time."""

from collections.abc import Iterable

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.several import part_of
from apitwin_contracts.surfaces.surface import Problem

__all__ = ["ask_for", "granted", "must_for"]


def ask_for(client: Client, operation: str, arguments: Arguments, paths: Iterable[str]) -> Answer:
    """Ask an operation for some paths (`items[].quantity.all`); raises `NothingToExamine` where it is no GraphQL."""
    found = part_of(client.contract.surface, operation)
    if found is None:
        raise NothingToExamine(f"{operation} always answers everything")
    part, name = found
    document = part.document(name, arguments, [path.replace("[]", "") for path in paths])
    return client.send(operation, client.signed(part.post(part.path, document, arguments)), arguments)


def must_for(examination: Examination, operation: str, arguments: Arguments, paths: Iterable[str]) -> Answer:
    """Ask an operation that has to succeed for some paths; raises `Violation` when it is refused."""
    return granted(examination.client, ask_for(examination.client, operation, arguments, paths))


def granted(client: Client, answer: Answer) -> Answer:
    """Give an answer back that had to succeed; raises `Violation` when it is a refusal."""
    if answer.ok:
        return answer
    detail, place = answer.recognition.detail or answer.outcome, client.contract.surface.location(answer.operation)
    source = client.source_of(answer.operation)
    problem = Problem("error.unexpected-refusal", "error", "breaking", place, "success", detail, source)
    raise client.violation(answer.operation, problem, [answer])
