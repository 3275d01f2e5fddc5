"""Fixtures asked of a live target anew: what differs, in meaning, and how what is accepted becomes fixtures that the mock follows."""

__all__: list[str] = []
