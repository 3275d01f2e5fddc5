"""How cases end: what counts as a finding, as nothing to look at, as unreachable, and as a bug of ours."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition, Unsatisfiable

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.contract import Operation
from apitwin_contracts.drift import CaseResult
from apitwin_contracts.errors import NothingToExamine, UnreachableError, Violation
from apitwin_contracts.run import Run
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_fixtures import ASSUMED, Reply
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.stage import Dead, Twisted, examine, in_body, plan

Examine = Callable[[Examination, Any], None]


def ended(examine_one: Examine, *, twice: bool = False, contract: Any = CONTRACT) -> CaseResult:
    """Give the last result of a check of one's own."""
    check = Check("own.check", "state", "why", lambda _contract: contract.operations[:1], examine_one)
    made = plan(contract=contract)
    own = Plan.over([contract], made.addresses, Settings(), [check])
    bench = Bench(own)
    if twice:
        bench.examine(own.cases[0])
    return bench.examine(own.cases[0])


def broken(examination: Examination, _subject: Any) -> None:
    answer = examination.ask("listItems")
    raise examination.broken([answer], "items[]", "this", "that")


def crashing(_examination: Examination, _subject: Any) -> None:
    raise ZeroDivisionError("ours")


def test_an_undrifted_supplier_holds() -> None:
    results = examine()
    assert {name: result.reason for name, result in results.items() if result.ending not in ("passed", "skipped")} == {}
    assert sum(result.exchanges for result in results.values()) > 100


def test_a_broken_promise_fails_the_case() -> None:
    result = ended(broken)
    assert (result.ending, [finding.location for finding in result.findings]) == ("failed", ["listItems.items[]"])
    assert result.exchanges == 2  # one of them before the suite


def test_a_finding_is_told_while_its_case_goes_on() -> None:
    told: list[str] = []
    known: list[tuple[str, ...]] = []

    def asking(examination: Examination, _subject: Any) -> None:
        examination.ask("listItems")
        known.append(tuple(told))

    check = Check("own.check", "state", "why", lambda contract: contract.operations[:1], asking)
    made = plan(Twisted(in_body(lambda body: body.update(extra=1))))
    own = replace(
        Plan.over([CONTRACT], made.addresses, Settings(), [check]), heard=lambda found: told.append(found.location)
    )
    Bench(own).examine(own.cases[0])
    assert known == [("listItems.extra",)]


def test_what_is_known_already_is_no_news_and_no_success() -> None:
    result = ended(broken, twice=True)
    assert (result.ending, result.findings) == ("skipped", ())
    assert result.reason == "ended by a finding that is already known: own.check at listItems.items[]"


def test_what_passes_by_is_seen_whatever_the_check_looks_at() -> None:
    drifted = Twisted(in_body(lambda body: body.update(extra=1)))
    result = examine(drifted, only=("performance.latency",))["performance.latency-listItems"]
    assert result.ending == "failed"
    assert [(finding.check, finding.location) for finding in result.findings] == [
        ("schema.unknown-key", "listItems.extra")
    ]


def test_nothing_to_look_at_is_no_success() -> None:
    def idle(_examination: Examination, _subject: Any) -> None:
        raise NothingToExamine("no items")

    def unsatisfied(_examination: Examination, _subject: Any) -> None:
        raise Unsatisfiable

    assert (ended(idle).ending, ended(idle).reason) == ("skipped", "no items")
    assert (ended(unsatisfied).ending, ended(unsatisfied).reason) == ("skipped", "nothing could be generated")


def test_a_bug_of_ours_is_no_finding() -> None:
    result = ended(crashing)
    assert (result.ending, result.reason, result.findings) == ("crashed", "ZeroDivisionError: ours", ())


def test_a_finding_counts_even_when_more_went_wrong() -> None:
    def both(examination: Examination, subject: Any) -> None:
        with pytest.raises(Violation) as caught:
            broken(examination, subject)
        raise ExceptionGroup("both", [caught.value, ZeroDivisionError("ours")])

    result = ended(both)
    assert (result.ending, len(result.findings)) == ("failed", 1)


def test_a_promise_that_is_broken_now_and_then_is_a_finding() -> None:
    calls = iter(range(1000))

    def flaky(examination: Examination, subject: Any) -> None:
        def once(_number: int) -> None:
            if next(calls) == 3:
                broken(examination, subject)

        examination.run.explore(st.integers(), once)

    result = ended(flaky)
    assert (result.ending, len(result.findings)) == ("failed", 1)


def test_what_hypothesis_could_not_repeat_was_seen_all_the_same() -> None:
    def unsteady(examination: Examination, subject: Any) -> None:
        with suppress(Violation):
            broken(examination, subject)
        raise FlakyStrategyDefinition

    def unsteady_for_nothing(_examination: Examination, _subject: Any) -> None:
        raise FlakyStrategyDefinition

    assert [finding.check for finding in ended(unsteady).findings] == ["own.check"]
    assert ended(unsteady_for_nothing).ending == "crashed"


class TestUnreachable:
    def test_a_dead_target_ends_every_case(self) -> None:
        dead = Dead()
        results = examine(dead)
        assert {result.ending for result in results.values()} == {"unreachable"}
        assert {result.reason for result in results.values()} == {"no reply: the target is dead"}
        assert sum(result.exchanges for result in results.values()) == 1

    def test_one_that_dies_is_not_asked_again(self) -> None:
        dead = Dead(answers=20)
        results = list(examine(dead).values())
        assert {result.ending for result in results[:3]} == {"passed"}
        assert results[-1].ending == "unreachable"
        assert sum(result.exchanges for result in results) == 21

    def test_a_group_that_holds_it_counts_as_it(self) -> None:
        def grouped(_examination: Examination, _subject: Any) -> None:
            raise ExceptionGroup("group", [ExceptionGroup("inner", [UnreachableError("gone")])])

        assert ended(grouped).ending == "unreachable"

    @pytest.mark.parametrize("status", [500, 503, 429])
    def test_one_that_is_down_for_every_operation_is_unreachable(self, status: int) -> None:
        down = Twisted(lambda _request, _reply: Reply(status, (("content-type", "text/html"),), b"<h1>sorry</h1>"))
        results = examine(down)
        reason = f"http://127.0.0.1:8900/tiny is down: it answers {status} to listItems, {status} to listOrders"
        assert {(result.ending, result.reason) for result in results.values()} == {("unreachable", reason)}

    def test_one_that_is_down_for_one_operation_drifts(self) -> None:
        half = Twisted(lambda request, reply: Reply(503) if request.path == "/v1/items" else reply)
        results = examine(half)
        assert results["schema.reply-listItems"].ending == "failed"
        assert results["schema.reply-listOrders"].ending == "passed"

    @pytest.mark.parametrize(
        ("reply", "said"),
        [
            (Reply(401, (("content-type", "application/json"),), b'{"error": "unknown token"}'), "TOKEN_UNKNOWN"),
            (Reply(403, (("content-type", "text/html"),), b"no"), "status 403: no"),
        ],
    )
    def test_one_that_lets_nobody_in_is_unreachable(self, reply: Reply, said: str) -> None:
        reasons = {result.reason for result in examine(Twisted(lambda _request, _reply: reply)).values()}
        assert reasons == {f"http://127.0.0.1:8900/tiny does not let us in: listItems answers {said}"}

    def test_a_target_in_another_form_is_reachable(self) -> None:
        odd = Twisted(lambda _request, reply: replace(reply, body=b"[]") if reply.status == 200 else reply)
        endings = {result.ending for result in examine(odd).values()}
        assert "failed" in endings
        assert "unreachable" not in endings

    def test_our_own_server_says_what_the_url_should_have_been(self) -> None:
        body = b'{"error":"apitwin: no supplier answers at /tyni/v1/items"}'
        lost = Twisted(lambda _request, _reply: Reply(404, (("content-type", "application/json"),), body))
        [reason] = {result.reason for result in examine(lost).values()}
        assert "no supplier answers at /tyni" in reason


class TestReadOnly:
    def test_nothing_that_changes_state_is_sent(self) -> None:
        watched = Twisted()
        results = examine(watched, read_only=True)
        assert {request.method for request in watched.requests} <= {"GET", "DELETE"}
        assert results["schema.generated-createOrder"].reason == "it changes state, and the run is read-only"
        assert results["state.read-your-write-createOrder-listOrders"].ending == "skipped"
        assert results["error.provoked-BAD_ORDER"].ending == "skipped"
        assert results["paging.size-listItems"].ending == "passed"

    def test_nothing_is_prepared(self) -> None:
        prepared: list[Run] = []
        contract = replace(CONTRACT, prepare=prepared.append)
        examine(contract=contract, read_only=True, only=("paging",))
        assert prepared == []
        examine(contract=contract, only=("paging",))
        assert len(prepared) == 1


class TestPreparation:
    def test_what_it_finds_belongs_to_the_first_case(self) -> None:
        def prepare(run: Run) -> None:
            broken(Examination(run, Check("prepare.own", "state", "", lambda _contract: (), broken)), None)

        result = ended(lambda _examination, _subject: None, contract=replace(CONTRACT, prepare=prepare))
        assert (result.ending, [finding.check for finding in result.findings]) == ("failed", ["prepare.own"])

    def test_having_nothing_to_prepare_is_no_reason_to_skip(self) -> None:
        def prepare(_run: Run) -> None:
            raise NothingToExamine("nothing")

        assert (
            ended(lambda _examination, _subject: None, contract=replace(CONTRACT, prepare=prepare)).ending == "passed"
        )


def test_an_operation_without_an_example_is_knocked_at_without_arguments() -> None:
    def nothing(_run: Run) -> dict[str, Any]:
        raise NothingToExamine("no example")

    first = Operation("listItems", "read", ASSUMED, nothing)
    contract = replace(CONTRACT, operations=(first, *CONTRACT.operations[1:]))
    assert examine(contract=contract, only=("paging.size",))["paging.size-listItems"].ending == "passed"


def test_every_customers_secrets_are_hidden_in_everybodys_evidence() -> None:
    def foreign(examination: Examination, _subject: Any) -> None:
        answer = examination.run.customer("other").ask("listItems")
        mine = examination.ask("listItems")
        raise examination.broken([answer, mine], "", "x", "y")

    [finding] = ended(foreign).findings
    theirs, mine = (step.curl for step in finding.steps)
    assert '"${APITWIN_TINY_OTHER_TOKEN}"' in theirs
    assert '"${APITWIN_TINY_TOKEN}"' in mine
    assert "TINY_TOKEN'" not in theirs + mine
