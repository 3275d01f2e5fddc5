"""A filter language of Hot Chocolate's kind: predicates evaluated, negated and generated from the schema's input types."""

from functools import cache
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLSchema, get_named_type
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .comparisons import OPPOSITES, Comparison, comparison, operands, reader

__all__ = ["COMBINATORS", "QUANTIFIERS", "Language", "Where", "input_of", "is_list", "is_scalar", "operators_of"]

Where = dict[str, Any]
COMBINATORS = ("and", "or")
QUANTIFIERS = ("some", "all", "none")
_MATCHES = ("contains", "startsWith", "endsWith")
_MOST_VALUES = 40


class Language:
    """The filter language of one schema; `any_case` says that texts are compared without regard to case."""

    def __init__(self, schema: GraphQLSchema, *, any_case: bool) -> None:
        self._schema = schema
        self.any_case = any_case
        self._comparison = cache(self._compared)

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
        if is_list(kind):
            return self._list_clause(kind, name, operand, value or [])
        if is_scalar(kind):
            return self.comparison(kind, name)(value, operand)
        inner = value.get(name) if isinstance(value, dict) else None
        asked = input_of(kind, name)
        # Whatever is asked of an object that is not there, the answer is no.
        is_object = not (is_scalar(asked) or is_list(asked))
        return not (is_object and inner is None) and self.fits(asked, operand, inner)

    def _list_clause(self, kind: GraphQLInputObjectType, name: str, operand: Any, values: list[Any]) -> bool:
        if name == "any":
            return bool(values) is operand
        fitting = [self.fits(input_of(kind, name), operand, value) for value in values]
        return {"some": any(fitting), "all": all(fitting), "none": not any(fitting)}[name]

    def comparison(self, kind: GraphQLInputObjectType, operator: str) -> Comparison:
        """Give an operator of a scalar's input over JSON values."""
        return self._comparison(kind.name, operator)

    def _compared(self, kind: str, operator: str) -> Comparison:
        right, read = comparison(operator), reader(kind, any_case=self.any_case)
        return lambda own, wanted: right(read(own), read(wanted))

    def negation(self, kind: GraphQLInputObjectType, where: Where) -> Where:
        """Give a predicate that holds exactly where this one does not, in the language's own negated operators."""
        clauses = [self._negated(kind, name, operand) for name, operand in where.items()]
        return clauses[0] if len(clauses) == 1 else {"or": clauses}

    def _negated(self, kind: GraphQLInputObjectType, name: str, operand: Any) -> Where:
        if name in COMBINATORS:
            other = "or" if name == "and" else "and"
            return {other: [self.negation(kind, part) for part in operand]}
        if is_list(kind):
            return self._negated_list(kind, name, operand)
        if is_scalar(kind):
            return {OPPOSITES[name]: operand}
        return {name: self.negation(input_of(kind, name), operand)}

    def _negated_list(self, kind: GraphQLInputObjectType, name: str, operand: Any) -> Where:
        if name == "any":
            return {"any": not operand}
        if name == "all":
            return {"some": self.negation(input_of(kind, name), operand)}
        return {"none" if name == "some" else "some": operand}

    def predicates(self, kind: GraphQLInputObjectType, items: list[Any], depth: int) -> SearchStrategy[Where]:
        """Generate predicates over values that the items have, nested as deep as said."""
        single = self._single(kind, items, depth)
        if depth <= 1 or "and" not in kind.fields:
            return single
        several = st.lists(st.deferred(lambda: self.predicates(kind, items, depth - 1)), min_size=1, max_size=2)
        combined = st.builds(lambda name, parts: {name: parts}, st.sampled_from(COMBINATORS), several)
        beside = st.builds(lambda first, second: {**first, **second}, single, st.one_of(single, combined))
        return single | combined | beside

    def _single(self, kind: GraphQLInputObjectType, items: list[Any], depth: int) -> SearchStrategy[Where]:
        if is_scalar(kind):
            return self._scalar_clause(kind, items)
        names = [name for name in kind.fields if name not in COMBINATORS]
        if is_list(kind):
            return st.sampled_from(names).flatmap(lambda name: self._list_operand(kind, name, items, depth))
        present = {name: [item.get(name) for item in items if isinstance(item, dict)] for name in names}
        usable = [name for name in names if _worth(input_of(kind, name), present[name])]
        return (
            st.sampled_from(usable).flatmap(lambda name: self._field(kind, name, items, depth))
            if usable
            else st.nothing()
        )

    def _field(self, kind: GraphQLInputObjectType, name: str, items: list[Any], depth: int) -> SearchStrategy[Where]:
        inner = [item.get(name) for item in items if isinstance(item, dict)]
        return self.predicates(input_of(kind, name), inner, depth - 1).map(lambda clause: {name: clause})

    def _list_operand(
        self, kind: GraphQLInputObjectType, name: str, items: list[Any], depth: int
    ) -> SearchStrategy[Where]:
        inner = [part for item in items if isinstance(item, list) for part in item]
        if name == "any" or not inner:
            return st.booleans().map(lambda wanted: {"any": wanted})
        return self.predicates(input_of(kind, name), inner, depth - 1).map(lambda clause: {name: clause})

    def operands(self, kind: GraphQLInputObjectType, operator: str, values: list[Any]) -> list[Any]:
        """Give the operands worth asking an operator of a scalar's input with, over the values that there are."""
        several = isinstance(kind.fields[operator].type, GraphQLList)
        text_part = OPPOSITES[operator] in _MATCHES or operator in _MATCHES
        bounded = not several and not text_part and OPPOSITES[operator] not in ("eq", "neq")
        found = operands(kind.name, values, several=several, text_part=text_part)
        return [operand for operand in found if operand is not None] if bounded else found

    def _scalar_clause(self, kind: GraphQLInputObjectType, items: list[Any]) -> SearchStrategy[Where]:
        values = _distinct(items)
        if all(value is None for value in values):
            return st.nothing()
        names = operators_of(kind)
        return st.sampled_from(names).flatmap(
            lambda name: st.sampled_from(self.operands(kind, name, values)).map(lambda operand: {name: operand})
        )


def _distinct(values: list[Any]) -> list[Any]:
    found = {repr(value): value for value in values}
    step = max(1, len(found) // _MOST_VALUES)
    return [*found.values()][::step]


def _worth(kind: GraphQLInputObjectType, values: list[Any]) -> bool:
    """Tell whether a field is worth asking about; an object that some items lack has no complement in the language."""
    present = [value is not None for value in values]
    return any(present) if is_scalar(kind) else bool(present) and all(present)


def is_list(kind: GraphQLInputObjectType) -> bool:
    """Tell whether an input asks of a list."""
    return kind.name.startswith("List")


def is_scalar(kind: GraphQLInputObjectType) -> bool:
    """Tell whether an input asks of a single value."""
    return kind.name.endswith("OperationFilterInput") and not is_list(kind)


def input_of(kind: GraphQLInputObjectType, name: str) -> GraphQLInputObjectType:
    """Give the input type of a field; raises `TypeError` for a field that is none."""
    found = get_named_type(kind.fields[name].type)
    if not isinstance(found, GraphQLInputObjectType):
        raise TypeError(f"{kind.name}.{name}")
    return found


def operators_of(kind: GraphQLInputObjectType) -> list[str]:
    """Name the operators of a scalar's input."""
    return [name for name in kind.fields if name not in COMBINATORS]
