"""JSON Web Tokens without their secrets: still tokens, with the same claims but for what is secret in them."""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from .personal import kind_of
from .pseudonyms import pseudonym

if TYPE_CHECKING:
    from .ledger import Ledger

__all__ = ["WEB_TOKEN", "is_web_token", "scrubbed_web_token"]

_KEYED = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
WEB_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")


def is_web_token(text: str) -> bool:
    """Tell whether a text is a signed JSON Web Token."""
    return bool(WEB_TOKEN.fullmatch(text)) and all(_part(part) is not None for part in text.split(".")[:2])


def scrubbed_web_token(token: str, number: int, ledger: "Ledger") -> str:
    """Give a token with the claims scrubbed, signed with the pseudonym of the key that signed it, or so that nothing verifies it."""
    head, body, signature = token.split(".")
    header, claims = _scrubbed(_part(head), ledger), _scrubbed(_part(body), ledger)
    made = f"{_coded(header)}.{_coded(claims)}"
    if not signature:
        # Without a signature nobody is let in: only what it claims may be secret, and that of signed ones is shown, too.
        return f"{made}."
    algorithm = _KEYED.get(str(header.get("alg")))
    keys = ledger.keys().items() if algorithm else ()
    stand_in = next((new for key, new in keys if _signature(algorithm, key, f"{head}.{body}") == signature), None)
    return f"{made}.{_signature(algorithm, stand_in, made) if stand_in else pseudonym('signature', signature, number)}"


def _signature(algorithm: str | None, key: str, text: str) -> str:
    digest = hmac.digest(key.encode(), text.encode(), algorithm or "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _scrubbed(value: Any, ledger: "Ledger", key: str = "", siblings: frozenset[str] = frozenset()) -> Any:
    if isinstance(value, dict):
        names = frozenset(value)
        return {name: _scrubbed(part, ledger, name, names) for name, part in value.items()}
    if isinstance(value, list):
        return [_scrubbed(part, ledger, key, siblings) for part in value]
    if isinstance(value, str):
        kind = kind_of((key,), value, siblings)
        return ledger.learn(kind, value) if kind else ledger.pseudonym_of(value)
    return value


def _part(part: str) -> Any:
    try:
        value = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _coded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
