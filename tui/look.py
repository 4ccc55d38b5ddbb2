"""How a frame is drawn: palette and glyphs, and which colour each state, message and event has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.style import Style

from tui.frame import NodeFace
from tui.glyphs import UNICODE, Glyphs, Kind, Role, Sort
from tui.theme import DARK, Palette, ink, mix


@dataclass(frozen=True, slots=True)
class Look:
    """`focused` panes have a brighter frame."""

    palette: Palette = DARK
    glyphs: Glyphs = UNICODE
    focused: bool = False

    def role(self, role: Role) -> str:
        """The colour of a role."""
        colors = self.palette
        match role:
            case Role.LEADER | Role.CLIENT | Role.CONTROLLER | Role.LEADING:
                return colors.gold
            case Role.CANDIDATE | Role.PRE_CANDIDATE | Role.PREPARING | Role.PROPOSING | Role.BACKING_OFF:
                return colors.pink
            case Role.LEAVING | Role.STOPPING | Role.LOOKING | Role.PROSPECTIVE:
                return colors.pink
            case Role.LEARNER | Role.JOINING | Role.DECIDED | Role.SYNCHRONISING | Role.OBSERVING:
                return colors.mint
            case Role.OUTSIDE | Role.STOPPED | Role.OUTSIDER:
                return colors.dim
            case Role.FENCED | Role.READ_ONLY:
                return colors.vermilion
            case Role.DOWN:
                return colors.grey
            case _:
                return colors.sky

    def node(self, node: NodeFace) -> str:
        """The colour of a node: its role's, or trouble's."""
        return self.palette.vermilion if node.troubled else self.role(node.role)

    def kind(self, kind: Kind) -> str:
        """The colour of a kind of message."""
        colors = self.palette
        match kind:
            case Kind.APPEND | Kind.SNAPSHOT | Kind.STORE | Kind.FETCH | Kind.KEYS | Kind.RECORDS:
                return colors.sky
            case Kind.ACCEPT | Kind.TRANSACTION_PROPOSAL | Kind.SYNC:
                return colors.sky
            case Kind.ACK | Kind.STORED | Kind.FETCHED | Kind.PRODUCED | Kind.ACCEPTED | Kind.COMMIT:
                return colors.mint
            case Kind.PREPARE | Kind.PROMISE | Kind.NOTIFICATION | Kind.EPOCH:
                return colors.pink
            case Kind.WATCH_EVENT | Kind.SESSION:
                return mix(colors.gold, colors.bright, 0.4)
            case (
                Kind.VOTE_REQUEST | Kind.VOTE | Kind.PROPOSAL | Kind.AGREEMENT | Kind.TABLE | Kind.METADATA | Kind.ADMIN
            ):
                return colors.pink
            case Kind.CLIENT | Kind.ANSWER | Kind.PRODUCE | Kind.TRANSACTION:
                return colors.gold
            case Kind.GROUP | Kind.LOOKUP:
                return mix(colors.sky, colors.bright, 0.45)
            case Kind.REFUSAL | Kind.NO_VOTE | Kind.HINT:
                return colors.vermilion
            case _:
                return colors.dim

    def sort(self, sort: Sort) -> str:
        """The colour of a sort of event."""
        colors = self.palette
        match sort:
            case Sort.LEADER | Sort.CLIENT:
                return colors.gold
            case Sort.ELECTION | Sort.MOVE:
                return colors.pink
            case Sort.COMMIT | Sort.EPOCH | Sort.UP | Sort.HEALED:
                return colors.mint
            case Sort.SUSPICION:
                return mix(colors.dim, colors.vermilion, 0.5)
            case Sort.DOWN | Sort.TROUBLE | Sort.LOST | Sort.WRONG:
                return colors.vermilion
            case _:
                return colors.dim

    def hue(self, number: int) -> str:
        """Six hues in turn, for terms and for nodes on a ring; a number or mark always stands there as well."""
        colors = self.palette
        hues = (colors.sky, colors.gold, colors.mint, colors.pink, mix(colors.sky, colors.bright, 0.45),
                colors.vermilion)  # fmt: skip
        return hues[number % len(hues)]

    def tint(self, under: str, color: str, share: float) -> str:
        """A surface with a breath of `color`; none in themes that want none."""
        return mix(under, color, share * self.palette.tint)

    def on_panel(self, color: str, bold: bool = False) -> Style:
        """Text on a pane."""
        return ink(color, self.palette.panel, bold)

    def focus(self, focused: bool) -> Look:
        """The same with or without the keyboard."""
        return replace(self, focused=focused)
