"""One package per supplier, each behind its own entry point."""

__all__: list[str] = []
