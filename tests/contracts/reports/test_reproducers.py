"""The text of a reproducer: Python whatever was found, with commands that can be copied from it."""

import ast
from pathlib import Path

from hypothesis import given

from apitwin_contracts.drift import Finding
from apitwin_contracts.reports.reproducers import file_name, source_of, write_reproducer
from tests.contracts.tiny.outcomes import finding, findings

ARGUMENTS = {"supplier": "tiny", "case": "tiny-paging.size-listItems", "target": "mock", "seed": 0}


@given(findings)
def test_it_is_python_whatever_was_found(found: Finding) -> None:
    module = ast.parse(source_of(found, ARGUMENTS))
    said = ast.get_docstring(module, clean=False) or ""
    assert all(step.curl in said for step in found.steps)
    assert found.expected in said
    [steps] = [
        node.value for node in module.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STEPS"
    ]
    assert [step["reply"] for step in ast.literal_eval(steps)] == [step.reply for step in found.steps]
    assert isinstance(module.body[-1], ast.FunctionDef)
    assert module.body[-1].name.startswith("test_")


def test_a_command_can_be_copied_from_the_file() -> None:
    curl = r"""curl -sS http://127.0.0.1/ --data-raw '{"query":"{ a(b: \"c\") }"}'"""
    found = finding()
    text = source_of(
        found.with_steps(tuple(type(step)(step.request, step.reply, curl) for step in found.steps)), ARGUMENTS
    )
    assert f"\n{curl}\n" in text


def test_the_secrets_variables_are_named() -> None:
    assert "Secrets come from the environment: APITWIN_TINY_TOKEN." in source_of(finding(), ARGUMENTS)


def test_what_was_not_seen_again_says_so() -> None:
    assert "did not show it a second time" in source_of(finding(), ARGUMENTS, seen_again=False)


def test_a_later_run_writes_over_it(tmp_path: Path) -> None:
    found = finding(check="paging.has-next")
    paths = {write_reproducer(tmp_path, found, ARGUMENTS, seen_again=True) for _ in range(2)}
    assert [path.name for path in paths] == [file_name(found)] == [f"test_paging_has_next_{found.fingerprint}.py"]
