"""Archives of keys: zip files encrypted with AES-256 whose links and passwords follow from the order."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from apitwin_mocks.kit.errors import Refusal

from .domain import Wock
from .entities import Order, Partner
from .errors import Code
from .keys import Key, keys_of

__all__ = ["Archive", "archives_of", "download_archive"]


@dataclass(frozen=True, slots=True)
class Archive:
    """Where a zip file of keys is fetched, and what opens it."""

    link: str
    password: str


def archives_of(order: Order, base: str) -> list[Archive]:
    """Give an order's one archive; the link alone opens the way to it, as a signed storage link does."""
    return [Archive(f"{base}/archives/{order.id}.zip?sig={_secret(order, 'link')}", _secret(order, "password"))]


def download_archive(world: Wock, key: str, signature: str | None) -> bytes:
    """Give the bytes behind a link, which counts as fetching the keys; raises `Refusal` ROUTE_UNKNOWN for a wrong one."""
    world.settle()
    order = world.orders.get(key)
    partner: Partner | None = world.partners.get(order.partner) if order else None
    if (
        order is None
        or partner is None
        or partner.partner_type != "External"
        or order.state not in ("ready", "completed")
    ):
        raise Refusal(Code.ROUTE_UNKNOWN)
    if signature != _secret(order, "link"):
        raise Refusal(Code.ROUTE_UNKNOWN)
    world.download(order)
    # Imported here: it takes a tenth of a second, and only who fetches an archive needs it.
    from .zipping import packed  # noqa: PLC0415 - see above

    return packed(order.id, _secret(order, "password"), tuple(_files(order)), order.created_at.timetuple()[:6])


def _secret(order: Order, purpose: str) -> str:
    return blake2b(f"{purpose}|{order.id}|{order.identifier}".encode(), digest_size=12).hexdigest()


def _files(order: Order) -> Iterator[tuple[str, bytes]]:
    for line in order.lines:
        keys = [part for key in keys_of(order, line) for part in _with_sub_keys(key)]
        texts = [key.content for key in keys if key.mime_type == "text/plain"]
        if texts:
            yield f"{line.item.id}/keys.txt", b"\r\n".join(texts) + b"\r\n"
        yield from ((f"{line.item.id}/{key.id}.png", key.content) for key in keys if key.mime_type == "image/png")


def _with_sub_keys(key: Key) -> Iterator[Key]:
    yield key
    for part in key.sub_keys:
        yield from _with_sub_keys(part)
