"""State machines: a supplier driven through generated sequences beside a model of it."""

__all__: list[str] = []
