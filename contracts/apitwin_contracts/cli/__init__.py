"""The command `apitwin`."""

__all__: list[str] = []
