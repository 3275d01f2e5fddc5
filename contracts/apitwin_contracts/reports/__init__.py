"""How findings are told: on a terminal, line by line, and as JSON."""

__all__: list[str] = []
