"""What to say to a name that nobody knows."""

import difflib
from collections.abc import Iterable

__all__ = ["unknown"]


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Write the sentence: there is no such thing, what comes nearest, and what there is."""
    there_is = list(known)
    near = difflib.get_close_matches(name, there_is, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    listed = f"known are: {', '.join(there_is)}" if there_is else "none is known"
    return f"there is no {what} {name!r}; {hint}{listed}"
