"""How each wish of a machine is performed.

The law: timers and notes at once; sends, answers and writes of one machine in their order, and whatever stands
behind a write waits until that write is synced. One sync covers all that is written when it begins (group commit).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from algorithms.machine import Answer, Append, CancelTimer, Effect, Erase, Invoke, Note, Save, Send, SetTimer, Trim
from nodes.agenda import Arrival, Synced, TimerDue
from nodes.network import Link
from nodes.node import Fence, Node, Timer

if TYPE_CHECKING:
    from nodes.world import World


def perform(world: World, node: Node, service: str, effects: Sequence[Effect]) -> None:
    """Perform what one turn wished for; a failing disk may end the node's life in the middle."""
    waiting = node.waiting[service]
    wrote = False
    for effect in effects:
        if isinstance(effect, Send):
            if waiting and not effect.at_once:
                waiting.append(effect)
            else:
                send(world, node, service, effect)
        elif isinstance(effect, SetTimer):
            set_timer(world, node, service, effect)
        elif isinstance(effect, CancelTimer):
            node.timers.pop((service, effect.name), None)
        elif isinstance(effect, Note | Invoke):
            continue
        elif isinstance(effect, Answer):
            if waiting:
                waiting.append(effect)
            else:
                reply(world, node, effect)
        elif write(world, node, service, effect):
            wrote = wrote or effect.sync
        else:
            return
    if wrote:
        _sync(world, node)


def send(world: World, node: Node, service: str, effect: Send) -> None:
    """Put a packet on its link; it leaves when the turn's service time is over."""
    world.messages += 1
    now, name, target = world.now, node.name, effect.target
    packet = Arrival(name, target, service, effect.message, now)
    link = node.links.get(target)
    if link is not None and link.plain:
        world.agenda.push(link.passes(now + node.service_time, world.network.dice), packet)
    elif link is not None:
        _brave(world, link, now + node.service_time, packet)
    elif target == name:
        node.self_due = max(now + node.service_time, node.self_due)
        world.agenda.push(node.self_due, packet)
    else:
        world.lose(packet, "there is no such node")


def _brave(world: World, link: Link, leaves: int, packet: Arrival) -> None:
    """A packet on a link that is not as it should be."""
    carried = link.carry(leaves, packet.message, world.network.dice)
    if isinstance(carried, str):
        world.lose(packet, carried)
    else:
        for due in carried:
            world.agenda.push(due, packet)


def set_timer(world: World, node: Node, service: str, effect: SetTimer) -> None:
    """Set a timer by the node's own clock, at a random time of the range."""
    duration = effect.shortest
    if effect.longest > duration:
        duration += int(world.timer_dice.random() * (effect.longest - duration + 1))
    if node.clock.ppm:
        duration = node.clock.duration(duration)
    timer = node.timers.get((service, effect.name))
    due = world.now + duration
    if timer is None or due < timer.looked_at:
        timer = _new_timer(world, node, service, effect.name, due)
    timer.set_at, timer.due = world.now, due


def _new_timer(world: World, node: Node, service: str, name: str, due: int) -> Timer:
    world.timer_count += 1
    timer = node.timers[service, name] = Timer(world.timer_count)
    timer.looked_at = due
    world.agenda.push(due, TimerDue(node.name, service, name, timer.number))
    return timer


def write(world: World, node: Node, service: str, effect: Save | Append | Trim | Erase) -> bool:
    """Hand a write to the disk and raise a fence behind it; False if the disk fails and the node crashes itself."""
    disk = node.disk
    if disk.fails_next:
        disk.fails_next = False
        world.crash(node, f"writing to the disk failed ({type(effect).__name__} of {service})")
        return False
    disk.write(service, effect)
    if effect.sync:
        node.waiting[service].append(Fence(disk.written))
    return True


def _sync(world: World, node: Node) -> None:
    """What one turn wrote is synced together; while a sync is under way, what comes later waits for the next."""
    if node.disk.latency == 0:
        finish_sync(world, node, node.disk.written)
    elif not node.disk.syncing:
        _begin_sync(world, node)


def _begin_sync(world: World, node: Node) -> None:
    node.disk.syncing = True
    world.agenda.push(world.now + node.disk.latency, Synced(node.name, node.life, node.disk.written))


def finish_sync(world: World, node: Node, writes: int) -> None:
    """The disk says that its first `writes` writes are durable; a paused process does not hear of it yet."""
    node.disk.sync(writes)
    if not node.paused:
        release(world, node)


def release(world: World, node: Node) -> None:
    """Perform what waited for writes that are synced now; ask for another sync if something still waits."""
    for service, waiting in node.waiting.items():
        while waiting:
            effect = waiting[0]
            if isinstance(effect, Fence) and effect.writes > node.disk.synced:
                break
            waiting.popleft()
            if isinstance(effect, Send):
                send(world, node, service, effect)
            elif isinstance(effect, Answer):
                reply(world, node, effect)
    if not node.disk.syncing and any(node.waiting.values()):
        _begin_sync(world, node)


def reply(world: World, node: Node, effect: Answer) -> None:
    """Hand the result to whoever asked from outside; a workload's own operations are nobody's."""
    if node.asked.pop(effect.request_id, None) is not None:
        world.answer(effect.request_id, effect.result)
