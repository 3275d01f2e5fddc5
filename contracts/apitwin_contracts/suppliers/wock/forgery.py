"""Tokens that nobody granted: the claims of a granted one changed, signed with the development key that the fixtures publish.

A mock knows that key, so that only what was changed can keep such a token out; a sandbox must refuse the key itself.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from apitwin_fixtures import Fixtures

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["confused", "forged", "resigned", "unsigned"]

_EXPONENT = 65537
_CLAIMS = 1


@cache
def _key() -> "tuple[str, RSAPrivateKey]":
    # Imported here: cryptography takes a tenth of a second to import, and only a run of these checks needs it.
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - see above

    published = Fixtures.of("wock").json("development-key.json")
    p, q = int(published["p"], 16), int(published["q"], 16)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    parts = (d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    numbers = rsa.RSAPrivateNumbers(p, q, *parts, rsa.RSAPublicNumbers(_EXPONENT, p * q))
    return published["kid"], numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _claims(token: str) -> dict[str, Any]:
    part = token.split(".")[_CLAIMS]
    found: dict[str, Any] = orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _part(value: Any) -> str:
    return urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def forged(token: str, **changes: Any) -> str:
    """Give a token with other claims; a number is added to what the claim was."""
    import jwt  # noqa: PLC0415 - as above

    claims, (kid, key) = _claims(token), _key()
    for name, value in changes.items():
        claims[name] = claims[name] + value if isinstance(value, int) else value
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


def confused(token: str) -> str:
    """Give a token that is signed with the public key as if that were a shared secret."""
    numbers = _key()[1].public_key().public_numbers()
    head = _part({"alg": "HS256", "typ": "JWT", "kid": _key()[0]})
    signed = f"{head}.{token.split('.')[_CLAIMS]}"
    secret = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def unsigned(token: str) -> str:
    """Give a token whose head says that no algorithm signs it."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[_CLAIMS]}."


def resigned(token: str) -> str:
    """Give a token with a spoilt signature."""
    head, _, signature = token.rpartition(".")
    # The first character: the last one holds bits that no decoder looks at.
    return f"{head}.{'B' if signature[:1] == 'A' else 'A'}{signature[1:]}"
