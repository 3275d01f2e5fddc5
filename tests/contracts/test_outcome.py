"""Results and verdicts."""

import orjson
import pytest
from hypothesis import given, settings

from apitwin_contracts.drift import CaseResult, Finding, Verdict
from tests.contracts.tiny.outcomes import finding, findings, outcome, result, results


@settings(max_examples=30)
@given(results)
def test_a_result_survives_the_way_out_of_a_worker(told: CaseResult) -> None:
    assert CaseResult.from_json(orjson.loads(orjson.dumps(told.as_json()))) == told


@settings(max_examples=30)
@given(findings)
def test_a_finding_is_known_again_by_its_fingerprint(found: Finding) -> None:
    assert Finding.from_json("tiny", found.as_json()).fingerprint == found.fingerprint


def test_a_fingerprint_is_of_the_place_and_not_of_what_was_seen() -> None:
    known = finding(location="listItems.items[3].id").fingerprint
    assert known == "c4e212b03eee53c2"  # it stays the same from version to version, too
    assert known == finding(location="listItems.items[9].id", expected="x", observed="y", steps=()).fingerprint
    others = [finding(location="x"), finding(check="a.b"), finding(operation="x"), finding(supplier="x")]
    assert len({known, *(other.fingerprint for other in others)}) == 5


@pytest.mark.parametrize(
    ("ended", "verdict"),
    [
        ((), "nothing"),
        ((result("skipped"),), "nothing"),
        ((result(), result("skipped")), "holds"),
        ((result(), result("crashed")), "crashed"),
        ((result("crashed"), result("unreachable", reason="gone")), "unreachable"),
        ((result("unreachable", reason="gone"), result("failed", finding()), result("crashed")), "drift"),
    ],
)
def test_the_gravest_ending_makes_the_verdict(ended: tuple[CaseResult, ...], verdict: Verdict) -> None:
    assert outcome(*ended).verdict == verdict


def test_one_cause_is_counted_once() -> None:
    made = outcome(result("failed", finding()), result("failed", finding(observed="8 items")), result())
    assert (len(made.findings), made.count("failed"), made.run, made.exchanges) == (1, 2, 3, 9)


def test_reasons_are_counted() -> None:
    made = outcome(
        result("skipped", reason="a"), result("skipped", reason="b"), result("skipped", reason="b"), planned=5
    )
    assert made.skips == [("b", 2), ("a", 1)]
    assert made.unfinished == 2
