import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from apitwin_mocks.kit.store import Table

KEYS = st.sampled_from("abcdef")


class TableMachine(RuleBasedStateMachine):
    """A table behaves as a dictionary that keeps places, and its base never changes."""

    def __init__(self) -> None:
        super().__init__()
        self.base = {"a": 1, "b": 2, "c": 3}
        self.table: Table[int] = Table(self.base)
        self.model = dict(self.base)

    @rule(key=KEYS, value=st.integers())
    def put(self, key: str, value: int) -> None:
        self.table.put(key, value)
        self.model[key] = value

    @rule(key=KEYS)
    def remove(self, key: str) -> None:
        if key in self.model:
            self.table.remove(key)
            del self.model[key]
        else:
            with pytest.raises(KeyError):
                self.table.remove(key)

    @invariant()
    def the_same_rows(self) -> None:
        assert dict(self.table) == self.model
        assert len(self.table) == len(self.model)
        assert list(self.table) == list(dict.fromkeys(self.table))
        assert list(self.table.values()) == [self.table[key] for key in self.table]

    @invariant()
    def the_base_is_untouched(self) -> None:
        assert self.base == {"a": 1, "b": 2, "c": 3}


TableMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
test_table = TableMachine.TestCase


def test_a_changed_row_keeps_its_place_and_a_new_one_follows() -> None:
    table = Table({"a": 1, "b": 2})
    table.put("c", 3)
    table.put("a", 9)
    assert list(table.items()) == [("a", 9), ("b", 2), ("c", 3)]
    assert dict(table.changed) == {"c": 3, "a": 9}


def test_a_loop_sees_what_it_changes_ahead() -> None:
    table = Table({"a": 1, "b": 2, "c": 3})
    seen: list[int] = []
    for row in table.values():
        seen.append(row)
        table.put("c", 9)
    assert seen == [1, 2, 9]
    assert (len(table.values()), 9 in table.values(), 3 in table.values()) == (3, True, False)


def test_two_tables_share_their_base_and_nothing_else() -> None:
    base = {"a": 1}
    first, second = Table(base), Table(base)
    first.put("a", 2)
    first.put("b", 3)
    assert dict(second) == {"a": 1}
    second.remove("a")
    assert dict(first) == {"a": 2, "b": 3}
