"""How long an answer takes."""

from apitwin_contracts.contract import Operation
from apitwin_contracts.surfaces.surface import Problem
from apitwin_fixtures import ASSUMED

from .check import Check, Examination

__all__ = ["CHECKS"]

_TRIES = 5


def _latency(examination: Examination, operation: Operation) -> None:
    client = examination.client
    arguments = operation.examples(examination.run)
    answer = client.ask(operation.name, arguments)
    seconds = client.seconds[operation.name]
    while min(seconds) > operation.latency and len(seconds) < _TRIES:
        client.ask(operation.name, arguments)
    # The fastest of several: a busy machine slows some replies, a slow supplier all.
    if min(seconds) > operation.latency:
        place = examination.run.contract.surface.location(operation.name)
        text, observed = f"within {operation.latency} s", f"{min(seconds):.1f} s or more"
        problem = Problem(examination.check.id, "performance", "dangerous", place, text, observed, ASSUMED)
        raise client.violation(operation.name, problem, [answer])


CHECKS = (
    Check(
        "performance.latency",
        "performance",
        "A shop waits for the answer.",
        lambda contract: tuple(operation for operation in contract.operations if operation.kind == "read"),
        _latency,
    ),
)
