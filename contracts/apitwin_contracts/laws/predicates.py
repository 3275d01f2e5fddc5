"""A filter language of Hot Chocolate's kind: predicates evaluated, negated and generated from the schema's input types."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLSchema, get_named_type
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

__all__ = ["Language"]

Where = dict[str, Any]
_COMBINATORS = ("and", "or")
_NEGATIONS = {
    "eq": "neq",
    "in": "nin",
    "gt": "ngt",
    "gte": "ngte",
    "lt": "nlt",
    "lte": "nlte",
    "contains": "ncontains",
    "startsWith": "nstartsWith",
    "endsWith": "nendsWith",
}
_OPPOSITES = {**_NEGATIONS, **{negated: plain for plain, negated in _NEGATIONS.items()}}
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda own, wanted: bool(own == wanted),
    "in": lambda own, wanted: own in wanted,
    "gt": lambda own, wanted: own is not None and bool(own > wanted),
    "gte": lambda own, wanted: own is not None and bool(own >= wanted),
    "lt": lambda own, wanted: own is not None and bool(own < wanted),
    "lte": lambda own, wanted: own is not None and bool(own <= wanted),
    "contains": lambda own, wanted: own is not None and wanted in own,
    "startsWith": lambda own, wanted: own is not None and own.startswith(wanted),
    "endsWith": lambda own, wanted: own is not None and own.endswith(wanted),
}


class Language:
    """The filter language of one schema; `any_case` says that texts are compared without regard to case."""

    def __init__(self, schema: GraphQLSchema, *, any_case: bool) -> None:
        self._schema = schema
        self._any_case = any_case

    def kind(self, name: str) -> GraphQLInputObjectType:
        """Give an input type by name; raises `TypeError` for any other."""
        found = self._schema.type_map[name]
        if not isinstance(found, GraphQLInputObjectType):
            raise TypeError(name)
        return found

    def fits(self, kind: GraphQLInputObjectType, where: Where, value: Any) -> bool:
        """Tell whether a value satisfies a predicate of an input type; several clauses must all hold."""
        return all(self._clause(kind, name, operand, value) for name, operand in where.items())

    def _clause(self, kind: GraphQLInputObjectType, name: str, operand: Any, value: Any) -> bool:
        if name == "and":
            return all(self.fits(kind, part, value) for part in operand)
        if name == "or":
            return any(self.fits(kind, part, value) for part in operand)
        if _is_list(kind):
            return self._list_clause(kind, name, operand, value or [])
        if _is_scalar(kind):
            return self._comparison(kind, name, operand, value)
        inner = value.get(name) if isinstance(value, dict) else None
        asked = _input(kind, name)
        # Whatever is asked of an object that is not there, the answer is no.
        is_object = not (_is_scalar(asked) or _is_list(asked))
        return not (is_object and inner is None) and self.fits(asked, operand, inner)

    def _list_clause(self, kind: GraphQLInputObjectType, name: str, operand: Any, values: list[Any]) -> bool:
        if name == "any":
            return bool(values) is operand
        fitting = [self.fits(_input(kind, name), operand, value) for value in values]
        return {"some": any(fitting), "all": all(fitting), "none": not any(fitting)}[name]

    def _comparison(self, kind: GraphQLInputObjectType, name: str, operand: Any, value: Any) -> bool:
        plain = name if name in _COMPARISONS else _OPPOSITES.get(name, name)
        read = self._reader(kind)
        wanted = [read(part) for part in operand] if isinstance(operand, list) else read(operand)
        holds = _COMPARISONS[plain](read(value), wanted)
        return holds if plain == name else not holds

    def _reader(self, kind: GraphQLInputObjectType) -> Callable[[Any], Any]:
        return lambda value: None if value is None else _read(kind.name, value, any_case=self._any_case)

    def negation(self, kind: GraphQLInputObjectType, where: Where) -> Where:
        """Give a predicate that holds exactly where this one does not, in the language's own negated operators."""
        clauses = [self._negated(kind, name, operand) for name, operand in where.items()]
        return clauses[0] if len(clauses) == 1 else {"or": clauses}

    def _negated(self, kind: GraphQLInputObjectType, name: str, operand: Any) -> Where:
        if name in _COMBINATORS:
            other = "or" if name == "and" else "and"
            return {other: [self.negation(kind, part) for part in operand]}
        if _is_list(kind):
            return self._negated_list(kind, name, operand)
        if _is_scalar(kind):
            return {_OPPOSITES[name]: operand}
        return {name: self.negation(_input(kind, name), operand)}

    def _negated_list(self, kind: GraphQLInputObjectType, name: str, operand: Any) -> Where:
        if name == "any":
            return {"any": not operand}
        if name == "all":
            return {"some": self.negation(_input(kind, name), operand)}
        return {"none" if name == "some" else "some": operand}

    def predicates(self, kind: GraphQLInputObjectType, items: list[Any], depth: int) -> SearchStrategy[Where]:
        """Generate predicates over values that the items have, nested as deep as said."""
        single = self._single(kind, items, depth)
        if depth <= 1 or "and" not in kind.fields:
            return single
        several = st.lists(st.deferred(lambda: self.predicates(kind, items, depth - 1)), min_size=1, max_size=2)
        combined = st.builds(lambda name, parts: {name: parts}, st.sampled_from(_COMBINATORS), several)
        beside = st.builds(lambda first, second: {**first, **second}, single, st.one_of(single, combined))
        return single | combined | beside

    def _single(self, kind: GraphQLInputObjectType, items: list[Any], depth: int) -> SearchStrategy[Where]:
        if _is_scalar(kind):
            return _scalar_clause(kind, items)
        names = [name for name in kind.fields if name not in _COMBINATORS]
        if _is_list(kind):
            return st.sampled_from(names).flatmap(lambda name: self._list_operand(kind, name, items, depth))
        present = {name: [item.get(name) for item in items if isinstance(item, dict)] for name in names}
        usable = [name for name in names if _worth(_input(kind, name), present[name])]
        return (
            st.sampled_from(usable).flatmap(lambda name: self._field(kind, name, items, depth))
            if usable
            else st.nothing()
        )

    def _field(self, kind: GraphQLInputObjectType, name: str, items: list[Any], depth: int) -> SearchStrategy[Where]:
        inner = [item.get(name) for item in items if isinstance(item, dict)]
        return self.predicates(_input(kind, name), inner, depth - 1).map(lambda clause: {name: clause})

    def _list_operand(
        self, kind: GraphQLInputObjectType, name: str, items: list[Any], depth: int
    ) -> SearchStrategy[Where]:
        if name == "any":
            return st.booleans().map(lambda wanted: {"any": wanted})
        inner = [part for item in items if isinstance(item, list) for part in item]
        if not inner:
            return st.booleans().map(lambda wanted: {"any": wanted})
        return self.predicates(_input(kind, name), inner, depth - 1).map(lambda clause: {name: clause})


def _worth(kind: GraphQLInputObjectType, values: list[Any]) -> bool:
    """Tell whether a field is worth asking about; an object that some items lack has no complement in the language."""
    present = [value is not None for value in values]
    return any(present) if _is_scalar(kind) else bool(present) and all(present)


def _is_list(kind: GraphQLInputObjectType) -> bool:
    return kind.name.startswith("List")


def _is_scalar(kind: GraphQLInputObjectType) -> bool:
    return kind.name.endswith("OperationFilterInput") and not _is_list(kind)


def _input(kind: GraphQLInputObjectType, name: str) -> GraphQLInputObjectType:
    found = get_named_type(kind.fields[name].type)
    if not isinstance(found, GraphQLInputObjectType):
        raise TypeError(f"{kind.name}.{name}")
    return found


def _read(kind: str, value: Any, *, any_case: bool) -> Any:
    if kind.startswith("DateTime"):
        return datetime.fromisoformat(value)
    if kind.startswith("Decimal"):
        return Decimal(str(value))
    return value.casefold() if any_case and isinstance(value, str) else value


def _scalar_clause(kind: GraphQLInputObjectType, items: list[Any]) -> SearchStrategy[Where]:
    values = [item for item in items if item is not None]
    names = [name for name in kind.fields if name not in _COMBINATORS]
    if not values:
        return st.nothing()
    value = st.sampled_from(values)

    def clause(name: str) -> SearchStrategy[Where]:
        if isinstance(kind.fields[name].type, GraphQLList):
            return st.lists(value, min_size=1, max_size=3).map(lambda several: {name: several})
        if name.removeprefix("n") in ("contains", "startsWith", "endsWith"):
            return st.builds(lambda text, length: {name: _part(name, text, length)}, value, st.integers(1, 4))
        return value.map(lambda one: {name: one})

    return st.sampled_from(names).flatmap(clause)


def _part(name: str, text: str, length: int) -> str:
    return text[-length:] if name.endswith("endsWith") else text[:length]
