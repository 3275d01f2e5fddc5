"""GraphQL documents generated from the contract's schema."""

from hypothesis.strategies import SearchStrategy
from hypothesis_graphql import Mode, mutations, queries

from apitwin_contracts.surfaces.graphql import GraphQLSurface

__all__ = ["documents"]


def documents(surface: GraphQLSurface, operation: str, *, broken: bool = False) -> SearchStrategy[str]:
    """Generate documents that ask one operation; broken ones violate the schema in one place."""
    keyword, _ = surface.root(operation)
    generate = queries if keyword == "query" else mutations
    return generate(
        surface.schema,
        fields=[operation],
        custom_scalars=dict(surface.scalars),
        allow_x00=False,
        mode=Mode.NEGATIVE if broken else Mode.POSITIVE,
    )
