"""Laws of productsearch: pages, totals, and filters that are evaluated here once more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.paging import NumberedPages
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Source

from .entities import products
from .paths import DISTRIBUTION_GATE

__all__ = ["DECLARATIONS", "assortment"]

_DOCUMENTED = Source("documented", "SOURCE.md#page-productsearch")
_LARGEST = 100
_METERS = {"QM-MILLIMETER": Decimal("0.001"), "QM-CENTIMETER": Decimal("0.01"), "QM-METER": Decimal(1)}
_OPERATION = "productsearch"
_SHORT = (
    "query($query: String, $universalTypes: UniversalTypesInput, $page: PageInput) "
    "{ productsearch(query: $query, universalTypes: $universalTypes, page: $page) "
    "{ content { id } pageInfo { hasNextPage totalCount } } }"
)


@dataclass(frozen=True)
class _Pages(NumberedPages):
    """Pages counted from 0, asked for in an object."""

    def arguments(self, page: int | None = None, size: int | None = None, **more: Any) -> Arguments:
        asked = {"page": page - 1 if page is not None else None, "size": size}
        given = {name: value for name, value in asked.items() if value is not None}
        return {**more, **({"page": given} if given else {})}


_PAGES = _Pages(
    _OPERATION,
    "content[]",
    "id",
    size="size",
    default_size=10,
    maximum_size=_LARGEST,
    over_maximum="SIZE_INVALID",
    source=_DOCUMENTED,
)


def assortment(examination: Examination) -> list[Any]:
    """Read all products of the first gate, or as many as the profile allows."""
    found: list[Any] = examination.run.view("assortment", lambda: _assortment(examination))
    return found


def _assortment(examination: Examination) -> list[Any]:
    found: list[Any] = []
    for number in range(1000):
        answer = examination.must(_OPERATION, {"page": {"page": number, "size": _LARGEST}})
        items = answer.every("content[]")
        found += items
        if len(items) < _LARGEST or len(found) >= examination.run.profile.items:
            break
    return found


def _is_whole(examination: Examination) -> bool:
    return len(assortment(examination)) < examination.run.profile.items


def _ids(examination: Examination, asked: Arguments) -> Answer:
    """Search for ids alone, which is answered in a tenth of the time; raises `Violation` when it is refused."""
    client = examination.client
    request = client.signed(GraphQLSurface.post(DISTRIBUTION_GATE, _SHORT, asked))
    answer = client.send(_OPERATION, request, asked)
    if not answer.ok:
        raise examination.broken(
            [answer], "", "success", answer.recognition.detail or answer.outcome, source=_DOCUMENTED
        )
    return answer


def _slices(_run: Run) -> SearchStrategy[tuple[int, int, bool]]:
    return st.tuples(st.integers(0, 40), st.integers(1, _LARGEST), st.booleans())


def _slice(examination: Examination, drawn: tuple[int, int, bool]) -> None:
    """Hold a page against the whole: `at_end` asks for one of the last pages."""
    number, size, at_end = drawn
    whole = [product["id"] for product in assortment(examination)]
    last = max(0, -(-len(whole) // size) - 1)
    number = max(0, last + 1 - number % 3) if at_end else number
    answer = _ids(examination, {"page": {"page": number, "size": size}})
    known = _is_whole(examination)
    expected = whole[number * size : (number + 1) * size]
    told: list[tuple[str, Any, Any]] = [("content[]", expected, answer.every("content[].id"))]
    if known:
        told += [
            ("pageInfo.totalCount", len(whole), answer.at("pageInfo.totalCount")),
            ("pageInfo.hasNextPage", (number + 1) * size < len(whole), answer.at("pageInfo.hasNextPage")),
        ]
    for path, wanted, observed in told if known or (number + 1) * size <= len(whole) else ():
        if wanted != observed:
            raise examination.broken([answer], path, wanted, observed, source=_DOCUMENTED)


def _features(product: Any) -> list[Any]:
    return list(product["features"]["universalTypes"])


def _texts(product: Any) -> list[str]:
    descriptions = product["productDetails"]["descriptions"]
    texts = [descriptions["descriptionShort"], descriptions["descriptionLong"] or "", product["productGateCode"]]
    values = [feature["value"] for feature in _features(product) if isinstance(feature["value"], str)]
    return [*texts, *product["proMaterialIds"], *values]


def _fits(product: Any, asked: Mapping[str, Any]) -> bool:
    texts = [text.casefold() for text in _texts(product)]
    words = (asked.get("query") or "").casefold().split()
    conditions = (asked.get("universalTypes") or {}).get("AND") or ()
    return all(any(word in text for text in texts) for word in words) and all(
        any(_meets(feature, condition) for feature in _features(product)) for condition in conditions
    )


def _meets(feature: Any, condition: Mapping[str, Any]) -> bool:
    if feature["code"] != condition["code"]:
        return False
    if condition["operator"] == "IS_SET":
        return True
    wanted, value, unit = condition["values"], feature["value"], condition.get("unit")
    if isinstance(value, str) or value is None:
        return value in wanted and unit is None and condition["operator"] == "EQ"
    measured = _in_unit(Decimal(str(value)), (feature["unit"] or {}).get("code"), unit)
    numbers = [Decimal(str(number)) for number in wanted if not isinstance(number, str)]
    if measured is None:
        return False
    return measured in numbers if condition["operator"] == "EQ" else measured >= min(numbers)


def _in_unit(value: Decimal, own: str | None, asked: str | None) -> Decimal | None:
    if asked in (None, own):
        return value
    if own in _METERS and asked in _METERS:
        return value * _METERS[own] / _METERS[asked]
    return None


def _searches(run: Run) -> SearchStrategy[Arguments]:
    pool = st.sampled_from(products(run))
    alike = pool.flatmap(lambda product: st.lists(_condition(product), min_size=1, max_size=2))
    apart = st.lists(pool.flatmap(_condition), min_size=1, max_size=2)
    words = pool.flatmap(lambda product: st.lists(_word(product), min_size=1, max_size=2)).map(" ".join)
    filtered = (alike | apart).map(lambda conditions: {"AND": conditions})
    single = pool.flatmap(_condition).map(lambda condition: {"AND": [condition]})
    return st.one_of(
        st.fixed_dictionaries({"universalTypes": single}),
        st.fixed_dictionaries({"universalTypes": single}),
        st.fixed_dictionaries({"universalTypes": filtered}),
        st.fixed_dictionaries({"query": words}),
        st.fixed_dictionaries({"query": words, "universalTypes": filtered}),
    )


def _bounds(run: Run) -> SearchStrategy[Arguments]:
    """Give for every UniversalType the searches that its operators tell apart at a value that some product has."""
    known = {feature["code"]: feature for product in products(run) for feature in _features(product)}
    found = [condition for feature in known.values() for condition in _at_bound(feature)]
    return st.sampled_from([{"universalTypes": {"AND": [condition]}} for condition in found])


def _at_bound(feature: Any) -> Iterator[Arguments]:
    code, value = feature["code"], feature["value"]
    if value is None:
        yield {"operator": "IS_SET", "code": code}
    elif isinstance(value, str):
        yield {"operator": "EQ", "code": code, "values": [value.swapcase()]}
        yield {"operator": "EQ", "code": code, "values": ["Holz", value]}
    else:
        yield {"operator": "GTE", "code": code, "values": [value]}
        yield {"operator": "EQ", "code": code, "values": [value + 1000, value]}
        own = (feature["unit"] or {}).get("code")
        for unit in ("QM-METER", "QM-CENTIMETER", "QM-VOLT"):
            number = _in_unit(Decimal(str(value)), own, unit)
            wanted = value if number is None else float(number)
            yield {"operator": "EQ", "code": code, "values": [wanted], "unit": unit}


def _word(product: Any) -> SearchStrategy[str]:
    words = sorted({word for text in _texts(product) for word in text.split() if word.isascii()})
    whole = st.sampled_from(words)
    return st.one_of(whole, whole.map(str.swapcase), whole.map(lambda word: word[: len(word) // 2 + 1]))


def _condition(product: Any) -> SearchStrategy[Arguments]:
    features = [feature for feature in _features(product) if feature["code"]]
    return (
        st.sampled_from(features).flatmap(_about) if features else st.just({"operator": "IS_SET", "code": "XX00-NONE"})
    )


def _about(feature: Any) -> SearchStrategy[Arguments]:
    code, value = feature["code"], feature["value"]
    is_set = st.just({"operator": "IS_SET", "code": code})
    if value is None:
        return is_set
    if isinstance(value, str):
        texts = st.sampled_from([[value.swapcase()], ["Holz", value], [value], [value[:-1]]])
        found = texts.map(lambda wanted: {"operator": "EQ", "code": code, "values": wanted})
        return st.one_of(is_set, found, found, found)
    own = feature["unit"]["code"] if feature["unit"] else None
    units = st.sampled_from([None, own, *(_METERS if own in _METERS else ()), "QM-VOLT"])
    operators = st.sampled_from(["EQ", "GTE"])
    found = st.builds(_numeric, st.just(feature), operators, units, st.sampled_from([0, 0, 0, 1, -1]), st.booleans())
    return st.one_of(is_set, found, found, found)


def _numeric(feature: Any, operator: str, unit: str | None, off: int, twice: bool) -> Arguments:  # noqa: FBT001 - generated
    own = feature["unit"]["code"] if feature["unit"] else None
    number = _in_unit(Decimal(str(feature["value"])), own, unit)
    near = float((number if number is not None else Decimal(1)) + off)
    wanted: list[float] = [near + 1000, near] if twice else [near]
    given = {"operator": operator, "code": feature["code"], "values": wanted}
    return {**given, "unit": unit} if unit else given


def _search(examination: Examination, asked: Arguments) -> None:
    known = assortment(examination)
    expected = [product["id"] for product in known if _fits(product, asked)]
    answer = _ids(examination, {**asked, "page": {"page": 0, "size": _LARGEST}})
    observed = answer.every("content[].id")
    listed = {product["id"] for product in known}
    wrong = [name for name in observed if name in listed and name not in set(expected)]
    if wrong:
        raise examination.broken(
            [answer], "content[]", f"only products that fit {asked}", wrong[:5], source=_DOCUMENTED
        )
    if not _is_whole(examination):
        return
    if observed != expected[:_LARGEST]:
        missing = [name for name in expected[:_LARGEST] if name not in observed]
        text = f"all {len(expected)} products that fit {asked}, in their order"
        raise examination.broken([answer], "content[]", text, f"missing {missing[:5]}", source=_DOCUMENTED)
    for path, wanted in (("totalCount", len(expected)), ("hasNextPage", len(expected) > _LARGEST)):
        found = answer.at(f"pageInfo.{path}")
        if found != wanted:
            raise examination.broken([answer], f"pageInfo.{path}", wanted, found, source=_DOCUMENTED)


DECLARATIONS: tuple[Declaration, ...] = (
    _PAGES,
    Walk("productsearch.pages", _slices, _slice, "paging", 0.6, changes_state=False),
    Walk("productsearch.bounds", _bounds, _search, "paging", 1.5, changes_state=False),
    Walk("productsearch.found", _searches, _search, "paging", 2.0, changes_state=False),
)
