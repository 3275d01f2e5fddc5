"""What the command answers to a wrong use: one line that helps, and code 2."""

from pathlib import Path

import pytest

from apitwin_contracts.cli.main import run

BROKEN = '[targets.a]\nurl = "http://a\n'


@pytest.mark.usefixtures("tiny_installed")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "tiyn"], "there is no supplier 'tiyn'; did you mean 'tiny'?"),
        (["check", "tiny", "--target", "sandbox"], "there is no target 'sandbox'; known are: mock"),
        (["check", "tiny", "--target", "127.0.0.1:8900"], "did you mean http://127.0.0.1:8900?"),
        (["check", "tiny", "--target", "https://tiny.example.com"], "needs credentials: set APITWIN_TINY_TOKEN"),
        (["check", "tiny", "--target", "a", "--config", "broken.toml"], "at line 2"),
        (["check", "tiny", "--target", "a", "--config", "none.toml"], "none.toml: No such file or directory"),
        (["check", "tiny", "--report", "json=no/such/x"], "cannot write the report no/such/x"),
        (["check", "tiny", "--report", "html=x"], "there is no report 'html'; known are: json, junit"),
        (["check", "tiny", "--profile", "quik"], "there is no profile 'quik'; did you mean 'quick'?"),
        (
            ["check", "tiny", "--sed", "3"],
            "No such option: --sed (Possible options: --max-spend, --seed) (see apitwin check --help)",
        ),
        (["check", "tiny", "--seed", "x"], "Invalid value for '--seed'"),
        (["chekc"], "No such command 'chekc'. Did you mean 'check'? (see apitwin --help)"),
        (["serve", "tiyn"], "there is no supplier 'tiyn'; did you mean 'tiny'?"),
        (["serve", "tiny", "--clock", "noon"], "--clock is now or an instant such as 2026-01-01T12:00:00Z, not 'noon'"),
        (["serve", "tiny", "--port", "70000"], "Invalid value for '--port'"),
        (["serve", "tiny", "--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid port 8900"),
    ],
)
def test_a_wrong_use_is_one_line(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text(BROKEN)
    code = run(words)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("apitwin: ")
    assert said in err
    assert err.count("\n") == 1
