"""How the platform lets a reseller in: e-mail and password for a JWT, then the JWT with `Bearer` before it or bare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from apitwin_fixtures import Request
from apitwin_mocks.kit.auth import ExpiredTokenError, UnknownTokenError
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal

from .domain import Platform
from .entities import Customer
from .errors import Code

__all__ = ["SWITCHES", "Grant", "admit", "require_integration", "sign_in"]

SWITCHES: Mapping[str, tuple[str, ...]] = {
    "authorization": ("either", "bearer", "bare"),
    "integration": ("enabled", "disabled"),
}
"""How strictly the Authorization header is read, and whether the tenant has the API at all."""

_LIFETIME = timedelta(hours=24)
_SIGNING_KEY = "a key that signs nothing but this mock's tokens"


@dataclass(frozen=True, slots=True)
class Grant:
    """A token and the instant from which on it is refused."""

    token: str
    expires: datetime


def sign_in(platform: Platform, email: str, password: str, now: datetime) -> Grant:
    """Give a token for an account's e-mail address and password."""
    number, secret = platform.catalogue.passwords.get(email.lower(), (0, ""))
    if not compare_digest(secret.encode(), password.encode()) or not secret:
        raise Refusal(Code.CREDENTIALS_INVALID)
    customer = platform.customers[str(number)]
    _require_flag(customer)
    expires = now.replace(microsecond=0) + _LIFETIME
    # Imported here: it takes a tenth of a second to import, and only a sign-in needs it.
    import jwt  # noqa: PLC0415 - see above

    token = jwt.encode(_claims(platform, customer, now, expires), _SIGNING_KEY, "HS256")
    platform.tokens.issue(token, customer.id, expires - now)
    return Grant(token, expires)


def _claims(platform: Platform, customer: Customer, now: datetime, expires: datetime) -> dict[str, object]:
    return {
        "sub": str(customer.id),
        "email": customer.email,
        "IsAPI": "1",
        "iat": int(now.timestamp()),
        "exp": int(expires.timestamp()),
        "jti": platform.ids.uuid("token"),
    }


def _require_flag(customer: Customer) -> None:
    if not customer.is_api:
        raise Refusal(Code.ACCOUNT_WITHOUT_API)


def require_integration(call: Call) -> None:
    """Refuse everything where the tenant has no API."""
    if call.choice("integration") == "disabled":
        raise Refusal(Code.API_DISABLED)


def admit(call: Call) -> int:
    """Give the number of the account whose token was sent."""
    platform: Platform = call.world
    token = _token(call.request, call.choice("authorization"))
    try:
        number = platform.tokens.find(token)
    except UnknownTokenError:
        raise Refusal(Code.TOKEN_INVALID) from None
    except ExpiredTokenError:
        raise Refusal(Code.TOKEN_EXPIRED) from None
    _require_flag(platform.customers[str(number)])
    return number


def _token(request: Request, taken: str) -> str:
    header = (request.header("authorization") or "").strip()
    scheme, _, rest = header.partition(" ")
    prefixed = scheme.lower() == "bearer"
    token = rest.strip() if prefixed else header
    if not token:
        raise Refusal(Code.TOKEN_MISSING)
    if prefixed and taken == "bare":
        raise Refusal(Code.TOKEN_WITH_BEARER)
    if not prefixed and " " not in token and taken == "bearer":
        raise Refusal(Code.TOKEN_WITHOUT_BEARER)
    return token
