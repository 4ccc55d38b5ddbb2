"""Histories for the checker's tests: simulated ones, which are linearizable, and the means to spoil them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from playground.history import Operation, Value

Simulate = Callable[..., list[Operation]]


class Client:
    """One client of the simulation: idle, then invoked, then (perhaps) done, then idle again."""

    def __init__(self, name: int) -> None:
        self.name = name
        self.stage = "idle"
        self.f, self.key, self.argument, self.began = "", "", None, 0
        self.outcome, self.result = "ok", None


class Simulation:
    """A map of keys, and clients that do operations on it at instants of their own choice."""

    def __init__(self, seed: int, keys: int, concurrency: int, fs: str, unknown: float, values: int | None) -> None:
        self.dice = Random(f"{seed}:history")
        self.keys = [f"k{number}" for number in range(keys)]
        self.fs, self.unknown, self.values = fs.split(), unknown, values
        self.clients = [Client(number) for number in range(concurrency)]
        self.names = concurrency
        self.store: dict[str, Value] = {}
        self.done: list[Operation] = []
        self.position = 0
        self.fresh = 0

    def run(self, operations: int) -> list[Operation]:
        begun = 0
        while begun < operations or any(client.stage != "idle" for client in self.clients):
            client = self.clients[int(self.dice.random() * len(self.clients))]
            if client.stage == "idle" and begun < operations:
                begun += 1
                self.invoke(client)
            elif client.stage == "invoked":
                self.take_effect(client)
            elif client.stage == "done":
                self.complete(client)
        return sorted(self.done, key=lambda operation: operation.began)

    def pick(self, things: list[str]) -> str:
        return things[int(self.dice.random() * len(things))]

    def value(self) -> int:
        self.fresh += 1
        return self.fresh if self.values is None else int(self.dice.random() * self.values)

    def invoke(self, client: Client) -> None:
        self.position += 1
        client.f, client.key, client.began, client.stage = (
            self.pick(self.fs),
            self.pick(self.keys),
            self.position,
            "invoked",
        )
        client.outcome, client.result = "ok", None
        match client.f:
            case "get":
                client.argument = None
            case "put":
                client.argument = self.value()
            case "append":
                client.argument = f"{self.value()},"
            case "cas":
                likely = self.store.get(client.key) if self.dice.random() < 0.7 else self.value()
                client.argument = (likely, self.value())

    def take_effect(self, client: Client) -> None:
        client.stage = "done"
        if self.dice.random() < self.unknown:
            client.outcome = "info"
            if self.dice.random() < 0.5:
                return
        now = self.store.get(client.key)
        match client.f:
            case "get":
                client.result = now
            case "put":
                self.store[client.key] = client.argument
            case "append":
                self.store[client.key] = ("" if now is None else str(now)) + client.argument
            case "cas" if now == client.argument[0]:
                self.store[client.key] = client.argument[1]
            case "cas" if client.outcome == "ok":
                client.outcome = "refused"

    def complete(self, client: Client) -> None:
        self.position += 1
        ended = None if client.outcome == "info" else self.position
        result = client.result if client.outcome == "ok" else None
        self.done.append(
            Operation(client.name, client.f, client.key, client.argument, client.outcome, result, client.began, ended)
        )
        client.stage = "idle"
        if client.outcome == "info":
            client.name, self.names = self.names, self.names + 1


def simulate(
    seed: int,
    operations: int,
    keys: int = 1,
    concurrency: int = 10,
    fs: str = "get put",
    unknown: float = 0.0,
    values: int | None = None,
) -> list[Operation]:
    """A history that is linearizable, for it happened. `values` None makes every value new, else there are so many."""
    return Simulation(seed, keys, concurrency, fs, unknown, values).run(operations)


@pytest.fixture(name="simulate", scope="session")
def simulate_fixture() -> Simulate:
    return simulate
