"""Machines small enough to see through, and worlds of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from algorithms.machine import (
    Answer,
    Append,
    Asked,
    CancelTimer,
    Effect,
    Event,
    Note,
    Ok,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
)
from nodes.faults import Constant, Latency
from nodes.observation import Lost, Observation, Turn
from nodes.world import World

MILLISECOND = Constant(1_000)


class Word(Record, frozen=True):
    """A message, a saved value and a question, all in one."""

    text: str
    number: int = 0


class Seen(Record, frozen=True):
    """A toy's view."""

    saved: Saved
    heard: tuple[str, ...]
    count: int


class Toy:
    """Does what it is asked in a word (`obey` has them all), with a number; any other word makes it raise."""

    def __init__(self, peer: str = "") -> None:
        self.peer = peer
        self.saved = Saved()
        self.heard: list[str] = []
        self.count = 0

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        match event:
            case Started(saved):
                self.saved = saved
                return []
            case Received(source, Word(text)):
                self.heard.append(f"{now} {source} {text}")
            case TimerFired(name):
                self.heard.append(f"{now} timer {name}")
                return self.tick() if name == "tick" else []
            case Asked(request_id, Word(text, number)):
                return [*self.obey(text, number), Answer(request_id, Ok(text))]
        return []

    def obey(self, text: str, number: int) -> list[Effect]:
        match text:
            case "send":
                return [Send(self.peer, Word("hello", number))]
            case "urgent":
                return [Save("cell", Word("x", number)), Send(self.peer, Word("urgent"), at_once=True)]
            case "save":
                return [Save("cell", Word("x", number)), Send(self.peer, Word("saved", number))]
            case "cache":
                return [Save("cell", Word("x", number), sync=False), Send(self.peer, Word("cached", number))]
            case "log":
                return [Append("log", number, (Word("a", number), Word("b", number + 1), Word("c", number + 2)))]
            case "timer":
                return [SetTimer("alarm", number, number)]
            case "cancel":
                return [CancelTimer("alarm")]
            case "tick":
                return self.tick()
        raise ValueError(f"A toy does not know {text}.")

    def tick(self) -> list[Effect]:
        self.count += 1
        note = Note(f"tick {self.count}", "")
        return [
            note,
            Save("cell", Word("t", self.count)),
            Send(self.peer, Word("tick")),
            SetTimer("tick", 1_000, 9_000),
        ]

    def view(self) -> Seen:
        return Seen(self.saved, tuple(self.heard), self.count)


def toys(
    seed: int = 1,
    latency: Latency = MILLISECOND,
    sync_latency: int = 0,
    service_time: int = 0,
    shuffle: bool = False,
) -> World:
    """Three nodes in a ring of `Toy`s under the service `toy`: n1 talks to n2, n2 to n3, n3 to n1."""
    world = World(seed, latency, shuffle)
    for name, peer in (("n1", "n2"), ("n2", "n3"), ("n3", "n1")):
        world.add_node(name, {"toy": partial(Toy, peer)}, sync_latency, service_time)
    world.start()
    return world


def tell(world: World, node: str, text: str, number: int = 0) -> int:
    """Ask a toy for something at this instant."""
    return world.ask(node, "toy", Word(text, number))


def heard(world: World, node: str) -> tuple[str, ...]:
    """What the toy of `node` heard in this life, as `time source text`."""
    view = world.view(node, "toy")
    assert isinstance(view, Seen)
    return view.heard


class Watch(list[Observation]):
    """An observer that keeps everything."""

    def __call__(self, observation: Observation) -> None:
        self.append(observation)

    def turns(self, node: str) -> list[Event]:
        return [each.event for each in self if isinstance(each, Turn) and each.node == node]


def watched(world: World) -> Watch:
    """Everything from now on."""
    watch = Watch()
    world.add_observer(watch)
    return watch


def losses(watch: Watch) -> list[tuple[int, str]]:
    """When each packet was lost, and why."""
    return [(each.at, each.reason) for each in watch if isinstance(each, Lost)]
