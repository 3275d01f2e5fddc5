"""Of the drifts that users of other APIs suffered from, World of CD Keys has nearly all, and each is noticed there."""

import pytest

from apitwin_contracts.mutants import Mutant, examine, mutants_of
from apitwin_contracts.mutants.shared import SHARED

MEANINGLESS = {
    "gql_union_member": "the schema has neither unions nor interfaces",
    "state_dup_accepted": "createOrder takes no reference of the partner's, so two equal orders are two orders",
    "hook_field_renamed": "World of CD Keys sends no webhooks",
    "hook_unsigned": "World of CD Keys sends no webhooks",
    "hook_no_retry": "World of CD Keys sends no webhooks",
}
"""Drifts of the shared list that World of CD Keys cannot have."""

_SHARED = tuple(mutant for mutant in mutants_of("wock") if mutant.of in SHARED)


@pytest.mark.parametrize("mutant", _SHARED, ids=lambda mutant: mutant.name)
def test_a_drift_of_the_shared_list_is_noticed_where_it_lies(mutant: Mutant) -> None:
    with mutant.stage() as target:
        told = examine("wock", target, checks=mutant.checks, until=mutant.is_told_by).findings
    if not any(mutant.is_told_by(finding) for finding in told):
        with mutant.stage() as target:
            told = examine("wock", target, until=mutant.is_told_by).findings
    seen = [(finding.check, finding.category, finding.operation, finding.location) for finding in told]
    assert any(mutant.is_told_by(finding) for finding in told), seen


def test_the_shared_list_is_played_but_for_what_means_nothing() -> None:
    played = {mutant.of for mutant in _SHARED}
    assert len(played) + len(MEANINGLESS) == 64
    assert played.isdisjoint(MEANINGLESS)
