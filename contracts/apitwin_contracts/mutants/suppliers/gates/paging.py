"""The gates' drifts of paging: pages, totals, words and filters."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.gates.tools import answer_changed, rule
from apitwin_mocks.suppliers.gates import api, search

__all__ = ["MUTANTS"]

_paging = family("gates", "paging")


def _found(change: Any) -> Any:
    """Give a rule that finds with other arguments, or gives another page; `change` takes the original and its arguments."""

    def make(original: Any) -> Any:
        return lambda world, gate, text, conditions, page, size: change(
            original, world, gate, text, conditions, page, size
        )

    return rule((api, "find_offers", make))


def _shifted(original: Any, world: Any, gate: Any, text: Any, conditions: Any, page: int, size: int) -> Any:
    made = original(world, gate, text, conditions, page, size)
    if page == 0 or size > 90:
        return made
    whole = original(world, gate, text, conditions, 0, 100).offers
    return replace(made, offers=whole[page * size - 1 : (page + 1) * size - 1] or made.offers)


def _fitting(change: Any) -> Any:
    return rule(
        (search, "_fitting", lambda original: lambda catalogue, condition: change(original, catalogue, condition))
    )


def _case_kept(_original: Any) -> Any:
    def ids(catalogue: Any, gate: str, text: str, fits: Any) -> Any:
        words = text.split()
        texts = {
            key: "\n".join(
                [
                    product.short,
                    product.long or "",
                    product.maker,
                    *product.ids,
                    *(feature.value for feature in product.features if isinstance(feature.value, str)),
                ]
            )
            for key, product in catalogue.products.items()
        }
        rows = ((name, catalogue.products[catalogue.offers[name].product]) for name in catalogue.assortments[gate])
        return [
            name
            for name, product in rows
            if all(word in texts[product.key] for word in words)
            and all(any(fit(feature) for feature in product.features) for fit in fits)
        ]

    return ids


_PAGES = (
    _paging(
        "overlap",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging paging.concatenation",
        _found(_shifted),
        of="page_overlap",
    ),
    _paging(
        "has-next",
        "breaking",
        "productsearch",
        "hasNextPage",
        "walk.paging",
        answer_changed(
            "productsearch",
            lambda payload: (
                {**payload, "pageInfo": {**payload["pageInfo"], "hasNextPage": bool(payload["content"])}}
                if "pageInfo" in payload
                else payload
            ),
        ),
        of="page_has_next",
    ),
    _paging(
        "capped",
        "breaking",
        "productsearch",
        "",
        "paging.size paging.maximum walk.paging",
        _found(
            lambda original, world, gate, text, conditions, page, size: original(
                world, gate, text, conditions, page, min(size, 30)
            )
        ),
        of="page_max_size",
    ),
    _paging(
        "default-20",
        "dangerous",
        "productsearch",
        "content[]",
        "paging.default",
        rule(
            (
                api,
                "_or",
                lambda original: (
                    lambda value, default: (
                        original(value, 20 if default == 10 and value == 10 else default) if value != 10 else 20
                    )
                ),
            )
        ),
        of="page_default",
    ),
    _paging(
        "filter-ignored",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        _found(
            lambda original, world, gate, text, _conditions, page, size: original(world, gate, text, (), page, size)
        ),
        of="filter_ignored",
    ),
    _paging(
        "query-ignored",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        _found(
            lambda original, world, gate, _text, conditions, page, size: original(
                world, gate, "", conditions, page, size
            )
        ),
        of="filter_ignored",
    ),
    _paging(
        "case",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        rule((search, "_page_ids", _case_kept)),
        of="gql_filter_case",
    ),
    _paging(
        "total-count",
        "breaking",
        "productsearch",
        "totalCount",
        "walk.paging",
        answer_changed(
            "productsearch",
            lambda payload: (
                {**payload, "pageInfo": {**payload["pageInfo"], "totalCount": len(payload["content"])}}
                if {"pageInfo", "content"} <= payload.keys()
                else payload
            ),
        ),
        of="gql_total_count",
    ),
    _paging(
        "reversed",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging paging.concatenation",
        answer_changed(
            "productsearch",
            lambda payload: {**payload, "content": payload["content"][::-1]} if "content" in payload else payload,
        ),
        of="sort_dir_ignored",
    ),
    _paging(
        "or-for-and",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        _found(
            lambda original, world, gate, text, conditions, page, size: original(
                world, gate, text, conditions[:1], page, size
            )
        ),
    ),
    _paging(
        "units-ignored",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        _fitting(lambda original, catalogue, condition: original(catalogue, replace(condition, unit=None))),
    ),
    _paging(
        "greater-only",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        rule(
            (
                search,
                "_reaches",
                lambda original: (
                    lambda catalogue, feature, least, unit: (
                        search._measured(catalogue, feature, unit) != least
                        and original(catalogue, feature, least, unit)
                    )
                ),
            )
        ),
    ),
    _paging(
        "first-value-only",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        _fitting(
            lambda original, catalogue, condition: original(catalogue, replace(condition, values=condition.values[:1]))
        ),
    ),
    _paging(
        "is-set-false",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        _fitting(
            lambda original, catalogue, condition: (
                (lambda feature: feature.code == condition.code and feature.value is not None)
                if condition.operator == "IS_SET"
                else original(catalogue, condition)
            )
        ),
    ),
    _paging(
        "text-folded",
        "dangerous",
        "productsearch",
        "content[]",
        "walk.paging",
        rule(
            (
                search,
                "_equals",
                lambda original: (
                    lambda catalogue, feature, values, unit: (
                        feature.value.casefold() in [str(value).casefold() for value in values]
                        if isinstance(feature.value, str) and unit is None
                        else original(catalogue, feature, values, unit)
                    )
                ),
            )
        ),
    ),
    _paging(
        "past-the-end",
        "breaking",
        "productsearch",
        "content[]",
        "paging.end walk.paging",
        _found(
            lambda original, world, gate, text, conditions, page, size: original(
                world, gate, text, conditions, min(page, 3), size
            )
        ),
    ),
    _paging(
        "counted-from-one",
        "breaking",
        "productsearch",
        "",
        "walk.paging",
        _found(
            lambda original, world, gate, text, conditions, page, size: original(
                world, gate, text, conditions, max(0, page - 1), size
            )
        ),
        also=("error",),
    ),
    _paging(
        "size-unchecked",
        "breaking",
        "productsearch",
        "",
        "paging.maximum error.provoked",
        _found(
            lambda original, world, gate, text, conditions, page, size: original(
                world, gate, text, conditions, page, max(1, min(size, 100))
            )
        ),
        also=("error",),
    ),
    _paging(
        "whole-words",
        "breaking",
        "productsearch",
        "content[]",
        "walk.paging",
        rule(
            (
                search,
                "_page_ids",
                lambda original: (
                    lambda catalogue, gate, text, fits: [
                        name
                        for name in original(catalogue, gate, text, fits)
                        if not text
                        or all(
                            word in catalogue.text_of(catalogue.offers[name].product).split()
                            for word in text.casefold().split()
                        )
                    ]
                ),
            )
        ),
    ),
    _paging(
        "other-assortment",
        "breaking",
        "productsearch",
        "content[]",
        "walk.wire equations.wire",
        _found(
            lambda original, world, _gate, text, conditions, page, size: original(
                world, "distributor1", text, conditions, page, size
            )
        ),
        also=("wire", "error"),
    ),
)

MUTANTS: tuple[Mutant, ...] = _PAGES
