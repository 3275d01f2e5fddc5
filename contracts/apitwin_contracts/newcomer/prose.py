"""What a person reads in a new supplier's folder: where everything comes from, and what was guessed and wants to be confirmed."""

from collections.abc import Iterator, Sequence
from typing import Any

from apitwin_fixtures.blueprint import Act, Blueprint

__all__ = ["confirm_text", "guesses", "source_text"]

_KINDS = {
    "list": "lists",
    "detail": "shows one of",
    "create": "creates one of",
    "update": "changes one of",
    "delete": "deletes one of",
    "count": "counts",
}


def source_text(blueprint: Blueprint, day: str, seen_at: str, recorded: Sequence[str]) -> str:
    """Write SOURCE.md."""
    schema = "schema.graphql" if blueprint.surface == "graphql" else "openapi.json"
    lines = [
        f"# {blueprint.title}: where this comes from",
        "",
        f"- `{schema}`: told by {seen_at} on {day}. Documented.",
        "- `errors.json`: statuses that the document names are documented; forms that were answered are observed; the rest is assumed.",
        f"- `cassettes/`, `entities/`: recorded at {seen_at} on {day}, scrubbed. Observed."
        if recorded
        else "- Nothing was recorded: what the mock answers is made of the schema. Assumed.",
        "- `operations.json`: what each operation seems to do. Assumed, and verified where the target was asked; see `CONFIRM.md`.",
        "- `credentials.json`: development credentials of the mock; they open nothing else.",
        "",
        f"Recorded operations: {', '.join(recorded) or 'none'}.",
    ]
    return "\n".join(lines) + "\n"


def guesses(blueprint: Blueprint) -> Iterator[str]:
    """Tell what was guessed, one sentence each."""
    for act in blueprint.acts:
        if act.kind != "other":
            yield f"{act.name} {_KINDS[act.kind]} {act.resource}{_details(act)}"
    for resource in blueprint.resources.values():
        moving = f"; {', '.join(resource.moving)} change of themselves" if resource.moving else ""
        yield f"{resource.name} are told apart by {resource.key}{moving}"


def _details(act: Act) -> str:
    parts = []
    if act.paging:
        start = f" counting from {act.paging.first}" if act.paging.by == "page" else ""
        parts.append(f"cut by {act.paging.at}{start} and {act.paging.size}")
    if act.filters:
        parts.append(f"narrowed by {', '.join(act.filters)}")
    if act.order and act.order.fields:
        parts.append(f"ordered by {', '.join(act.order.ascending)} ({', '.join(act.order.fields)})")
    if not act.tried:
        parts.append("not tried")
    return f" ({'; '.join(parts)})" if parts else ""


def confirm_text(blueprint: Blueprint, errors: Sequence[dict[str, Any]]) -> str:
    """Write CONFIRM.md."""
    untried = [act.name for act in blueprint.acts if not act.tried]
    sections = {
        "What the operations seem to do": list(guesses(blueprint)),
        "What to look at": list(blueprint.confirm),
        "Operations that nobody has asked, and that are not checked": untried,
        "Promises that the target did not keep, and that are not held": [
            f"`{name}`: {why}" for name, why in blueprint.waived.items()
        ],
        "Refusals that were seen, and that no document names": [
            f"{one['code']}: status {one['status']}: {one['trigger']}"
            for one in errors
            if one["source"]["kind"] == "observed"
        ],
        "Refusals that the mock needs, and that are assumed": [
            one["code"] for one in errors if one["source"]["kind"] == "assumed"
        ],
    }
    head = [
        f"# {blueprint.title}: guesses to confirm",
        "",
        "apitwin guessed what stands here. Confirm it, or correct `operations.json`; nothing else needs to be edited.",
    ]
    for title, lines in sections.items():
        if lines:
            head += ["", f"## {title}", "", *(f"- {line}" for line in lines)]
    return "\n".join(head) + "\n"
