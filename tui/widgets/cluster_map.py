"""The cluster map: nodes on a circle, links between them, and every message on its way."""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from tui.frame import Frame
from tui.kinds import legend_of
from tui.look import Look
from tui.paper import Paper
from tui.theme import ink
from tui.widgets.cells import CellWidget, LinkPicked, NodePicked, frame_style
from tui.widgets.map_geometry import Geometry, lay_out
from tui.widgets.map_links import links_layer
from tui.widgets.map_nodes import draw_node
from tui.widgets.map_packets import draw_packets

LEAST = (20, 6)


def geometry_of(frame: Frame, size: Size) -> Geometry:
    """Where everything is on a map of this size."""
    servers = tuple(node.name for node in frame.nodes if not node.client)
    clients = tuple(node.name for node in frame.nodes if node.client)
    return lay_out(servers, clients, size.width, size.height)


def paint_map(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole map."""
    if size.width < LEAST[0] or size.height < LEAST[1]:
        return too_small(frame, size, look)
    geometry = geometry_of(frame, size)
    down = frozenset(node.name for node in frame.nodes if not node.up)
    leader = frame.leader
    led = leader.name if leader else ""
    legend = legend_of(tuple(each.kind for each in sorted(frame.services, key=lambda each: each.name != frame.service)))
    layer = links_layer(geometry, frame.links, down, led, frame.selected_link, legend, look.focus(False))
    page = layer.page.copy()
    _titles(page, frame, look)
    draw_packets(page, geometry, layer, frame.packets, look)
    for node in frame.nodes:
        if node.name in geometry.places:
            draw_node(page, geometry.places[node.name], node, node.name == frame.selected, look)
    return page


def too_small(frame: Frame, size: Size, look: Look) -> Paper:
    """Only names and roles, one after the other."""
    page = Paper(size.width, size.height, ink(look.palette.dim, look.palette.ground))
    x = y = 0
    for node in frame.nodes:
        text = f"{node.name}{look.glyphs.roles[node.role]} "
        x, y = (0, y + 1) if x + len(text) > size.width else (x, y)
        x = page.text(x, y, text, ink(look.node(node), look.palette.ground, bold=node.name == frame.selected))
    return page


def _titles(page: Paper, frame: Frame, look: Look) -> None:
    """What changes in the upper edge, and its colour: loud when a rule was broken."""
    colors = look.palette
    loud = colors.vermilion if frame.verdict.violation else ""
    if look.focused or loud:
        style = frame_style(look.focus(True), colors.ground, loud)
        for y in (0, page.height - 1):
            edges = (look.glyphs.panel.top, look.glyphs.panel.bottom)
            page.styles[y] = [
                style if char in edges else old for char, old in zip(page.chars[y], page.styles[y], strict=True)
            ]
        for y in range(1, page.height - 1):
            page.styles[y][0] = page.styles[y][-1] = style
        for x, y in ((0, 0), (-1, 0), (0, -1), (-1, -1)):
            page.styles[y][x] = style
    title = f"cluster map · {frame.service}" if page.width >= 60 else "cluster map"
    page.text(2, 0, f" {title} ", ink(colors.text, colors.ground, bold=True))
    right = f" {len(frame.servers)} nodes · {frame.under_way} in flight "
    if page.width > len(title) + len(right) + 8:
        page.text(page.width - 2 - len(right), 0, right, ink(colors.dim, colors.ground))


class MapPane(CellWidget):
    """Click a node or a link to select it, twice to open it; draw from node to node for the link between them."""

    _pressed: str | None = None

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_map`."""
        return paint_map(frame, size, look)

    def _node_at(self, event: events.MouseEvent) -> str | None:
        return geometry_of(self._frame, self.size).node_at(event.x, event.y) if self._frame else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Perhaps a drag begins."""
        self._pressed = self._node_at(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A drag from one node to another ends."""
        pressed, self._pressed = self._pressed, None
        node = self._node_at(event)
        if pressed is not None and node is not None and node != pressed:
            self.post_message(LinkPicked(pressed, node, opened=True))

    def on_click(self, event: events.Click) -> None:
        """A node, else a link."""
        if self._frame is None:
            return
        node = self._node_at(event)
        if node is not None:
            self.post_message(NodePicked(node, opened=event.chain == 2))
            return
        links = tuple((link.a, link.b) for link in self._frame.links)
        found = geometry_of(self._frame, self.size).link_at(event.x, event.y, links)
        if found is not None:
            self.post_message(LinkPicked(*found, opened=event.chain == 2))
