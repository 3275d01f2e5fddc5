from datetime import timedelta

import pytest

from apitwin_fixtures import Request
from apitwin_mocks.kit.auth import ExpiredTokenError, TokenBook, UnknownTokenError, bearer_token
from apitwin_mocks.kit.clock import Clock


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("Bearer  abc ", "abc"),
        ("abc", None),
        ("Basic abc", None),
        ("Bearer ", None),
        ("Bearer", None),
    ],
)
def test_a_token_is_read_from_its_header(header: str, token: str | None) -> None:
    assert bearer_token(Request("GET", "/", headers=(("authorization", header),))) == token


def test_without_a_header_there_is_no_token() -> None:
    assert bearer_token(Request("GET", "/")) is None


def test_a_token_lives_until_its_last_second() -> None:
    clock = Clock()
    book: TokenBook[str] = TokenBook(clock)
    token = book.issue("t", "somebody", timedelta(seconds=60))
    clock.advance(timedelta(seconds=59))
    assert book.find(token) == "somebody"
    clock.advance(timedelta(seconds=1))
    with pytest.raises(ExpiredTokenError):
        book.find(token)


def test_an_unknown_token_has_no_holder_and_an_endless_one_never_expires() -> None:
    clock = Clock()
    book: TokenBook[str] = TokenBook(clock)
    book.issue("for ever", "somebody")
    clock.advance(timedelta(days=3650))
    assert book.find("for ever") == "somebody"
    with pytest.raises(UnknownTokenError):
        book.find("other")
