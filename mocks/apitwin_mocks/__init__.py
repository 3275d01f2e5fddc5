"""Suppliers played back, with memory."""

__all__: list[str] = []
