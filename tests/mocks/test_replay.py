import json
from typing import Any

import pytest

from apitwin_fixtures import Exchange, Reply, Request
from tests.mocks.replay import differences

BODY = {"id": "17", "at": "2026-01-01", "rows": [{"name": "a", "price": 1.5}], "note": None}
JSON = (("content-type", "application/json"),)


def _differences(answered: Any, status: int = 200, **terms: Any) -> list[str]:
    recorded = Exchange(Request("GET", "/"), Reply(200, JSON, json.dumps(BODY).encode()))
    metadata = {"volatile": [], "corrected": [], **terms}
    return differences(recorded, Reply(status, JSON, json.dumps(answered).encode()), metadata)


def test_the_same_answer_has_no_difference() -> None:
    assert _differences(BODY) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": "18"}, "id: '17' became '18'"),
        ({"id": 17}, "id: '17' became 17"),
        ({"note": False}, "note: None became False"),
        ({"rows": []}, "rows: 1 items became 0"),
        ({"rows": [{"name": "a", "price": "1.5"}]}, "rows[0].price: 1.5 became '1.5'"),
        ({"rows": [{"name": "a"}]}, "rows[0].price: is missing"),
        ({"more": 1}, "more: is new: 1"),
    ],
)
def test_every_difference_is_seen(change: dict[str, Any], place: str) -> None:
    assert _differences({**BODY, **change}) == [place]


def test_another_status_is_seen() -> None:
    assert "became 500" in _differences(BODY, status=500)[0]


def test_a_volatile_value_may_differ_but_not_in_type_or_format() -> None:
    volatile = ["id", "at", "rows[].name"]
    assert _differences({**BODY, "id": "99", "rows": [{"name": "b", "price": 1.5}]}, volatile=volatile) == []
    assert _differences({**BODY, "id": 17}, volatile=volatile) != []
    assert _differences({**BODY, "at": "01.01.2026"}, volatile=volatile) != []


def test_items_of_a_volatile_list_have_the_form_of_a_recorded_one() -> None:
    answered = {**BODY, "rows": [{"name": "b", "price": 2.5}, {"name": "c", "price": 0.1}]}
    assert _differences(answered, volatile=["rows"]) == []
    assert _differences({**BODY, "rows": [{"name": "b", "price": "2.5"}]}, volatile=["rows"]) != []
    assert _differences({**BODY, "rows": [{"name": "b"}]}, volatile=["rows"]) != []


def test_a_corrected_value_must_be_the_corrected_one() -> None:
    corrected = [{"path": "id", "to": "18", "why": "x"}]
    assert _differences({**BODY, "id": "18"}, corrected=corrected) == []
    assert _differences(BODY, corrected=corrected) != []


def test_a_key_can_be_corrected_away_and_added() -> None:
    corrected = [{"path": "note", "absent": True, "why": "x"}, {"path": "rows[].stock", "to": 3, "why": "x"}]
    mended = {"id": "17", "at": "2026-01-01", "rows": [{"name": "a", "price": 1.5, "stock": 3}]}
    assert _differences(mended, corrected=corrected) == []
    assert len(_differences(BODY, corrected=corrected)) == 2


def test_corrections_reach_into_a_volatile_list() -> None:
    corrected = [{"path": "rows[].price", "absent": True, "why": "x"}, {"path": "rows[].ean", "to": "40", "why": "x"}]
    terms: dict[str, Any] = {"volatile": ["rows"], "corrected": corrected}
    assert _differences({**BODY, "rows": [{"name": "b", "ean": "41"}]}, **terms) == []
    assert _differences({**BODY, "rows": [{"name": "b", "ean": "none"}]}, **terms) != []
    assert _differences({**BODY, "rows": [{"name": "b", "ean": "41", "price": 1.5}]}, **terms) != []
