"""What OXOMI's operations change: the API token's sync date, of which nothing tells what it was."""

from apitwin_contracts.client import Client
from apitwin_contracts.undoing import Sought, Undo

from .operations import ALL_CHANGES

__all__ = ["UNDOS"]

_DATE = "the API token's sync date"


def _moved_to_the_past(client: Client, _sought: Sought) -> str:
    """From the earliest date on the next synchronisation sends everything: whoever it belongs to misses nothing."""
    client.must("update_sync_date", {"date": ALL_CHANGES})
    return ""


UNDOS = (
    Undo(
        "update_sync_date",
        lambda _payload, _arguments: [_DATE],
        back=_moved_to_the_past,
        find=lambda _client, _sought: [_DATE],
    ),
)
