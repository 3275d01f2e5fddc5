"""AXRO's two scalars: JSON, which goes through untouched, and a number that may be written as text."""

from ariadne import ScalarType
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode, print_ast

__all__ = ["INT_OR_STRING", "JSON"]


def _number_or_text(value: object) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise GraphQLError(f"IntOrString cannot represent value: {value!r}")
    return value


def _literal(node: ValueNode, variables: dict[str, object] | None = None) -> int | str:  # noqa: ARG001 - GraphQL's form
    if isinstance(node, StringValueNode):
        return node.value
    if isinstance(node, IntValueNode) and len(node.value) <= _LONGEST:
        return int(node.value)
    raise GraphQLError(f"IntOrString cannot represent value: {print_ast(node)}", node)


# Python reads no longer number than this from text.
_LONGEST = 4000

INT_OR_STRING = ScalarType("IntOrString", value_parser=_number_or_text, literal_parser=_literal)
JSON = ScalarType("JSON")
