"""World of CD Keys' drifts of deliveries: what an order's lines keep, which keys come, and what the archives hold."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import answer_changed, looked_at, making, rule, value_changed, world
from apitwin_contracts.mutants.twist import Forward
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.suppliers.wock import api, archives, deliveries
from apitwin_mocks.suppliers.wock.deliveries import DeliveredKey, Delivery

__all__ = ["MUTANTS"]

_make = making("state")
_SAME = "walk.state equations.state"
_DUE = "walk.state state.due"
_CREATED = "createOrder delivery"


def _created(change: Any) -> Stage:
    """Give a stage on which the lines of an order are noted otherwise."""
    return rule((api, "_asked_line", lambda original: lambda line: change(original(line))))


def _named(change: Any) -> Stage:
    return _created(
        lambda line: replace(line, partner_product_id=line.partner_product_id and change(line.partner_product_id))
    )


def _swapped(payload: Any) -> Any:
    lines = payload.get("products", [])
    names = [line.get("partnerProductId") for line in lines]
    return {
        **payload,
        "products": [
            {**line, "partnerProductId": name} for line, name in zip(lines, [*names[1:], *names[:1]], strict=True)
        ],
    }


_LINES = (
    _make("name-dropped", "breaking", _CREATED, "partnerProductId", _SAME, _named(lambda _name: None)),
    _make(
        "name-cut",
        "breaking",
        _CREATED,
        "partnerProductId",
        "equations.state limits.bound",
        _named(lambda name: name[:16]),
        of="limit_truncate",
        also=("limits",),
    ),
    _make(
        "name-cut-at-sixty",
        "breaking",
        _CREATED,
        "partnerProductId",
        "equations.state limits.bound",
        _named(lambda name: name[:60]),
        also=("limits",),
    ),
    _make("name-lower-case", "breaking", _CREATED, "partnerProductId", _SAME, _named(str.lower)),
    _make(
        "name-in-ascii",
        "breaking",
        _CREATED,
        "partnerProductId",
        _SAME,
        _named(lambda name: name.encode("ascii", "replace").decode()),
    ),
    _make(
        "name-dropped-in-delivery",
        "breaking",
        "delivery",
        "partnerProductId",
        _DUE,
        value_changed("delivery", "products[].partnerProductId", lambda _: None),
    ),
    _make(
        "names-swapped-in-delivery",
        "breaking",
        "delivery",
        "partnerProductId",
        _DUE,
        answer_changed("delivery", _swapped),
    ),
    _make(
        "type-dropped",
        "breaking",
        _CREATED,
        "keyType",
        "equations.state state.due",
        _created(lambda line: replace(line, key_type=None)),
    ),
    _make(
        "type-answered-always",
        "dangerous",
        "createOrder",
        "keyType",
        _SAME,
        value_changed("createOrder", "products[].keyType", lambda kind: kind or 20),
    ),
    _make(
        "lines-reversed",
        "dangerous",
        "createOrder",
        "products",
        "equations.state",
        answer_changed("createOrder", lambda payload: {**payload, "products": payload["products"][::-1]}),
    ),
    _make(
        "line-missing",
        "breaking",
        "createOrder",
        "products",
        _SAME,
        value_changed("createOrder", "products", lambda lines: lines[:1]),
    ),
    _make(
        "own-order-id",
        "additive",
        "createOrder",
        "partnerOrderId",
        "equations.state",
        value_changed("createOrder", "partnerOrderId", lambda _: "PO-1"),
    ),
    _make(
        "another-order-id",
        "breaking",
        _CREATED + " orders",
        "",
        _DUE,
        value_changed("createOrder", "orderId", lambda key: "0" * 8 + key[8:]),
        also=("error",),
    ),
)


def _keys(change: Any) -> Stage:
    """Give a stage on which a line's keys are others: `change` gets the keys, the order and the line."""
    return rule(
        (deliveries, "keys_of", lambda original: lambda order, line: change(original(order, line), order, line))
    )


def _same_everywhere(keys: Any, _order: Any, _line: Any) -> Any:
    return [
        replace(key, content=b"AAAAA-BBBBB-CCCCC" if key.mime_type == "text/plain" else key.content) for key in keys
    ]


def _by_place(keys: Any, _order: Any, _line: Any) -> Any:
    """The keys of every order are the same, as if nobody had taken them before."""
    return [
        replace(key, content=f"KEY{place:02}-00000-00000".encode()) if key.mime_type == "text/plain" else key
        for place, key in enumerate(keys)
    ]


def _at_each_look(original: Any) -> Any:
    count = [0]

    def keys_of(order: Any, line: Any) -> Any:
        count[0] += 1
        return original(replace(order, id=f"{order.id}{count[0]}"), line)

    return keys_of


def _downloads(change: Any) -> Stage:
    return rule((Delivery, "download", lambda original: lambda self: change(original(self), self)))


def _not_noted(_original: Any, _self: Any, order: Any) -> Any:
    return replace(order, state="completed")


def _archive(change: Any) -> Stage:
    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        return replace(exchange, reply=change(exchange.reply)) if "/archives/" in request.path else exchange

    return looked_at(twist)


def _open_zip(reply: Reply) -> Reply:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr("keys.txt", "AAAAA-BBBBB-CCCCC\r\n")
    return replace(reply, body=out.getvalue())


_DELIVERED = (
    _make("keys-fewer", "breaking", "delivery", "keys", _DUE, _keys(lambda keys, _order, _line: keys[1:] or keys[:0])),
    _make("keys-fewer-of-many", "breaking", "delivery", "keys", _DUE, _keys(lambda keys, _order, _line: keys[:2])),
    _make(
        "keys-more",
        "breaking",
        "delivery",
        "keys",
        _DUE,
        _keys(
            lambda keys, order, _line: [
                *keys,
                replace(keys[0], id=f"{order.id[:-4]}ffff", content=b"MORE1-00000-00000"),
            ]
        ),
    ),
    _make(
        "keys-of-second-line-missing",
        "breaking",
        "delivery",
        "keys",
        _DUE,
        _keys(lambda keys, order, line: keys if line is order.lines[0] else []),
    ),
    _make(
        "key-twice",
        "breaking",
        "delivery",
        "keys",
        _DUE,
        _keys(lambda keys, _order, _line: [keys[0], *keys[:-1]] if len(keys) > 1 else keys),
    ),
    _make(
        "key-text-twice",
        "breaking",
        "delivery",
        "keys",
        _DUE,
        _keys(lambda keys, _order, _line: [replace(key, content=keys[0].content) for key in keys]),
    ),
    _make("key-always-the-same", "breaking", "delivery", "keys", _DUE, _keys(_same_everywhere)),
    _make("keys-sold-again", "breaking", "delivery", "keys", "equations.state state.due", _keys(_by_place)),
    _make(
        "keys-of-wrong-type",
        "breaking",
        "delivery",
        "mimeType",
        _DUE,
        _keys(
            lambda keys, _order, line: (
                [replace(key, mime_type="text/plain", content=b"X-Y") for key in keys] if line.key_type == 10 else keys
            )
        ),
    ),
    _make(
        "text-said-to-be-images",
        "breaking",
        "delivery",
        "",
        _DUE,
        value_changed("delivery", "products[].keys[].mimeType", lambda _: "image/png"),
        also=("wire",),
    ),
    _make("keys-change", "breaking", "delivery", "keys", _SAME, rule((deliveries, "keys_of", _at_each_look))),
    _make(
        "key-ids-change",
        "breaking",
        "delivery",
        "keys[].id",
        "equations.state",
        rule((deliveries, "DeliveredKey", lambda _original: _Renumbered)),
    ),
    _make(
        "keys-before-ready",
        "breaking",
        "delivery",
        "",
        _DUE,
        rule(
            (
                Delivery,
                "products",
                lambda _original: property(
                    lambda self: [deliveries.DeliveredProduct(self, line) for line in self.order.lines]
                ),
            )
        ),
    ),
    _make(
        "sub-keys-missing",
        "breaking",
        "delivery",
        "subKeys",
        _DUE,
        _keys(lambda keys, _order, _line: [replace(key, sub_keys=()) for key in keys]),
    ),
    _make(
        "sub-keys-miss-one",
        "breaking",
        "delivery",
        "subKeys",
        _DUE,
        _keys(lambda keys, _order, _line: [replace(key, sub_keys=key.sub_keys[1:]) for key in keys]),
    ),
    _make(
        "download-time-missing",
        "breaking",
        "delivery",
        "downloadedAt",
        "equations.state state.due",
        _downloads(lambda _at, _self: None),
    ),
    _make(
        "download-time-moves",
        "breaking",
        "delivery",
        "downloadedAt",
        _SAME,
        _downloads(lambda _at, self: self._world.clock.now()),
    ),
    _make(
        "download-time-is-order-time",
        "dangerous",
        "delivery",
        "downloadedAt",
        _DUE,
        _downloads(lambda _at, self: self.order.created_at),
    ),
    _make(
        "download-not-noted",
        "breaking",
        "orders createOrder delivery deleteOrder",
        "",
        _SAME,
        world("download", _not_noted),
    ),
    _make(
        "details-of-another",
        "breaking",
        "delivery",
        "details",
        "state.due",
        value_changed("delivery", "products[].details.platform", lambda _: "Steam Deck"),
    ),
    _make(
        "details-name-missing",
        "breaking",
        "delivery",
        "details",
        "state.due schema.reply",
        value_changed("delivery", "products[].details.name", lambda _: ""),
        also=("wire",),
    ),
    _make(
        "delivery-number-per-line",
        "dangerous",
        "delivery",
        "deliveryIdentifier",
        "state.due",
        rule(
            (
                deliveries.DeliveredProduct,
                "delivery_identifier",
                lambda _original: property(lambda self: f"OD-{self._line.product_id}"),
            )
        ),
    ),
    _make(
        "delivery-of-another-order",
        "breaking",
        "delivery",
        "orderId",
        "state.due agreement.same-item",
        value_changed("delivery", "orderId", lambda key: key[:-1] + ("0" if key[-1] != "0" else "1")),
    ),
)

_ARCHIVES = (
    _make(
        "archives-missing",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        rule((deliveries, "archives_of", lambda _original: lambda _order, _base: [])),
    ),
    _make(
        "archives-too-early",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        rule(
            (
                Delivery,
                "archives",
                lambda _original: property(lambda self: archives.archives_of(self.order, self._base)),
            )
        ),
    ),
    _make(
        "archive-lost",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        _archive(lambda reply: replace(reply, status=404, headers=(), body=b"")),
    ),
    _make(
        "archive-empty",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        _archive(lambda reply: replace(reply, body=b"")),
    ),
    _make("archive-open", "breaking", "delivery", "archives", _DUE, _archive(_open_zip)),
    _make(
        "archive-password",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        value_changed("delivery", "archives[].password", lambda word: word[::-1]),
    ),
    _make(
        "archive-of-other-keys",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        rule((archives, "keys_of", lambda original: lambda order, line: original(replace(order, id="other"), line))),
    ),
    _make(
        "archive-of-first-line",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        rule((archives, "_files", lambda original: lambda order: original(replace(order, lines=order.lines[:1])))),
    ),
    _make(
        "archive-without-sub-keys",
        "breaking",
        "delivery",
        "archives",
        _DUE,
        rule((archives, "_with_sub_keys", lambda _original: lambda key: iter((key,)))),
    ),
    _make(
        "archive-as-text",
        "dangerous",
        "delivery",
        "archives",
        _DUE,
        _archive(lambda reply: replace(reply, headers=(("content-type", "text/plain"),))),
    ),
)


class _Renumbered(DeliveredKey):
    """A key with another id at each look."""

    _count = 0

    def __init__(self, key: Any, at: Any) -> None:
        super().__init__(key, at)
        _Renumbered._count += 1
        self.id = f"{_Renumbered._count:08x}{self.id[8:]}"


MUTANTS: tuple[Mutant, ...] = (*_LINES, *_DELIVERED, *_ARCHIVES)
