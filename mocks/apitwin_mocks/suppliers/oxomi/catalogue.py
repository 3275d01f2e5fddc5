"""The immutable first state that all sessions share: products made when they are first looked at, portals and dictionaries."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from .product import Product

__all__ = ["ApiToken", "Catalogue", "Dictionary", "Listing", "Portal", "Products"]

_KEPT = 1024


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A portal's API token; `sync_date` is the instant up to which its holder knows the products."""

    id: str
    portal: str
    sync_date: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal: who may use it, what it has bought, and the roles it knows (none: roles are not in use)."""

    code: str
    users: tuple[str, ...]
    features: frozenset[str]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """Labels of coded values and names of product groups, each by language."""

    labels: Mapping[str, Mapping[str, str]]
    product_groups: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What filters ask of a product, so that most products need never be made."""

    id: str
    item_number: str
    gtin: str
    suppliers: frozenset[str]
    lang: str
    countries: tuple[str, ...]
    changed_at: datetime

    @property
    def revision(self) -> int:
        """No session has changed a listed product yet."""
        return 0

    def make(self) -> Product:
        """Make the whole product, the same each time."""
        raise NotImplementedError


class Products(Mapping[str, Product]):
    """The products by id, in the order of their ids; the latest thousand looked at are kept."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self.listings = sorted(listings, key=lambda listing: listing.id)
        self._by_id = {listing.id: listing for listing in self.listings}
        self._made = lru_cache(_KEPT)(lambda key: self._by_id[key].make())

    def __getitem__(self, key: str) -> Product:
        if key not in self._by_id:
            raise KeyError(key)
        return self._made(key)

    def __contains__(self, key: object) -> bool:
        return key in self._by_id

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def listed_from(self, key: str) -> Iterator[Listing]:
        """Give the listings whose id is this one or follows it."""
        start = bisect_left(self.listings, key, key=lambda listing: listing.id)
        return (self.listings[place] for place in range(start, len(self.listings)))

    @cached_property
    def by_item_number(self) -> Mapping[str, tuple[Listing, ...]]:
        """The listings of each item number: one for each language."""
        return _grouped((listing.item_number, listing) for listing in self.listings)

    @cached_property
    def by_gtin(self) -> Mapping[str, tuple[Listing, ...]]:
        """The listings of each GTIN."""
        return _grouped((listing.gtin, listing) for listing in self.listings)


def _grouped(pairs: Iterable[tuple[str, Listing]]) -> Mapping[str, tuple[Listing, ...]]:
    groups: dict[str, list[Listing]] = defaultdict(list)
    for key, listing in pairs:
        groups[key].append(listing)
    return {key: tuple(group) for key, group in groups.items()}


@dataclass(frozen=True)
class Catalogue:
    """Everything that a session starts from; `secrets` are those of the API tokens, by id."""

    products: Products
    portals: Mapping[str, Portal]
    api_tokens: Mapping[str, ApiToken]
    secrets: Mapping[str, str]
    dictionary: Dictionary
