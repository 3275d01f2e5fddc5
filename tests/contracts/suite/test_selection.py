"""`--only` and `--skip`."""

import pytest

from tests.contracts.tiny.stage import plan


def ids(only: tuple[str, ...] = (), skip: tuple[str, ...] = ()) -> list[str]:
    return [case.id.removeprefix("tiny-") for case in plan(only=only, skip=skip).cases]


EVERY = ids()
STATE = ("state.", "equivalence.")


@pytest.mark.parametrize(
    ("only", "taken"),
    [
        ("paging.size", lambda name: name.startswith("paging.size-")),
        ("PAGING.SIZE", lambda name: name.startswith("paging.size-")),
        ("state", lambda name: name.startswith(STATE)),
        (
            "createOrder",
            lambda name: "createOrder" in name or name in {"error.provoked-BAD_ORDER", "error.provoked-ITEM_UNKNOWN"},
        ),
        ("paging.*", lambda name: name.startswith("paging.")),
        ("*no-token", lambda name: name.endswith(".no-token")),
        ("tiny-auth.credentials-listOrders.unknown", lambda name: name == "auth.credentials-listOrders.unknown"),
    ],
)
def test_a_name_selects(only: str, taken: object) -> None:
    assert callable(taken)
    assert ids(only=(only,)) == [name for name in EVERY if taken(name)] != []
    assert ids(skip=(only,)) == [name for name in EVERY if not taken(name)]


def test_several_names_add_up_and_what_is_skipped_stays_out() -> None:
    assert ids(only=("paging", "state"), skip=("paging.size",)) == [
        name for name in EVERY if name.startswith(("paging.", "filter.", *STATE)) and not name.startswith("paging.size")
    ]


def test_a_name_that_fits_nothing_is_told_with_the_nearest() -> None:
    made = plan(only=("pagin", "paging"), skip=("zzz",))
    assert made.warnings == ("--only pagin fits no check; did you mean 'paging'?", "--skip zzz fits no check")
    assert made.cases


def test_a_plan_may_be_empty() -> None:
    assert plan(only=("nothing",)).cases == ()


def test_cases_come_in_the_order_of_the_categories() -> None:
    order = [case.category for case in plan().cases]
    assert list(dict.fromkeys(order)) == ["schema", "error", "auth", "paging", "state", "performance"]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)


def test_every_name_is_its_own() -> None:
    assert len(set(EVERY)) == len(EVERY)
