"""Contracts are found by entry points, ours and other packages' alike."""

import pytest

from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown
from apitwin_contracts.registry import contract_names, load_contracts
from tests.contracts.tiny.contract import CONTRACT


@pytest.mark.usefixtures("tiny_installed")
def test_another_packages_contract_is_found() -> None:
    assert "tiny" in contract_names()
    assert load_contracts(["tiny", "tiny"]) == {"tiny": CONTRACT}


def test_only_what_is_installed_is_found() -> None:
    assert "tiny" not in contract_names()
    assert {"axro", "oxomi"} <= set(contract_names())


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no supplier 'axor'; did you mean 'axro'\? known are: .*oxomi"):
        load_contracts(["axor"])


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("dep", ["ci", "deep"], "there is no profile 'dep'; did you mean 'deep'? known are: ci, deep"),
        ("zzz", ["ci"], "there is no profile 'zzz'; known are: ci"),
        ("zzz", [], "there is no profile 'zzz'; none is known"),
    ],
)
def test_what_is_said_to_an_unknown_name(name: str, known: list[str], said: str) -> None:
    assert unknown("profile", name, known) == said
