"""Where Hypothesis may keep what it computes about Unicode: in the user's cache, never in the folder that somebody works in."""

import os
from pathlib import Path

__all__ = ["keep_out_of_the_way"]


def keep_out_of_the_way() -> None:
    """Choose the folder, before Hypothesis does; no example is kept there, and nothing in it changes what a seed generates."""
    caches = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path("~/.cache").expanduser()
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(caches) / "apitwin" / "hypothesis"))
