"""`where` as Hot Chocolate reads it, compiled into one Python function for each filter.

The operands are bound by name and never written into the source text, which holds names of our own alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from .filtered import Filter, Many, Nested, Scalar

__all__ = ["Compiled", "NullOperand", "compile_filter"]

Where = Mapping[str, Any]
Path = tuple[str | int, ...]

_COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_MATCHED = {"contains": "{c} in {x}", "startsWith": "{x}.startswith({c})", "endsWith": "{x}.endswith({c})"}
_POSITIVE = {f"n{name}": name for name in ("eq", "in", *_COMPARED, *_MATCHED)}
# Python reads no deeper nesting of brackets than this many filters need.
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class NullOperand:
    """An operation that takes no null was given one: where, and which type it expected."""

    path: Path
    filter_type: str
    expected: str

    @property
    def filter(self) -> str:
        """The operation's name."""
        return str(self.path[-1])


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter's predicate, None when it lets everything through, or what is wrong with its operands."""

    predicate: Callable[[Any], bool] | None
    problems: Sequence[NullOperand] = ()


def compile_filter(kind: Filter, where: Where | None) -> Compiled:
    """Compile a coerced `where`; an object that holds no operation adds no condition, wherever it stands."""
    compiler = _Compiler()
    whole = compiler.object(kind, where or {}, "r", (), 0)
    if compiler.problems or whole is None:
        return Compiled(None, compiler.problems)
    return Compiled(compiler.function("r", whole))


@dataclass(frozen=True, slots=True)
class _Part:
    """An expression, and about how long it takes: the quick ones are asked first."""

    text: str
    cost: int


class _Compiler:
    """Writes expressions over a row's variable; the constants are the function's globals."""

    def __init__(self) -> None:
        self.problems: list[NullOperand] = []
        self._constants: dict[str, Any] = {"__builtins__": {"any": any}}
        self._numbers = count()

    def function(self, variable: str, part: _Part) -> Callable[[Any], bool]:
        """Make the predicate of an expression."""
        made: Callable[[Any], bool] = eval(f"lambda {variable}: {part.text}", self._constants)  # noqa: S307 - see the module's docstring
        return made

    def _bind(self, value: object) -> str:
        name = f"c{next(self._numbers)}"
        self._constants[name] = value
        return name

    def object(self, kind: Filter, where: Where, variable: str, path: Path, depth: int) -> _Part | None:
        """Give the conjunction of an object's fields, None when it has none."""
        joined = _joined([self._field(kind, name, where[name], variable, (*path, name), depth) for name in where])
        if joined is None or depth == 0 or depth % _DEEPEST:
            return joined
        # The variable of a nested object is an expression itself.
        argument = f"v{next(self._numbers)}"
        inner = self.object(kind, where, argument, path, 0)
        return inner and _Part(f"{self._bind(self.function(argument, inner))}({variable})", joined.cost)

    def _field(self, kind: Filter, name: str, value: Any, variable: str, path: Path, depth: int) -> _Part | None:
        if name in ("and", "or"):
            items = enumerate(value or ())
            return _joined([self.object(kind, item, variable, (*path, at), depth + 1) for at, item in items], name)
        field = kind.fields[name]
        if value is None:
            return self._refuse(path, kind.name, field.input_type)
        place = f"{variable}.{field.attribute}"
        if isinstance(field, Nested):
            inner = self.object(field.filter, value, place, path, depth + 1)
            return _guarded(place, inner) if inner and field.nullable else inner
        if isinstance(field, Many):
            return _joined([self._of_list(field, op, part, place, (*path, op), depth) for op, part in value.items()])
        return self._scalar(field, value, place, path)

    def _refuse(self, path: Path, filter_type: str, expected: str) -> _Part | None:
        self.problems.append(NullOperand(path, filter_type, f"{expected}!"))
        return None

    def _of_list(self, field: Many, name: str, value: Any, place: str, path: Path, depth: int) -> _Part | None:
        if value is None:
            return self._refuse(path, field.input_type, "Boolean" if name == "any" else field.item_type)
        if name == "any":
            return _Part(place if value else f"not {place}", 1)
        item = f"i{next(self._numbers)}"
        if isinstance(field.item, Filter):
            inner = self.object(field.item, value, item, path, depth + 1)
        else:
            inner = self._scalar(field.item, value, item, path)
        if inner is None:
            return None
        wanted = f"not ({inner.text})" if name == "all" else inner.text
        some = f"any({wanted} for {item} in {place})"
        return _Part(some if name == "some" else f"not {some}", 10 + 2 * inner.cost)

    def _scalar(self, field: Scalar, where: Where, place: str, path: Path) -> _Part | None:
        parts: list[_Part | None] = []
        for name, value in where.items():
            at = (*path, name)
            if name in ("and", "or"):
                inner = [self._scalar(field, item, place, (*at, number)) for number, item in enumerate(value or ())]
                parts.append(_joined(inner, name))
            else:
                parts.append(self._operation(field, name, value, place, at))
        return _joined(parts)

    def _operation(self, field: Scalar, name: str, value: Any, place: str, path: Path) -> _Part | None:
        positive = _POSITIVE.get(name, name)
        if value is None and not (positive == "eq" and field.nullable):
            return self._refuse(path, field.input_type, field.operand_type(positive))
        part = self._positive(field, positive, value, place)
        return _Part(f"not ({part.text})", part.cost) if positive != name else part

    def _positive(self, field: Scalar, name: str, value: Any, place: str) -> _Part:
        if value is None:
            return _Part(f"{place} is None", 1)
        subject, cost = (f"{place}.casefold()", 3) if field.kind == "String" else (place, 2)
        if name == "in":
            present = frozenset(_folded(item) for item in value if item is not None)
            part = _Part(f"{subject} in {self._bind(present)}", cost)
            return _guarded(place, part, admits_none=None in value) if field.nullable else part
        constant = self._bind(_folded(value))
        if name in _MATCHED:
            part = _Part(_MATCHED[name].format(x=subject, c=constant), cost + 1)
        else:
            part = _Part(f"{subject} {_COMPARED.get(name, '==')} {constant}", cost)
        return _guarded(place, part) if field.nullable else part


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _guarded(place: str, part: _Part, *, admits_none: bool = False) -> _Part:
    """Let a condition on a missing value never hold, or always."""
    return _Part(
        f"({place} is None or {part.text})" if admits_none else f"({place} is not None and {part.text})", part.cost
    )


def _joined(parts: Sequence[_Part | None], operator: str = "and") -> _Part | None:
    present = sorted((part for part in parts if part is not None), key=lambda part: part.cost)
    if len(present) < 2:  # noqa: PLR2004 - one needs no operator
        return present[0] if present else None
    text = f" {operator} ".join(f"({part.text})" for part in present)
    return _Part(f"({text})", sum(part.cost for part in present))
