"""Finding products: filters, formats and pages."""

import re
from collections.abc import Mapping

from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.paging import Page, page_of

from .domain import Axro
from .entities import Product
from .errors import Code

__all__ = ["FORMATS", "LARGEST_PAGE", "USUAL_PAGE", "find_products", "positive_number"]

FORMATS = ("json", "xml")
USUAL_PAGE = 100
LARGEST_PAGE = 1000

# Python reads no longer number than this from text, and no page is that far away.
_NUMBER = re.compile(r"[0-9]{1,4000}")


def find_products(
    world: Axro,
    filters: Mapping[str, str],
    page: int | str | None = None,
    limit: int | str | None = None,
    form: str | None = None,
) -> Page[Product]:
    """Give one page of the products that fit; raises `Refusal` for a wrong format, page or limit."""
    if form is not None and form not in FORMATS:
        raise Refusal(Code.FORMAT_UNKNOWN, format=form)
    number = positive_number(1 if page is None else page)
    if number is None:
        raise Refusal(Code.PAGE_NOT_POSITIVE)
    size = positive_number(USUAL_PAGE if limit is None else limit)
    if size is None:
        raise Refusal(Code.LIMIT_NOT_POSITIVE)
    if size > LARGEST_PAGE:
        raise Refusal(Code.LIMIT_TOO_LARGE, maximum=LARGEST_PAGE)
    found = page_of(world.catalogue.numbers(filters), number, size)
    return Page([world.products[key] for key in found.rows], found.total, max(found.pages, 1))


def positive_number(value: int | str) -> int | None:
    """Read a whole number from 1, written as a number or as decimal digits; None for anything else."""
    if isinstance(value, str):
        value = int(value) if _NUMBER.fullmatch(value) else 0
    return value if value >= 1 else None
