"""What `--target` means, and where credentials come from."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from apitwin_contracts.errors import UsageError
from apitwin_contracts.suppliers.axro import CONTRACT as AXRO
from apitwin_contracts.targets.addresses import Address, Directory
from apitwin_contracts.targets.config import FILE_NAME
from apitwin_contracts.targets.credentials import variable
from tests.contracts.tiny.contract import CONTRACT as TINY

LOOPBACK = "http://127.0.0.1:8900/tiny"
LIVE = "https://tiny.example.com"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def address(target: str, environment: Mapping[str, str] | None = None) -> Address:
    return Directory(target, environment=environment or {}).of([TINY])["tiny"]


@pytest.mark.usefixtures("tiny_installed")
def test_the_mock_brings_its_own_credentials() -> None:
    found = address("mock", {"APITWIN_TINY_TOKEN": "another"})
    assert found.label == "mock"
    assert found.in_process
    assert dict(found.credentials) == {"token": "TINY_TOKEN"}
    assert {name: dict(fields) for name, fields in found.others.items()} == {"other": {"token": "OTHER_TINY_TOKEN"}}
    assert found.open().url == LOOPBACK


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_on_loopback_the_mocks_credentials_are_taken(host: str) -> None:
    found = address(f"http://{host}:8900/tiny/")
    assert found.label == f"http://{host}:8900/tiny"
    assert dict(found.credentials) == {"token": "TINY_TOKEN"}
    assert set(found.others) == {"other"}


def test_given_credentials_come_first_even_on_loopback() -> None:
    found = address(LOOPBACK, {"APITWIN_TINY_TOKEN": "mine"})
    assert dict(found.credentials) == {"token": "mine"}
    assert found.others == {}


def test_another_customers_credentials_can_be_given_too() -> None:
    given = {"APITWIN_TINY_TOKEN": "mine", "APITWIN_TINY_OTHER_TOKEN": "theirs"}
    assert {name: dict(fields) for name, fields in address(LIVE, given).others.items()} == {
        "other": {"token": "theirs"}
    }


def test_missing_credentials_are_named() -> None:
    with pytest.raises(
        UsageError, match=r"tiny at https://tiny\.example\.com needs credentials: set APITWIN_TINY_TOKEN"
    ):
        address(LIVE)


def test_a_customer_that_is_only_partly_given_is_refused() -> None:
    with pytest.raises(UsageError, match="axro needs token: set APITWIN_AXRO_TOKEN too"):
        Directory("https://api.example.com", environment={"APITWIN_AXRO_CUSTOMER": "1"}).of([AXRO])


def test_other_credentials_may_do_instead() -> None:
    given = {"APITWIN_AXRO_USERNAME": "me", "APITWIN_AXRO_PASSWORD": "s3cret"}
    found = Directory("https://api.example.com", environment=given).of([AXRO])["axro"]
    assert dict(found.credentials) == {"username": "me", "password": "s3cret"}


def test_the_supplier_stands_where_the_url_says() -> None:
    found = Directory("http://localhost:8900/{supplier}", environment={}).of([TINY, AXRO])
    assert {name: one.label for name, one in found.items()} == {
        "tiny": "http://localhost:8900/tiny",
        "axro": "http://localhost:8900/axro",
    }


def test_one_base_does_not_do_for_several_suppliers() -> None:
    with pytest.raises(UsageError, match=r"is one supplier's base; name one supplier, or write \{supplier\}"):
        Directory(LOOPBACK, environment={}).of([TINY, AXRO])


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("ftp://x", "begins with http:// or https://"),
        ("http://", "begins with http:// or https://"),
        ("http://a b", "begins with http:// or https://"),
        ("http://a/{suplier}", "begins with http:// or https://"),
        ("http://a:99999", "begins with http:// or https://"),
        ("https://a/?x=1", "take ? and # out of"),
        ("https://a/#x", "take ? and # out of"),
        ("127.0.0.1:8900/tiny", "did you mean http://127.0.0.1:8900/tiny?"),
        ("sandbox", f"there is no target 'sandbox'; known are: mock (there is no {FILE_NAME} here or above)"),
    ],
)
def test_what_is_no_target_is_refused(target: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        address(target, {"APITWIN_TINY_TOKEN": "t"})
    assert said in str(refused.value)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="give them as credentials") as refused:
        address("https://me:s3cret@tiny.example.com", {"APITWIN_TINY_TOKEN": "t"})
    assert "s3cret" not in str(refused.value)


NAMED = """
[targets.sandbox]
supplier = "tiny"
url = "https://sandbox.example.com/{supplier}"
[targets.sandbox.credentials]
token = "SANDBOX_TOKEN"
[targets.sandbox.customers.other]
token = "SANDBOX_OTHER"
[targets.plain]
url = "https://plain.example.com"
[targets.odd]
url = "https://odd.example.com"
[targets.odd.credentials]
tokn = "SANDBOX_TOKEN"
"""


class TestNamedTargets:
    @pytest.fixture(autouse=True)
    def _config(self, tmp_path: Path) -> None:
        (tmp_path / FILE_NAME).write_text(NAMED)

    def test_the_file_names_the_variables(self) -> None:
        found = address("sandbox", {"SANDBOX_TOKEN": "mine", "SANDBOX_OTHER": "theirs"})
        assert found.label == "https://sandbox.example.com/tiny"
        assert dict(found.credentials) == {"token": "mine"}
        assert found.credentials.variables == {"token": "SANDBOX_TOKEN"}  # type: ignore[attr-defined]
        assert dict(found.others["other"]) == {"token": "theirs"}

    def test_a_variable_that_is_not_set_is_named(self) -> None:
        with pytest.raises(UsageError, match="the environment variable SANDBOX_OTHER is not set, and tiny needs it"):
            address("sandbox", {"SANDBOX_TOKEN": "mine", "SANDBOX_OTHER": ""})

    def test_a_table_without_credentials_takes_the_usual_variables(self) -> None:
        assert dict(address("plain", {"APITWIN_TINY_TOKEN": "usual"}).credentials) == {"token": "usual"}

    def test_a_table_says_for_whom_it_is(self) -> None:
        assert Directory("sandbox").suppliers == ("tiny",)
        with pytest.raises(UsageError, match="the target 'sandbox' is for tiny, not for axro"):
            Directory("sandbox", environment={"SANDBOX_TOKEN": "x"}).of([AXRO])

    def test_a_misspelt_name_is_answered_with_the_nearest(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no target 'sandbx'; did you mean 'sandbox'") as refused:
            address("sandbx")
        assert str(tmp_path / FILE_NAME) in str(refused.value)

    def test_a_misspelt_credential_is_answered_with_the_nearest(self) -> None:
        with pytest.raises(UsageError, match="no credential of tiny 'tokn'; did you mean 'token'"):
            address("odd", {"SANDBOX_TOKEN": "x"})

    def test_another_file_can_be_read_instead(self, tmp_path: Path) -> None:
        other = tmp_path / "other.toml"
        other.write_text("[targets.elsewhere]\nurl = 'http://localhost:1/tiny'")
        assert Directory("elsewhere", other, {}).of([TINY])["tiny"].label == "http://localhost:1/tiny"


def test_variables_have_one_form() -> None:
    assert variable("axro", "token") == "APITWIN_AXRO_TOKEN"
    assert variable("my-shop", "apiToken", "other") == "APITWIN_MY_SHOP_OTHER_APITOKEN"
