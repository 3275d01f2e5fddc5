from typing import Any

import jwt
import pytest

from apitwin_fixtures import Fixtures
from apitwin_mocks.kit.signing import DevelopmentKey

KEY = DevelopmentKey.of(Fixtures.of("gates").json("development-key.json"))


def test_a_signed_token_is_checked_with_the_published_keys() -> None:
    claims = {"iss": "https://example.com/", "sub": "ann", "number": 7}
    token = KEY.sign(claims)
    [published] = jwt.PyJWKSet.from_dict(KEY.key_set()).keys
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": KEY.kid, "typ": "JWT"}
    assert jwt.decode(token, published, ["RS256"]) == claims


def test_the_same_claims_always_give_the_same_token() -> None:
    again = DevelopmentKey(KEY.kid, KEY.p, KEY.q)
    assert again.sign({"a": 1}) == KEY.sign({"a": 1}) != KEY.sign({"a": 2})


def test_a_changed_token_is_seen() -> None:
    header, _, signature = KEY.sign({"sub": "ann"}).split(".")
    _, claims, _ = KEY.sign({"sub": "bob"}).split(".")
    published: Any = jwt.PyJWKSet.from_dict(KEY.key_set()).keys[0]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{header}.{claims}.{signature}", published, ["RS256"])
