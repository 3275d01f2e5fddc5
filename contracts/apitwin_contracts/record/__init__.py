"""Recording: what a live target says, without its secrets, as cassettes."""

__all__: list[str] = []
