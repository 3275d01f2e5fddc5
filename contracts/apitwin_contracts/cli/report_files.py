"""`--report json=FILE` and `--report junit=FILE`, looked at before the run."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown

__all__ = ["report_files"]

_KINDS = ("json", "junit")


def report_files(texts: Iterable[str], kinds: Sequence[str] = _KINDS) -> Mapping[str, Path]:
    """Give the files by kind; raises `UsageError` for an unknown kind, a kind asked twice, or a file that cannot be written."""
    files: dict[str, Path] = {}
    for text in texts:
        kind, separator, name = text.partition("=")
        if not (separator and name):
            raise UsageError(f"a report is {' or '.join(f'{kind}=FILE' for kind in kinds)}, not {text!r}")
        if kind not in kinds:
            raise UsageError(unknown("report", kind, kinds))
        if kind in files:
            raise UsageError(f"there is one {kind} report: {files[kind]} or {name}?")
        files[kind] = _writable(Path(name))
    return files


def _writable(path: Path) -> Path:
    there = path.exists()
    try:
        path.open("ab").close()
    except OSError as error:
        raise UsageError(f"cannot write the report {path}: {error.strerror}") from None
    if not there:
        path.unlink()
    return path.absolute()
