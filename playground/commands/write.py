"""From values back to text, in the one canonical form.

The law: reading what was written gives the same value, so a recording is a scenario.
"""

from __future__ import annotations

import json
from typing import assert_never

from algorithms import kv
from algorithms.broker import commands as broker
from algorithms.paxos.synod import commands as synod
from playground.commands import conditions, steps, values
from playground.commands.amounts import write_duration, write_latency, write_share, write_size
from playground.commands.build_wishes import INPUT
from playground.commands.grammar import is_bare
from playground.commands.keeper_verbs import KEEPER_VERBS
from playground.commands.write_broker import write_broker_wish, write_partition, write_partition_of
from playground.commands.write_keeper import write_keeper_wish, write_path
from playground.commands.write_synod import write_synod_wish


def write(command: values.Command) -> str:
    """The command as one line."""
    match command:
        case values.OnNodes(action, nodes):
            return _on_nodes(action, write_group(nodes))
        case values.OnLinks(action, sources, targets, both):
            return _on_links(action, f"{write_group(sources)} {'--' if both else '->'} {write_group(targets)}")
        case values.Partition(groups):
            return f"partition {' | '.join(write_group(group) for group in groups)}"
        case values.HealAll():
            return "heal"
        case values.Calm():
            return "calm"
        case values.Ask(broker.Consume((), group), client, service):
            return f"{f'{service}: ' if service else ''}group {_key(group)} add {client}"
        case values.Ask(values.LeaveGroup(group), client, service):
            return f"{f'{service}: ' if service else ''}group {_key(group)} remove {client}"
        case values.Ask(wish, client, service, reach):
            before, behind = f"{service}: " if service else "", f" on {client}" if client else ""
            return f"{before}{_said(wish)}{_reach(reach)}{behind}"
        case _:
            assert_never(command)


def write_group(group: values.Group) -> str:
    """Nodes and selectors, side by side."""
    return " ".join(write_who(who) for who in group)


def write_who(who: values.Who) -> str:
    """One node or selector."""
    match who:
        case values.Named(name):
            return name
        case values.InRole(role, service):
            return f"{role}({service})"
        case values.Placed(place, key, number):
            whose = write_path(key) if key.startswith("/") else write_partition_of(key) if "/" in key else _key(key)
            return f"{place}({whose}, {number})" if place == "replica" else f"{place}({whose})"
        case values.Some(kind):
            return kind.value
        case _:
            assert_never(who)


def _on_nodes(action: values.NodeAction, nodes: str) -> str:
    match action:
        case values.Do(verb):
            return f"{verb.value} {nodes}"
        case values.SlowNode(service_time):
            return f"slow-node {nodes} {_or_off(service_time)}"
        case values.Skew(offset):
            return f"skew {nodes} {'+' if offset >= 0 else ''}{write_duration(offset)}"
        case values.Drift(ppm):
            return f"drift {nodes} {ppm:+}ppm"
        case values.SlowDisk(latency):
            return f"disk {nodes} slow {write_duration(latency)}"
        case values.Disk(state):
            return f"disk {nodes} {state.value}"
        case _:
            assert_never(action)


def _on_links(action: values.LinkAction, links: str) -> str:
    match action:
        case values.Cut():
            return f"cut {links}"
        case values.Heal():
            return f"heal {links}"
        case values.Slow(extra):
            return f"slow {links} {_or_off(extra or None)}"
        case values.Delay(latency):
            return f"delay {links} {write_latency(latency) if latency else 'off'}"
        case values.Lose(share):
            return f"lose {links} {write_share(share)}"
        case values.Duplicate(share):
            return f"duplicate {links} {write_share(share)}"
        case values.Reorder(share, window):
            return f"reorder {links} {write_share(share)} within {write_duration(window)}"
        case values.Limit(bytes_per_second, queue):
            return f"limit {links} {_bandwidth(bytes_per_second, queue)}"
        case _:
            assert_never(action)


def _or_off(duration: int | None) -> str:
    return "off" if duration is None else write_duration(duration)


def _bandwidth(bytes_per_second: int, queue: int) -> str:
    return f"{write_size(bytes_per_second)}/s queue {write_size(queue)}" if bytes_per_second else "off"


def _said(wish: values.Wish) -> str:
    if type(wish) in KEEPER_VERBS:
        return write_keeper_wish(wish)  # type: ignore[arg-type]
    return _wish(wish)


def _wish(wish: values.Wish) -> str:
    match wish:
        case kv.Put(key, value):
            return f"put {_key(key)} {_value(value)}"
        case kv.Get(key):
            return f"get {_key(key)}"
        case kv.CompareAndSet(key, old, new):
            return f"cas {_key(key)} {_value(old)} {_value(new)}"
        case kv.Append(key, value):
            return f"append {_key(key)} {_quote(value)}"
        case values.Transfer(target):
            return f"transfer {write_who(target)}"
        case values.Members(voters):
            return f"members {write_group(voters)}"
        case (
            values.Delete()
            | values.AddNode()
            | values.RemoveNode()
            | values.SetWeight()
            | values.PutFile()
            | values.GetFile()
        ):
            return _wish_of_a_ring(wish)
        case values.Reassign(partition, replicas, throttle):
            bound = f" --throttle {write_size(throttle)}/s" if throttle else ""
            return (
                f"reassign {write_partition_of(write_partition(partition))} {write_group(replicas) or 'cancel'}{bound}"
            )
        case values.ShutDown(node):
            return f"shut down {write_who(node)}"
        case values.LeaveGroup(group):
            raise AssertionError(f"Leaving {group} is written with the client that leaves.")
        case synod.Propose() | synod.Learn():
            return write_synod_wish(wish)
        case _:
            return write_broker_wish(wish)  # type: ignore[arg-type]


def _wish_of_a_ring(wish: values.RingWish) -> str:
    match wish:
        case values.Delete(key):
            return f"delete {_key(key)}"
        case values.AddNode(node, weight):
            return f"add node {node}{'' if weight == 1 else f' --weight {_number(weight)}'}"
        case values.RemoveNode(node):
            return f"remove node {write_who(node)}"
        case values.SetWeight(node, weight):
            return f"weight {write_who(node)} {_number(weight)}"
        case values.PutFile(path, name, sha256):
            digest = f" sha256 {sha256}" if sha256 else ""
            return f"file put {_quote(path) if path else INPUT}{f' as {_key(name)}' if name else ''}{digest}"
        case values.GetFile(name):
            return f"file get {_key(name)}"
        case _:
            assert_never(wish)


def _reach(reach: values.Reach) -> str:
    """The flags that were said, in a fixed order."""
    said = (("n", reach.n), ("r", reach.r), ("w", reach.w))
    return "".join(f" --{flag} {count}" for flag, count in said if count)


def _number(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _key(key: str) -> str:
    return key if is_bare(key) else _quote(key)


def _value(value: kv.Value) -> str:
    return _quote(value) if isinstance(value, str) else json.dumps(value)


def _quote(text: str) -> str:
    """As JSON, so that any text stands in one line."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


# ---------------------------------------------------------------- conditions


def write_condition(condition: conditions.Condition) -> str:
    """The condition as text; parentheses only where they are needed."""
    match condition:
        case conditions.Either(parts):
            return " or ".join(_inside(part, conditions.Either) for part in parts)
        case conditions.Both(parts):
            return " and ".join(_inside(part, conditions.Either | conditions.Both) for part in parts)
        case conditions.Negated(part):
            return f"not {_inside(part, conditions.Either | conditions.Both)}"
        case conditions.Compared(operator, left, right):
            return f"{write_term(left)} {operator} {write_term(right)}"
        case conditions.Word() | conditions.Constant() | conditions.Call():
            return write_term(condition)
        case _:
            assert_never(condition)


def write_term(term: conditions.Term) -> str:
    """One side of a comparison."""
    match term:
        case conditions.Word(text):
            return text
        case conditions.Constant(value):
            return _value(value)
        case conditions.Call(function, arguments):
            return f"{function}({', '.join(write_term(each) for each in arguments)})"
        case _:
            assert_never(term)


def _inside(part: conditions.Condition, weaker: object) -> str:
    text = write_condition(part)
    return f"({text})" if isinstance(part, weaker) else text  # type: ignore[arg-type]


# ---------------------------------------------------------------- steps


def write_step(step: steps.Step) -> str:
    """The step as one line of a scenario."""
    match step:
        case steps.Now(deeds):
            return _deeds(deeds)
        case steps.At(at, deeds):
            return f"at {write_duration(at)} {_deeds(deeds)}"
        case steps.After(delay, deeds):
            return f"after {write_duration(delay)} {_deeds(deeds)}"
        case steps.Every(period, duration, deeds):
            return f"every {write_duration(period)} for {write_duration(duration)} {_deeds(deeds)}"
        case steps.Wait(duration):
            return f"wait {write_duration(duration)}"
        case steps.WaitUntil(condition, within):
            return f"wait until {write_condition(condition)} within {write_duration(within)}"
        case steps.Expect(condition):
            return f"expect {write_condition(condition)}"
        case steps.ExpectFor(condition, duration):
            return f"expect {write_condition(condition)} for {write_duration(duration)}"
        case steps.Let(name, who):
            return f"let {name} = {write_who(who)}"
        case steps.Show(what, label):
            return f"show {write_term(what)}{f' {_quote(label)}' if label else ''}"
        case _:
            assert_never(step)


def _deeds(deeds: steps.Deeds) -> str:
    return " then ".join(f"{write(deed.command)}{_delay(deed.delay)}" for deed in deeds)


def _delay(delay: int) -> str:
    return f" after {write_duration(delay)}" if delay else ""
