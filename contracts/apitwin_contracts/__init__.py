"""What is held to be true of each supplier, and the suites that ask."""

__all__: list[str] = []
