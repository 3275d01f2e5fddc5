"""Products as a BMEcat 2005 catalogue (T_NEW_CATALOG), in the order of elements that the standard's schema has."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from .entities import Category, Product

__all__ = ["NAMESPACE", "catalogue_xml"]

NAMESPACE = "http://www.bmecat.org/bmecat/2005fd"
_PIECE = "C62"
_ON_REQUEST = '<PRODUCT_PRICE price_type="on_request"></PRODUCT_PRICE>'


def catalogue_xml(products: Iterable[Product], categories: Mapping[int, Category], at: datetime) -> str:
    """Give the document as text; prices are net customer prices in euros, `at` is the day of its making."""
    rows = list(products)
    used = {product.category: categories[product.category] for product in rows}
    groups = "".join(_group(category) for category in used.values())
    listed = "".join(_product(product) for product in rows)
    placed = "".join(_placed(product) for product in rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<BMECAT version="2005" xmlns="{NAMESPACE}">{_header(at)}'
        f"<T_NEW_CATALOG>{_groups(groups)}{listed}{placed}</T_NEW_CATALOG></BMECAT>\n"
    )


def _header(at: datetime) -> str:
    return (
        '<HEADER><CATALOG><LANGUAGE default="true">deu</LANGUAGE><LANGUAGE>eng</LANGUAGE>'
        "<CATALOG_ID>AXRO</CATALOG_ID><CATALOG_VERSION>1.0</CATALOG_VERSION>"
        '<CATALOG_NAME lang="deu">AXRO Produkte</CATALOG_NAME><CATALOG_NAME lang="eng">AXRO products</CATALOG_NAME>'
        f"<GENERATION_DATE>{at:%Y-%m-%dT%H:%M:%SZ}</GENERATION_DATE><CURRENCY>EUR</CURRENCY></CATALOG>"
        "<SUPPLIER><SUPPLIER_NAME>AXRO GmbH</SUPPLIER_NAME></SUPPLIER></HEADER>"
    )


def _groups(leaves: str) -> str:
    root = (
        '<CATALOG_STRUCTURE type="root"><GROUP_ID>1</GROUP_ID><GROUP_NAME lang="deu">Katalog</GROUP_NAME>'
        '<GROUP_NAME lang="eng">Catalogue</GROUP_NAME><PARENT_ID>0</PARENT_ID></CATALOG_STRUCTURE>'
    )
    return f"<CATALOG_GROUP_SYSTEM>{root}{leaves}</CATALOG_GROUP_SYSTEM>"


def _group(category: Category) -> str:
    return (
        f'<CATALOG_STRUCTURE type="leaf"><GROUP_ID>{category.id}</GROUP_ID>'
        f'<GROUP_NAME lang="deu">{escape(category.de)}</GROUP_NAME>'
        f'<GROUP_NAME lang="eng">{escape(category.en)}</GROUP_NAME><PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE>'
    )


def _product(product: Product) -> str:
    ean = f'<INTERNATIONAL_PID type="ean">{product.ean}</INTERNATIONAL_PID>' if product.ean else ""
    return (
        f'<PRODUCT mode="new"><SUPPLIER_PID>{escape(product.number)}</SUPPLIER_PID><PRODUCT_DETAILS>'
        f'<DESCRIPTION_SHORT lang="deu">{escape(product.de)}</DESCRIPTION_SHORT>'
        f'<DESCRIPTION_SHORT lang="eng">{escape(product.en)}</DESCRIPTION_SHORT>{ean}'
        f"<MANUFACTURER_PID>{escape(product.oem)}</MANUFACTURER_PID>"
        f"<MANUFACTURER_NAME>{escape(product.brand)}</MANUFACTURER_NAME></PRODUCT_DETAILS>"
        f"<PRODUCT_ORDER_DETAILS><ORDER_UNIT>{_PIECE}</ORDER_UNIT></PRODUCT_ORDER_DETAILS>"
        f"<PRODUCT_PRICE_DETAILS>{_prices(product)}</PRODUCT_PRICE_DETAILS></PRODUCT>"
    )


def _prices(product: Product) -> str:
    tiers = (
        f'<PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>{_euros(tier.price)}</PRICE_AMOUNT>'
        f"<PRICE_CURRENCY>EUR</PRICE_CURRENCY><LOWER_BOUND>{tier.first}</LOWER_BOUND></PRODUCT_PRICE>"
        for tier in product.tiers
    )
    return "".join(tiers) or _ON_REQUEST


def _placed(product: Product) -> str:
    return (
        f"<PRODUCT_TO_CATALOGGROUP_MAP><PROD_ID>{escape(product.number)}</PROD_ID>"
        f"<CATALOG_GROUP_ID>{product.category}</CATALOG_GROUP_ID></PRODUCT_TO_CATALOGGROUP_MAP>"
    )


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
