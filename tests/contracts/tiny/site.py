"""Tiny as an installed package: what another package's entry points look like to the command."""

import os
from pathlib import Path

from tests.laws.source_tree import PROJECT

__all__ = ["environment", "install"]

_ENTRY_POINTS = """
[apitwin.mocks]
tiny = tests.contracts.tiny.{mock}:SUPPLIER

[apitwin.contracts]
tiny = tests.contracts.tiny.contract:CONTRACT
"""


def install(folder: Path, mock: str = "mock") -> Path:
    """Write the metadata of a package that brings Tiny, and give the folder that belongs on the path; `mock` may be `drifted`."""
    info = folder / "apitwin_tiny-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: apitwin-tiny\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(_ENTRY_POINTS.format(mock=mock), "utf-8")
    return folder


def environment(site: Path, **more: str) -> dict[str, str]:
    """Give the environment in which a command finds Tiny, and no target or credentials of whoever runs the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("APITWIN_", "PYTEST_", "HYPOTHESIS_"))
    }
    path = [str(PROJECT), str(site), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path), **more}
