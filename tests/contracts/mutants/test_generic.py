"""The generic mutators: each means something to some supplier, none repeats another, and what they make is noticed."""

from random import Random

import pytest

from apitwin_contracts.drift import CATEGORIES
from apitwin_contracts.mutants import Mutant, fresh_target, mutants_of, own_mutants_of
from apitwin_contracts.mutants.catalogue import not_applicable
from apitwin_contracts.mutants.generic import EVERY
from apitwin_contracts.mutants.trial import Course, examine, try_mutant
from tests.contracts.mutants.test_noticed import SUPPLIERS

_INTROSPECTION = ("schema.introspection",)
GENERIC = {mutator.id for mutator in EVERY}


def _generic(supplier: str) -> list[Mutant]:
    own = {mutant.name for mutant in own_mutants_of(supplier)}
    return [mutant for mutant in mutants_of(supplier) if mutant.name not in own]


def test_they_are_many_and_none_repeats_another() -> None:
    assert len(GENERIC) == len(EVERY) >= 128
    assert {mutator.category for mutator in EVERY} == set(CATEGORIES)


def test_each_means_something_to_some_supplier_or_says_why_not_to_any() -> None:
    made = {mutant.of for supplier in SUPPLIERS for mutant in _generic(supplier)}
    assert GENERIC - made == {"served-union-member", "served-default-changed"}


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_each_is_made_or_not_applicable_with_a_reason(supplier: str) -> None:
    made, none = {mutant.of for mutant in _generic(supplier)}, not_applicable(supplier)
    assert made | {one.id for one in none} == GENERIC
    assert not made & {one.id for one in none}
    assert all(one.reason for one in none)


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_names_are_distinct_and_another_seed_chooses_other_places(supplier: str) -> None:
    names = [mutant.name for mutant in mutants_of(supplier)]
    assert len(set(names)) == len(names)
    assert set(names) != {mutant.name for mutant in mutants_of(supplier, 1)}


@pytest.mark.parametrize("place", range(2 * len(CATEGORIES)))
def test_one_of_each_category_is_noticed(place: int) -> None:
    supplier, category = SUPPLIERS[place % len(SUPPLIERS)], CATEGORIES[place % len(CATEGORIES)]
    found = [mutant for mutant in _generic(supplier) if mutant.category == category and mutant.checks]
    if not found:
        pytest.skip("none applies")
    trial = try_mutant(Random(f"{supplier}-{category}").choice(found), Course())
    assert trial.fate == "killed", trial


# Each was noticed by nobody before there was a law for it.
TOLD = {
    "axro-state-write-twice:shippingCreate": "state.read-your-write",
    "axro-error-refusal-told-twice:": "error.told",
    "gates-error-refusal-names-another:": "error.provoked",
    "reseller-error-refusal-values-swapped:cancel_order.LINE_NOT_FOUND": "error.provoked",
    "wock-state-download-time-is-order-time": "walk.state",
    "wock-limits-filter-values": "error.unknown",
}


@pytest.mark.parametrize("name", TOLD)
def test_what_a_law_was_made_for_is_told_by_it(name: str) -> None:
    mutant = next(each for each in mutants_of(name.partition("-")[0]) if each.name.startswith(name))
    trial = try_mutant(mutant, Course())
    assert (trial.fate, trial.check) == ("killed", TOLD[name])


@pytest.mark.parametrize("supplier", ["axro", "gates", "wock"])
def test_a_stage_is_whole_again_when_it_ends(supplier: str) -> None:
    served = {mutant.of: mutant for mutant in _generic(supplier) if mutant.of.startswith("served-")}
    asked = 0
    for mutant in served.values():
        with mutant.stage() as target:
            # The copy of the schema is made, and altered, when it is first asked for.
            asked += examine(supplier, target, checks=_INTROSPECTION, profile="quick").exchanges
    assert asked >= len(served) > 20
    assert list(examine(supplier, fresh_target(supplier), checks=_INTROSPECTION).findings) == []
