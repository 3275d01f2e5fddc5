"""A schema file brought to what a target tells, element by element; our own directives stay where they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    parse,
    print_ast,
    print_schema,
)

from apitwin_contracts.errors import UsageError
from apitwin_fixtures.sdl import wire_sdl

from .change import Change

__all__ = ["edited_sdl"]

_MEMBERS = ("fields", "values")


def edited_sdl(sdl: str, live: GraphQLSchema, changes: Iterable[Change], where: str) -> str:
    """Give a schema file with these changes; what is new says that it was observed, and where. Raises `UsageError` for a choice that is no schema."""
    editor = _Editor(parse(sdl), parse(print_schema(live)), where)
    for change in changes:
        editor.follow(change.place)
    edited = print_ast(editor.document()) + "\n"
    try:
        build_schema(wire_sdl(edited))
    except (GraphQLError, TypeError) as error:
        raise UsageError(f"the changes that are accepted make no schema: {error}; accept what they need, too") from None
    return edited


@dataclass
class _Editor:
    """A document under change beside the target's own."""

    ours: DocumentNode
    live: DocumentNode
    where: str

    def __post_init__(self) -> None:
        self._definitions: list[Any] = list(self.ours.definitions)

    def document(self) -> DocumentNode:
        return DocumentNode(definitions=tuple(self._definitions))

    def follow(self, coordinate: str) -> None:
        """Make one coordinate as the target has it: `Type`, `Type.member` or `Type.member(argument:)`."""
        name, _, member = coordinate.partition(".")
        member, _, argument = member.partition("(")
        if name.startswith("__"):
            return
        if not member:
            self._definitions = _followed(self._definitions, _named(self.live.definitions, name), name, self._new)
            return
        index = next(place for place, one in enumerate(self._definitions) if _name(one) == name)
        self._definitions[index] = self._with_member(self._definitions[index], name, member, argument.rstrip(":)"))

    def _with_member(self, definition: Any, kind: str, member: str, argument: str) -> Any:
        theirs = _named(self.live.definitions, kind)
        for key in _MEMBERS:
            ours, wanted = getattr(definition, key, None) or (), _named(getattr(theirs, key, None) or (), member)
            there = _named(ours, member)
            if there is None and wanted is None:
                continue
            if not argument or there is None or wanted is None:
                listed = _followed(list(ours), wanted, member, self._new)
            else:
                arguments = _followed(
                    list(there.arguments or ()), _named(wanted.arguments, argument), argument, self._new
                )
                listed = [_copy(one, arguments=tuple(arguments)) if one is there else one for one in ours]
            return _copy(definition, **{key: tuple(listed)})
        return definition

    def _new(self, node: Any) -> Any:
        text = f'directive @x on OBJECT type T @source(kind: OBSERVED, where: "{self.where}") {{ a: Int }}'
        directives = parse(text).definitions[1].directives  # type: ignore[attr-defined] # a type has directives
        return _copy(node, directives=(*(node.directives or ()), *directives))


def _followed(ours: list[Any], wanted: Any, name: str, new: Callable[[Any], Any]) -> list[Any]:
    """Give nodes with the one of a name made as it is wanted: taken in, left out, or given its type, default and deprecation."""
    if wanted is None:
        return [one for one in ours if _name(one) != name]
    if _named(ours, name) is None:
        return [*ours, new(wanted)]
    return [_typed(one, wanted) if _name(one) == name else one for one in ours]


def _typed(ours: Any, wanted: Any) -> Any:
    kept = [one for one in ours.directives or () if one.name.value != "deprecated"]
    deprecated = [one for one in wanted.directives or () if one.name.value == "deprecated"]
    changes: dict[str, Any] = {"directives": (*kept, *deprecated)}
    changes |= {
        key: getattr(wanted, key) for key in ("type", "default_value") if hasattr(wanted, key) and hasattr(ours, key)
    }
    return _copy(ours, **changes)


def _copy(node: Any, **changes: Any) -> Any:
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, **changes})


def _named(nodes: Sequence[Any], name: str) -> Any:
    return next((one for one in nodes or () if _name(one) == name), None)


def _name(node: DefinitionNode | Any) -> str:
    name = getattr(node, "name", None)
    return str(name.value) if name else ""
