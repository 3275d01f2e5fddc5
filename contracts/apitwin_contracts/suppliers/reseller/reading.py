"""Declarations that have nothing to say where an answer lacks what they compare: its schema has told that already."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import InvalidOperation
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any, TypeVar

from apitwin_contracts.errors import NothingToExamine

__all__ = ["guarded", "tolerant"]

Declared = TypeVar("Declared")
_UNREADABLE = (KeyError, TypeError, AttributeError, IndexError, ValueError, InvalidOperation)


def tolerant(declared: Declared) -> Declared:
    """Give a declaration whose functions raise `NothingToExamine` for an answer that lacks what they read."""
    if not is_dataclass(declared) or isinstance(declared, type):
        return declared
    held = {field.name: getattr(declared, field.name) for field in fields(declared) if field.init}
    found = {name: guarded(value) for name, value in held.items() if callable(value)}
    return replace(declared, **found)


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that raises `NothingToExamine` for an answer that lacks what it reads."""
    if isgeneratorfunction(function):
        return _guarded_generator(function)

    @wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except _UNREADABLE as error:
            raise _unreadable(error) from error

    return called


def _guarded_generator(function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @wraps(function)
    def generated(*arguments: Any, **named: Any) -> Iterator[Any]:
        try:
            yield from function(*arguments, **named)
        except _UNREADABLE as error:
            raise _unreadable(error) from error

    return generated


def _unreadable(error: Exception) -> NothingToExamine:
    return NothingToExamine(f"an answer lacks what is compared: {type(error).__name__} {error}")
