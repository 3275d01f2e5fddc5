"""A run over mutants: what is chosen, the undrifted runs before, fates, and what ends badly."""

import pytest

from apitwin_contracts.drift import Control, Goal, Harvest, Trial
from apitwin_contracts.errors import UsageError
from apitwin_contracts.mutants import mutants_of
from apitwin_contracts.mutants.crew import Broken, Crew, Job
from apitwin_contracts.mutants.session import Wanted, check_way, run_mutants, select
from apitwin_contracts.mutants.trial import Course

RESELLER = ("reseller",)


def test_names_choose_by_category_mutant_and_pattern() -> None:
    everything = len(mutants_of("reseller"))
    webhooks, _ = select(Wanted(RESELLER, ("webhook",)))
    assert 0 < len(webhooks) < everything
    assert [mutant.id for mutant in select(Wanted(RESELLER, ("duplicated",)))[0]] == ["duplicated"]
    assert {mutant.category for mutant in select(Wanted(RESELLER, ("reseller-state-*",)))[0]} == {"state"}
    assert len(select(Wanted(RESELLER))[0]) == everything


@pytest.mark.parametrize("wanted", [Wanted(RESELLER, ("webhok",)), Wanted(RESELLER, profile="fast")])
def test_a_name_that_is_none_is_a_wrong_use(wanted: Wanted) -> None:
    with pytest.raises(UsageError, match=r"did you mean|known are"):
        select(wanted)


def test_a_run_holds_the_mock_undrifted_and_then_tries_the_mutants() -> None:
    wanted = Wanted(RESELLER, ("duplicated", "unsigned"), profile="quick")
    chosen = select(wanted)
    harvest = Harvest("quick", 0, 1, planned=2)
    told = list(run_mutants(wanted, chosen, harvest))
    assert [type(one) for one in told] == [Control, Trial, Trial, Control]
    assert [(one.supplier, one.clean) for one in (*harvest.controls, *harvest.afterwards)] == [("reseller", True)] * 2
    assert {trial.fate for trial in harvest.trials} == {"killed"}
    assert all(trial.check.startswith("webhook.") and trial.location for trial in harvest.trials)
    assert harvest.verdict == "holds"


@pytest.mark.slow
def test_lockstep_notices_without_any_law_and_makes_the_sequence_small() -> None:
    wanted = Wanted(
        RESELLER, ("reseller-wire-status", "reseller-state-cancel-delivered"), profile="quick", by="compare"
    )
    chosen = select(wanted)
    harvest = Harvest("quick", 0, 1, planned=2, by="compare")
    list(run_mutants(wanted, chosen, harvest))
    assert harvest.controls[0].clean, harvest.controls
    assert {trial.fate for trial in harvest.trials} == {"killed"}
    assert all(trial.check.startswith("lockstep.") and 1 <= trial.steps <= 3 for trial in harvest.trials)
    assert harvest.median_steps in (1, 1.5, 2)


def test_a_way_to_notice_that_is_none_is_a_wrong_use() -> None:
    assert check_way("compare") == "compare"
    with pytest.raises(UsageError, match="did you mean 'compare'"):
        check_way("compares")


def test_a_bug_of_ours_comes_back_with_its_traceback() -> None:
    with Crew(1) as crew:
        (result,) = crew.results([Job("mutant", "reseller", Course(), "reseller-none")])
    assert isinstance(result, Broken)
    assert "StopIteration" in result.traceback


def _trial(fate: str, category: str = "wire") -> Trial:
    return Trial("m", "tiny", category, "breaking", "a promise", fate)  # type: ignore[arg-type] # each is one of the words


def _harvest(*trials: Trial, goal: Goal | None = None) -> Harvest:
    return Harvest("ci", 0, 1, goal or Goal(), controls=[Control("tiny", 1, 1, 0.0, 0.0)], trials=list(trials))


def test_the_verdict_follows_the_goal_overall_and_in_each_category() -> None:
    killed, survived = _trial("killed"), _trial("survived")
    assert _harvest(killed).verdict == "holds"
    assert _harvest(killed, survived).verdict == "below"
    assert _harvest(killed, survived, goal=Goal(50, 50)).verdict == "holds"
    assert _harvest(killed, killed, _trial("survived", "auth"), goal=Goal(50, 50)).verdict == "below"
    assert _harvest(killed, _trial("equivalent"), _trial("not applicable")).verdict == "holds"
    assert _harvest(_trial("equivalent")).verdict == "nothing"
    assert _harvest(killed, _trial("crashed"), goal=Goal(0, 0)).verdict == "crashed"


@pytest.mark.parametrize("when", ["controls", "afterwards"])
def test_an_undrifted_finding_makes_the_run_invalid(when: str) -> None:
    harvest = _harvest(_trial("killed"))
    getattr(harvest, when).append(Control("other", 1, 1, 0.0, 0.0, crashes=("a case: KeyError",)))
    assert harvest.verdict == "invalid"
