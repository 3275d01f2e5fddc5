"""Credentials, each with the environment variable that holds it: from there it comes, and by that name reproducers call it."""

from collections.abc import Iterable, Mapping
from typing import Any

from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.errors import UsageError

__all__ = ["NamedCredentials", "development", "from_environment", "known_names", "variable"]

_DEFAULT = "default"
_NOT_A_CREDENTIAL = "about"


class NamedCredentials(dict[str, str]):
    """Credentials by name; `variables` gives the environment variable of each."""

    def __init__(self, values: Mapping[str, str], variables: Mapping[str, str]) -> None:
        super().__init__(values)
        self.variables = dict(variables)


def variable(supplier: str, name: str, customer: str = _DEFAULT) -> str:
    """Name the environment variable of a credential: `APITWIN_AXRO_TOKEN`, or `APITWIN_AXRO_OTHER_TOKEN` of the customer `other`."""
    parts = (supplier, name) if customer == _DEFAULT else (supplier, customer, name)
    return "_".join(("APITWIN", *parts)).upper().replace("-", "_")


def known_names(contract: Contract) -> tuple[str, ...]:
    """Give every name that a credential of this supplier has."""
    shipped = (name for fields in contract.fixtures.credentials.values() for name in fields)
    instead = (name for names in _instead(contract) for name in names)
    named = dict.fromkeys([*contract.auth.needed, *instead, *sorted(contract.auth.secret), *shipped])
    return tuple(name for name in named if name != _NOT_A_CREDENTIAL)


def development(contract: Contract) -> dict[str, Credentials]:
    """Give the mock's development credentials by customer."""
    return {
        customer: _named(contract, customer, _texts(fields))
        for customer, fields in contract.fixtures.credentials.items()
    }


def from_environment(
    contract: Contract, environment: Mapping[str, str], named: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Credentials]:
    """Read credentials by customer; `named` maps customers and names to variables of the user's choice, the others have ours.

    Raises `UsageError` for a variable of the user's choice that is not set, and for a customer that is only partly given.
    """
    chosen = named or {}
    customers = dict.fromkeys([_DEFAULT, *contract.fixtures.credentials, *chosen])
    found = {customer: _read(contract, customer, environment, chosen.get(customer, {})) for customer in customers}
    return {customer: values for customer, values in found.items() if values}


def _read(contract: Contract, customer: str, environment: Mapping[str, str], chosen: Mapping[str, str]) -> Credentials:
    unset = [held for held in chosen.values() if not environment.get(held)]
    if unset:
        raise UsageError(f"the environment variable {unset[0]} is not set, and {contract.supplier} needs it; set it")
    ours = {name: variable(contract.supplier, name, customer) for name in known_names(contract)}
    variables = {**ours, **chosen}
    values = {name: environment[held] for name, held in variables.items() if environment.get(held)}
    if values:
        _check_complete(contract, values, variables)
    return NamedCredentials(values, variables)


def _check_complete(contract: Contract, values: Iterable[str], variables: Mapping[str, str]) -> None:
    given = set(values)
    ways = (contract.auth.needed, *_instead(contract))
    if not any(given.issuperset(way) for way in ways):
        missing = [variables.get(name, name) for name in contract.auth.needed if name not in given]
        raise UsageError(
            f"{contract.supplier} needs {' and '.join(contract.auth.needed)}: set {', '.join(missing)} too"
        )


def _instead(contract: Contract) -> tuple[tuple[str, ...], ...]:
    """Give the other sets of credentials that suffice, where a supplier's auth names some."""
    ways: tuple[tuple[str, ...], ...] = getattr(contract.auth, "instead", ())
    return ways


def _named(contract: Contract, customer: str, values: Mapping[str, str]) -> Credentials:
    return NamedCredentials(values, {name: variable(contract.supplier, name, customer) for name in values})


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str) and name != _NOT_A_CREDENTIAL}
