"""Drifts of webhooks."""

from dataclasses import replace
from typing import Any

import orjson

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.tools import breaking, ruled
from apitwin_mocks.kit.webhooks import SINGLE, Outbox
from apitwin_mocks.suppliers.reseller import domain
from apitwin_mocks.suppliers.reseller.entities import Status

__all__ = ["MUTANTS"]


def _hook(name: str, place: str, stage: Any, of: str = "", by: str = "webhook.delivery") -> Mutant:
    return breaking("webhook", name, "order_delivery", place, by, stage, of, ())


def _sent(change: Any) -> Any:
    """Change each webhook; None keeps it from being sent."""

    def make(original: Any) -> Any:
        def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
            made = change(webhook)
            return original(outbox, made, due) if made is not None else None

        return queue

    return ruled((Outbox, "queue", make))


def _said(change: Any) -> Any:
    def rewrite(webhook: Any) -> Any:
        body = orjson.loads(webhook.body)
        made = change(body)
        return None if made is False else replace(webhook, body=orjson.dumps(body))

    return _sent(rewrite)


def _twice(original: Any) -> Any:
    def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
        original(outbox, webhook, due)
        return original(outbox, webhook, due)

    return queue


def _after_success(original: Any) -> Any:
    def note(outbox: Any, delivery: Any, outcome: Any) -> None:
        again = len(delivery.attempts) == 0 and outcome.status == 200
        original(outbox, delivery, replace(outcome, status=500) if again else outcome)

    return note


def _only_server_errors(original: Any) -> Any:
    return lambda outbox, delivery, outcome: original(
        outbox, delivery, replace(outcome, status=200) if (outcome.status or 500) < 500 else outcome
    )


def _no_queue(original: Any) -> Any:
    return lambda outbox, webhook, due=None: original(
        outbox, replace(webhook, key=f"{webhook.key}|{outbox.count}"), due
    )


def _reordered(original: Any) -> Any:
    held: list[Any] = []

    def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
        if orjson.loads(webhook.body).get("Status") == 2:
            held.append((webhook, due))
            return None
        sent = original(outbox, replace(webhook, key="now"), due)
        while held:
            original(outbox, replace(held[0][0], key="now"), held.pop(0)[1])
        return sent

    return queue


def _untold(status: int) -> Any:
    return _said(lambda body: False if body["Status"] == status else None)


_HOOKS = (
    _hook(
        "field-renamed",
        "OrderDetailID",
        _said(lambda body: body.update(id=body.pop("OrderDetailID"))),
        "hook_field_renamed",
    ),
    _hook(
        "field-renamed-form",
        "DeliverID",
        _said(lambda body: body.update(deliverID=body.pop("DeliverID"))),
        "hook_field_renamed",
        "webhook.form",
    ),
    _hook("unsigned", "apikey", _sent(lambda webhook: replace(webhook, headers=())), "hook_unsigned", "webhook.secret"),
    _hook(
        "signed-otherwise",
        "apikey",
        _sent(lambda webhook: replace(webhook, headers=(("apikey", "another"),))),
        "hook_unsigned",
        "webhook.secret",
    ),
    _hook(
        "no-retry", "retry", _sent(lambda webhook: replace(webhook, retries=SINGLE)), "hook_no_retry", "webhook.retry"
    ),
    _hook(
        "retry-once",
        "retry",
        _sent(lambda webhook: replace(webhook, retries=replace(SINGLE, attempts=2))),
        "",
        "webhook.retry",
    ),
    _hook("retry-server-errors-only", "retry", ruled((Outbox, "note", _only_server_errors)), "", "webhook.retry"),
    _hook("retry-after-success", "", ruled((Outbox, "note", _after_success)), "", "webhook.retry webhook.delivery"),
    _hook("missing", "OrderDetailID", _sent(lambda _webhook: None)),
    _hook("missing-cancelled", "OrderDetailID", _untold(0)),
    _hook("missing-processing", "", _untold(2), "", "webhook.delivery webhook.order"),
    _hook("missing-delivered", "", _untold(1), "", "webhook.order"),
    _hook("duplicated", "OrderDetailID", ruled((Outbox, "queue", _twice))),
    _hook("reordered", "Status", ruled((Outbox, "queue", _reordered)), "", "webhook.order"),
    _hook("overtaken", "", ruled((Outbox, "queue", _no_queue)), "", "webhook.retry"),
    _hook("extra-field", "sentBy", _said(lambda body: body.update(sentBy="x")), "", "webhook.form"),
    _hook("status-text", "Status", _said(lambda body: body.update(Status=str(body["Status"])))),
    _hook(
        "status-other",
        "Status",
        _said(lambda body: body.update(Status={2: 3, 3: 2}.get(body["Status"], body["Status"]))),
    ),
    _hook("codes-missing", "DeliveryData", _said(lambda body: body.update(DeliveryData=[]))),
    _hook(
        "codes-joined",
        "DeliveryData",
        _said(lambda body: body.update(DeliveryData=",".join(body["DeliveryData"]))),
        "",
        "webhook.form",
    ),
    _hook("deliver-id-missing", "DeliverID", _said(lambda body: body.update(DeliverID=None))),
    _hook(
        "wrapped",
        "",
        _sent(lambda webhook: replace(webhook, body=b'{"data":' + webhook.body + b"}")),
    ),
    _hook(
        "told-on-creation",
        "OrderDetailID",
        ruled(
            (
                domain.Platform,
                "_place",
                lambda original: lambda world, *arguments: _told_at_once(world, original(world, *arguments)),
            )
        ),
    ),
)


def _told_at_once(world: Any, order: Any) -> Any:
    for line in world.lines_of(order):
        world._tell(replace(line, status=Status.PROCESSING), line.created_at)
    return order


MUTANTS = _HOOKS
