"""Mutants that only one supplier can have, by supplier: rules of its own domain, drifted."""

__all__: list[str] = []
