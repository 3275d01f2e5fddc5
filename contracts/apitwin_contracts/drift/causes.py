"""Which findings have one cause: what each of them shows as a set of clues, and those that share a clue told as one."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import orjson

from .finding import CATEGORIES, SEVERITIES, Finding, Step

__all__ = ["by_cause"]

_Clue = tuple[str, ...]
_Explained = tuple[set[int], set[int]]

_ROOT = re.compile(r"^(\w+:)?(Query|Mutation)\.")
_MARK = re.compile(r"#[A-Z][A-Z0-9_]*$")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|[A-Z]{4,}\b")
_OF_SHAPE = ("schema.", "wire.")
_ANSWERS = ("error", "auth")
_WALKS = "walk."
_WHOLE, _PART = (".concatenation", ".size"), ".filtered"
_RENAMED = {"schema.missing-key", "schema.unknown-key"}
_SEVERAL, _MANY = 3, 4
_LETTING_IN, _NO_CREDENTIALS = "auth.credentials", "#no-token"
_PUBLISHED, _PROVOKED = "schema.introspection", "error.provoked"
# What explains the others comes first: what is published, one reply's shape, the door, a refusal; laws come last.
_EXPLAINS = (
    _PUBLISHED,
    "schema.",
    "wire.",
    "webhook.form",
    _LETTING_IN,
    "error.unexpected-refusal",
    "error.server",
    "error.unknown",
    "auth.",
    _PROVOKED,
    "error.",
)
_OK = "ok"


def by_cause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings by cause, gravest first; a group begins with what explains the rest of it.

    Findings have one cause when they share a clue: the same place, the same check at the same place of another operation, the same wrong answer
    of an operation, the same fault let through. A group is also explained by a finding that explains each of its members.
    """
    listed = list(findings)
    groups: dict[int, list[int]] = {index: [index] for index in range(len(listed))}
    for clue in _shared(listed):
        _join(groups, clue)
    for alike in (*_renamed(listed), *_waved_through(listed)):
        _join(groups, alike)
    for explaining, explained in (*_of_another_form(listed), *_explained(listed)):
        # Whoever explains only some of a group leaves the rest without a cause: then it is another drift.
        covered = explaining | explained
        _join(groups, explaining | {index for index in explained if set(groups[index]) <= covered})
    found = [sorted((listed[index] for index in group), key=_order) for group in _distinct(groups)]
    return sorted(found, key=lambda group: min(map(_rank, group)))


def _shared(findings: Sequence[Finding]) -> Iterable[set[int]]:
    holders: dict[_Clue, set[int]] = {}
    for index, finding in enumerate(findings):
        for clue in _clues(finding):
            holders.setdefault(clue, set()).add(index)
    return holders.values()


def _join(groups: dict[int, list[int]], members: set[int]) -> None:
    joined = sorted({index for member in members for index in groups[member]})
    groups.update(dict.fromkeys(joined, joined))


def _distinct(groups: dict[int, list[int]]) -> Iterable[list[int]]:
    return {group[0]: group for group in groups.values()}.values()


def _rank(finding: Finding) -> tuple[int, int, str, str]:
    category = CATEGORIES.index(finding.category)
    return SEVERITIES.index(finding.severity), category, finding.operation, finding.location


def _order(finding: Finding) -> tuple[object, ...]:
    explains = next((index for index, name in enumerate(_EXPLAINS) if finding.check.startswith(name)), len(_EXPLAINS))
    return explains, not finding.location.endswith(_NO_CREDENTIALS), _rank(finding)


def _clues(finding: Finding) -> Iterator[_Clue]:
    place, anywhere = _place(finding), _anywhere(finding)
    # Of a door or a refusal the answer matters; of a whole operation it is all there is to go by.
    answered = finding.answered if anywhere == "*" or finding.category in _ANSWERS else ""
    if anywhere != "*" or not finding.check.startswith(_WALKS):
        yield "alike", finding.check, anywhere, answered
    if finding.check == _PROVOKED and finding.answered != _OK:
        yield "differs alike", *_difference(finding)
    if _is_field(place):
        yield "place", place
    elif place.endswith("[]"):
        yield "place", place, finding.observed
    if finding.check.startswith(_OF_SHAPE) and _is_field(place):
        yield "field", finding.check, _leaf(place), finding.expected
    yield from _answers(finding)


def _answers(finding: Finding) -> Iterator[_Clue]:
    """Give the clues of an answer that is none of those that were expected."""
    expected, answered = _expected_code(finding), finding.answered
    if not answered or answered == expected:
        return
    if answered == _OK:
        if expected:
            yield "let through", finding.operation, expected
        return
    yield "answered", finding.operation, answered
    if answered.count(" ") > 1:
        # A refusal that no catalogue knows is the same news wherever it comes.
        yield "unknown", answered
    elif expected:
        yield "instead", expected, answered


def _place(finding: Finding) -> str:
    return _ROOT.sub("", finding.location).replace(".[]", "[]")


def _anywhere(finding: Finding) -> str:
    place = _place(finding)
    return place.replace(finding.operation, "*") if finding.operation else place


def _expected_code(finding: Finding) -> str:
    found = _CODE.match(finding.expected)
    return found[0] if found else ""


def _is_field(place: str) -> bool:
    return "." in place and not place.endswith("[]")


def _leaf(place: str) -> str:
    return place.rpartition(".")[2].removesuffix("[]")


def _difference(finding: Finding) -> _Clue:
    """Give in what a refusal differs, whichever code it carries."""
    return _MARK.sub("", _anywhere(finding)), finding.expected.partition(": ")[2]


def _waved_through(findings: Sequence[Finding]) -> Iterable[set[int]]:
    """Give refusals that do not come any more: one is one rule that is gone, and many are refusals that have another form."""
    gone: dict[_Clue, set[int]] = {}
    for index, finding in enumerate(findings):
        if finding.check == _PROVOKED and finding.answered == _OK:
            gone.setdefault(_difference(finding), set()).add(index)
    return [found for found in gone.values() if len({_expected_code(findings[index]) for index in found}) >= _MANY]


def _renamed(findings: Sequence[Finding]) -> Iterator[set[int]]:
    """Give a key too few and a key too many of one object in one reply: one key with another name."""
    objects: dict[tuple[bytes, str], set[int]] = {}
    for index, finding in enumerate(findings):
        if finding.check in _RENAMED and finding.steps:
            objects.setdefault((_reply(finding), _place(finding).rpartition(".")[0]), set()).add(index)
    yield from (found for found in objects.values() if {findings[index].check for index in found} == _RENAMED)


def _of_another_form(findings: Sequence[Finding]) -> Iterator[_Explained]:
    """Give the breaches of a reply's outer shape where they are many, and what else is said of the operation: nothing can be read from it."""
    replies: dict[bytes, set[int]] = {}
    for index, finding in enumerate(findings):
        # Items of a list have fields that change one by one; what holds them has few, which change together.
        if finding.check.startswith(_OF_SHAPE) and finding.check != _PUBLISHED and "[]" not in finding.location:
            replies.setdefault(_reply(finding), set()).add(index)
    for breaches in replies.values():
        if len({index for index in breaches if findings[index].severity != "additive"}) >= _SEVERAL:
            operation = findings[min(breaches)].operation
            laws = {index for index, finding in enumerate(findings) if not finding.check.startswith(_OF_SHAPE)}
            read = {index for index in laws if findings[index].answered in ("", _OK)}
            yield breaches, {index for index in read if findings[index].operation == operation}


def _reply(finding: Finding) -> bytes:
    if not finding.steps:
        return finding.fingerprint.encode()
    last = finding.steps[-1]
    return orjson.dumps([finding.operation, last.curl, last.reply["body"]])


def _explained(findings: Sequence[Finding]) -> Iterator[_Explained]:
    """Give, for each finding that explains others, its index and theirs."""
    doors = frozenset(_expected_code(finding) for finding in findings if finding.check == _LETTING_IN)
    for index, finding in enumerate(findings):
        explains = _explanation(finding, doors)
        if explains:
            yield {index}, {other for other, told in enumerate(findings) if told is not finding and explains(told)}


def _explanation(finding: Finding, doors: Collection[str]) -> Callable[[Finding], bool] | None:
    if finding.check == _PUBLISHED:
        return _Change(finding).explains
    if finding.check == _LETTING_IN and finding.answered == _OK and finding.location.endswith(_NO_CREDENTIALS):
        # Who looks at no credentials lets in with wrong ones, too.
        same = (finding.operation, _OK)
        return lambda other: (other.operation, other.answered) == same and _expected_code(other) in doors
    if finding.check.startswith(_OF_SHAPE) and _is_field(_place(finding)):
        return lambda other: not other.check.startswith(_OF_SHAPE) and _is_about(_anywhere(finding), _anywhere(other))
    if finding.check.endswith(_WHOLE):
        # Pages that do not make up the whole do not make up what is filtered of it.
        return lambda other: other.check.endswith(_PART) and _place(other) == _place(finding)
    return None


def _is_about(misshapen: str, place: str) -> bool:
    """Tell whether a place holds a misshapen value, and so is another value itself, or lies in it."""
    holds = _is_field(place) and misshapen.startswith((f"{place}.", f"{place}[]"))
    return holds or place.startswith((f"{misshapen}.", f"{misshapen}[]"))


class _Change:
    """A change of the published schema: what names the element that changed has met it."""

    def __init__(self, finding: Finding) -> None:
        self._name = re.sub(r"^.*[.(@]|:?\)$", "", finding.location.removesuffix(":)"))
        self._word = re.compile(rf"\b{re.escape(self._name)}\b")
        self._added = finding.expected == "absent"

    def explains(self, finding: Finding) -> bool:
        if finding.check == _PUBLISHED:
            return False
        named = _leaf(_place(finding)) == self._name or self._is_in(finding.observed)
        return named or (bool(finding.steps) and self._is_met(finding.steps[-1], finding.answered))

    def _is_met(self, last: Step, answered: str) -> bool:
        if self._added:
            # The contract does not know the name, so nobody else would mention it.
            return self._is_in(last.request["body"]) or self._is_in(last.reply["body"])
        return answered not in ("", _OK) and self._is_in(last.reply["body"])

    def _is_in(self, body: object) -> bool:
        text = body if isinstance(body, str) else orjson.dumps(body).decode("utf-8", "replace")
        return bool(self._word.search(text))
