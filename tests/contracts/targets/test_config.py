"""`apitwin.toml`: what it can say, and what is said to what it cannot."""

from pathlib import Path

import pytest

from apitwin_contracts.errors import UsageError
from apitwin_contracts.targets.config import FILE_NAME, find_config, read_targets
from apitwin_contracts.targets.http import HttpSettings

WHOLE = """
[targets.sandbox]
supplier = "tiny"
url = "https://sandbox.example.com/{supplier}"
token_url = "https://login.example.com/token"
proxy = "http://proxy.example.com:3128"
ca_file = "ca.pem"
timeout = 5
rate = 60
[targets.sandbox.credentials]
token = "SANDBOX_TOKEN"
[targets.sandbox.customers.other]
token = "SANDBOX_OTHER_TOKEN"

[targets.live]
supplier = ["axro", "oxomi"]
url = "https://live.example.com"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def test_everything_can_be_said(file: Path) -> None:
    (file.parent / "ca.pem").touch()
    file.write_text(WHOLE)
    tables = read_targets(file)
    sandbox = tables["sandbox"]
    assert sandbox.url == "https://sandbox.example.com/{supplier}"
    assert sandbox.suppliers == ("tiny",)
    assert sandbox.token_url == "https://login.example.com/token"
    assert sandbox.settings == HttpSettings("http://proxy.example.com:3128", str(file.parent / "ca.pem"), 5.0, 60.0)
    assert sandbox.credentials == {"default": {"token": "SANDBOX_TOKEN"}, "other": {"token": "SANDBOX_OTHER_TOKEN"}}
    assert tables["live"].suppliers == ("axro", "oxomi")
    assert tables["live"].settings == HttpSettings()


def test_it_is_found_in_the_folder_or_above(file: Path) -> None:
    inner = file.parent / "a/b"
    inner.mkdir(parents=True)
    assert find_config(inner) is None or not find_config(inner).is_relative_to(file.parent)  # type: ignore[union-attr]
    file.touch()
    assert find_config(inner) == file
    nearer = file.parent / "a" / FILE_NAME
    nearer.touch()
    assert find_config(inner) == nearer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("targets = 1", "targets is a table, not 1"),
        ("[target.x]", "there is no table 'target'; did you mean 'targets'?"),
        ("[targets.x]\nurl = 'http://a'\ntimout = 3", "targets.x: there is no key 'timout'; did you mean 'timeout'?"),
        ("[targets.x]", "targets.x: say at which url it is"),
        ("[targets]\nx = 3", "targets.x is a table, not 3"),
        ("[targets.x]\nurl = 3", "targets.x: url is a text, not 3"),
        ("[targets.x]\nurl = ''", "targets.x: url is a text, not ''"),
        ("[targets.x]\nurl = 'http://a'\ntimeout = 0", "targets.x: timeout is a number above 0, not 0"),
        ("[targets.x]\nurl = 'http://a'\nrate = '9'", "targets.x: rate is a number above 0, not '9'"),
        ("[targets.x]\nurl = 'http://a'\nrate = true", "targets.x: rate is a number above 0, not True"),
        ("[targets.x]\nurl = 'http://a'\nrate = inf", "targets.x: rate is a number above 0, not inf"),
        ("[targets.x]\nurl = 'http://a'\nsupplier = [3]", "targets.x: supplier is a name or a list of names, not [3]"),
        ("[targets.x]\nurl = 'http://a'\nca_file = 'ca.pem'", "ca.pem is not there"),
        ("[targets.mock]\nurl = 'http://a'", "targets.mock: this name always means something else"),
        ("[targets.x]\nurl = 'http://a'\ncredentials = 'T'", "targets.x.credentials is a table, not 'T'"),
        ("[targets.x]\nurl = 'http://a'\ncustomers = 'T'", "targets.x.customers is a table, not 'T'"),
        ("[targets.x]\nurl = 'http://a'\n[targets.x.customers.default]\na='B'", "targets.x.customers.default"),
        ("[targets.x\n", "(at line 1, column 11)"),
    ],
)
def test_what_it_cannot_say_is_named_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_targets(file)
    assert str(refused.value).startswith(str(file))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(UsageError, match=r"apitwin\.toml: No such file"):
        read_targets(file)


@pytest.mark.parametrize("secret", ["s3cr3t-token", "hunter2", "Bearer abc", "", "A B"])
@pytest.mark.parametrize("table", ["credentials", "customers.other"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(file: Path, secret: str, table: str) -> None:
    file.write_text(f"[targets.x]\nurl = 'http://a'\n[targets.x.{table}]\ntoken = '{secret}'")
    with pytest.raises(UsageError, match="is no name of an environment variable") as refused:
        read_targets(file)
    assert f"targets.x.{table}.token" in str(refused.value)
    assert not secret or secret not in str(refused.value)
