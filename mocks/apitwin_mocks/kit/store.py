"""Tables that share an immutable catalogue and own only what a session changed."""

from collections.abc import Iterator, Mapping, ValuesView
from itertools import chain
from typing import Generic, TypeVar

__all__ = ["Table"]

Row = TypeVar("Row")


class Table(Mapping[str, Row], Generic[Row]):
    """A copy-on-write mapping of immutable rows: changed rows keep their place, new ones follow in order of arrival."""

    __slots__ = ("_base", "_gone", "_own")

    def __init__(self, base: Mapping[str, Row] | None = None) -> None:
        self._base: Mapping[str, Row] = base if base is not None else {}
        self._own: dict[str, Row] | None = None
        self._gone: set[str] | None = None

    def __getitem__(self, key: str) -> Row:
        if self._own is not None and key in self._own:
            return self._own[key]
        if self._gone is not None and key in self._gone:
            raise KeyError(key)
        return self._base[key]

    def __iter__(self) -> Iterator[str]:
        if self._own is None and self._gone is None:
            return iter(self._base)
        gone = self._gone or set()
        new = (key for key in self._own or () if key not in self._base or key in gone)
        return chain((key for key in self._base if key not in gone), new)

    def values(self) -> ValuesView[Row]:
        """Give the rows, each as it is when the loop comes to it."""
        return _Rows(self)

    def read(self) -> Iterator[Row]:
        """Give each row in order, as `self[key]` would, without asking for what no session has changed."""
        base = self._base
        for key in self:
            yield base[key] if self._own is None and self._gone is None else self[key]

    def __len__(self) -> int:
        gone = self._gone or set()
        new = sum(1 for key in self._own or () if key not in self._base or key in gone)
        return len(self._base) - len(gone) + new

    def put(self, key: str, row: Row) -> None:
        """Change or add a row in this session alone."""
        if self._own is None:
            self._own = {}
        self._own[key] = row

    def remove(self, key: str) -> None:
        """Delete a row in this session alone; raises `KeyError` when there is none."""
        self[key]
        if self._own is not None:
            self._own.pop(key, None)
        if key in self._base:
            if self._gone is None:
                self._gone = set()
            self._gone.add(key)

    @property
    def changed(self) -> Mapping[str, Row]:
        """The rows that this session owns."""
        return self._own or {}


class _Rows(ValuesView[Row]):
    """A table's rows: most are read from the catalogue, and lists are filtered from all of them."""

    def __init__(self, table: Table[Row]) -> None:
        super().__init__(table)
        self._table = table

    def __iter__(self) -> Iterator[Row]:
        return self._table.read()
