"""An order's way from its creation to its keys, and back: what must be seen where, and when."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.agreement import Equation
from apitwin_contracts.laws.selections import must_for
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_fixtures import Exchange, Request, Source

from .entities import DELIVERED, IMAGE, NOBODY, TEXT, amount, orders, telling_order

__all__ = ["DECLARATIONS", "hold"]

_DELIVERY = Source("documented", "003:1108-1143")
_LISTING = Source("documented", "003:192")
_BALANCE = Source("documented", "003:275")
_DELETION = Source("documented", "003:544")
_STOCK = Source("documented", "003:1179-1195")
_ARCHIVES = Source("documented", "003:992-997")
_SOON = timedelta(minutes=5)
_TICK = timedelta(seconds=2)
_MEDIA = {IMAGE: "image/", TEXT: "text/plain"}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_READY, _COMPLETED = 30, 40
_DEEPEST_BUNDLE = 4


def hold(examination: Examination, answers: Iterable[Answer], source: Source, equations: Iterable[Equation]) -> None:
    """Hold equations about the last of some answers; raises the `Violation` of the first that does not hold."""
    evidence = list(answers)
    for path, expected, observed in equations:
        if expected != observed:
            raise examination.broken(evidence, path, expected, observed, source=source)


def _total(arguments: Mapping[str, Any]) -> Any:
    return sum(amount(asked["unitPrice"]) * asked["quantity"] for asked in arguments["input"]["products"])


def _lines_of(arguments: Mapping[str, Any]) -> dict[int, Any]:
    return {asked["productId"]: asked for asked in arguments["input"]["products"]}


def _delivery(examination: Examination, order: str) -> Answer:
    return examination.must("delivery", {"orderId": order})


def _listed(examination: Examination, order: str) -> Answer:
    return examination.must("orders", {"where": {"id": {"eq": order}}})


def _goods(examination: Examination, arguments: Mapping[str, Any]) -> Answer:
    ids = sorted(_lines_of(arguments))
    found = examination.must("products", {"where": {"id": {"in": ids}}, "take": 50, "order": [{"id": "ASC"}]})
    hold(examination, [found], _STOCK, [("items[].id", ids, found.every("items[].id"))])
    return found


def _let_pass(examination: Examination, step: timedelta = DELIVERED) -> None:
    examination.run.advance(step)


def _is_now(examination: Examination, text: Any) -> bool:
    """Tell whether a time is about the target's own; a target's clock may be ahead of what we know of it."""
    try:
        return abs(datetime.fromisoformat(text) - examination.run.target.clock.now()) < _SOON
    except (TypeError, ValueError):
        return False


def _waiting(examination: Examination, created: Answer, before: Answer, goods: Answer) -> None:
    """A new order has a delivery that is not ready, is not listed, costs nothing yet, and has taken its keys."""
    order = created.at("orderId")
    early = _delivery(examination, order)
    hold(examination, [created, early], _DELIVERY, _not_ready(early))
    hold(
        examination,
        [created, unlisted := _listed(examination, order)],
        _LISTING,
        [("totalCount", 0, unlisted.at("totalCount"))],
    )
    unpaid = examination.must("partner")
    hold(
        examination,
        [before, created, unpaid],
        _BALANCE,
        ((name, before.at(name), unpaid.at(name)) for name in ("available", "used")),
    )
    after = _goods(examination, created.arguments)
    hold(examination, [goods, created, after], _STOCK, _updated(examination, goods, after, increased=False))
    polled = examination.must(
        "products",
        {"where": {"lastUpdateDateTime": {"gte": max(after.every("items[].lastUpdateDateTime"))}}, "take": 50},
    )
    hold(
        examination,
        [created, polled],
        _STOCK,
        [("items[]", True, bool(set(polled.every("items[].id")) & set(after.every("items[].id"))))],
    )


def _not_ready(early: Answer) -> Iterator[Equation]:
    yield "delivery", True, early.payload is not None
    yield "status.ready", False, early.at("status.ready")
    yield "status.error", None, early.at("status.error")
    yield "products", [], early.at("products")
    yield "archives", [], early.at("archives")


def _updated(examination: Examination, before: Answer, after: Answer, *, increased: bool) -> Iterator[Equation]:
    earlier = {item["id"]: item for item in before.every("items[]")}
    for item in after.every("items[]"):
        was = earlier[item["id"]]
        yield "items[].lastUpdateDateTime", True, item["lastUpdateDateTime"] >= was["lastUpdateDateTime"]
        yield "items[].lastUpdateDateTime", True, _is_now(examination, item["lastUpdateDateTime"])
        if increased:
            yield "items[].lastIncreasedStockDateTime", True, _is_now(examination, item["lastIncreasedStockDateTime"])
        else:
            yield (
                "items[].lastIncreasedStockDateTime",
                was["lastIncreasedStockDateTime"],
                item["lastIncreasedStockDateTime"],
            )
        yield "items[].lastUpdatedPriceDateTime", was["lastUpdatedPriceDateTime"], item["lastUpdatedPriceDateTime"]


def _as_listed(created: Answer, goods: Answer, read: Answer, status: int) -> Iterator[Equation]:
    yield "totalCount", 1, read.at("totalCount")
    yield "items[].id", [created.at("orderId")], read.every("items[].id")
    yield "items[].status", status, read.at("items[].status")
    yield "items[].legacyId", None, read.at("items[].legacyId")
    asked, known = _lines_of(created.arguments), {item["id"]: item for item in goods.every("items[]")}
    yield "items[].products[]", sorted(asked), sorted(read.every("items[].products[].id"))
    for found in read.every("items[].products[]"):
        wanted, item = asked[found["id"]], known[found["id"]]
        yield "items[].products[].quantity", wanted["quantity"], found["quantity"]
        yield "items[].products[].price", amount(wanted["unitPrice"]), amount(found["price"])
        yield "items[].products[].name", item["name"], found["name"]
        yield "items[].products[].isBundle", item["isBundle"], found["isBundle"]
        inside = sorted(part["id"] for part in item["bundleItems"])
        yield "items[].products[].children[]", inside, sorted(part["id"] for part in found["children"])


def _as_ordered(created: Answer, goods: Answer, read: Answer) -> Iterator[Equation]:
    asked, known = _lines_of(created.arguments), {item["id"]: item for item in goods.every("items[]")}
    yield "delivery", True, read.payload is not None
    yield "status.ready", True, read.at("status.ready")
    yield "status.error", None, read.at("status.error")
    yield "orderId", created.at("orderId"), read.at("orderId")
    yield "legacyOrderId", None, read.at("legacyOrderId")
    yield "products[]", sorted(asked), sorted(read.every("products[].details.id"))
    for found in read.every("products[]"):
        item, wanted = known[found["details"]["id"]], asked[found["details"]["id"]]
        for name in ("name", "platform", "region", "language"):
            yield f"products[].details.{name}", item[name], found["details"][name]
        yield "products[].partnerProductId", wanted.get("partnerProductId"), found["partnerProductId"]
        yield "products[].keys", wanted["quantity"], len(found["keys"])
        for key in found["keys"]:
            yield from _key(key, wanted.get("keyType"), len(item["bundleItems"]))
    yield "products[].deliveryIdentifier", 1, len(set(read.every("products[].deliveryIdentifier")))
    for name in ("id", "key"):
        values = read.every(f"products[].keys[].{name}") + read.every(f"products[].keys[].subKeys[].{name}")
        yield f"products[].keys[].{name}", len(values), len(set(values))


def _key(key: Any, key_type: int | None, parts: int) -> Iterator[Equation]:
    yield "products[].keys[].mimeType", True, key["mimeType"].startswith(_MEDIA.get(key_type or 0, ""))
    yield "products[].keys[].key", True, _is_of_its_type(key)
    yield "products[].keys[].subKeys", parts, len(key["subKeys"])
    for part in key["subKeys"]:
        yield "products[].keys[].subKeys[].key", True, _is_of_its_type(part)


def _is_of_its_type(key: Any) -> bool:
    """Tell whether a text key is plain text of one word or more, and an image key a picture in base64."""
    text: str = key["key"]
    if key["mimeType"] == "text/plain":
        return text == text.strip() and text.isprintable() and not text.startswith("data:") and not _is_encoded(text)
    try:
        return b64decode(text, validate=True).startswith(_PICTURES)
    except ValueError:
        return False


def _is_encoded(text: str) -> bool:
    """Tell whether a text reads as base64 of another printable text with the dashes of a key."""
    try:
        inner = b64decode(text, validate=True).decode()
    except ValueError:
        return False
    return inner.isprintable() and "-" in inner


def _delivered(examination: Examination, arguments: Arguments) -> None:
    """Follow an order through its delivery: paid and listed when it is made, completed when its keys are fetched, the same ever after."""
    _let_pass(examination)
    before, goods = examination.must("partner"), _goods(examination, arguments)
    created = examination.must("createOrder", arguments)
    order = created.at("orderId")
    started = examination.run.target.clock.now()
    _waiting(examination, created, before, goods)
    _let_pass(examination)
    listed = _listed(examination, order)
    hold(examination, [created, listed], _LISTING, _as_listed(created, goods, listed, _READY))
    age = datetime.fromisoformat(listed.at("items[].createdAt")) - started
    hold(
        examination, [created, listed], Source("documented", "003:926"), [("items[].createdAt", True, abs(age) < _SOON)]
    )
    _hold_unique(examination, listed)
    paid = examination.must("partner")
    hold(examination, [before, created, paid], _BALANCE, _paid(before, paid, _total(arguments)))
    passed = examination.run.target.clock.now() - started
    fetched = _delivery(examination, order)
    hold(examination, [created, fetched], _DELIVERY, _as_ordered(created, goods, fetched))
    hold(examination, [created, fetched], _DELIVERY, _downloaded(examination, fetched))
    hold(examination, [created, listed, fetched], _DELIVERY, _downloaded_after(listed, fetched, passed))
    _hold_sold_once(examination, fetched)
    completed = _listed(examination, order)
    hold(examination, [fetched, completed], _LISTING, _as_listed(created, goods, completed, _COMPLETED))
    _hold_archives(examination, fetched)
    _hold_lasting(examination, fetched, paid)


def _paid(before: Answer, after: Answer, price: Any) -> Iterator[Equation]:
    yield "available", amount(before.at("available")) - price, amount(after.at("available"))
    yield "used", amount(before.at("used")) + price, amount(after.at("used"))


def _downloaded(examination: Examination, fetched: Answer) -> Iterator[Equation]:
    times = {
        *fetched.every("products[].keys[].downloadedAt"),
        *fetched.every("products[].keys[].subKeys[].downloadedAt"),
    }
    yield "products[].keys[].downloadedAt", 1, len(times)
    yield "products[].keys[].downloadedAt", True, all(_is_now(examination, time) for time in times)


def _downloaded_after(listed: Answer, fetched: Answer, passed: timedelta) -> Iterator[Equation]:
    """Both times are the target's own: between them lies at least what passed between the two requests."""
    ordered = datetime.fromisoformat(listed.at("items[].createdAt"))
    times = [datetime.fromisoformat(time) for time in fetched.every("products[].keys[].downloadedAt")]
    yield "products[].keys[].downloadedAt", True, all(time - ordered > passed - _TICK for time in times)


def _hold_unique(examination: Examination, listed: Answer) -> None:
    """No two orders have one identifier."""
    name = listed.at("items[].identifier")
    alike = examination.must("orders", {"where": {"identifier": {"eq": name}}})
    hold(examination, [listed, alike], _LISTING, [("items[].identifier", 1, alike.at("totalCount"))])


def _hold_sold_once(examination: Examination, fetched: Answer) -> None:
    """A key is delivered to one order alone."""
    sold: dict[str, Answer] = examination.run.remember("sold keys", dict)
    keys = fetched.every("products[].keys[].key")
    again = [key for key in keys if key in sold]
    evidence = [*([sold[again[0]]] if again else []), fetched]
    hold(examination, evidence, _DELIVERY, [("products[].keys[].key", [], again[:1])])
    sold.update(dict.fromkeys(keys, fetched))


def _hold_lasting(examination: Examination, fetched: Answer, paid: Answer) -> None:
    """Fetched keys stay what they are, and a completed order cannot be deleted."""
    _let_pass(examination)
    order = fetched.at("orderId")
    again = _delivery(examination, order)
    for path in ("id", "key", "downloadedAt", "subKeys[].key"):
        place = f"products[].keys[].{path}"
        hold(examination, [fetched, again], _DELIVERY, [(place, fetched.every(place), again.every(place))])
    deleted = examination.must("deleteOrder", {"orderId": order})
    hold(examination, [fetched, deleted], _DELETION, [("", False, deleted.payload)])
    after = examination.must("partner")
    hold(
        examination,
        [paid, deleted, after],
        _BALANCE,
        ((name, paid.at(name), after.at(name)) for name in ("available", "used")),
    )


def _hold_archives(examination: Examination, fetched: Answer) -> None:
    """An External partner's archives hold the delivery's keys behind their passwords, and nothing without."""
    archives = fetched.every("archives[]")
    hold(examination, [fetched], _ARCHIVES, [("archives", True, bool(archives))])
    if "/archives/" not in archives[0]["link"]:
        return
    told = _all_keys(examination, fetched.at("orderId"))
    keys = {key["key"].encode() for key in told if key["mimeType"] == "text/plain"}
    images = {b64decode(key["key"]) for key in told if key["mimeType"] != "text/plain"}
    found: set[bytes] = set()
    for archive in archives:
        exchange = _downloaded_archive(examination, archive["link"])
        hold(examination, [fetched], _ARCHIVES, [("archives[].link", "application/zip", exchange.reply.media_type)])
        contents = _opened(exchange.reply.body, archive["password"])
        hold(examination, [fetched], _ARCHIVES, [("archives[].password", True, contents is not None)])
        hold(examination, [fetched], _ARCHIVES, [("archives[].password", None, _opened(exchange.reply.body, ""))])
        for name, content in (contents or {}).items():
            found |= set(content.split()) if name.endswith(".txt") else {content}
    hold(examination, [fetched], _ARCHIVES, [("archives[].link", [], sorted(map(repr, (keys | images) ^ found))[:2])])


def _all_keys(examination: Examination, order: str) -> list[Any]:
    """Give a delivery's keys with those of the parts of bundles, and of bundles in bundles."""
    levels = [f"products[].keys[]{'.subKeys[]' * depth}" for depth in range(_DEEPEST_BUNDLE)]
    paths = [f"{level}.{name}" for level in levels for name in ("key", "mimeType")]
    fetched = must_for(examination, "delivery", {"orderId": order}, paths)
    return [key for level in levels for key in fetched.every(level)]


def _downloaded_archive(examination: Examination, link: str) -> Exchange:
    parts = urlsplit(link)
    path = "/archives/" + parts.path.rpartition("/archives/")[2]
    return examination.client.exchange(Request("GET", path, parts.query), "delivery")


def _opened(content: bytes, password: str) -> dict[str, bytes] | None:
    """Unpack an archive; None when it does not open."""
    import pyzipper  # type: ignore[import-untyped]  # noqa: PLC0415 - it takes a tenth of a second to import, and only this law needs it

    try:
        with pyzipper.AESZipFile(BytesIO(content)) as archive:
            archive.setpassword(password.encode() or None)
            return {name: archive.read(name) for name in archive.namelist()}
    except (RuntimeError, pyzipper.BadZipFile, OSError):
        return None


def _deleted(examination: Examination, arguments: Arguments) -> None:
    """Delete a new order: its keys go back at once, it is never delivered, never paid, and cannot be deleted again."""
    _let_pass(examination)
    before, goods = examination.must("partner"), _goods(examination, arguments)
    created = examination.must("createOrder", arguments)
    order = created.at("orderId")
    _hold_deletion(examination, created, goods)
    _let_pass(examination)
    hold(
        examination,
        [created, unlisted := _listed(examination, order)],
        _LISTING,
        [("totalCount", 0, unlisted.at("totalCount"))],
    )
    after = examination.must("partner")
    hold(examination, [before, created, after], _BALANCE, _paid(before, after, 0))


def _refunded(examination: Examination, arguments: Arguments) -> None:
    """Delete an order that is ready and was not fetched: keys and money go back."""
    _let_pass(examination)
    before, goods = examination.must("partner"), _goods(examination, arguments)
    created = examination.must("createOrder", arguments)
    _let_pass(examination)
    hold(
        examination,
        [created, listed := _listed(examination, created.at("orderId"))],
        _LISTING,
        [("totalCount", 1, listed.at("totalCount"))],
    )
    _hold_deletion(examination, created, goods)
    unlisted = _listed(examination, created.at("orderId"))
    hold(examination, [created, unlisted], _LISTING, [("totalCount", 0, unlisted.at("totalCount"))])
    after = examination.must("partner")
    hold(examination, [before, created, after], _BALANCE, _paid(before, after, 0))


def _hold_deletion(examination: Examination, created: Answer, goods: Answer) -> None:
    order = created.at("orderId")
    first = examination.must("deleteOrder", {"orderId": order})
    hold(examination, [created, first], _DELETION, [("", True, first.payload)])
    restored = _goods(examination, created.arguments)
    for kind in ("text", "image", "all"):
        place = f"items[].quantity.{kind}"
        hold(examination, [goods, first, restored], _STOCK, [(place, goods.every(place), restored.every(place))])
    hold(examination, [goods, first, restored], _STOCK, _updated(examination, goods, restored, increased=True))
    second = examination.must("deleteOrder", {"orderId": order})
    hold(examination, [first, second], _DELETION, [("", False, second.payload)])
    gone = _delivery(examination, order)
    hold(examination, [first, gone], _DELETION, [("", None, gone.payload)])


def _unknown(examination: Examination, _nothing: object) -> None:
    """What does not exist is null or false, and no error."""
    asked: tuple[tuple[str, Arguments, object], ...] = (
        ("deleteOrder", {"orderId": NOBODY}, False),
        ("delivery", {"orderId": NOBODY}, None),
        ("delivery", {"legacyOrderId": "nobody's"}, None),
        ("delivery", {}, None),
        ("product", {"id": 2_000_000_000}, None),
        ("product", {}, None),
    )
    for operation, arguments, expected in asked:
        answer = examination.must(operation, arguments)
        hold(examination, [answer], Source("assumed", "SOURCE.md#6"), [("", expected, answer.payload)])


def _legacy(examination: Examination, _nothing: object) -> None:
    """An order of the legacy platform is found by either id, and by both only when they belong together."""
    found = examination.must("orders", {"where": {"legacyId": {"neq": None}}, "take": 50}).every("items[]")
    if not found:
        raise NothingToExamine("the partner has no orders of the legacy platform")
    for item in found[:2]:
        answer = examination.must("delivery", {"legacyOrderId": item["legacyId"]})
        hold(examination, [answer], _DELIVERY, [("orderId", item["id"], answer.at("orderId"))])
    if len(found) > 1:
        both = {"orderId": found[0]["id"], "legacyOrderId": found[1]["legacyId"]}
        answer = examination.must("delivery", both)
        hold(examination, [answer], Source("assumed", "SOURCE.md#6"), [("", None, answer.payload)])


def _telling(run: Run) -> SearchStrategy[Arguments]:
    return st.just(telling_order(run))


_ONCE, _FEW = 0.04, 0.08
_NOTHING = st.just(None)
DECLARATIONS: tuple[Declaration, ...] = (
    Walk("createOrder.delivered", _telling, _delivered, share=_ONCE),
    Walk("createOrder.delivered.any", orders, _delivered, share=_FEW),
    Walk("createOrder.deleted", _telling, _deleted, share=_ONCE),
    Walk("createOrder.refunded", _telling, _refunded, share=_ONCE),
    Walk("createOrder.refunded.any", orders, _refunded, share=_FEW),
    Walk("deleteOrder.unknown", lambda _run: _NOTHING, _unknown, share=_ONCE, changes_state=False),
    Walk("delivery.legacy", lambda _run: _NOTHING, _legacy, share=_ONCE, changes_state=False),
)
