"""Pages of rows, counted from one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Page", "page_of"]

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page with the number of all rows and of all pages."""

    rows: Sequence[Row]
    total: int
    pages: int


def page_of(rows: Sequence[Row], number: int, size: int) -> Page[Row]:
    """Cut the page `number` (from 1) of `size` rows; one past the end is empty."""
    first = (number - 1) * size
    return Page(rows[first : first + size], len(rows), -(-len(rows) // size))
