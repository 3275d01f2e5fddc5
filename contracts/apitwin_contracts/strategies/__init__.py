"""Generators of requests: from a schema, and from the entities that a target was found to have."""

__all__: list[str] = []
