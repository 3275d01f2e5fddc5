"""The product information graph: what changed since a token's sync date, what a filter keeps, and how both are moved."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from apitwin_mocks.kit.errors import MisuseError, Refusal
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import World

from .catalogue import ApiToken, Catalogue, Listing, Portal
from .errors import Code
from .product import Price, Product

__all__ = [
    "END",
    "INTERNATIONALISATION",
    "PAGE_SIZE",
    "PRICES",
    "SYNC",
    "Filter",
    "Graph",
    "moment",
    "require_feature",
    "require_roles",
]

PAGE_SIZE = 50
END = "-"
SYNC, PRICES, INTERNATIONALISATION = "product-sync", "product-prices", "internationalisation"

_REFUSALS = {
    SYNC: Code.PERMISSION_SYNC,
    PRICES: Code.PERMISSION_PRICES,
    INTERNATIONALISATION: Code.PERMISSION_INTERNATIONALISATION,
}
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,8})\.[0-9]{2}")
_COUNTRY = re.compile(r"[a-z]{2}")
_LIST_PRICE = "LIST_EXCL_VAT"


def moment(text: str) -> datetime:
    """Read `2022-11-23 10:19:42` as UTC; raises `ValueError` for another form or no day of the calendar."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def require_feature(portal: Portal, feature: str) -> None:
    """Refuse what the portal has not bought."""
    if feature not in portal.features:
        raise Refusal(_REFUSALS[feature])


def require_roles(portal: Portal, roles: tuple[str, ...]) -> None:
    """Where roles are in use, they must be sent and known."""
    if not portal.roles:
        return
    if not roles:
        raise Refusal(Code.MISSING_PARAMETER, parameter="roles")
    unknown = next((role for role in roles if role not in portal.roles), None)
    if unknown is not None:
        raise Refusal(Code.ROLE_UNKNOWN, role=unknown)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a product must satisfy; None asks nothing."""

    country: str | None = None
    language: str | None = None
    supplier_number: str | None = None

    def keeps(self, product: Listing | Product) -> bool:
        """Tell whether the product satisfies all that is asked."""
        return (
            (self.country is None or self.country in product.countries)
            and self.language in (None, product.lang)
            and (self.supplier_number is None or self.supplier_number in product.suppliers)
        )


class Graph(World):
    """The products and sync dates of one session."""

    def __init__(self, catalogue: Catalogue, session: Session) -> None:
        self.catalogue = catalogue
        self.products: Table[Product] = Table(catalogue.products)
        self.api_tokens: Table[ApiToken] = Table(catalogue.api_tokens)
        self._clock = session.clock
        self._revision = 0

    def changed_since_sync(self, api_token: str, wanted: Filter, start: str = "") -> tuple[list[Product], str]:
        """Give a page of what changed after the token's sync date, from the id `start` on, and the id of the next page or `-`."""
        if start == END:
            return [], END
        if start and start not in self.products:
            raise Refusal(Code.CONTINUATION_TOKEN_UNKNOWN, token=start)
        known = self._order(self.api_tokens[api_token])
        changed = (row for row in self._rows_from(start) if self._order(row) > known and wanted.keeps(row))
        page = [row.id for row in islice(changed, PAGE_SIZE + 1)]
        following = page[PAGE_SIZE] if len(page) > PAGE_SIZE else END
        return [self.products[key] for key in page[:PAGE_SIZE]], following

    @staticmethod
    def _order(row: Listing | Product | ApiToken) -> tuple[datetime, int]:
        # The revision decides between a change and a sync date of the same instant, which a standing clock gives often.
        return (row.sync_date if isinstance(row, ApiToken) else row.changed_at), row.revision

    def _rows_from(self, start: str) -> Iterator[Listing | Product]:
        own = self.products.changed
        for listing in self.catalogue.products.listed_from(start):
            yield own.get(listing.id, listing)

    def find(self, item_number: str, gtin: str, wanted: Filter) -> list[Product]:
        """Give the products of an item number, of a GTIN, or of both where both are asked; by id."""
        products = self.catalogue.products
        listed = products.by_item_number.get(item_number, ()) if item_number else products.by_gtin.get(gtin, ())
        found = [self.products[listing.id] for listing in listed if not gtin or listing.gtin == gtin]
        return [product for product in found if wanted.keeps(product)]

    def set_sync_date(self, api_token: str, date: datetime) -> None:
        """Move a token's sync date, forwards or back; other tokens keep theirs."""
        row = replace(self.api_tokens[api_token], sync_date=date, revision=self._next_revision())
        self.api_tokens.put(api_token, row)

    def _next_revision(self) -> int:
        self._revision += 1
        return self._revision

    def tables(self) -> Mapping[str, Table[Any]]:
        return {"products": self.products, "api_tokens": self.api_tokens}

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        if table == "api_tokens" and set(changes) == {"sync_date"}:
            self.set_sync_date(key, _checked_moment(changes["sync_date"]))
            return self.api_tokens[key]
        if table == "products" and changes and set(changes) <= set(_EDITS):
            return self._edit_product(key, changes)
        message = f"products take {', '.join(_EDITS)}; api_tokens take sync_date; not {', '.join(changes) or 'nothing'} for {table}"
        raise MisuseError(message)

    def _edit_product(self, key: str, changes: Mapping[str, Any]) -> Product:
        product = self.products[key]
        for name, value in changes.items():
            product = _EDITS[name](product, value)
        product = replace(product, changed_at=self._clock.now(), revision=self._next_revision())
        self.products.put(key, product)
        return product


def _checked_moment(value: Any) -> datetime:
    try:
        return moment(str(value))
    except ValueError:
        message = f"sync_date is a date and time (UTC) such as 2022-11-23 10:19:42, not {str(value)[:80]!r}"
        raise MisuseError(message) from None


def _restocked(product: Product, value: Any) -> Product:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        message = f"stock is a whole number from 0, not {str(value)[:80]!r}"
        raise MisuseError(message)
    return replace(product, stock=value)


def _repriced(product: Product, value: Any) -> Product:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        message = f'price is text with two decimals such as "12.50", not {str(value)[:80]!r}'
        raise MisuseError(message)
    prices = tuple(_with_amount(price, value) for price in product.pricing.prices)
    return replace(product, pricing=replace(product.pricing, prices=prices))


def _with_amount(price: Price, amount: str) -> Price:
    first_list_price = price.type == _LIST_PRICE and price.lower_bound == 1
    return replace(price, amount=amount) if first_list_price else price


def _renamed(product: Product, value: Any) -> Product:
    if not isinstance(value, str) or not value:
        message = f"short_text is text of at least one character, not {str(value)[:80]!r}"
        raise MisuseError(message)
    return replace(product, details=replace(product.details, short_text=value))


def _is_country(code: Any) -> bool:
    return isinstance(code, str) and bool(_COUNTRY.fullmatch(code))


def _offered_in(product: Product, value: Any) -> Product:
    if not isinstance(value, list) or not all(_is_country(code) for code in value):
        message = f'countries is a list of two-letter codes such as ["de", "at"], not {str(value)[:80]!r}'
        raise MisuseError(message)
    return replace(product, countries=tuple(dict.fromkeys(value)))


_EDITS: Mapping[str, Callable[[Product, Any], Product]] = {
    "price": _repriced,
    "stock": _restocked,
    "short_text": _renamed,
    "countries": _offered_in,
}
