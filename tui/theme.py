"""Colours, each with one meaning. The law: nothing is told by colour alone; glyph, word and border say it as well.

The hues are Okabe and Ito's, lightened for a dark ground and darkened for a light one. Six are as many as stay apart
for colour-blind eyes, so terms go round in six and always show their number too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rich.style import Style
from textual.theme import Theme

HEX = re.compile(r"#[0-9a-fA-F]{6}$")


@dataclass(frozen=True, slots=True)
class Palette:
    """Surfaces, greys and hues as `#rrggbb`."""

    dark: bool
    ground: str
    panel: str
    bar: str
    """Behind the top line and the keys."""
    line: str
    text: str
    dim: str
    faint: str
    bright: str
    ink: str
    """Text on a full hue."""
    gold: str
    """Leader, client, what waits for a person."""
    sky: str
    """Follower, the usual."""
    pink: str
    """Candidate, votes."""
    mint: str
    """Acknowledged, committed, well."""
    vermilion: str
    """Lost, cut, wrong."""
    grey: str
    """Down."""
    link: str
    link_hot: str
    link_dead: str
    tint: float = 1.0
    """How strongly surfaces are tinted with a hue; 0 is not at all."""


DARK = Palette(
    dark=True, ground="#0b0f17", panel="#0f1520", bar="#131c2c", line="#26334a", text="#d5deeb", dim="#7f8ea6",
    faint="#43516a", bright="#ffffff", ink="#0b0f17", gold="#ffc53d", sky="#5bb8f5", pink="#f19ac9", mint="#3fd3a4",
    vermilion="#ff7a45", grey="#6d7a90", link="#2b3b56", link_hot="#3d6596", link_dead="#1b2536",
)  # fmt: skip

LIGHT = Palette(
    dark=False, ground="#f7f9fc", panel="#ffffff", bar="#e6ecf5", line="#bcc8da", text="#1c2738", dim="#55637a",
    faint="#8a97ad", bright="#000000", ink="#ffffff", gold="#8a5a00", sky="#0a64a4", pink="#a52a72", mint="#07714f",
    vermilion="#b53a06", grey="#66738a", link="#b9c6da", link_hot="#6d9ccb", link_dead="#e1e7f0",
)  # fmt: skip

CONTRAST = replace(
    DARK, ground="#000000", panel="#000000", bar="#000000", line="#ffffff", text="#ffffff", dim="#d8d8d8",
    faint="#b0b0b0", ink="#000000", grey="#b0b0b0", link="#808080", link_hot="#c0c0c0", link_dead="#505050", tint=0.0,
)  # fmt: skip

OWN = {"playground": DARK, "playground-light": LIGHT, "playground-contrast": CONTRAST}
"""Our themes by name, the usual one first."""


def themes() -> tuple[Theme, ...]:
    """Our palettes as themes that the app can register, so that menus and input lines look the same."""
    return tuple(_theme(name, palette) for name, palette in OWN.items())


def _theme(name: str, palette: Palette) -> Theme:
    return Theme(
        name=name, dark=palette.dark, primary=palette.sky, secondary=palette.pink, accent=palette.gold,
        warning=palette.gold, error=palette.vermilion, success=palette.mint, foreground=palette.text,
        background=palette.ground, surface=palette.panel, panel=palette.bar,
    )  # fmt: skip


def palette_of(theme: Theme) -> Palette:
    """Ours, or for another theme its surfaces under our hues, for those have a meaning."""
    own = OWN.get(theme.name)
    return own or _adapted(theme.dark, theme.background, theme.foreground, theme.surface, theme.panel)


@lru_cache(maxsize=32)
def _adapted(
    dark: bool, background: str | None, foreground: str | None, surface: str | None, bar: str | None
) -> Palette:
    base = DARK if dark else LIGHT
    ground = _plain(background, base.ground)
    text = _plain(foreground, base.text)
    panel = _plain(surface, mix(ground, text, 0.03))
    return replace(
        base, ground=ground, panel=panel, bar=_plain(bar, mix(ground, text, 0.08)), text=text,
        line=mix(ground, text, 0.18), dim=mix(ground, text, 0.55), faint=mix(ground, text, 0.33),
        link=mix(ground, text, 0.2), link_hot=mix(ground, base.sky, 0.5), link_dead=mix(ground, text, 0.1),
    )  # fmt: skip


def _plain(color: str | None, usual: str) -> str:
    """A terminal's own colours (ansi_...) cannot be mixed."""
    return color if color is not None and HEX.match(color) else usual


@lru_cache(maxsize=4096)
def mix(under: str, over: str, share: float) -> str:
    """The colour `share` (0 to 1) of the way from `under` to `over`."""
    pairs = zip(_parts(under), _parts(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@lru_cache(maxsize=8192)
def ink(
    color: str, ground: str, bold: bool = False, italic: bool = False, underline: bool = False, strike: bool = False
) -> Style:
    """One style object for each look, so that cells can be compared by identity."""
    return Style(
        color=color, bgcolor=ground, bold=bold or None, italic=italic or None, underline=underline or None,
        strike=strike or None,
    )  # fmt: skip
