"""Generation by the seed alone: Hypothesis mixes in constants of whatever local modules are imported, and a run of ours must not depend on them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

__all__ = ["HOOKS", "by_the_seed_alone"]

# Hypothesis has no setting for this: what collects the constants, and what remembers which of them fit where.
HOOKS = ("_get_local_constants", "CONSTANTS_CACHE")
_REMEMBERED = 1024


@contextmanager
def by_the_seed_alone() -> Iterator[None]:
    """Let Hypothesis generate meanwhile without the constants of local modules; whoever else uses it finds it as it was."""
    kept = {name: getattr(providers, name, None) for name in HOOKS}
    if None in kept.values():
        # A Hypothesis that does this otherwise still generates; the tests tell that this has to be looked at.
        yield
        return
    nothing, cache = Constants(), type(providers.CONSTANTS_CACHE)(_REMEMBERED)
    _set(dict(zip(HOOKS, (lambda: nothing, cache), strict=True)))
    try:
        yield
    finally:
        _set(kept)


def _set(hooks: Mapping[str, object]) -> None:
    for name, hook in hooks.items():
        setattr(providers, name, hook)
