"""Outcomes of every kind, made by hand or by Hypothesis."""

from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.drift import CATEGORIES, CaseResult, Ending, Finding, Outcome, Setting, Severity, Step
from apitwin_fixtures import Source

__all__ = ["finding", "findings", "outcome", "outcomes", "result", "results"]

_TEXT = st.text(max_size=500)
_NAME = st.from_regex(r"[a-z]{1,9}\.[a-z]{1,9}", fullmatch=True)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
_HEADERS = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2)
_REQUEST = st.fixed_dictionaries(
    {"method": st.text(max_size=5), "url": st.text(max_size=9), "headers": _HEADERS, "body": _JSON}
)
_REPLY = st.fixed_dictionaries({"status": st.integers(100, 599), "headers": _HEADERS, "body": _JSON})
_STEP = st.builds(Step, _REQUEST, _REPLY, st.text(max_size=20).map("curl {}".format))
_SOURCE = st.builds(Source, st.sampled_from(["documented", "observed", "assumed"]), st.text(min_size=1, max_size=9))
findings: SearchStrategy[Finding] = st.builds(
    Finding,
    st.just("tiny"),
    _NAME,
    st.sampled_from(CATEGORIES),
    st.sampled_from(get_args(Severity)),
    _TEXT,
    _TEXT,
    _TEXT,
    _TEXT,
    _SOURCE,
    st.lists(_STEP, max_size=2).map(tuple),
)
results: SearchStrategy[CaseResult] = st.builds(
    CaseResult,
    st.just("tiny"),
    st.sampled_from(CATEGORIES),
    _NAME,
    st.text(max_size=9),
    st.sampled_from(get_args(Ending)),
    st.text(min_size=1, max_size=9),
    st.lists(findings, max_size=2).map(tuple),
    st.integers(0, 99),
    st.floats(0, 9),
)


def outcome(*ended: CaseResult, planned: int = 0) -> Outcome:
    """Give an outcome of these results."""
    made = Outcome(Setting("tiny", "mock", "ci", 7, "2026-01-01T12:00:00Z"), planned or len(ended), 1.5)
    for one in ended:
        made.add(one)
    return made


outcomes: SearchStrategy[Outcome] = st.lists(results, max_size=4).map(lambda ended: outcome(*ended))


def result(ending: Ending = "passed", *found: Finding, reason: str = "", exchanges: int = 3) -> CaseResult:
    """Give a result."""
    return CaseResult(
        "tiny", "paging", "paging.size", "tiny-paging.size-listItems", ending, reason, found, exchanges, 0.25
    )


def finding(**changes: Any) -> Finding:
    """Give a finding with one step."""
    step = Step(
        {"method": "GET", "url": "http://127.0.0.1:8900/tiny/v1/items", "headers": {}, "body": ""},
        {"status": 200, "headers": {}, "body": {"items": []}},
        "curl -sS http://127.0.0.1:8900/tiny/v1/items -H 'authorization: Bearer '\"${APITWIN_TINY_TOKEN}\"",
    )
    plain: dict[str, Any] = {
        "supplier": "tiny",
        "check": "paging.size",
        "category": "paging",
        "severity": "breaking",
        "operation": "listItems",
        "location": "listItems.items[]",
        "expected": "10 items",
        "observed": "9 items",
        "source": Source("documented", "tiny:10"),
        "steps": (step,),
    }
    return Finding(**{**plain, **changes})
