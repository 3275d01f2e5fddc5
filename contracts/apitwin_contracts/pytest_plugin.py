"""The fixtures that any project with apitwin installed can ask for."""

__all__: list[str] = []
