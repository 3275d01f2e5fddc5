"""How OXOMI lets a client in: a hash over a shared secret and everything that says who asks, good for a day on either side."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import md5
from hmac import compare_digest
from itertools import permutations

from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal

from .catalogue import Catalogue, Portal
from .domain import SYNC, require_feature, require_roles
from .errors import Code
from .parameters import Parameters, required_parameters

__all__ = ["Claim", "Principal", "access_token", "admit", "day_of"]

_SECONDS_A_DAY = 86_400
_TOLERATED = (0, -1, 1)
# How far a token's day is searched to explain a refusal.
_SEARCHED_DAYS = 400
# More roles than this are not permuted to explain a refusal: the number of orders grows too fast.
_PERMUTED_ROLES = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """What an access token is computed from, beside the secret; `day` counts whole UTC days since 1970-01-01."""

    portal: str
    user: str
    day: int
    roles: str = ""
    api_token: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who was let in."""

    portal: Portal
    user: str
    api_token: str


def access_token(secret: str, claim: Claim) -> str:
    """Compute the access token: md5(secret + md5(secret + portal + user + day + roles + api token)) in lower-case hex."""
    inner = _md5(f"{secret}{claim.portal}{claim.user}{claim.day}{claim.roles}{claim.api_token}")
    return _md5(secret + inner)


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def day_of(instant: datetime) -> int:
    """Give the number of whole UTC days since 1970-01-01."""
    return int(instant.timestamp() // _SECONDS_A_DAY)


def admit(call: Call, operation: str) -> Principal:
    """Check who asks and whether the portal may; raises the refusal that the catalogue's precedence asks for."""
    asked = Parameters(call.request.parameters)
    asked.require(required_parameters(operation))
    catalogue: Catalogue = call.world.catalogue
    claim = Claim(
        portal=asked.text("portal"),
        user=asked.text("user"),
        day=day_of(call.session.clock.now()),
        roles=asked.text("roles"),
        api_token=asked.text("apiToken"),
    )
    portal = _known_portal(catalogue, claim)
    _verify(asked.text("accessToken"), claim, catalogue)
    require_roles(portal, asked.parts("roles"))
    require_feature(portal, SYNC)
    return Principal(portal, claim.user, claim.api_token)


def _known_portal(catalogue: Catalogue, claim: Claim) -> Portal:
    portal = catalogue.portals.get(claim.portal)
    if portal is None:
        raise Refusal(Code.PORTAL_UNKNOWN)
    api_token = catalogue.api_tokens.get(claim.api_token)
    if api_token is None or api_token.portal != portal.code:
        raise Refusal(Code.API_TOKEN_UNKNOWN)
    if claim.user not in portal.users:
        raise Refusal(Code.USER_UNKNOWN)
    return portal


def _verify(token: str, claim: Claim, catalogue: Catalogue) -> None:
    secret = catalogue.secrets[claim.api_token]
    if _fits(token, secret, claim):
        return
    for code, other_secret, other in _mistakes(claim, secret, catalogue):
        if _fits(token, other_secret, other):
            raise Refusal(code)
    raise Refusal(Code.ACCESS_TOKEN_INVALID)


def _fits(token: str, secret: str, claim: Claim) -> bool:
    days = (replace(claim, day=claim.day + shift) for shift in _TOLERATED)
    return any(compare_digest(token.encode(), access_token(secret, day).encode()) for day in days)


def _mistakes(claim: Claim, secret: str, catalogue: Catalogue) -> Iterator[tuple[Code, str, Claim]]:
    """Give what the client may have done wrong, one thing at a time: the code with the secret and claim that would show it."""
    portal = catalogue.portals[claim.portal]
    for code in catalogue.portals:
        yield Code.ACCESS_TOKEN_OTHER_PORTAL, secret, replace(claim, portal=code)
    for user in portal.users:
        yield Code.ACCESS_TOKEN_OTHER_USER, secret, replace(claim, user=user)
    for roles in _other_roles(claim.roles, portal):
        yield Code.ACCESS_TOKEN_OTHER_ROLES, secret, replace(claim, roles=roles)
    for api_token in ("", *catalogue.api_tokens):
        yield Code.ACCESS_TOKEN_OTHER_API_TOKEN, secret, replace(claim, api_token=api_token)
    for other_secret in catalogue.secrets.values():
        yield Code.ACCESS_TOKEN_OTHER_API_TOKEN, other_secret, claim
    for shift in range(2, _SEARCHED_DAYS, 3):
        yield Code.ACCESS_TOKEN_OTHER_DAY, secret, replace(claim, day=claim.day - shift - 1)
        yield Code.ACCESS_TOKEN_OTHER_DAY, secret, replace(claim, day=claim.day + shift + 1)


def _other_roles(roles: str, portal: Portal) -> Iterator[str]:
    sent = tuple(role.strip() for role in roles.split(","))
    for known in (sent, portal.roles):
        few = known[:_PERMUTED_ROLES]
        for length in range(len(few) + 1):
            yield from (",".join(order) for order in permutations(few, length))
