"""What the platform tells of an order's lines, at the NotifyURL of the order."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.webhooks import Told, WebhookEvents

from .entities import orders
from .operations import PAGES

__all__ = ["declarations"]

_SAID = ("DeliverID", "OrderDetailID", "Status", "DeliveryData", "DeliveryNote")


def _addressed(arguments: Arguments, url: str) -> Arguments:
    return {**arguments, "body": {**arguments["body"], "NotifyURL": url}}


def _told(examination: Examination, created: Answer) -> Told:
    answer = examination.must("get_order", {"orderID": created.at("data.OrderID")})
    lines = answer.every("data.details[]")
    return answer, {line["OrderDetailID"]: {name: line[name] for name in _SAID} for line in lines}


def _cancel(examination: Examination, created: Answer) -> Answer:
    return examination.must("cancel_order", {"body": {"OrderDetailID": created.at("data.details[].OrderDetailID")}})


def declarations(document: Mapping[str, Any]) -> tuple[Declaration, ...]:
    """Give the declarations; `document` is the OpenAPI document, in which the webhook's schema stands."""
    body = document["webhooks"]["order_delivery"]["post"]["requestBody"]["content"]["application/json"]
    return (
        WebhookEvents(
            "order_delivery",
            "create_order",
            {**body["schema"], "components": document["components"]},
            lambda run: orders(run, 2),
            _addressed,
            _told,
            "OrderDetailID",
            "Status",
            # Nothing is told of a line that is not yet processed; a settled one stays so.
            {None: (0, 2), 2: (0, 1, 3), 3: (0, 2)},
            (timedelta(seconds=31), *[timedelta(seconds=30)] * 4),
            ("apikey", "apikey"),
            timedelta(hours=1),
            _cancel,
            repeats=True,
            source=PAGES["delivery"],
            secret_source=PAGES["delivery"],
            retry_source=PAGES["delivery"],
        ),
    )
