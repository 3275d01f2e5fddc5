"""What a client sent in the query, read by the document's rules; an empty parameter counts as absent."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from apitwin_mocks.kit.errors import Refusal

from .domain import moment
from .errors import Code

__all__ = ["Parameters", "required_parameters"]

_ISO_CODE = re.compile(r"[A-Za-z]{2}")


class Parameters:
    """The parameters of one request; what is malformed is refused."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self._sent = sent

    def text(self, name: str) -> str:
        """Give a parameter, empty when absent."""
        return self._sent.get(name, "")

    def require(self, names: Iterable[str]) -> None:
        """Refuse the first that is absent; `a or b` asks for one of the two."""
        for name in names:
            if not any(self.text(part) for part in name.split(" or ")):
                raise Refusal(Code.MISSING_PARAMETER, parameter=name)

    def parts(self, name: str) -> tuple[str, ...]:
        """Give the parts of a list with commas, without spaces around them and without empty ones."""
        return tuple(part for part in (text.strip() for text in self.text(name).split(",")) if part)

    def moment(self, name: str) -> datetime:
        """Give a date and time, taken as UTC."""
        try:
            return moment(self.text(name))
        except ValueError:
            raise Refusal(Code.DATE_MALFORMED, parameter=name) from None

    def iso_code(self, name: str) -> str | None:
        """Give a two-letter code in lower case, None when absent."""
        return self._iso_code(name, self.text(name)) if self.text(name) else None

    def iso_codes(self, name: str) -> tuple[str, ...]:
        """Give the two-letter codes of a list in lower case."""
        return tuple(self._iso_code(name, part) for part in self.parts(name))

    @staticmethod
    def _iso_code(name: str, text: str) -> str:
        if not _ISO_CODE.fullmatch(text):
            raise Refusal(Code.ISO_CODE_MALFORMED, parameter=name)
        return text.lower()

    def blocks(self, known: Iterable[str]) -> frozenset[str]:
        """Give the blocks asked for, all when none is named."""
        named = frozenset(self.parts("blocks"))
        unknown = next((block for block in self.parts("blocks") if block not in set(known)), None)
        if unknown is not None:
            raise Refusal(Code.BLOCK_UNKNOWN, block=unknown)
        return named or frozenset(known)


_SYNC = ("accessToken", "apiToken", "portal", "syncStart", "user")
_SPX = ("accessToken", "apiToken", "portal", "user", "itemNumber or gtin")
_REQUIRED = {
    "sync_v1": _SYNC,
    "sync_v2": _SYNC,
    "sync_v3": _SYNC,
    "spx_v2": _SPX,
    "spx_v3": _SPX,
    "update_sync_date": ("accessToken", "apiToken", "date", "portal", "user"),
}


def required_parameters(operation: str) -> tuple[str, ...]:
    """Name what an operation requires, in the order of the document's table."""
    return _REQUIRED[operation]
