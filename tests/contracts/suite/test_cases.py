"""The order of cases: what one reply of an operation shows comes first."""

from apitwin_contracts.checks import Check
from apitwin_contracts.drift import Category
from apitwin_contracts.suite.cases import all_cases
from tests.contracts.tiny.contract import CONTRACT


def check(name: str, category: Category, *, tries_many: bool = False) -> Check:
    subjects = CONTRACT.operations[:2]
    return Check(name, category, "why", lambda _contract: subjects, lambda *_: None, tries_many=tries_many)


def test_what_shows_in_one_reply_comes_before_what_asks_much_and_the_rest_by_category() -> None:
    checks = [
        check("state.a", "state"),
        check("error.a", "error"),
        check("error.many", "error", tries_many=True),
        check("error.b", "error"),
        check("schema.many", "schema", tries_many=True),
        check("wire.a", "wire"),
        check("schema.a", "schema"),
        check("wire.many", "wire", tries_many=True),
    ]
    assert list(dict.fromkeys(case.check.id for case in all_cases([CONTRACT], checks))) == [
        "schema.a",
        "wire.a",
        "schema.many",
        "wire.many",
        "error.a",
        "error.many",
        "error.b",
        "state.a",
    ]
