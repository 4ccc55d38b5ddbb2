"""Settings: file, then environment, then flags; a mistake is one sentence with the place and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.errors import BadInput
from tui.config import Config, config_file, from_environment, from_file, load, over, state_folder


def written(folder: Path, text: str) -> Path:
    path = folder / "cluster-playground" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load({"XDG_CONFIG_HOME": str(tmp_path)}) == Config()


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    written(tmp_path, 'speed = 0.5\nglyphs = "ascii"\n')
    config = load({"XDG_CONFIG_HOME": str(tmp_path), "PLAYGROUND_SPEED": "2"})
    assert (config.speed, config.glyphs) == (2.0, "ascii")


def test_flags_stand_over_both() -> None:
    assert over(Config(speed=0.5), {"speed": (3, "--speed")}).speed == 3.0


def test_an_unknown_setting_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    path = written(tmp_path, "sped = 1.0\n")
    with pytest.raises(BadInput, match='there is no setting "sped"; did you mean "speed"') as caught:
        from_file(path)
    assert str(path) in str(caught.value)


def test_an_unknown_variable_is_answered_too() -> None:
    with pytest.raises(BadInput, match='PLAYGROUND_GLYPH: there is no setting "glyph"; did you mean "glyphs"'):
        from_environment(Config(), {"PLAYGROUND_GLYPH": "ascii"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('speed = "fast"', 'config.toml: "speed" must be a number'),
        ("frames = 500", '"frames" must be between 5 and 60, not 500'),
        ('glyphs = "asci"', 'can be unicode or ascii; did you mean "ascii"'),
        ("speed = nan", '"speed" must be between'),
        ("paused = 1", '"paused" must be true or false'),
        ("speed = ", "is not valid TOML"),
    ],
)
def test_an_impossible_setting_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        from_file(written(tmp_path, text))


def test_a_relative_folder_in_the_environment_is_ignored(tmp_path: Path) -> None:
    assert config_file({"XDG_CONFIG_HOME": "here", "HOME": str(tmp_path)}) == (
        tmp_path / ".config" / "cluster-playground" / "config.toml"
    )
    assert state_folder({"HOME": str(tmp_path)}) == tmp_path / ".local" / "state" / "cluster-playground"
