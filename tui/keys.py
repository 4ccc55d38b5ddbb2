"""Every key, once: bindings, footer, help and palette are made from this table.

The law: no key is named anywhere else; nothing is only on an F-key or a chord, because terminals eat those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """`action` is what the main screen does; `keys` are Textual's names; `label` stands in the footer, if `rank` is.

    `panes` are those that the key is about (all, if empty). The lower the rank, the narrower the footer that has it.
    """

    action: str
    keys: str
    shown: str
    label: str
    help: str
    group: str
    rank: int | None = None
    panes: tuple[str, ...] = ()
    opens: bool = False
    """It opens a line to type in: what is typed right behind it must go there, however fast it comes."""

    def binding(self) -> Binding:
        """What Textual wants. The id is the action, so that a keymap can move it."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=False,
            key_display=self.shown,
            id=self.action,
            priority=self.opens,
        )


TIME, NODES, LINKS, LOOK, TOOLS = "time", "nodes", "links", "looking", "program"

PANES_WITH_NODES = ("map", "overview", "logs", "ring", "paxos", "synod", "broker", "keeper", "inspect")

KEYS: tuple[Key, ...] = (
    Key("pause", "space", "space", "Pause", "Let time stand still, or go on.", TIME, 1, ("time",)),
    Key("step", "full_stop", ".", "Step", "Stand still, and let only the next event happen.", TIME, 3, ("time",)),
    Key("faster", "plus,equals_sign", "+", "Faster", "Let virtual time go faster.", TIME, 4, ("time",)),
    Key("slower", "minus", "-", "Slower", "Let virtual time go slower.", TIME, 4, ("time",)),
    Key("back", "left", "left", "Earlier", "The node before; on the timeline: the event before.", TIME,
        None, ("time",)),
    Key("forth", "right", "right", "Later", "The next node; on the timeline: the next event.", TIME,
        None, ("time",)),
    Key("select_next", "tab,j,down", "tab", "Node", "Select the next node (also j).", NODES,
        2, PANES_WITH_NODES),
    Key("select_previous", "shift+tab,k,up", "shift+tab", "Node back", "Select the node before (also k).", NODES,
        None, PANES_WITH_NODES),
    Key("kill", "x", "x", "Kill", "Kill the selected node, or restart it if it is down.", NODES, 2, ("map", "inspect")),
    Key("freeze", "z", "z", "Freeze", "Pause the selected node's process (its clock goes on), or resume it.", NODES,
        8, ("map", "inspect")),
    Key("elect", "e", "e", "Elect", "Ask the leader to hand over to the selected node.", NODES, 10, ("map", "inspect")),
    Key("grow", "n", "n", "Add node", "Let a new node join the ring. In a lesson: go on, or answer what is asked.",
        NODES, 9, ("map", "ring", "tutor")),
    Key("shrink", "N", "N", "Remove", "Let the selected node leave the ring; its process runs on.", NODES,
        17, ("map", "ring", "inspect")),
    Key("links", "l", "l", "Links", "Cut, slow, lose or heal a link of the selected node: pick the other end.", LINKS,
        6, ("map", "inspect")),
    Key("partition", "p", "p", "Partition", "Split the network.", LINKS, 7, ("map",)),
    Key("heal", "H", "H", "Heal", "Heal every link.", LINKS, 9, ("map",)),
    Key("calm", "C", "C", "Calm", "Make everything well: links, disks, clocks, nodes.", LINKS, 12, ("map",)),
    Key("console", "colon,c", ":", "Console", "Type a command. Tab completes, up and down are the history.", TOOLS,
        8, ("console",), True),
    Key("filter", "slash", "/", "Filter", "Show only events with this text.", LOOK, 13, ("events",), True),
    Key("service", "v", "v", "Service", "Look at the next service: its roles on the map, its pane, its node.", LOOK,
        5, PANES_WITH_NODES),
    Key("overview", "o", "o", "Overview", "All services on all nodes at once: what each makes of a fault.", LOOK,
        3, ("overview",)),
    Key("previous_pane", "left_square_bracket", "[", "Pane back", "Go to the pane before.", LOOK, None),
    Key("next_pane", "right_square_bracket", "]", "Pane", "Go to the next pane.", LOOK, 11),
    Key("zoom", "F,enter", "F", "Full", "Let the pane have the whole screen; again to come back.", LOOK, 14),
    Key("out", "escape", "esc", "Out", "Go one step out: menu, console, full pane, lesson.", LOOK, None),
    Key("lesson_hint", "i", "i", "Hint", "In a lesson: a hint for the goal.", LOOK, None, ("tutor",)),
    Key("lesson_solution", "g", "g", "Show me", "In a lesson: let it reach the goal itself.", LOOK, None, ("tutor",)),
    Key("tutor", "t", "t", "Lesson", "Hide or show the lesson.", LOOK, None, ("tutor",)),
    Key("screenshot", "s", "s", "Picture", "Save a picture of the screen (SVG).", TOOLS, 16),
    Key("save", "S", "S", "Save", "Save seed and everything done, for `playground replay`.", TOOLS, 15),
    Key("help", "question_mark,f1", "?", "Help", "What the keys do, for this pane first.", TOOLS, 1),
    Key("palette", "ctrl+p", "^p", "Palette", "Everything that can be done, by name.", TOOLS, None),
    Key("leave", "q,ctrl+q", "q", "Quit", "Leave; the terminal is as it was.", TOOLS, 1),
)  # fmt: skip

BY_ACTION = {key.action: key for key in KEYS}


def footer_keys(width: int, labels: Mapping[str, str] | None = None) -> tuple[Key, ...]:
    """The keys that fit into a footer of so many columns, the most needed ones, in the table's order.

    `labels` are other names that some have now, by action; an empty one leaves the key out, for it makes no sense now.
    """
    chosen: list[Key] = []
    room = width
    for key in sorted((key for key in KEYS if key.rank is not None), key=lambda key: key.rank or 0):
        label = (labels or {}).get(key.action, key.label)
        if not label:
            continue
        room -= len(key.shown) + len(label) + 3
        if room < 0:
            break
        chosen.append(key)
    return tuple(key for key in KEYS if key in chosen)


def for_pane(pane: str) -> tuple[Key, ...]:
    """All keys, those about `pane` first."""
    return tuple(sorted(KEYS, key=lambda key: (pane not in key.panes, bool(key.panes))))


def matching(words: str, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The keys whose key, name or explanation has every word of `words`."""
    wanted = words.lower().split()
    return tuple(key for key in keys if all(word in f"{key.shown} {key.label} {key.help}".lower() for word in wanted))
