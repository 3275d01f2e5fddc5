"""Which fields of which rows the filter inputs mean; the names on the left are the schema's, those on the right the rows'."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ORDER", "PRODUCT", "Field", "Filter", "Kind", "Many", "Nested", "Scalar"]

Kind = Literal["Int", "String", "UUID", "Decimal", "DateTime", "Boolean"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value of a row; names are the operation input's."""

    attribute: str
    kind: Kind
    nullable: bool = False

    @property
    def input_type(self) -> str:
        """The operations' input type."""
        return f"{self.kind.capitalize() if self.kind == 'UUID' else self.kind}OperationFilterInput"

    def operand_type(self, operation: str) -> str:
        """The type that an operation expects."""
        return f"[{self.kind}]" if operation == "in" else self.kind


@dataclass(frozen=True, slots=True)
class Nested:
    """An object of a row."""

    attribute: str
    filter: "Filter"
    nullable: bool = False

    @property
    def input_type(self) -> str:
        """The object's filter input."""
        return self.filter.name


@dataclass(frozen=True, slots=True)
class Many:
    """A list of a row."""

    attribute: str
    item: "Filter | Scalar"

    @property
    def item_type(self) -> str:
        """The filter input of one item."""
        return self.item.name if isinstance(self.item, Filter) else self.item.input_type

    @property
    def input_type(self) -> str:
        """The list's filter input."""
        return f"ListFilterInputTypeOf{self.item_type}" if isinstance(self.item, Filter) else f"List{self.item_type}"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter input of the schema."""

    name: str
    fields: Mapping[str, "Field"]


Field = Scalar | Nested | Many


def _texts(*names: str) -> dict[str, Field]:
    return {name: Scalar(name, "String") for name in names}


_QUANTITY = Filter("QuantityResponseFilterInput", {name: Scalar(name, "Int") for name in ("text", "image", "all")})
_TIER = Filter(
    "BulkPriceResponseFilterInput",
    {"price": Scalar("price", "Decimal"), "minimumQuantity": Scalar("minimum_quantity", "Int")},
)
_BUNDLE_ITEM = Filter(
    "ProductSubBundleResponseFilterInput",
    {
        "id": Scalar("id", "Int"),
        **_texts("name", "platform", "language", "region"),
        "isSubBundle": Scalar("is_sub_bundle", "Boolean"),
    },
)
_STRINGS = Scalar("", "String")

PRODUCT = Filter(
    "ProductResponseFilterInput",
    {
        "id": Scalar("id", "Int"),
        **_texts("name", "platform", "language", "region"),
        "quantity": Nested("quantity", _QUANTITY, nullable=True),
        "currency": Scalar("currency", "String"),
        "isBundle": Scalar("is_bundle", "Boolean"),
        "isDisabled": Scalar("is_disabled", "Boolean"),
        "lastUpdateDateTime": Scalar("last_update_date_time", "DateTime"),
        "bundleItems": Many("bundle_items", _BUNDLE_ITEM),
        "productPartnerId": Scalar("product_partner_id", "String", nullable=True),
        "productPartnerIds": Many("product_partner_ids", _STRINGS),
        "bulkPrices": Many("bulk_prices", _TIER),
        "languages": Many("languages", _STRINGS),
        "regions": Many("regions", _STRINGS),
        "excludedLanguages": Many("excluded_languages", _STRINGS),
        "excludedRegions": Many("excluded_regions", _STRINGS),
    },
)

_ordered: dict[str, Field] = {
    "id": Scalar("id", "Int"),
    "name": Scalar("name", "String"),
    "isBundle": Scalar("is_bundle", "Boolean"),
    "isSubBundle": Scalar("is_sub_bundle", "Boolean"),
    "quantity": Scalar("quantity", "Int", nullable=True),
    "price": Scalar("price", "Decimal", nullable=True),
}
_ORDERED_ITEM = Filter("OrderProductResponseFilterInput", _ordered)
_ordered["children"] = Many("children", _ORDERED_ITEM)

ORDER = Filter(
    "OrderResponseFilterInput",
    {
        "id": Scalar("id", "UUID"),
        "legacyId": Scalar("legacy_id", "String", nullable=True),
        "identifier": Scalar("identifier", "String"),
        "createdAt": Scalar("created_at", "DateTime"),
        "status": Scalar("status", "Int"),
        "products": Many("products", _ORDERED_ITEM),
    },
)
