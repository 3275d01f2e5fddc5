"""One page of an offset-paged list, as Hot Chocolate cuts it."""

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

from apitwin_mocks.kit.errors import Refusal

from .entities import Settings
from .errors import Code

__all__ = ["PageInfo", "Segment", "page_size"]


class PageInfo:
    """Whether there is more on either side."""

    __slots__ = ("has_next_page", "has_previous_page")

    def __init__(self, *, has_next_page: bool, has_previous_page: bool) -> None:
        self.has_next_page = has_next_page
        self.has_previous_page = has_previous_page


class Segment:
    """A page of `total` rows, of which `rows` holds at least the first; `problems` are told beside the data."""

    __slots__ = ("items", "page_info", "problems", "total_count")

    def __init__(
        self, rows: Sequence[Any], total: int, skip: int, take: int, problems: Sequence[GraphQLError] = ()
    ) -> None:
        first, size = max(skip, 0), max(take, 0)
        self.items = rows[first : first + size]
        self.total_count = total
        self.page_info = PageInfo(has_next_page=first + size < total, has_previous_page=first > 0)
        self.problems = problems


def page_size(settings: Settings, take: int | None, field: str, segment: str) -> int:
    """Give the number of items asked for; raises `Refusal` HC0051 above the maximum, HC0052 for none where one is needed."""
    coordinate = f"Query.{field}"
    if take is None:
        if settings.require_paging_boundaries:
            raise Refusal(Code.NO_PAGING_BOUNDARIES, coordinate=coordinate, segment=segment)
        return settings.default_page_size
    if take > settings.max_page_size:
        values = {"coordinate": coordinate, "requestedItems": take, "maxAllowedItems": settings.max_page_size}
        raise Refusal(Code.PAGE_TOO_LARGE, **values)
    return take
