"""The one place where GraphQL's own errors become Hot Chocolate's: parse errors and broken validation rules."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableDefinitionNode,
    Visitor,
    print_ast,
    visit,
)

from .rejections import Rejection, located

__all__ = ["of_syntax", "of_validation"]

Found = re.Match[str]
Values = dict[str, object]

_TOKENS = {
    "<EOF>": "EndOfFile",
    "!": "Bang",
    "$": "Dollar",
    "&": "Ampersand",
    "(": "LeftParenthesis",
    ")": "RightParenthesis",
    "...": "Spread",
    ":": "Colon",
    "=": "Equal",
    "@": "At",
    "[": "LeftBracket",
    "]": "RightBracket",
    "{": "LeftBrace",
    "|": "Pipe",
    "}": "RightBrace",
    "Int": "Integer",
}


def of_syntax(error: GraphQLError) -> Rejection:
    """Say why a query is no document, in the words of Hot Chocolate's parser."""
    text = error.message.removeprefix("Syntax Error: ")
    expected = re.fullmatch(r"Expected (.+), found (.+)\.", text)
    unexpected = re.fullmatch(r"Unexpected (?!character)(.+)\.", text)
    if expected:
        detail = f"Expected a `{_token(expected[1])}`-token, but found a `{_token(expected[2])}`-token."
    elif unexpected:
        detail = f"Unexpected token: {_token(unexpected[1])}."
    else:
        detail = text
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return Rejection("HC0011", {"detail": detail}, places)


def _token(described: str) -> str:
    kind = described.partition(" ")[0].strip("'")
    return _TOKENS.get(kind, kind)


def of_validation(
    schema: GraphQLSchema, document: DocumentNode, errors: Sequence[GraphQLError]
) -> tuple[Rejection, ...]:
    """Say which rules a document breaks; variables that are missing or idle are told once for each operation."""
    places = {id(node): _find(schema, document, node) for error in errors for node in error.nodes or ()}
    told = [_told(error, [places[id(node)] for node in error.nodes or ()]) for error in errors]
    return tuple(_grouped(told))


@dataclass
class _Place:
    """A node with what stands around it: its ancestors from the outside in, and the types that were expected there."""

    node: Node
    ancestors: tuple[Node, ...] = ()
    parent_type: str = ""
    field_type: str = ""
    input_type: str = ""

    @property
    def path(self) -> list[str]:
        """The response names of the fields around it."""
        return [(node.alias or node.name).value for node in self.ancestors if isinstance(node, FieldNode)]

    def nearest(self, *kinds: type[Node]) -> Any:
        """Give the nearest node around it that is of one of these kinds."""
        return next((node for node in reversed(self.ancestors) if isinstance(node, kinds)), None)

    def above(self, steps: int) -> Node:
        """Give the node itself, or one that many steps further out."""
        return self.ancestors[-steps] if steps else self.node


class _Finder(Visitor):
    def __init__(self, wanted: Node, types: TypeInfo) -> None:
        super().__init__()
        self.found = _Place(wanted)
        self._types = types

    def enter(self, node: Node, _key: object, parent: object, _path: object, ancestors: list[Any]) -> Any:
        if node is not self.found.node:
            return None
        self.found.ancestors = tuple(one for one in (*ancestors, parent) if isinstance(one, Node))
        self.found.input_type = str(self._types.get_input_type())
        self.found.field_type = str(self._types.get_type())
        self.found.parent_type = str(self._types.get_parent_type())
        return self.BREAK


def _find(schema: GraphQLSchema, document: DocumentNode, node: Node) -> _Place:
    types = TypeInfo(schema)
    finder = _Finder(node, types)
    visit(document, TypeInfoVisitor(types, finder))
    return finder.found


def _told(error: GraphQLError, places: list[_Place]) -> Rejection:
    for rule in _RULES:
        found = rule.pattern.fullmatch(error.message)
        if found and places:
            place = places[min(rule.place, len(places) - 1)]
            return Rejection(rule.code, rule.values(found, place), located(place.above(rule.climb)), place.path)
    if places and isinstance(places[0].node, ValueNode):
        return _wrong_value(places[0])
    return Rejection("DOCUMENT_INVALID", {"detail": error.message}, located(*(place.node for place in places)))


def _wrong_value(place: _Place) -> Rejection:
    around = place.nearest(ObjectFieldNode, VariableDefinitionNode, ArgumentNode, DirectiveNode)
    values: Values = {"type": place.input_type}
    where = located(place.node)
    if isinstance(around, ObjectFieldNode):
        return Rejection("FIELD_VALUE", {"field": around.name.value, **values}, where, place.path)
    if isinstance(around, VariableDefinitionNode):
        return Rejection("DEFAULT_VALUE", {"variable": around.variable.name.value, **values}, where)
    argument = around.name.value if isinstance(around, ArgumentNode) else ""
    shown = {"argument": argument, "value": print_ast(place.node)}
    return Rejection("ARGUMENT_VALUE", {**shown, **values}, where, place.path)


def _grouped(told: list[Rejection]) -> Iterator[Rejection]:
    joined: dict[tuple[str, str], Rejection] = {}
    for number, rejection in enumerate(told):
        once = rejection.code in ("VARIABLE_UNDECLARED", "VARIABLE_UNUSED")
        key = (rejection.code, str(rejection.locations) if once else str(number))
        first = joined.get(key)
        names = [str(one.values["variables"]) for one in (first, rejection) if one] if once else []
        unique = ", ".join(dict.fromkeys(", ".join(names).split(", ")))
        values = {"variables": unique} if once else rejection.values
        joined[key] = Rejection(rejection.code, values, rejection.locations, rejection.path)
    yield from joined.values()


@dataclass(frozen=True)
class _Rule:
    """A message of GraphQL's validation: the code it becomes, which of its nodes is shown, and how far outside of it."""

    pattern: re.Pattern[str]
    code: str
    values: Callable[[Found, _Place], Values]
    place: int = 0
    climb: int = 0


def _named(*names: str) -> Callable[[Found, _Place], Values]:
    return lambda found, _place: {name: found[number] for number, name in enumerate(names, 1)}


def _field(found: Found, place: _Place) -> Values:
    node = place.node
    shown = (node.alias or node.name).value if isinstance(node, FieldNode) else found[1]
    return {"field": found[1], "type": found[2], "responseName": shown, "declaringType": place.parent_type}


def _leaf(found: Found, place: _Place) -> Values:
    field = place.ancestors[-1]
    shown = (field.alias or field.name).value if isinstance(field, FieldNode) else found[1]
    kind = "an enum" if "Enum" in found[2] else "a scalar"
    return {
        "field": found[1],
        "type": found[2],
        "responseName": shown,
        "declaringType": place.parent_type,
        "kind": kind,
    }


def _input_field(found: Found, _place: _Place) -> Values:
    return {"field": found[1]}


def _variable_types(found: Found, _place: _Place) -> Values:
    return {"variable": found[1], "variableType": found[2], "locationType": found[3]}


def _spread(found: Found, place: _Place) -> Values:
    return {"fragment": found[1], "node": place.node.kind}


def _rule(pattern: str, code: str, values: Callable[[Found, _Place], Values], place: int = 0, climb: int = 0) -> _Rule:
    return _Rule(re.compile(pattern, re.DOTALL), code, values, place, climb)


def _nothing(_found: Found, _place: _Place) -> Values:
    return {}


_RULES = (
    _rule(r"Cannot query field '(\w+)' on type '(\w+)'\..*", "FIELD_UNKNOWN", _field),
    _rule(r"Field '(\w+)' of type '([^']+)' must have a selection of subfields\..*", "SELECTION_MISSING", _field),
    _rule(r"Field '(\w+)' must not have a selection since type '([^']+)' .*", "LEAF_SELECTION", _leaf, climb=1),
    _rule(r"Unknown argument '(\w+)' on .*", "ARGUMENT_UNKNOWN", _named("argument")),
    _rule(
        r"Argument '.*\((\w+):\)' of type .* is required, but it was not provided\.",
        "ARGUMENT_REQUIRED",
        _named("argument"),
    ),
    _rule(r"There can be only one argument named '(\w+)'\.", "ARGUMENT_REPEATED", _named("argument"), 1, 1),
    _rule(r"Expected value of type '\w+' not to include unknown field '(\w+)'.*", "INPUT_FIELD_UNKNOWN", _input_field),
    _rule(r"Expected value of type '\w+' to include required field '(\w+)'.*", "INPUT_FIELD_REQUIRED", _input_field),
    _rule(r"There can be only one input field named '(\w+)'\.", "INPUT_FIELD_REPEATED", _input_field, 1, 1),
    _rule(r"Variable '\$(\w+)' is not defined.*", "VARIABLE_UNDECLARED", _named("variables"), 1),
    _rule(r"Variable '\$(\w+)' is never used.*", "VARIABLE_UNUSED", _named("variables"), climb=1),
    _rule(
        r"Variable '\$(\w+)' of type '(.+)' used in position expecting type '(.+)'\.",
        "VARIABLE_MISPLACED",
        _variable_types,
        1,
    ),
    _rule(r"There can be only one variable named '\$(\w+)'\.", "VARIABLE_REPEATED", _named("variable"), 1, 2),
    _rule(
        r"Variable '\$(\w+)' cannot be non-input type '(.+)'\.",
        "VARIABLE_OUTPUT_TYPE",
        _named("variable", "variableType"),
        climb=1,
    ),
    _rule(r"Unknown fragment '(\w+)'\..*", "FRAGMENT_UNKNOWN", _spread, climb=1),
    _rule(r"Fragment '(\w+)' is never used\.", "FRAGMENT_UNUSED", _spread),
    _rule(r"Cannot spread fragment '(\w+)' within itself.*", "FRAGMENT_CYCLE", _spread),
    _rule(r"Fragment .*cannot be spread here as .*", "FRAGMENT_MISPLACED", _nothing),
    _rule(r"There can be only one fragment named '(\w+)'\.", "FRAGMENT_REPEATED", _spread, 1, 1),
    _rule(r"Fragment .*cannot condition on non composite type .*", "FRAGMENT_ON_LEAF", _nothing, climb=1),
    _rule(r"Unknown type '(\w+)'\..*", "TYPE_UNKNOWN", _named("type"), climb=1),
    _rule(r"Unknown directive '@(\w+)'\.", "DIRECTIVE_UNKNOWN", _named("directive")),
    _rule(r"Directive '@\w+' may not be used on .*", "DIRECTIVE_MISPLACED", _nothing),
    _rule(r"The directive '@\w+' can only be used once at this location\.", "DIRECTIVE_REPEATED", _nothing, 1),
    _rule(r"Fields '.*' conflict because .*", "FIELDS_CONFLICT", _nothing),
    _rule(r"There can be only one operation named '(\w+)'\.", "OPERATION_REPEATED", _named("operation"), 1, 1),
    _rule(r"This anonymous operation must be the only defined operation\.", "OPERATION_ANONYMOUS", _nothing),
    _rule(r"The (\w+) operation is not supported by the schema\.", "OPERATION_UNSUPPORTED", _named("kind")),
    _rule(r"The .* definition is not executable\.", "DEFINITION_NOT_EXECUTABLE", _nothing),
)
