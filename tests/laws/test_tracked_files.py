"""What is published speaks of the product alone: no path of somebody's machine, no package registry's host."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.laws.source_tree import PROJECT, plant

# Written in pieces, so that this file keeps the law it holds.
_REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("debian", "org"),
]
FORBIDDEN = {
    "a machine's path": r"(?<![\w.}/-])/(?:root|home|Users|work|tmp|opt)/\w",
    "a Windows machine's path": r"\b[A-Z]:\\\\?Users\b",
    "a package registry's host": "|".join(rf"\b{name}\.{top}\b" for name, top in _REGISTRIES),
    "a file outside the project": r"\.\./sha[r]ed\b|\b(?:suppliers|benchmarks|drifts)[.]md\b",
}


def tracked(project: Path) -> list[Path]:
    """Give the files that git knows or would add; without git, all files that are not made by a tool."""
    if not (project / ".git").exists():
        return [
            path
            for path in project.rglob("*")
            if path.is_file() and not re.search(r"/(\.tox|\.venv|__pycache__)", str(path))
        ]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=project,
        capture_output=True,
        check=True,
    )
    return [project / name for name in listed.stdout.decode().split("\0") if name and (project / name).is_file()]


def unpublishable(paths: Iterable[Path], project: Path) -> list[str]:
    return [
        f"{path.relative_to(project).as_posix()}:{number} has {what}: {match.group()}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if (match := re.search(pattern, line))
    ]


def test_every_tracked_file_can_be_published() -> None:
    assert unpublishable(tracked(PROJECT), PROJECT) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("see /ro" + "ot/x", "a machine's path"),
        ("path = '/ho" + "me/ann'", "a machine's path"),
        ("C:\\Us" + "ers\\ann", "a Windows machine's path"),
        ("https://files.python" + "hosted.org/x", "a package registry's host"),
        ("../sha" + "red/x", "a file outside the project"),
    ],
)
def test_an_unpublishable_line_is_seen(tmp_path: Path, line: str, what: str) -> None:
    plant(tmp_path, {"README.md": f"# Title\n{line}\n"})
    [complaint] = unpublishable(tracked(tmp_path), tmp_path)
    assert complaint.startswith(f"README.md:2 has {what}")


@pytest.mark.parametrize(
    "line", ["https://example.com/home/page", "POST /gql/v1", "GET /portals/api/v3/products/changed", "a/tmp/b"]
)
def test_an_ordinary_path_is_left_alone(tmp_path: Path, line: str) -> None:
    plant(tmp_path, {"README.md": line})
    assert unpublishable(tracked(tmp_path), tmp_path) == []


def test_a_new_file_is_looked_at_before_it_is_committed(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    plant(tmp_path, {"new.txt": "", "kept.txt": "", ".gitignore": "kept.txt"})
    assert {path.name for path in tracked(tmp_path)} == {"new.txt", ".gitignore"}
