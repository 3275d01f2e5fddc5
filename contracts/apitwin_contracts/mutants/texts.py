"""A schema's text, changed."""

from collections.abc import Iterable

__all__ = ["rewritten"]


def rewritten(text: str, replacements: Iterable[tuple[str, str]]) -> str:
    """Give a text with parts replaced, each of which stands in it once; raises `ValueError` otherwise, for it would be no mutant."""
    for old, new in replacements:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the schema")
        text = text.replace(old, new)
    return text
