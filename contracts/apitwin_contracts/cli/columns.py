"""Rows as columns of text, as wide as their contents."""

from collections.abc import Iterable, Sequence

__all__ = ["columns"]


def columns(rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Align rows, the columns of `numbers` to the right; lines end without blanks."""
    listed = [list(row) for row in rows]
    right = set(numbers)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]

    def cell(index: int, text: str) -> str:
        return text.rjust(widths[index]) if index in right else text.ljust(widths[index])

    return "\n".join("  ".join(cell(index, text) for index, text in enumerate(row)).rstrip() for row in listed)
