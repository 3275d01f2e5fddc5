"""Laws of pages chained by a continuation token."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "CursorPages", "chain", "known_chain"]

_MOST_PAGES = 1000


@dataclass(frozen=True)
class CursorPages:
    """An operation whose answer names where the next page starts; `end` is what the last page says.

    `names_next` declares that the token is the key of the next page's first item, `ordered` that items come in the order of their keys.
    What means the end may be sent back: there is nothing behind it.
    """

    operation: str
    items: str
    key: str
    cursor: str
    next: str
    end: Any
    page_size: int | None = None
    names_next: bool = False
    ordered: bool = False
    fixed: Arguments = field(default_factory=dict)
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.operation

    def keys(self, answer: Answer) -> list[Any]:
        """Give the keys of the items on a page."""
        return [at(item, self.key) for item in answer.every(self.items)]


def chain(examination: Examination, paged: CursorPages, arguments: Arguments | None = None) -> list[Answer]:
    """Follow the tokens to the end, or to as many items as the profile allows."""
    pages = [examination.must(paged.operation, {**paged.fixed, **(arguments or {})})]
    while (
        len(pages) < _MOST_PAGES and sum(len(page.every(paged.items)) for page in pages) < examination.run.profile.items
    ):
        token = pages[-1].at(paged.next)
        if token in (None, paged.end):
            break
        pages.append(examination.must(paged.operation, {**paged.fixed, **(arguments or {}), paged.cursor: token}))
    return pages


def known_chain(examination: Examination, paged: CursorPages) -> list[Answer]:
    """Give the pages of everything, read once; raises `NothingToExamine` when there is nothing."""
    pages: list[Answer] = examination.run.view(("chain", paged.operation), lambda: chain(examination, paged))
    if not pages[0].every(paged.items):
        raise NothingToExamine(f"{paged.operation} answers no items")
    return pages


def _concatenation(examination: Examination, paged: CursorPages) -> None:
    pages = known_chain(examination, paged)
    seen: set[Any] = set()
    for before, page in zip([pages[0], *pages], pages, strict=False):
        twice = seen.intersection(paged.keys(page))
        if twice:
            text = f"again: {sorted(map(str, twice))[:5]}"
            raise examination.broken([before, page], paged.items, "each item on one page", text, source=paged.source)
        seen.update(paged.keys(page))
        if not paged.keys(page) and page is not pages[0]:
            raise examination.broken(
                [before, page], paged.items, "items behind a continuation token", "none", source=paged.source
            )


def _token_names_next(examination: Examination, paged: CursorPages) -> None:
    pages = known_chain(examination, paged)
    if not paged.names_next or len(pages) == 1:
        raise NothingToExamine("one page only, or the token is opaque")
    for before, page in pairwise(pages):
        token, first = before.at(paged.next), paged.keys(page)[:1]
        if first != [token]:
            raise examination.broken(
                [before, page], paged.items, f"a page that starts at {token}", f"starts at {first}", source=paged.source
            )


def _size(examination: Examination, paged: CursorPages) -> None:
    pages = known_chain(examination, paged)
    if paged.page_size is None or len(pages) == 1:
        raise NothingToExamine("one page only, or no page size is declared")
    for page in pages[:-1]:
        observed = len(page.every(paged.items))
        if observed != paged.page_size:
            raise examination.broken(
                [page], paged.items, f"{paged.page_size} items", f"{observed} items", source=paged.source
            )


def _end(examination: Examination, paged: CursorPages) -> None:
    pages = known_chain(examination, paged)
    counted = sum(len(page.every(paged.items)) for page in pages)
    last = pages[-1].at(paged.next)
    if last != paged.end and counted < examination.run.profile.items:
        raise examination.broken(
            [pages[-1]], paged.next, f"{paged.end!r} on the last page", repr(last), source=paged.source
        )
    first = pages[0].at(paged.next)
    if len(pages) == 1 and paged.page_size and len(pages[0].every(paged.items)) > paged.page_size:
        raise examination.broken(
            [pages[0]], paged.next, f"a token after {paged.page_size} items", repr(first), source=paged.source
        )


def _order(examination: Examination, paged: CursorPages) -> None:
    if not paged.ordered:
        raise NothingToExamine("no order is declared")
    for page in known_chain(examination, paged):
        keys = paged.keys(page)
        wrong = next(((one, other) for one, other in pairwise(keys) if other < one), None)
        if wrong:
            text, observed = f"items in the order of their {paged.key}", f"{wrong[1]} behind {wrong[0]}"
            raise examination.broken([page], paged.items, text, observed, source=paged.source)


def _behind(examination: Examination, paged: CursorPages) -> None:
    answer = examination.client.ask(paged.operation, {**paged.fixed, paged.cursor: paged.end})
    found = answer.every(paged.items) if answer.ok else answer.recognition.detail or answer.outcome
    if found:
        text = f"nothing behind {paged.end!r}"
        observed = f"{len(found)} items" if answer.ok else str(found)
        raise examination.broken([answer], paged.items, text, observed, source=paged.source)


def _reuse(examination: Examination, paged: CursorPages) -> None:
    pages = known_chain(examination, paged)
    token = pages[0].at(paged.next)
    if token in (None, paged.end):
        raise NothingToExamine("one page only")
    asked = {**paged.fixed, paged.cursor: token}
    first, second = examination.must(paged.operation, asked), examination.ask(paged.operation, **asked)
    if not second.ok or paged.keys(first) != paged.keys(second):
        observed = "another page" if second.ok else second.recognition.detail or second.outcome
        raise examination.broken(
            [pages[0], first, second],
            paged.items,
            "a token to work twice",
            observed,
            severity="dangerous",
            source=paged.source,
        )


def _declared(contract: Contract) -> tuple[CursorPages, ...]:
    return contract.declared(CursorPages)


CHECKS = (
    Check(
        "cursor.concatenation", "paging", "Following the tokens must give each item once.", _declared, _concatenation
    ),
    Check(
        "cursor.names-next",
        "paging",
        "The token is documented as the id of the next item.",
        _declared,
        _token_names_next,
    ),
    Check("cursor.size", "paging", "Every page but the last is full.", _declared, _size),
    Check("cursor.end", "paging", "The last page must say that it is the last.", _declared, _end),
    Check("cursor.order", "paging", "Items come in the order of their keys.", _declared, _order),
    Check("cursor.behind-the-end", "paging", "Who asks once too often starts nothing anew.", _declared, _behind),
    Check("cursor.reuse", "paging", "A client that lost a reply asks with the same token again.", _declared, _reuse),
)
