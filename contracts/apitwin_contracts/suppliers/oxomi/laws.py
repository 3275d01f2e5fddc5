"""Which laws OXOMI's operations obey."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Agreement, Equation, Equations
from apitwin_contracts.laws.cursors import CursorPages, chain
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .operations import BLOCKS, LABELS, SPXS, SYNCS, item_number

__all__ = ["DECLARATIONS"]

_START = {"syncStart": "2022-11-23 10:19:42"}
_LINES = {"sync_v3": 33, "sync_v2": 409, "sync_v1": 703}


def _pages(operation: str) -> CursorPages:
    return CursorPages(
        operation,
        "products[]",
        "id",
        "continuationToken",
        "continuationToken",
        "-",
        page_size=50,
        names_next=True,
        fixed=_START,
        source=Source("documented", f"004:{_LINES[operation]}"),
    )


_PAGES = {operation: _pages(operation) for operation in SYNCS}


def _everything(operation: str) -> Any:
    def read(examination: Examination) -> list[Any]:
        pages = chain(examination, _PAGES[operation])
        return [product for page in pages for product in page.every("products[]")]

    return read


def _filter(operation: str, argument: str, field: str, line: int, **more: Any) -> Filter:
    fixed = _START if operation in SYNCS else {}
    return Filter(
        operation,
        argument,
        "products[]",
        field,
        "id",
        _everything(operation.replace("spx", "sync")),
        fixed={**fixed, **more.pop("fixed", {})},
        shown=50,
        source=Source("documented", f"004:{line}"),
        **more,
    )


def _sync_filters(operation: str) -> Iterator[Filter]:
    yield _filter(operation, "filterCountry", "countries[]", 34, case="any")
    yield _filter(operation, "filterLanguage", "lang", 35, case="any")
    # V1 shows no supplierNumbers, by which the filter finds a product too.
    if operation != "sync_v1":
        yield _filter(operation, "supplierNumber", "supplierNumbers[]", 38, splits=",")


def _spx_filters(operation: str) -> Iterator[Filter]:
    yield _filter(operation, "itemNumber", "itemNumber", 967)
    yield _filter(operation, "gtin", "gtin", 966)


_FILTERS = (
    *(found for operation in SYNCS for found in _sync_filters(operation)),
    *(found for operation in SPXS for found in _spx_filters(operation)),
)


def _counterpart(item: Any, answer: Answer) -> Any:
    return next((product for product in answer.every("products[]") if product["id"] == item["id"]), None)


def _same(one: str, other: str) -> dict[str, str]:
    common = ["id", "visibleItemNumber", "itemNumber", "gtin", "model", "supplierNumber", "lang", "countries"]
    blocks = ["classifications", "features", "properties", "texts"]
    same = {name: name for name in (*common, *blocks)}
    if one == other.replace("spx", "sync"):
        return {**same, **{key: key for key in BLOCKS[one].values()}}
    flat = ("lifecycle", "brand", "seriesCode", "seriesName", "shortText", "type", "variantGroup")
    nested = {name: f"details.{name}" if other.endswith("v3") else name for name in flat}
    images = {BLOCKS[one]["IMAGES"]: BLOCKS[other]["IMAGES"]}
    prices = {"pricing": "pricing", "supplierNumbers": "supplierNumbers"} if "PRICES" in BLOCKS[one] else {}
    return {**same, **nested, **images, **prices}


def _agreement(one: str, other: str, line: int) -> Agreement:
    fixed = {"classificationLabelLanguages": LABELS}

    def arguments(item: Any) -> Arguments:
        return {**fixed, "itemNumber": item["itemNumber"]} if other in SPXS else {**fixed, **_START}

    return Agreement(
        f"{one}-{other}",
        one,
        "products[]",
        other,
        arguments,
        _counterpart,
        _same(one, other),
        lambda _run: {**fixed, **_START},
        Source("documented", f"004:{line}"),
    )


_AGREEMENTS = (
    _agreement("sync_v3", "spx_v3", 937),
    _agreement("sync_v2", "spx_v2", 1309),
    _agreement("sync_v2", "sync_v3", 377),
    _agreement("sync_v1", "sync_v2", 671),
)


def _with_blocks(operation: str) -> Any:
    def asked(run: Run) -> SearchStrategy[Arguments]:
        fixed: Arguments = dict(_START) if operation in SYNCS else {"itemNumber": item_number(run)}
        chosen = st.lists(st.sampled_from(sorted(BLOCKS[operation])), min_size=1, max_size=4, unique=True)
        return chosen.map(lambda blocks: {**fixed, "blocks": ",".join(blocks)})

    return asked


def _only_blocks(operation: str) -> Any:
    keys = BLOCKS[operation]

    def equations(_examination: Examination, answer: Answer) -> Iterator[Equation]:
        wanted = {keys[block] for block in answer.arguments["blocks"].split(",")}
        for product in answer.every("products[]"):
            for key in keys.values():
                yield f"products[].{key}", key in wanted, key in product

    return equations


def _with_labels(operation: str) -> Any:
    def asked(run: Run) -> SearchStrategy[Arguments]:
        fixed: Arguments = dict(_START) if operation in SYNCS else {"itemNumber": item_number(run)}
        chosen = st.sampled_from([None, "de", "en", "en,de"])
        return chosen.map(
            lambda languages: {**fixed, **({"classificationLabelLanguages": languages} if languages else {})}
        )

    return asked


def _labelled(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    wanted = set(answer.arguments.get("classificationLabelLanguages", "").split(",")) - {""}
    for path in ("classifications", "features"):
        for labels in answer.every(f"products[].{path}[].labels"):
            for name, translated in labels.items():
                yield f"products[].{path}[].labels.{name}", sorted(wanted), sorted(translated)
        if wanted:
            coded = [part for part in answer.every(f"products[].{path}[]") if part["classificationSystem"] != "CUSTOM"]
            yield f"products[].{path}[].labels", True, all("labels" in part for part in coded)


def _languages(run: Run) -> SearchStrategy[Arguments]:  # noqa: ARG001 - every strategy is made for a run
    return st.sampled_from(["de", "en"]).map(lambda language: {**_START, "language": language})


def _content_untouched(examination: Examination, answer: Answer) -> Iterator[Equation]:
    plain = examination.run.remember("plain sync", lambda: examination.must("sync_v3", dict(_START)))
    for before, after in zip(plain.every("products[]"), answer.every("products[]"), strict=False):
        for key in ("id", "texts", "lang", "relationships", "features"):
            yield f"products[].{key}", before.get(key), after.get(key)


_EQUATIONS = (
    *(
        Equations(
            f"{operation}.blocks",
            operation,
            _with_blocks(operation),
            _only_blocks(operation),
            "schema",
            source=Source("documented", "004:31"),
        )
        for operation in BLOCKS
    ),
    *(
        Equations(
            f"{operation}.labels",
            operation,
            _with_labels(operation),
            _labelled,
            "schema",
            share=0.2,
            source=Source("documented", "004:32"),
        )
        for operation in BLOCKS
    ),
    Equations(
        "sync_v3.language",
        "sync_v3",
        _languages,
        _content_untouched,
        "schema",
        share=0.1,
        source=Source("documented", "004:36"),
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (*_PAGES.values(), *_FILTERS, *_AGREEMENTS, *_EQUATIONS)
