"""`apitwin.toml`: targets by name; secrets stand in environment variables, and only the variables' names stand in the file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown
from apitwin_fixtures.settings import FILE_NAME, KEYS
from apitwin_fixtures.settings import find_file as find_config

from .callbacks import Callbacks
from .http import HttpSettings
from .manners import Limits, amount_of_money

__all__ = ["FILE_NAME", "TargetTable", "find_config", "read_targets"]

_KEYS = (
    "supplier",
    "url",
    "token_url",
    "proxy",
    "ca_file",
    "timeout",
    "rate",
    "budget",
    "max_orders",
    "max_spend",
    "patience",
    "webhook_url",
    "webhook_listen",
    "credentials",
    "customers",
)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{1,100}")
_DEFAULT = "default"
_LARGEST_PORT = 65535
_PATIENCE, _PAUSE = 30.0, 2.0


@dataclass(frozen=True)
class TargetTable:
    """One `[targets.NAME]`; `credentials` maps customers (`default` and others) to names of environment variables."""

    name: str
    url: str
    suppliers: tuple[str, ...] = ()
    token_url: str | None = None
    settings: HttpSettings = field(default_factory=HttpSettings)
    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


def read_targets(path: Path) -> dict[str, TargetTable]:
    """Read a configuration; raises `UsageError` with the place of what is wrong."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    _check_keys(f"{path}: table", data, KEYS)
    tables = _table(f"{path}: targets", data.get("targets", {}))
    return {
        name: _Reader(path, name, _table(f"{path}: targets.{name}", table)).read() for name, table in tables.items()
    }


class _Reader:
    """Reads one `[targets.NAME]`; every message begins with its place."""

    def __init__(self, path: Path, name: str, table: dict[str, Any]) -> None:
        self._folder = path.parent
        self._place = f"{path}: targets.{name}"
        self._name = name
        self._table = table

    def read(self) -> TargetTable:
        _check_keys(f"{self._place}: key", self._table, _KEYS)
        if self._name == "mock" or "://" in self._name:
            raise UsageError(f"{self._place}: this name always means something else; choose another")
        url = self._text("url")
        if url is None:
            raise UsageError(f"{self._place}: say at which url it is")
        settings = HttpSettings(
            self._text("proxy"),
            self._ca_file(),
            self._number("timeout") or HttpSettings.timeout,
            self._number("rate"),
            self._callbacks(),
        )
        return TargetTable(
            self._name,
            url,
            self._suppliers(),
            self._text("token_url"),
            settings,
            self._credentials(),
            self._limits(),
        )

    def _limits(self) -> Limits:
        patience = self._number("patience")
        waits = {} if patience is None else {"patience": patience, "longest_wait": patience}
        return Limits(self._whole("budget"), self._whole("max_orders"), self._amount("max_spend"), **waits)

    def _text(self, key: str) -> str | None:
        value = self._table.get(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise UsageError(f"{self._place}: {key} is a text, not {value!r}")
        return value

    def _number(self, key: str) -> float | None:
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
            raise UsageError(f"{self._place}: {key} is a number above 0, not {value!r}")
        return float(value)

    def _whole(self, key: str) -> int | None:
        value = self._table.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise UsageError(f"{self._place}: {key} is a whole number, not {value!r}")
        return value

    def _amount(self, key: str) -> Decimal | None:
        value = self._table.get(key)
        try:
            # An amount of money is read as it is written: 12.50 is no binary fraction.
            return None if value is None else amount_of_money(value)
        except ValueError:
            raise UsageError(f"{self._place}: {key} is an amount such as 12.50, not {value!r}") from None

    def _ca_file(self) -> str | None:
        named = self._text("ca_file")
        if named is None:
            return None
        path = self._folder / Path(named).expanduser()
        if not path.is_file():
            raise UsageError(f"{self._place}: ca_file {path} is not there")
        return str(path)

    def _callbacks(self) -> Callbacks | None:
        url, listen = self._text("webhook_url"), self._text("webhook_listen")
        if url is None and listen is None:
            return None
        host, _, port = (listen or "").rpartition(":")
        usable = url is not None and url.startswith(("http://", "https://"))
        if not (usable and host and port.isdigit() and 0 < int(port) <= _LARGEST_PORT):
            raise UsageError(
                f"{self._place}: webhook_url is where the target sends webhooks, such as https://shop.example/hooks, and "
                "webhook_listen where they arrive on this machine, such as 127.0.0.1:9099; give both"
            )
        return Callbacks(str(url).rstrip("/"), host, int(port), _PATIENCE, _PAUSE)

    def _suppliers(self) -> tuple[str, ...]:
        value = self._table.get("supplier", [])
        names = [value] if isinstance(value, str) else value
        if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise UsageError(f"{self._place}: supplier is a name or a list of names, not {value!r}")
        return tuple(names)

    def _credentials(self) -> dict[str, dict[str, str]]:
        others = _table(f"{self._place}.customers", self._table.get("customers", {}))
        if _DEFAULT in others:
            raise UsageError(
                f"{self._place}.customers.{_DEFAULT}: the first customer's table is {self._place}.credentials"
            )
        tables = {_DEFAULT: self._table.get("credentials", {}), **others}
        return {customer: self._variables(customer, table) for customer, table in tables.items() if table}

    def _variables(self, customer: str, table: object) -> dict[str, str]:
        place = f"{self._place}.{'credentials' if customer == _DEFAULT else f'customers.{customer}'}"
        variables = _table(place, table)
        for name, value in variables.items():
            # The value is not repeated: it may be the secret itself.
            if not (isinstance(value, str) and _VARIABLE.fullmatch(value)):
                raise UsageError(
                    f"{place}.{name} is no name of an environment variable (A-Z, 0-9, _); "
                    f"put the secret into a variable such as {name.upper()} and write {name} = {name.upper()!r}"
                )
        return variables


def _table(place: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{place} is a table, not {value!r}")
    return value


def _check_keys(place: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    where, _, what = place.rpartition(": ")
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: {unknown(what, key, known)}")
