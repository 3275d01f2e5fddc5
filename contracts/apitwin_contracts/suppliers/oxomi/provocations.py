"""How to provoke each code of OXOMI's catalogue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from apitwin_contracts.contract import Arguments, Provocation
from apitwin_contracts.run import Run
from apitwin_fixtures import Request

from .auth import access_token, presented
from .operations import OPERATIONS, SPXS, SYNCS

__all__ = ["PROVOCATIONS", "UNPROVOKED"]

UNPROVOKED = {
    "MAINTENANCE": "a lock for maintenance comes from inside the service",
    "INTERNAL_ERROR": "an unexpected exception comes from inside the service",
}
_REQUIRED = ("accessToken", "apiToken", "portal", "user")
_ALL = (*SYNCS, *SPXS)


def _examples(run: Run, operation: str) -> Arguments:
    return next(known for known in OPERATIONS if known.name == operation).examples(run)


def _request(run: Run, operation: str) -> Request:
    return run.client.signed(run.client.request(operation, _examples(run, operation)))


def _changed(operation: str, **parameters: str | None) -> Callable[[Run], Request]:
    return lambda run: presented(_request(run, operation), **parameters)


def _asked(operation: str, **arguments: str) -> Callable[[Run], Arguments]:
    return lambda run: {**_examples(run, operation), **arguments}


def _spoiled(code: str, operation: str, **parameters: str | None) -> Provocation:
    return Provocation(code, operation, request=_changed(operation, **parameters), signed=False)


def _claiming(code: str, operation: str, days: int = 0, **claimed: str) -> Provocation:
    def request(run: Run) -> Request:
        now = run.target.clock.now() + timedelta(days=days)
        token = access_token(run.credentials, run.credentials.get("roles", ""), now, **claimed)
        return presented(_request(run, operation), accessToken=token)

    return Provocation(code, operation, request=request, signed=False)


def _as_customer(code: str, operation: str, customer: str, **arguments: str) -> Provocation:
    def request(run: Run) -> Request:
        client = run.customer(customer)
        asked = {**_examples(run, operation), **arguments}
        return client.signed(client.request(operation, asked))

    return Provocation(code, operation, request=request, signed=False)


def _missing() -> tuple[Provocation, ...]:
    wanted = [(operation, name) for operation in (*_ALL, "update_sync_date") for name in _REQUIRED]
    wanted += [(operation, "syncStart") for operation in SYNCS]
    wanted += [("update_sync_date", "date")]
    wanted += [(operation, "itemNumber") for operation in SPXS]
    return tuple(_Missing(operation, name) for operation, name in wanted)


def _unroled(operation: str) -> Provocation:
    """Ask a portal that uses roles without any."""

    def request(run: Run) -> Request:
        client = run.customer("roles")
        return client.signed(client.request(operation, {**_examples(run, operation), "roles": ""}))

    return Provocation("MISSING_PARAMETER", operation, request=request, signed=False, names={"parameter": "roles"})


class _Missing(Provocation):
    """A request without one required parameter; the test's id names it."""

    def __init__(self, operation: str, parameter: str) -> None:
        shown = "itemNumber or gtin" if parameter == "itemNumber" else parameter
        super().__init__(
            "MISSING_PARAMETER",
            operation,
            request=_changed(operation, **{parameter: None}),
            signed=False,
            names={"parameter": shown},
        )
        object.__setattr__(self, "parameter", parameter)

    @property
    def name(self) -> str:
        return f"MISSING_PARAMETER-{self.operation}-{self.parameter}"  # type: ignore[attr-defined] # set above, the base is frozen


def _method(operation: str) -> Provocation:
    return Provocation(
        "METHOD_NOT_ALLOWED",
        operation,
        request=lambda run: replace(_request(run, operation), method="DELETE"),
        signed=False,
    )


def _forms(operation: str) -> tuple[Provocation, ...]:
    return (
        Provocation("BLOCK_UNKNOWN", operation, _asked(operation, blocks="TEXTS,NONSENSE")),
        Provocation("ISO_CODE_MALFORMED", operation, _asked(operation, language="german")),
        Provocation("ISO_CODE_MALFORMED", operation, _asked(operation, filterCountry="deu")),
    )


PROVOCATIONS: tuple[Provocation, ...] = (
    *_missing(),
    *(_method(operation) for operation in _ALL),
    Provocation(
        "NOT_FOUND", "sync_v3", request=lambda _run: Request("GET", "/portals/api/v9/products/changed"), signed=False
    ),
    *(_spoiled("PORTAL_UNKNOWN", operation, portal="nowhere") for operation in _ALL),
    *(_spoiled("API_TOKEN_UNKNOWN", operation, apiToken="0" * 26) for operation in _ALL),
    *(_spoiled("USER_UNKNOWN", operation, user="nobody") for operation in _ALL),
    *(_spoiled("ACCESS_TOKEN_INVALID", operation, accessToken="f" * 32) for operation in _ALL),
    _claiming("ACCESS_TOKEN_OTHER_PORTAL", "sync_v3", portal="1000002"),
    _claiming("ACCESS_TOKEN_OTHER_USER", "sync_v3", user="jane.roe"),
    _claiming("ACCESS_TOKEN_OTHER_DAY", "sync_v3", days=-3),
    _spoiled("ACCESS_TOKEN_OTHER_ROLES", "sync_v3", roles="Heating"),
    _claiming("ACCESS_TOKEN_OTHER_API_TOKEN", "sync_v3", apiToken=""),
    _as_customer("ROLE_UNKNOWN", "sync_v3", "roles", roles="Plumbing"),
    *(_unroled(operation) for operation in _ALL),
    *(_as_customer("PERMISSION_SYNC", operation, "unlicensed") for operation in (*_ALL, "update_sync_date")),
    *(
        _as_customer("PERMISSION_PRICES", operation, "basic", blocks="PRICES")
        for operation in _ALL
        if operation != "sync_v1"
    ),
    *(_as_customer("PERMISSION_INTERNATIONALISATION", operation, "basic", filterCountry="de") for operation in _ALL),
    *(Provocation("DATE_MALFORMED", operation, _asked(operation, syncStart="23.11.2022 10:19")) for operation in SYNCS),
    Provocation("DATE_MALFORMED", "update_sync_date", lambda _run: {"date": "2022-02-30 00:00:00"}, changes_state=True),
    *(provocation for operation in _ALL for provocation in _forms(operation)),
    *(
        Provocation("CONTINUATION_TOKEN_UNKNOWN", operation, _asked(operation, continuationToken="0" * 26))
        for operation in SYNCS
    ),
)
