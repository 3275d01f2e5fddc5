"""Which cases belong to one worker, and which of them a worker takes next."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.sharing import case_id, next_unit, units_of
from tests.contracts.tiny.stage import plan


def at(*labels: str) -> Plan:
    """Give a plan over suppliers `a`, `b` … at these URLs."""
    made = plan()
    names = "abcdef"[: len(labels)]
    contracts = {name: replace(made.contracts["tiny"], supplier=name) for name in names}
    address = replace(made.addresses["tiny"], in_process=False)
    addresses = {name: replace(address, label=label) for name, label in zip(names, labels, strict=True)}
    cases = tuple(
        replace(case, contract=contracts[name], id=case.id.replace("tiny", name))
        for name in names
        for case in made.cases
    )
    return replace(made, addresses=addresses, cases=cases, contracts=contracts)


def test_in_process_the_categories_are_shared_out() -> None:
    made = plan()
    assert set(units_of(made).values()) == {f"tiny {case.category}" for case in made.cases}


def test_a_shared_target_is_one_workers() -> None:
    assert len(set(units_of(at("https://api.a.com")).values())) == 1
    assert len(set(units_of(at("https://api.a.com", "https://api.b.com")).values())) == 2


@pytest.mark.parametrize(
    ("one", "two", "worlds"),
    [
        ("http://127.0.0.1:8900/a", "http://127.0.0.1:8900/b", 1),
        ("http://127.0.0.1:8900/s/x/a", "http://127.0.0.1:8900/s/x/b", 1),
        ("http://127.0.0.1:8900/s/x/a", "http://127.0.0.1:8900/s/y/b", 2),
        ("http://127.0.0.1:8900/a", "http://127.0.0.1:8901/b", 2),
    ],
)
def test_a_session_of_a_served_mock_has_one_clock_and_so_one_worker(one: str, two: str, worlds: int) -> None:
    assert len(set(units_of(at(one, two)).values())) == worlds


_UNITS = st.lists(
    st.sampled_from([f"{name} {kind}" for name in "abc" for kind in ("paging", "state", "wire")]), unique=True
)


@given(_UNITS.filter(bool), _UNITS, _UNITS)
def test_a_worker_goes_on_with_what_it_has_opened(waiting: list[str], own: list[str], others: list[str]) -> None:
    def suppliers(units: list[str]) -> set[str]:
        return {unit[0] for unit in units}

    chosen = next_unit(waiting, own, others)
    assert chosen in waiting
    if suppliers(waiting) & suppliers(own):
        assert chosen[0] in suppliers(own)
    elif suppliers(waiting) - suppliers(others):
        assert chosen[0] not in suppliers(others)


def test_a_cases_id_survives_brackets() -> None:
    assert case_id("test_paging.py::test_paging[a-paging.order-x[0]]") == "a-paging.order-x[0]"
