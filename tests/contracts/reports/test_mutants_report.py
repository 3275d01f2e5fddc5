"""The report `apitwin/mutants/1`, its schema and the table say the same."""

import io

import jsonschema
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from apitwin_contracts.drift import CATEGORIES, FATES, Control, Harvest, Trial
from apitwin_contracts.reports.mutants_json import as_mutants_report, mutants_schema
from apitwin_contracts.reports.mutants_terminal import tell_mutants

VALIDATOR = jsonschema.Draft202012Validator(
    mutants_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
trials = st.builds(
    Trial,
    st.just("tiny-wire-status"),
    st.just("tiny"),
    st.sampled_from(CATEGORIES),
    st.sampled_from(["breaking", "dangerous", "additive"]),
    st.text(),
    st.sampled_from(FATES),
    st.text(),
    seconds=st.floats(0, 100),
)
controls = st.builds(Control, st.just("tiny"), st.integers(0, 9), st.integers(0, 9), st.floats(0, 9), st.floats(0, 9))


def _harvest(found: list[Trial], controls: list[Control]) -> Harvest:
    return Harvest("ci", 0, 2, started="2026-01-01T12:00:00Z", planned=3, controls=controls, trials=found)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(mutants_schema())


@settings(max_examples=40)
@given(st.lists(trials, max_size=5), st.lists(controls, max_size=2))
def test_every_report_fits_it(found: list[Trial], controls: list[Control]) -> None:
    VALIDATOR.validate(orjson.loads(orjson.dumps(as_mutants_report(_harvest(found, controls)))))


def test_the_terminal_names_survivors_equivalents_and_what_is_not_applicable() -> None:
    found = [
        Trial("tiny-wire-a", "tiny", "wire", "breaking", "a status is kept", "survived"),
        Trial("tiny-wire-b", "tiny", "wire", "breaking", "an order is kept", "equivalent", "nobody can tell"),
        Trial("tiny-wire-c", "tiny", "wire", "breaking", "a hook is sent", "not applicable", "it has no webhooks"),
        Trial("tiny-wire-d", "tiny", "wire", "breaking", "a name is kept", "killed"),
    ]
    out = io.StringIO()
    tell_mutants(Console(file=out, width=200), _harvest(found, []))
    text = out.getvalue()
    assert "tiny-wire-a: a status is kept" in text
    assert "tiny-wire-b: an order is kept [nobody can tell]" in text
    assert "tiny: it has no webhooks: wire-c" in text
    assert "below the goal: 50.0 of 100 killed" in text
