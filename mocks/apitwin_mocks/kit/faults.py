"""Faults on order: a session answers with a code of the supplier's catalogue, or late, for a number of requests."""

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Fault", "Faults"]


@dataclass
class Fault:
    """What goes wrong: `code` of the catalogue (None answers as usual), `delay` in seconds, `times` left (None is for ever)."""

    supplier: str
    operation: str | None = None
    code: str | None = None
    delay: float = 0.0
    times: int | None = None

    def fits(self, supplier: str, operation: str | None) -> bool:
        """Tell whether the fault strikes this operation."""
        return self.supplier == supplier and self.operation in (None, operation)

    def as_json(self) -> dict[str, Any]:
        """Give the form in which the control API shows it."""
        return asdict(self)


class Faults:
    """The faults ordered in a session, struck in order."""

    __slots__ = ("_ordered",)

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add a fault behind those already ordered."""
        self._ordered.append(fault)

    def clear(self) -> None:
        """Let everything work again."""
        self._ordered.clear()

    def strike(self, supplier: str, operation: str | None) -> Fault | None:
        """Give the first fault that fits and use it up by one."""
        for fault in self._ordered:
            if fault.fits(supplier, operation):
                if fault.times is not None:
                    fault.times -= 1
                    self._ordered = [other for other in self._ordered if other.times != 0]
                return fault
        return None

    def __iter__(self) -> Any:
        return iter(self._ordered)

    def __len__(self) -> int:
        return len(self._ordered)
