from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apitwin_mocks.kit.ids import Ids

KINDS = st.lists(st.sampled_from(["order", "address"]), max_size=20)


@given(st.integers(), st.text(max_size=10), KINDS)
def test_the_same_scope_gives_the_same_series(seed: int, scope: str, kinds: list[str]) -> None:
    first, second = Ids(seed, scope), Ids(seed, scope)
    assert [first.uuid(kind) for kind in kinds] == [second.uuid(kind) for kind in kinds]


@given(KINDS)
def test_one_kind_does_not_disturb_another(kinds: list[str]) -> None:
    mixed, alone = Ids(0, "s"), Ids(0, "s")
    drawn = [mixed.uuid(kind) for kind in kinds]
    orders = [value for value, kind in zip(drawn, kinds, strict=True) if kind == "order"]
    assert orders == [alone.uuid("order") for _ in orders]
    assert len(set(drawn)) == len(drawn)


def test_other_seeds_and_scopes_give_other_values() -> None:
    values = {Ids(seed, scope).hex("token") for seed in range(3) for scope in ("a", "b")}
    assert len(values) == 6


def test_forms() -> None:
    ids = Ids(0, "s")
    assert UUID(ids.uuid("x", version=5)).version == 5
    assert [ids.number("n", 100), ids.number("n", 100)] == [100, 101]
    assert set(ids.code("c", 26, "ABC")) <= set("ABC")
    assert len(ids.code("c", 26, "ABC")) == 26
    assert len(ids.hex("h", 40)) == 40
