"""How the workers of pytest-xdist share the cases: one world is examined by one worker at a time, or each would see the others' orders."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from apitwin_contracts.targets.addresses import Address, is_loopback

from .cases import Case
from .plan import Plan

__all__ = ["case_id", "next_unit", "scheduler", "units_of"]

_APART = " "


def units_of(plan: Plan) -> Mapping[str, str]:
    """Give each case's unit of work by the case's id: the worker that begins a unit ends it, and no other has a part in it."""
    return {case.id: _unit(case, plan.addresses[case.supplier]) for case in plan.cases}


def _unit(case: Case, address: Address) -> str:
    if address.in_process:
        # Every worker has a mock of its own, so there is nothing to keep apart but work from work.
        return f"{case.supplier}{_APART}{case.category}"
    if is_loopback(address.label):
        # A served mock's session has one clock for all of its suppliers, and some cases move it.
        parts = urlsplit(address.label)
        return f"{parts.netloc}{parts.path.rpartition('/')[0]}"
    return case.supplier


def next_unit(waiting: Iterable[str], own: Iterable[str], others: Iterable[str]) -> str:
    """Choose a worker's next unit: of a supplier it has opened, else of one that nobody has; opening one twice is lost time."""
    listed = list(waiting)
    opened, taken = set(map(_supplier, own)), set(map(_supplier, others))

    def rank(unit: str) -> tuple[bool, bool]:
        return _supplier(unit) not in opened, _supplier(unit) in taken

    return min(listed, key=rank)


def _supplier(unit: str) -> str:
    return unit.partition(_APART)[0]


def scheduler(config: Any, log: Any, units: Mapping[str, str]) -> Any:
    """Make a scheduler of pytest-xdist that hands out units; its own `loadgroup` writes where pytest 9.2 no longer reads."""
    # Imported here: only who asks for workers needs to have pytest-xdist.
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - see above

    class Sharing(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist is not annotated for others
        """Groups by unit, in the plan's order as far as each worker can go on with what it has opened."""

        def _split_scope(self, nodeid: str) -> str:
            return units.get(case_id(nodeid), nodeid)

        def _assign_work_unit(self, node: Any) -> None:
            others = [unit for other, work in self.assigned_work.items() if other is not node for unit in work]
            chosen = next_unit(self.workqueue, self.assigned_work.get(node, {}), others)
            self.workqueue.move_to_end(chosen, last=False)
            super()._assign_work_unit(node)

    return Sharing(config, log)


def case_id(nodeid: str) -> str:
    """Give what stands between the brackets of `test_paging.py::test_paging[axro-paging.size-products]`."""
    return nodeid.partition("[")[2].rpartition("]")[0]
