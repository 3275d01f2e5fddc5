"""Secrets that show by their form alone: e-mail addresses, tokens and private keys, under any encoding."""

import re
from collections.abc import Iterator

from .matching import each_view

__all__ = ["texts_by_form"]

# An escape before an address is not part of it: it is found where the escape is taken off.
_MAIL = re.compile(
    rb"(?<![\w%\\+.-])[A-Za-z0-9_+-][A-Za-z0-9_.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w-])"
)
_WEB_TOKEN = re.compile(rb"(?<![\w-])eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")
_BEARER = re.compile(rb"\b[Bb]earer ([A-Za-z0-9._~+/-]{8,}=*)")
_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_DEPTH = 4
_OURS = b"@example.test"
_FORMS = (("token", _WEB_TOKEN, 0), ("token", _BEARER, 1), ("key", _PRIVATE_KEY, 0), ("email", _MAIL, 0))


def texts_by_form(data: bytes) -> Iterator[tuple[str, str]]:
    """Give (kind, text) of each; pseudonyms of ours are none."""
    for view in each_view(data, _DEPTH):
        for kind, pattern, group in _FORMS:
            for match in pattern.finditer(view):
                if not match[0].endswith(_OURS):
                    yield kind, match[group].decode("ascii", "replace")
