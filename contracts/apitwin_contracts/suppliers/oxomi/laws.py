"""What OXOMI's lists obey: pages, filters, blocks, labels, content, and what was recorded."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.content import Content, Magnitude, Spoken
from apitwin_contracts.laws.cursors import CursorPages, known_chain
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.recorded import Recorded
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .operations import BLOCKS, LABELS, SPXS, START, SYNCS, item_number

__all__ = ["DECLARATIONS", "PAGES"]

_LINES = {"sync_v3": 33, "sync_v2": 409, "sync_v1": 703}
_LABELLED = {"classificationLabelLanguages": LABELS}
_WHOLE = {**START, **_LABELLED}


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
        ordered=True,
        fixed=_WHOLE,
        source=Source("documented", f"004:{_LINES[operation]}"),
    )


PAGES = {operation: _pages(operation) for operation in SYNCS}


def _everything(operation: str) -> Any:
    def read(examination: Examination) -> list[Any]:
        pages = known_chain(examination, PAGES[operation])
        return [product for page in pages for product in page.every("products[]")]

    return read


def _filter(operation: str, argument: str, field: str, line: int, **more: Any) -> Filter:
    return Filter(
        operation,
        argument,
        "products[]",
        field,
        "id",
        _everything(operation.replace("spx", "sync")),
        fixed=_WHOLE if operation in SYNCS else _LABELLED,
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


def _asked(operation: str, run: Run) -> Arguments:
    return dict(START) if operation in SYNCS else {"itemNumber": item_number(run)}


def _with_blocks(operation: str) -> Any:
    def asked(run: Run) -> SearchStrategy[Arguments]:
        fixed, known = _asked(operation, run), sorted(BLOCKS[operation])
        chosen = st.lists(st.sampled_from(known), min_size=1, max_size=len(known), unique=True)
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


def _without_blocks(operation: str) -> Any:
    return lambda run: st.just(_asked(operation, run))


def _all_blocks(operation: str) -> Any:
    keys = BLOCKS[operation]

    def equations(_examination: Examination, answer: Answer) -> Iterator[Equation]:
        for product in answer.every("products[]"):
            for key in keys.values():
                yield f"products[].{key}", True, key in product

    return equations


def _with_labels(operation: str) -> Any:
    def asked(run: Run) -> SearchStrategy[Arguments]:
        fixed = _asked(operation, run)
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


def _languages(_run: Run) -> SearchStrategy[Arguments]:
    return st.sampled_from(["de", "en"]).map(lambda language: {**START, "language": language})


def _content_untouched(examination: Examination, answer: Answer) -> Iterator[Equation]:
    plain = examination.must("sync_v3", dict(START))
    for before, after in zip(plain.every("products[]"), answer.every("products[]"), strict=False):
        for key in ("id", "texts", "lang", "relationships", "features"):
            yield f"products[].{key}", before.get(key), after.get(key)


def _names(_run: Run) -> SearchStrategy[Arguments]:
    return st.just({**START, "language": "en"})


def _names_in_language(examination: Examination, answer: Answer) -> Iterator[Equation]:
    german = examination.must("sync_v3", {**START, "language": "de"})
    path = "products[].details.productGroupName"
    names = set(zip(german.every(path), answer.every(path), strict=False))
    if len(names) > 1:
        yield path, True, any(one != other for one, other in names)


def _sights(operation: str) -> Any:
    def read(examination: Examination) -> Iterator[tuple[Answer, Any]]:
        page = known_chain(examination, PAGES[operation])[0]
        return ((page, product) for product in page.every("products[]"))

    return read


def _labels_of(operation: str) -> Any:
    def read(examination: Examination) -> Iterator[tuple[Answer, Any]]:
        page = known_chain(examination, PAGES[operation])[0]
        for path in ("classifications", "features"):
            for labels in page.every(f"products[].{path}[].labels"):
                yield from ((page, label) for label in labels.values())

    return read


def _content(operation: str) -> Iterator[Declaration]:
    nested = "details." if operation == "sync_v3" else ""
    source = Source("assumed", "SOURCE.md#entities")
    named = ("uniqueIdentifier",) if operation == "sync_v3" else ()
    varies = ("gtin", "itemNumber", "model", *(f"{nested}{name}" for name in ("shortText", "brand.name", "seriesName")))
    yield Content(operation, "products[]", _sights(operation), (*varies, *named), ("id", *named), source)
    yield Spoken(
        operation,
        "products[].features[].labels",
        _labels_of(operation),
        "de",
        "en",
        Source("documented", "004:125-208"),
    )
    if operation != "sync_v1":
        path = "pricing.prices[].amount"
        yield Magnitude(
            operation, "products[]", _sights(operation), path, 20, 20_000, Source("documented", "004:253-270")
        )


def _recorded(operation: str) -> Recorded:
    return Recorded(operation, lambda body: [product.get("id") for product in body.get("products") or ()])


_EQUATIONS = (
    *(
        Equations(
            f"{operation}.{name}",
            operation,
            asked(operation),
            equations(operation),
            "schema",
            share=share,
            source=Source("documented", "004:31"),
        )
        for operation in BLOCKS
        for name, asked, equations, share in (
            ("blocks", _with_blocks, _only_blocks, 0.4),
            ("all-blocks", _without_blocks, _all_blocks, 0.04),
        )
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
    Equations(
        "sync_v3.language-of-names",
        "sync_v3",
        _names,
        _names_in_language,
        "schema",
        share=0.04,
        source=Source("assumed", "SOURCE.md#trap-17"),
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (
    *PAGES.values(),
    *_FILTERS,
    *_EQUATIONS,
    *(declared for operation in SYNCS for declared in _content(operation)),
    *(_recorded(operation) for operation in BLOCKS),
)
