"""The noise profile: what is written is read, and what a person edits wrongly is told."""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.errors import UsageError
from apitwin_contracts.lockstep.difference import Kind
from apitwin_contracts.lockstep.noise import Noise
from apitwin_contracts.lockstep.noise_files import read_noise, write_noise

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(st.tuples(texts, texts, st.sampled_from(get_args(Kind)), texts), max_size=5))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, str, str]]
) -> None:
    path, noise = tmp_path_factory.mktemp("noise") / "n.toml", Noise()
    for operation, place, kind, why in drawn:
        noise.learn(operation, place, [kind], why)
    write_noise(path, noise)
    assert list(read_noise(path)) == list(noise)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("volatile = 1", r"holds \[\[volatile\]\] tables and nothing else"),
        ('[[volatile]]\nplace = "a"\nkinds = ["vale"]', "did you mean 'value'"),
        ("[[volatile]]\nplace = 1", "place is a text"),
        ('[[volatile]]\nplace = "a"\nkinds = "value"', "kinds are a list"),
        ("[[", "no TOML"),
    ],
)
def test_a_wrong_profile_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "n.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=told):
        read_noise(path)


def test_a_star_stands_for_all() -> None:
    noise = Noise()
    noise.learn("*", "id", ["*"])
    assert noise.covers("orders", "id", "value")
    assert not noise.covers("orders", "name", "value")
