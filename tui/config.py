"""Settings of the screen: a file, then the environment, then flags. The law: an unknown or impossible setting is a
sentence that names where it stands and the nearest valid thing.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from playground.errors import BadInput, nearest

FOLDER = "cluster-playground"
PREFIX = "PLAYGROUND_"

Plain = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Config:
    """What can be set, with the defaults. In the environment `speed` is PLAYGROUND_SPEED, and so on."""

    speed: float = 0.0
    """Virtual seconds a real second; 0 lets a message take about 0.7 s to cross."""
    hurry: float = 20.0
    """How many times faster time goes while no message is under way; 1 never hurries."""
    glyphs: str = "unicode"
    """`unicode` or `ascii`."""
    theme: str = ""
    """A theme by name (ctrl+p lists them); empty is the playground's own."""
    frames: int = 30
    """Frames a second, 5 to 60."""
    paused: bool = False
    """Begin with time standing still."""


CHOICES: Mapping[str, tuple[str, ...]] = {"glyphs": ("unicode", "ascii")}

LIMITS: Mapping[str, tuple[float, float]] = {"speed": (0.0, float("inf")), "hurry": (1.0, 1_000.0), "frames": (5, 60)}

TRUTHS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
"""Words for it in the environment."""

DEFAULTS: Mapping[str, Plain] = {field.name: field.default for field in fields(Config)}  # type: ignore[misc]


def load(environment: Mapping[str, str] | None = None) -> Config:
    """The settings of this user: the file `config.toml`, and what the environment says over it. BadInput if wrong."""
    environment = os.environ if environment is None else environment
    path = config_file(environment)
    config = from_file(path) if path.is_file() else Config()
    return from_environment(config, environment)


def config_file(environment: Mapping[str, str]) -> Path:
    """`$XDG_CONFIG_HOME/cluster-playground/config.toml`."""
    return _home(environment, "XDG_CONFIG_HOME", ".config") / "config.toml"


def state_folder(environment: Mapping[str, str] | None = None) -> Path:
    """`$XDG_STATE_HOME/cluster-playground`: history, screenshots, saved sessions. It may not exist yet."""
    return _home(os.environ if environment is None else environment, "XDG_STATE_HOME", ".local/state")


def _home(environment: Mapping[str, str], variable: str, usual: str) -> Path:
    """A relative path in such a variable must be ignored (XDG base directory specification)."""
    given = Path(environment.get(variable, ""))
    return (given if given.is_absolute() else Path(environment.get("HOME") or Path.home()) / usual) / FOLDER


def from_file(path: Path) -> Config:
    """The settings of one TOML file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    return over(Config(), {name: (value, str(path)) for name, value in table.items()})


def from_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """`config` with what the variables PLAYGROUND_... say."""
    said = {name: text for name, text in environment.items() if name.startswith(PREFIX)}
    found = {name.removeprefix(PREFIX).lower(): (text, f"environment variable {name}") for name, text in said.items()}
    return over(config, {name: (_parsed(name, *value), value[1]) for name, value in found.items()})


def over(config: Config, given: Mapping[str, tuple[object, str]]) -> Config:
    """`config` with the settings in `given` (name: value and where it stands) over it. BadInput if one is wrong."""
    checked = {name: _checked(name, value, where) for name, (value, where) in given.items()}
    return replace(config, **checked)  # type: ignore[arg-type]


def _checked(name: str, value: object, where: str) -> Plain:
    if name not in DEFAULTS:
        raise BadInput(f'{where}: there is no setting "{name}"{nearest(name, DEFAULTS)}')
    usual = DEFAULTS[name]
    if isinstance(usual, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(usual):
        raise BadInput(f'{where}: "{name}" must be {_kind(usual)}, not {value!r}')
    assert isinstance(value, str | int | float | bool)
    return _within(name, value, where)


def _within(name: str, value: Plain, where: str) -> Plain:
    if name in CHOICES and value not in CHOICES[name]:
        raise BadInput(f'{where}: "{name}" can be {" or ".join(CHOICES[name])}{nearest(str(value), CHOICES[name])}')
    if name in LIMITS and not LIMITS[name][0] <= float(value) <= LIMITS[name][1]:
        least, most = LIMITS[name]
        raise BadInput(f'{where}: "{name}" must be between {least:g} and {most:g}, not {value}')
    return value


def _parsed(name: str, text: str, where: str) -> object:
    """Text from the environment as the type that this setting has."""
    match DEFAULTS.get(name):
        case bool():
            return TRUTHS.get(text.lower(), text)
        case int() | float() as usual:
            return _number(text, type(usual), f'{where}: "{name}" must be {_kind(usual)}, not {text!r}')
        case _:
            return text


def _number(text: str, kind: type[int] | type[float], sentence: str) -> float:
    try:
        return kind(text)
    except ValueError:
        raise BadInput(sentence) from None


def _kind(usual: Plain) -> str:
    match usual:
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case str():
            return "a text"
