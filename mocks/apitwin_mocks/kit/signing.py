"""JSON Web Tokens signed by a published development key: anybody can read, check and even make them."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["DevelopmentKey"]

_EXPONENT = 65537


@dataclass(frozen=True)
class DevelopmentKey:
    """An RSA key made of the two primes that a supplier's fixtures publish."""

    kid: str
    p: int
    q: int

    @classmethod
    def of(cls, published: Mapping[str, str]) -> Self:
        """Read `development-key.json`: `kid`, and `p` and `q` in hexadecimal."""
        return cls(published["kid"], int(published["p"], 16), int(published["q"], 16))

    @cached_property
    def _private(self) -> "RSAPrivateKey":
        # Imported here: cryptography takes a tenth of a second to import, and only a sign-in needs it.
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - see above

        p, q = self.p, self.q
        d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
        public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
        parts = (d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
        return rsa.RSAPrivateNumbers(p, q, *parts, public).private_key(unsafe_skip_rsa_key_validation=True)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Give the claims as a token signed with RS256; the same claims always give the same token."""
        import jwt  # noqa: PLC0415 - as above

        return jwt.encode(dict(claims), self._private, algorithm="RS256", headers={"kid": self.kid})

    def key_set(self) -> dict[str, Any]:
        """Give the public half as a JSON Web Key Set (RFC 7517)."""
        modulus = self.p * self.q
        n, e = (_base64(number) for number in (modulus, _EXPONENT))
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e}]}


def _base64(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
