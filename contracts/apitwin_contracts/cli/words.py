"""Options that take several words."""

from collections.abc import Sequence

__all__ = ["words_of"]


def words_of(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Give the words of an option that was given several times, or once with commas."""
    return tuple(word.strip() for text in texts or () for word in text.split(",") if word.strip())
