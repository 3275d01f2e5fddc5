"""What `--target` means: the mock in process, a URL, or a name of `apitwin.toml`; and how each supplier is reached there."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown

from .config import FILE_NAME, TargetTable, find_config, read_targets
from .credentials import development, from_environment, known_names, variable
from .http import HttpSettings, HttpTarget
from .manners import Limits
from .target import Target

__all__ = ["MOCK", "Address", "Directory", "is_loopback"]

MOCK = "mock"
_SUPPLIER = "{supplier}"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Address:
    """One supplier on one target: how reports call it, who asks, and how to open it; nothing is sent before `open`.

    `named` is what --target said and `config` the file that it was looked up in: what another process needs to find it again.
    """

    label: str
    open: Callable[[], Target]
    credentials: Credentials
    others: dict[str, Credentials] = field(default_factory=dict)
    in_process: bool = False
    limits: Limits = field(default_factory=Limits)
    named: str = MOCK
    config: str = ""


class Directory:
    """Finds addresses for a `--target`; `config` is the file to read instead of the nearest `apitwin.toml`."""

    def __init__(
        self,
        target: str = MOCK,
        config: Path | None = None,
        environment: Mapping[str, str] = os.environ,
        *,
        seed: int = 0,
        products: int = 500,
        limits: Limits | None = None,
        rate: float | None = None,
    ) -> None:
        self._environment = environment
        found = config or find_config(Path.cwd())
        self._named, self._config = target, str(found.absolute()) if found else ""
        self._seed = seed
        self._products = products
        self._table = None if target == MOCK else _limited(_table(target, config), limits or Limits(), rate)

    @property
    def suppliers(self) -> tuple[str, ...]:
        """The suppliers that the target's table is for; empty when it does not say."""
        return self._table.suppliers if self._table else ()

    def of(self, contracts: Iterable[Contract]) -> dict[str, Address]:
        """Give each supplier's address; raises `UsageError` for what cannot work."""
        listed = list(contracts)
        if self._table and len(listed) > 1 and _SUPPLIER not in self._table.url:
            raise UsageError(
                f"{self._table.url} is one supplier's base; name one supplier, or write {_SUPPLIER} where its name goes"
            )
        return {contract.supplier: self._one(contract) for contract in listed}

    def base(self, contract: Contract) -> tuple[str, HttpSettings, dict[str, Credentials]]:
        """Give a supplier's URL, how it is reached, and what credentials are known: none are needed where a client brings its own.

        Raises `UsageError` for what cannot work.
        """
        if self._table is None:
            raise UsageError("say where: --target URL, or a name of apitwin.toml")
        url = _checked(self._table.url.replace(_SUPPLIER, contract.supplier))
        known = from_environment(contract, self._environment, self._table.credentials)
        return url, self._table.settings, known or (development(contract) if is_loopback(url) else {})

    def _one(self, contract: Contract) -> Address:
        return self._mock(contract) if self._table is None else self._http(contract, self._table)

    def _mock(self, contract: Contract) -> Address:
        def opened() -> Target:
            # Imported here: a run over HTTP does without the mocks, which take a second to import.
            from .mock import mock_targets  # noqa: PLC0415 - see above

            return mock_targets([contract.supplier], self._seed, self._products)[contract.supplier]

        credentials = development(contract)
        return Address(MOCK, opened, credentials.pop("default"), credentials, in_process=True)

    def _http(self, contract: Contract, table: TargetTable) -> Address:
        supplier = contract.supplier
        if table.suppliers and supplier not in table.suppliers:
            raise UsageError(f"the target {table.name!r} is for {', '.join(table.suppliers)}, not for {supplier}")
        url = _checked(table.url.replace(_SUPPLIER, supplier))
        token_url = table.token_url and _checked(table.token_url.replace(_SUPPLIER, supplier))

        def opened() -> Target:
            return HttpTarget(url, table.settings, token_url)

        credentials = self._credentials(contract, table, url)
        own = credentials.pop("default")
        return Address(url, opened, own, credentials, limits=table.limits, named=self._named, config=self._config)

    def _credentials(self, contract: Contract, table: TargetTable, url: str) -> dict[str, Credentials]:
        for variables in table.credentials.values():
            for name in variables:
                if name not in known_names(contract):
                    raise UsageError(unknown(f"credential of {contract.supplier}", name, known_names(contract)))
        found = from_environment(contract, self._environment, table.credentials)
        if "default" in found:
            return found
        if is_loopback(url):
            return development(contract)
        wanted = " and ".join(variable(contract.supplier, name) for name in contract.auth.needed)
        raise UsageError(
            f"{contract.supplier} at {url} needs credentials: set {wanted}, or name variables in {FILE_NAME}"
        )


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _limited(table: TargetTable, wanted: Limits, rate: float | None) -> TargetTable:
    settings = table.settings if rate is None else replace(table.settings, rate=rate)
    return replace(table, settings=settings, limits=table.limits.under(wanted))


def _table(target: str, config: Path | None) -> TargetTable:
    if "://" in target:
        return TargetTable(target, target)
    path = config or find_config(Path.cwd())
    tables = read_targets(path) if path else {}
    if target in tables:
        return tables[target]
    if ":" in target or "/" in target or "." in target:
        raise UsageError(f"a target's URL begins with http:// or https://; did you mean http://{target}?")
    place = f" ({path})" if path else f" (there is no {FILE_NAME} here or above)"
    raise UsageError(unknown("target", target, (MOCK, *tables)) + place)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _checked(url: str) -> str:
    """Give a URL that can stand in a report; raises `UsageError` for one that cannot be a base."""
    parts = _parts(url)
    if parts is None or "{" in url or any(sign.isspace() for sign in url):
        # What stands before an @ may be a password.
        raise UsageError(f"a target's URL begins with http:// or https:// and a host, not {url.rpartition('@')[2]!r}")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "a target's URL stands in reports: take user and password out of it and give them as credentials"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"a target's URL is a base to which paths are added: take ? and # out of {url!r}")
    return url.rstrip("/")
