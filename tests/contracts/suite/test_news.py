"""The order of expected news: a small rule, and one that never loses or invents a case."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.errors import UsageError
from apitwin_contracts.suite.news import Past, changed_since, last_seen, order_by_news, read_past
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets.manners import Limits
from apitwin_fixtures import Cassette, Fixtures
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.stage import plan

CASES = plan().cases


class Recorded(Fixtures):
    """Tiny's fixtures, with recordings of a day and for a schema."""

    def __init__(self, **days: str) -> None:
        super().__init__(CONTRACT.fixtures.root)
        source = {"kind": "observed", "where": "the sandbox"}
        self.__dict__["cassettes"] = tuple(
            Cassette(
                name, (), {"operation": name, "source": source, "recorded": day[:10], "contract": {"schema": day[10:]}}
            )
            for name, day in days.items()
        )


def test_without_news_everything_stays_in_its_order() -> None:
    assert order_by_news(CASES, Past()) == list(CASES)


def test_what_found_something_comes_first_and_its_operation_next() -> None:
    past = Past({"tiny": frozenset({("paging.concatenation", "listItems")})})
    ordered = order_by_news(CASES, past)
    assert ordered[0].id == "tiny-paging.concatenation-listItems"
    about = [index for index, case in enumerate(ordered) if "listItems" in case.operations]
    assert about == list(range(len(about)))


def test_what_was_never_seen_comes_before_what_was_seen_long_ago() -> None:
    fixtures = Recorded(listItems="2026-05-01", listOrders="2026-03-01")
    now = fixtures.digest
    fixtures = Recorded(listItems=f"2026-05-01{now}", listOrders=f"2026-03-01{now}")
    contract = replace(CONTRACT, fixtures=fixtures)
    ordered = order_by_news([replace(case, contract=contract) for case in CASES], Past())
    about = [next(iter(case.operations)) for case in ordered if case.operations]
    assert list(dict.fromkeys(about)) == ["createOrder", "listOrders", "listItems"]
    assert last_seen(contract) == {"listItems": "2026-05-01", "listOrders": "2026-03-01"}


def test_a_changed_schema_is_news() -> None:
    contract = replace(CONTRACT, fixtures=Recorded(listItems="2026-05-01another"))
    assert changed_since(contract) == {"listItems"}
    ordered = order_by_news([replace(case, contract=contract) for case in CASES], Past())
    assert ordered[0].operations == {"listItems"}


@given(st.sets(st.tuples(st.sampled_from([case.check.id for case in CASES]), st.sampled_from(["listItems", "nobody"]))))
def test_no_case_is_lost(findings: set[tuple[str, str]]) -> None:
    ordered = order_by_news(CASES, Past({"tiny": frozenset(findings)}))
    assert sorted(case.id for case in ordered) == sorted(case.id for case in CASES)


def test_a_report_is_read_and_another_file_is_not(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_bytes(orjson.dumps({"supplier": "tiny", "findings": [{"check": "a.b", "operation": "listItems"}]}))
    assert read_past(file).of("tiny") == {("a.b", "listItems")}
    file.write_bytes(b"[1]")
    with pytest.raises(UsageError, match=r"is no JSON report of apitwin check"):
        read_past(file)


def test_only_a_run_that_may_end_early_is_ordered(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_bytes(
        orjson.dumps([{"supplier": "tiny", "findings": [{"check": "paging.end", "operation": "listItems"}]}])
    )
    made = plan(news=file)
    assert made.cases[0].check.id == "paging.end"
    assert plan(limits=Limits(budget=5)).cases[0].operations
    unordered = Plan.over([CONTRACT], made.addresses, Settings()).cases
    assert [case.id for case in unordered] == [case.id for case in CASES]
