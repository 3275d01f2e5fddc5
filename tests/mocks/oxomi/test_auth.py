from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_mocks.suppliers.oxomi.auth import Claim, access_token, day_of
from tests.mocks.oxomi.client import FIXTURES, PATHS, SERVER, TODAY, Client, fresh_client, signature

CREDENTIAL = FIXTURES.credentials["default"]
SECRET = CREDENTIAL["secret"]
words = st.text(st.characters(codec="utf-8"), max_size=12)
hex_digits = st.text("0123456789abcdef", min_size=32, max_size=32)


def test_the_formula_without_an_api_token() -> None:
    assert access_token("geheim", Claim("portal1", "nutzer", 20690, "shop")) == "e840f8799851f5ed938008f28ca7ca9f"


def test_the_formula_with_an_api_token() -> None:
    claim = Claim("9999999", "john.doe", 20690, "", "KJ9M1HEM2KEVRQS2KQFPO2TRS8")
    assert access_token("s3cret", claim) == "b46705a6017eb739fd4da8c21dfd0157"


@given(words, words, words, words, words, st.integers(0, 40_000))
def test_the_formula_is_the_public_one(
    secret: str, portal: str, user: str, roles: str, api_token: str, day: int
) -> None:
    claim = Claim(portal, user, day, roles, api_token)
    assert access_token(secret, claim) == signature(secret, portal, user, day, roles, api_token)


def test_days_are_counted_in_utc() -> None:
    assert day_of(datetime(2026, 8, 25, 23, 59, 59, tzinfo=UTC)) == 20690
    assert day_of(datetime(1970, 1, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize("operation", PATHS)
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_day_on_either_side_is_tolerated(operation: str, shift: int) -> None:
    client = Client(session="auth", day=TODAY + shift)
    assert client.ask(operation, itemNumber="ST.001.A", date="2000-01-01 00:00:00").status == 200


@pytest.mark.parametrize("shift", [-400, -30, -3, -2, 2, 3, 30, 400])
def test_other_days_are_refused_as_such(shift: int) -> None:
    assert Client(day=TODAY + shift).refusal("sync_v3") == "ACCESS_TOKEN_OTHER_DAY"


def test_a_token_grows_old_with_the_sessions_clock() -> None:
    client = fresh_client("ageing")
    clock = SERVER.sessions.get("ageing").clock
    assert client.ask("sync_v3").status == 200
    clock.advance(timedelta(days=1, hours=23))
    assert client.ask("sync_v3").status == 200
    clock.advance(timedelta(hours=1))
    assert client.refusal("sync_v3") == "ACCESS_TOKEN_OTHER_DAY"
    assert Client(session="other").ask("sync_v3").status == 200


def signed(**changes: object) -> str:
    parts = {"portal": "9999999", "user": "john.doe", "day": TODAY, "roles": "", "api_token": CREDENTIAL["apiToken"]}
    return signature(SECRET, *(parts | changes).values())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accessToken": "0" * 32}, "ACCESS_TOKEN_INVALID"),
        ({"accessToken": "x"}, "ACCESS_TOKEN_INVALID"),
        ({"accessToken": "ümläut"}, "ACCESS_TOKEN_INVALID"),
        ({"accessToken": signed().upper()}, "ACCESS_TOKEN_INVALID"),
        ({"accessToken": signed(portal="1000001")}, "ACCESS_TOKEN_OTHER_PORTAL"),
        ({"accessToken": signed(user="jane.roe")}, "ACCESS_TOKEN_OTHER_USER"),
        ({"accessToken": signed(), "user": "jane.roe"}, "ACCESS_TOKEN_OTHER_USER"),
        ({"accessToken": signed(), "roles": "Heating"}, "ACCESS_TOKEN_OTHER_ROLES"),
        ({"accessToken": signed(roles="A,B"), "roles": "B,A"}, "ACCESS_TOKEN_OTHER_ROLES"),
        ({"accessToken": signed(api_token="")}, "ACCESS_TOKEN_OTHER_API_TOKEN"),
        ({"accessToken": signed(), "apiToken": FIXTURES.credentials["second"]["apiToken"]}, "ACCESS_TOKEN_INVALID"),
        ({"accessToken": signature("s3cret-second", "9999999", "john.doe", TODAY, CREDENTIAL["apiToken"])},
         "ACCESS_TOKEN_OTHER_API_TOKEN"),
        ({"apiToken": "0" * 26}, "API_TOKEN_UNKNOWN"),
        ({"apiToken": FIXTURES.credentials["basic"]["apiToken"]}, "API_TOKEN_UNKNOWN"),
        ({"user": "nobody"}, "USER_UNKNOWN"),
        ({"portal": "1"}, "PORTAL_UNKNOWN"),
        ({"portal": "https://oxomi.com/p/9999999"}, "PORTAL_UNKNOWN"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("operation", ["sync_v3", "spx_v2", "update_sync_date"])
def test_each_failure_has_a_code_of_its_own(operation: str, changes: dict[str, str], code: str) -> None:
    more = {"itemNumber": "ST.001.A", "date": "2022-11-23 10:19:42"}
    assert Client(session="failures").refusal(operation, **{**more, **changes}) == code


@given(hex_digits)
def test_no_guessed_token_is_let_in(token: str) -> None:
    reply = Client().ask("sync_v3", accessToken=token)
    assert reply.status == (200 if token == signed() else 401)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
def test_where_roles_are_not_in_use_any_signed_roles_do(roles: str) -> None:
    assert Client().ask("spx_v3", roles=roles, itemNumber="ST.001.A").status == 200


class TestPortalWithRoles:
    client = Client(credential="roles")

    @pytest.mark.parametrize("roles", ["Heating", "Electronics,Heating", "Heating,Electronics,Top-Customer"])
    def test_known_roles_are_let_in(self, roles: str) -> None:
        assert self.client.ask("sync_v3", roles=roles).status == 200

    def test_an_unknown_role_is_forbidden(self) -> None:
        reply = self.client.ask("sync_v3", roles="Heating,Boss")
        assert self.client.code(reply) == "ROLE_UNKNOWN"
        assert "role-Boss" in reply.text

    def test_roles_must_be_sent(self) -> None:
        reply = self.client.ask("sync_v3", roles=None)
        assert (reply.status, self.client.code(reply)) == (400, "MISSING_PARAMETER")
        assert "The parameter roles must be filled." in reply.text

    def test_signed_roles_must_be_sent(self) -> None:
        known = FIXTURES.credentials["roles"]
        parts = (known["portal"], known["user"], TODAY, "Heating", known["apiToken"])
        token = signature(known["secret"], *parts)
        assert self.client.refusal("sync_v3", roles=None, accessToken=token) == "ACCESS_TOKEN_OTHER_ROLES"


def test_the_journal_holds_no_access_token() -> None:
    client = fresh_client("journal")
    token = client.parameters("sync_v3")["accessToken"]
    client.ask("sync_v3")
    entries = [str(entry.as_json()) for entry in SERVER.sessions.get("journal").journal.read()]
    assert len(entries) == 1
    assert token not in entries[0]
