"""The immutable first state that all sessions share, with the indexes that searching needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .entities import Account, Client, Gate, Offer, Product, Store, Unit, UniversalType

__all__ = ["Catalogue"]


@dataclass(frozen=True)
class Catalogue:
    """Everything that exists when a session begins, by code or id, in the order in which it is listed."""

    gates: Mapping[str, Gate]
    stores: Mapping[str, Store]
    accounts: Mapping[str, Account]
    clients: Sequence[Client]
    units: Mapping[str, Unit]
    types: Mapping[str, UniversalType]
    products: Mapping[str, Product]
    offers: Mapping[str, Offer]

    @cached_property
    def assortments(self) -> Mapping[str, Sequence[str]]:
        """The ids of each gate's offers, in the order in which they are found."""
        listed: dict[str, list[str]] = {code: [] for code in self.gates}
        for offer in self.offers.values():
            listed[offer.gate].append(offer.id)
        return listed

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        return {product.key: "\n".join(_words(product)).casefold() for product in self.products.values()}

    def text_of(self, product: str) -> str:
        """Give what a text search looks at, in small letters."""
        return self._texts[product]

    @cached_property
    def _offered(self) -> Mapping[tuple[str, str], str]:
        return {
            (offer.gate, name): offer.id for offer in self.offers.values() for name in self.products[offer.product].ids
        }

    def offer_of(self, gate: str, pro_material_id: str) -> str | None:
        """Give the id of a gate's offer by any of the product's ids in the network; None when the gate has none."""
        return self._offered.get((gate, pro_material_id))

    def path_of(self, code: str) -> str:
        """Give a UniversalType's persisted path: the codes of its predecessors and its own."""
        codes = list(self._line(code))[::-1]
        return "-".join((f"UT{codes[0][2:4]}", *codes))

    def _line(self, code: str | None) -> Iterator[str]:
        while code is not None:
            yield code
            code = self.types[code].parent


def _words(product: Product) -> Iterator[str]:
    yield product.short
    yield product.long or ""
    yield product.maker
    yield from product.ids
    yield from (feature.value for feature in product.features if isinstance(feature.value, str))
