"""What cannot be asked of a recording: it has no state, and plays what it holds whatever credentials are shown."""

from collections.abc import Callable

from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Finding
from apitwin_contracts.targets import TargetClock
from apitwin_contracts.targets.recordings import unsteady_places

from .cases import Case

__all__ = ["spared_by", "unaskable"]

_STATE = "it changes state, and a recording has none"
_CREDENTIALS = "it is about credentials, and a recording answers whoever asks"


def unaskable(case: Case) -> str:
    """Give the reason for which a recording cannot be asked a case; empty for one that it can be asked."""
    if case.changes_state:
        return _STATE
    codes = {getattr(case.subject, "code", ""), *getattr(case.subject, "codes", ())} - {""}
    of_auth = bool(codes) and codes <= _codes_of_credentials(case.contract)
    return _CREDENTIALS if of_auth or case.category == "auth" else ""


def spared_by(clock: TargetClock) -> Callable[[Finding], bool]:
    """Give what tells findings that are about a place which a recording hides or that varied: there nothing is promised."""
    places = [(one.operation, one.place.removeprefix("data.")) for one in unsteady_places(clock)]

    def spared(finding: Finding) -> bool:
        return any(finding.operation == name and finding.location.endswith(f".{place}") for name, place in places)

    return spared


def _codes_of_credentials(contract: Contract) -> frozenset[str]:
    shown = {fault.expected for fault in contract.auth.faults() if fault.expected}
    return frozenset(shown | {one.code for one in contract.provocations if not one.signed})
