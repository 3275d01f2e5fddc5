"""OXOMI's operations, each with arguments that must succeed."""

from apitwin_contracts.contract import Arguments, Operation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import Fixtures, Source

__all__ = [
    "ALL_CHANGES",
    "BLOCKS",
    "FIXTURES",
    "LABELS",
    "OPERATIONS",
    "SPXS",
    "START",
    "SURFACE",
    "SYNCS",
    "item_number",
    "send_everything",
]

FIXTURES = Fixtures.of("oxomi")
SURFACE = RestSurface(FIXTURES)
SYNCS = ("sync_v1", "sync_v2", "sync_v3")
SPXS = ("spx_v2", "spx_v3")
ALL_CHANGES = "2000-01-01 00:00:00"
LABELS = "en,de"
START = {"syncStart": "2022-11-23 10:19:42"}
"""What every synchronisation must be asked with."""

_V1 = {
    "CLASSIFICATIONS": "classifications",
    "FEATURES": "features",
    "PROPERTIES": "properties",
    "TEXTS": "texts",
    "IMAGES": "image",
    "ATTACHMENTS": "attachments",
}
_V2 = {**_V1, "IMAGES": "images", "PRICES": "pricing"}
_V3 = {
    **_V2,
    "DETAILS": "details",
    "RELATIONSHIPS": "relationships",
    "MEASUREMENTS": "measurements",
    "PACKAGES": "packages",
}
BLOCKS = {"sync_v1": _V1, "sync_v2": _V2, "sync_v3": _V3, "spx_v2": _V2, "spx_v3": _V3}
"""Each block with the key that it fills, by operation (004:31, 407, 701, 864)."""


def send_everything(run: Run) -> None:
    """Move the API token's sync date to the past, so that every product counts as changed."""
    run.client.must("update_sync_date", {"date": ALL_CHANGES})


def item_number(run: Run) -> str:
    """Give the item number of a product that the target has."""
    found = run.items("sync_v3", "products[]", list(START.items()))
    numbers = [product["itemNumber"] for product in found if product.get("itemNumber")]
    if not numbers:
        raise NothingToExamine("no product has an item number")
    return str(numbers[0])


def _sync(_run: Run) -> Arguments:
    return {**START, "classificationLabelLanguages": LABELS}


def _spx(run: Run) -> Arguments:
    return {"itemNumber": item_number(run), "classificationLabelLanguages": LABELS}


OPERATIONS = (
    Operation("sync_v3", "read", Source("documented", "004:1"), _sync),
    Operation("sync_v2", "read", Source("documented", "004:377"), _sync),
    Operation("sync_v1", "read", Source("documented", "004:671"), _sync),
    Operation("spx_v3", "read", Source("documented", "004:937"), _spx),
    Operation("spx_v2", "read", Source("documented", "004:1309"), _spx),
    Operation("update_sync_date", "write", Source("documented", "004:1599"), lambda _run: {"date": ALL_CHANGES}),
)
