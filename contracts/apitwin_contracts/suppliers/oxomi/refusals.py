"""What can be wrong with a request to OXOMI, in the order in which it is told."""

from collections.abc import Callable, Mapping
from typing import Any

from apitwin_contracts.contract import Declaration
from apitwin_contracts.laws.precedence import Mistake, Mistakes
from apitwin_contracts.run import Run
from apitwin_fixtures import Request, Source

from .auth import presented
from .operations import BLOCKS, OPERATIONS, SPXS, SYNCS

__all__ = ["DECLARATIONS"]

_ERRORS = Source("assumed", "SOURCE.md#errors")
_REQUIRED = {
    **dict.fromkeys(SYNCS, ("accessToken", "apiToken", "portal", "syncStart", "user")),
    **dict.fromkeys(SPXS, ("accessToken", "apiToken", "portal", "user", "itemNumber")),
    "update_sync_date": ("accessToken", "apiToken", "date", "portal", "user"),
}
_SHOWN = {"itemNumber": "itemNumber or gtin"}
_BAD_DATES = (
    "2022-11-23",
    "2022-11-23T10:19:42",
    "23.11.2022 10:19:42",
    "2022-13-01 00:00:00",
    "2022-02-30 00:00:00",
    "now",
)
_BAD_CODES = ("german", "d", "d1", "deu", "de-DE")


def _request(operation: str) -> Callable[[Run, Mapping[str, Any]], Request]:
    example = next(known for known in OPERATIONS if known.name == operation)

    def request(run: Run, changes: Mapping[str, Any]) -> Request:
        signed = run.client.signed(run.client.request(operation, example.examples(run)))
        return presented(signed, **changes)

    return request


def _missing(operation: str) -> tuple[Mistake, ...]:
    return tuple(
        Mistake("MISSING_PARAMETER", {name: None}, {"parameter": _SHOWN.get(name, name)})
        for name in _REQUIRED[operation]
    )


_WHO = (
    Mistake("PORTAL_UNKNOWN", {"portal": "nowhere"}),
    Mistake("API_TOKEN_UNKNOWN", {"apiToken": "0" * 26}),
    Mistake("USER_UNKNOWN", {"user": "nobody"}),
    Mistake("ACCESS_TOKEN_INVALID", {"accessToken": "f" * 32}),
)


def _iso(name: str, value: str = "german") -> Mistake:
    return Mistake("ISO_CODE_MALFORMED", {name: value}, {"parameter": name})


def _date(name: str, value: str = "yesterday") -> Mistake:
    return Mistake("DATE_MALFORMED", {name: value}, {"parameter": name})


def _block(value: str, block: str) -> Mistake:
    return Mistake("BLOCK_UNKNOWN", {"blocks": value}, {"block": block})


def _read(operation: str) -> tuple[Mistake, ...]:
    codes = ("filterCountry", "filterLanguage", "classificationLabelLanguages", "language")
    sync = (_date("syncStart"),) if operation in SYNCS else ()
    token = (Mistake("CONTINUATION_TOKEN_UNKNOWN", {"continuationToken": "0" * 26}, {"token": "0" * 26}),)
    forms = (*sync, *map(_iso, codes), _block("TEXTS,NONSENSE", "NONSENSE"), *(token if operation in SYNCS else ()))
    return (*_missing(operation), *_WHO, *forms)


def _forms(operation: str) -> tuple[Mistake, ...]:
    known = {block for blocks in BLOCKS.values() for block in blocks}
    foreign = sorted(known - set(BLOCKS[operation]))
    return (
        *(_date("syncStart", text) for text in _BAD_DATES if operation in SYNCS),
        *(_iso("filterCountry", text) for text in _BAD_CODES),
        *(_iso("classificationLabelLanguages", f"de,{text}") for text in _BAD_CODES),
        *(_block(block, block) for block in (*foreign, "texts", "TEXTS;IMAGES")),
    )


DECLARATIONS: tuple[Declaration, ...] = (
    *(Mistakes(operation, operation, _request(operation), _read(operation), source=_ERRORS) for operation in BLOCKS),
    *(
        Mistakes(f"{operation}.forms", operation, _request(operation), _forms(operation), source=_ERRORS)
        for operation in BLOCKS
    ),
    Mistakes(
        "update_sync_date",
        "update_sync_date",
        _request("update_sync_date"),
        (*_missing("update_sync_date"), *_WHO, _date("date"), _iso("language")),
        source=_ERRORS,
    ),
    Mistakes(
        "update_sync_date.forms",
        "update_sync_date",
        _request("update_sync_date"),
        tuple(_date("date", text) for text in _BAD_DATES),
        source=_ERRORS,
    ),
)
