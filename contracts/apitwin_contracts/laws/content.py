"""Laws of content: values vary, keys are distinct, amounts have their magnitude, texts are in the language that their field names."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import every
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Content", "Magnitude", "Spoken"]

_ENOUGH_ITEMS, _ENOUGH_WORDS = 20, 3
# Shorter words are words of their own, longer ones may be a part of a German compound.
_LONGEST_WHOLE = 3
_GERMAN = (  # noqa: SIM905 - words read best as words
    "schwarz weiß gelb rot blau grün grau silber tinte drucker patrone trommel farbe gerät breite höhe länge tiefe gewicht leistung "
    "leuchte waschtisch armatur heizkörper zubehör ersatzteil rohr ventil pumpe montage mit ohne und für nicht deckel schlauch keramik "
    "stahl kunststoff spannung schutzart druck anschluss einbau größe glänzend ja nein farbband behälter kopier bürste heizung lüfter "
    "kessel speicher griff brause becken"
).split()
_ENGLISH = (  # noqa: SIM905 - words read best as words
    "black white yellow red blue green grey gray silver ink printer cartridge drum colour color device width height length depth weight "
    "power luminaire washbasin fitting radiator accessories spare pipe valve pump mounting with without and for not cover hose ceramic "
    "steel plastic voltage protection pressure connection built size glossy yes no ribbon waste copy brush heating fan boiler tank "
    "handle shower basin lamp"
).split()
_WORD = re.compile(r"[^\W\d_]+")
_UMLAUT = re.compile(r"[äöüÄÖÜß]")


@dataclass(frozen=True)
class Content:
    """What the items of an operation are like: `varies` names paths whose values are not all the same, `distinct` those that tell items apart."""

    operation: str
    items: str
    everything: Callable[[Examination], Iterable[tuple[Answer, Any]]]
    varies: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.operation


@dataclass(frozen=True)
class Magnitude:
    """Amounts at a path: the one in the middle lies between two bounds, so that no change of the unit goes unseen."""

    operation: str
    items: str
    everything: Callable[[Examination], Iterable[tuple[Answer, Any]]]
    path: str
    low: float
    high: float
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return f"{self.operation}.{self.path}"


@dataclass(frozen=True)
class Spoken:
    """Two paths that hold the same in German and in English, each to be in the language that it is for."""

    operation: str
    items: str
    everything: Callable[[Examination], Iterable[tuple[Answer, Any]]]
    german: str
    english: str
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return f"{self.operation}.{self.german}"


def _items(examination: Examination, declared: Content | Magnitude | Spoken) -> list[tuple[Answer, Any]]:
    found = list(declared.everything(examination))
    if len(found) < _ENOUGH_ITEMS:
        raise NothingToExamine(f"{declared.operation} answers too few items to tell")
    return found


def _inside(items: str, path: str) -> str:
    return f"{items}.{path}" if path else items


def _variety(examination: Examination, declared: Content) -> None:
    items = _items(examination, declared)
    for path in declared.varies:
        values = {str(value) for _, item in items for value in every(item, path)}
        if len(values) == 1:
            raise examination.broken(
                [items[0][0]],
                _inside(declared.items, path),
                f"values that differ among {len(items)} items",
                f"always {values.pop()}",
                source=declared.source,
            )


def _distinct(examination: Examination, declared: Content) -> None:
    items = _items(examination, declared)
    for path in declared.distinct:
        counted = Counter(value for _, item in items for value in every(item, path) if value is not None)
        doubled = [value for value, count in counted.items() if count > 1]
        if doubled:
            raise examination.broken(
                [answer for answer, item in items if doubled[0] in every(item, path)][:2],
                _inside(declared.items, path),
                "a value for each item alone",
                f"{doubled[0]!r} for {counted[doubled[0]]} items",
                source=declared.source,
            )


def _magnitude(examination: Examination, declared: Magnitude) -> None:
    items = _items(examination, declared)
    amounts = [float(value) for _, item in items for value in every(item, declared.path)]
    if len(amounts) < _ENOUGH_ITEMS:
        raise NothingToExamine(f"too few amounts at {declared.path}")
    middle = median(amounts)
    if not declared.low <= middle <= declared.high:
        text = f"amounts whose median lies between {declared.low:g} and {declared.high:g}"
        place = _inside(declared.items, declared.path)
        raise examination.broken([items[0][0]], place, text, f"a median of {middle:g}", source=declared.source)


def _german_words(texts: Iterable[str]) -> int:
    """Count what looks German, less what looks English."""
    score = 0
    for text in texts:
        words = [word.lower() for word in _WORD.findall(text)]
        compounds = (word for word in words if any(part in word for part in _GERMAN if len(part) > _LONGEST_WHOLE))
        short = [word for word in words if len(word) <= _LONGEST_WHOLE and word in _GERMAN]
        score += (
            bool(_UMLAUT.search(text)) + len(list(compounds)) + len(short) - sum(word in _ENGLISH for word in words)
        )
    return score


def _spoken(examination: Examination, declared: Spoken) -> None:
    pairs = [
        (answer, german, english)
        for answer, item in _items(examination, declared)
        for german, english in zip(every(item, declared.german), every(item, declared.english), strict=False)
    ]
    scores = {
        declared.german: _german_words(german for _, german, english in pairs if german != english),
        declared.english: -_german_words(english for _, german, english in pairs if german != english),
    }
    one_language = pairs and all(german == english for _, german, english in pairs)
    if one_language and abs(_german_words(german for _, german, _ in pairs)) >= _ENOUGH_WORDS:
        is_english = _german_words(german for _, german, _ in pairs) < 0
        scores = {declared.german if is_english else declared.english: -_ENOUGH_WORDS}
    for path, score in scores.items():
        if score <= -_ENOUGH_WORDS:
            language = "German" if path == declared.german else "English"
            other = "English" if language == "German" else "German"
            text = next(german if path == declared.german else english for _, german, english in pairs)
            raise examination.broken(
                [pairs[0][0]],
                _inside(declared.items, path),
                f"texts in {language}",
                f"{other}, such as {text!r}",
                source=declared.source,
            )


def _of(kind: type[Any]) -> Callable[[Contract], tuple[Any, ...]]:
    return lambda contract: contract.declared(kind)


CHECKS = (
    Check("content.variety", "schema", "A value that is always the same is no value.", _of(Content), _variety),
    Check("content.distinct", "schema", "What tells items apart is different for each.", _of(Content), _distinct),
    Check("content.magnitude", "wire", "Amounts keep their unit.", _of(Magnitude), _magnitude),
    Check("content.languages", "schema", "A text is in the language that its field names.", _of(Spoken), _spoken),
)
