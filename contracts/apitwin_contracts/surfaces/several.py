"""Several GraphQL surfaces of one supplier as one: an operation's plain name is the first surface's that has it, `Label:name` is any surface's."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from apitwin_fixtures import ErrorCatalogue, ErrorEntry, Reply, Request, Source

from .graphql import GraphQLSurface
from .surface import Problem, Recognition, Surface

__all__ = ["SeveralSurfaces", "graphql_parts", "part_of"]

_BETWEEN = ":"


class SeveralSurfaces:
    """Surfaces by label, each with a document of its own; two with the same document are the same kind of thing at two addresses."""

    def __init__(self, parts: Mapping[str, GraphQLSurface]) -> None:
        self.parts = dict(parts)

    def part(self, operation: str) -> tuple[str, GraphQLSurface, str]:
        """Give the label, the surface and the surface's own name of an operation; what no surface has belongs to the first."""
        label, between, name = operation.partition(_BETWEEN)
        if between:
            return label, self.parts[label], name
        owner = next((owner for owner, part in self.parts.items() if operation in part.operations()), None)
        owner = owner or next(iter(self.parts))
        return owner, self.parts[owner], operation

    def named(self, label: str, operation: str) -> str:
        """Name a surface's operation among those of all: plainly where that is not ambiguous."""
        return operation if self.part(operation)[0] == label else f"{label}{_BETWEEN}{operation}"

    def request(self, operation: str, arguments: Mapping[str, Any]) -> Request:
        """Make the unsigned request of an operation."""
        _, part, name = self.part(operation)
        return part.request(name, arguments)

    def recognise(self, operation: str, reply: Reply, catalogue: ErrorCatalogue) -> Recognition:
        """Tell success from each refusal that the catalogue knows."""
        _, part, name = self.part(operation)
        return part.recognise(name, reply, catalogue)

    def difference(
        self, operation: str, reply: Reply, catalogue: ErrorCatalogue, code: str
    ) -> tuple[str, str, str] | None:
        """Give the first place (path, expected, observed) where a reply is not the code's; None if it is."""
        _, part, name = self.part(operation)
        return part.difference(name, reply, catalogue, code)

    def refusal(self, operation: str, reply: Reply, entry: ErrorEntry) -> object:
        """Give the part of a reply that an entry's body describes; None where there is none."""
        _, part, name = self.part(operation)
        return part.refusal(name, reply, entry)

    def problems(self, operation: str, request: Request, reply: Reply) -> Iterator[Problem]:
        """Hold a successful reply against its surface's schema."""
        _, part, name = self.part(operation)
        prefix = self._prefix(operation)
        for problem in part.problems(name, request, reply):
            yield replace(problem, location=prefix + problem.location)

    def location(self, operation: str, path: str = "") -> str:
        """Name a place in an operation's payload: `Query.products.total`, or `Label:Query.products.total`."""
        _, part, name = self.part(operation)
        return self._prefix(operation) + part.location(name, path)

    @staticmethod
    def _prefix(operation: str) -> str:
        label, between, _ = operation.partition(_BETWEEN)
        return label + between if between else ""

    def coverage(self) -> Mapping[str, Source]:
        """Give every coordinate of every document, each document once, with its source."""
        found: dict[str, Source] = {}
        documents: set[str] = set()
        for label, part in self.parts.items():
            if part.document_name not in documents:
                documents.add(part.document_name)
                found.update({f"{label}{_BETWEEN}{place}": source for place, source in part.coverage().items()})
        return found


def graphql_parts(surface: Surface) -> Mapping[str, GraphQLSurface]:
    """Give the GraphQL surfaces that a surface is or has, by label; one that stands alone has the empty label."""
    if isinstance(surface, SeveralSurfaces):
        return surface.parts
    return {"": surface} if isinstance(surface, GraphQLSurface) else {}


def part_of(surface: Surface, operation: str) -> tuple[GraphQLSurface, str] | None:
    """Give the GraphQL surface of an operation with its own name for it; None where it has none."""
    if isinstance(surface, SeveralSurfaces):
        _, part, name = surface.part(operation)
        return part, name
    return (surface, operation) if isinstance(surface, GraphQLSurface) else None
