"""The words by which suppliers call what many of them have: pages, sizes, offsets, orders, totals."""

import re
from collections.abc import Iterable

__all__ = ["ENVELOPES", "KEYS", "OFFSETS", "ORDERS", "PAGES", "SIZES", "TOTALS", "plain", "singular", "spoken"]

PAGES = ("page", "pagenumber", "pageno", "pageindex", "currentpage", "p")
SIZES = (
    "perpage",
    "pagesize",
    "limit",
    "take",
    "first",
    "size",
    "count",
    "maxresults",
    "maxitems",
    "top",
    "rows",
    "pagelimit",
)
OFFSETS = ("offset", "skip", "start", "startindex", "from", "pageoffset")
ORDERS = ("sort", "orderby", "ordering", "order", "sortby", "sortfield")
TOTALS = (
    "count",
    "total",
    "totalcount",
    "totalitems",
    "numitems",
    "totalresults",
    "numbermatched",
    "totalelements",
    "totalhits",
)
ENVELOPES = (
    "data",
    "items",
    "results",
    "records",
    "nodes",
    "entries",
    "content",
    "values",
    "list",
    "rows",
    "hits",
    "features",
    "edges",
)
KEYS = ("id", "uuid", "guid", "key", "slug", "number", "name", "code")


def plain(name: str) -> str:
    """Give a name in small letters alone: `perPage`, `per_page` and `$per-page` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def spoken(names: Iterable[str], words: Iterable[str]) -> str:
    """Give the first name that is one of the words, the earlier words first; empty when none is."""
    by_word = {plain(name): name for name in names}
    return next((by_word[word] for word in words if word in by_word), "")


def singular(name: str) -> str:
    """Give a name without its plural's ending."""
    small = plain(name)
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if small.endswith(ending) and len(small) > len(ending) + 1 and not small.endswith("ss"):
            return small[: -len(ending)] + instead
    return small
