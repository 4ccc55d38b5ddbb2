"""What a majority is. While a configuration is joint, it is a majority of the old voters and one of the new.

The law: everything that is decided by counting is counted here (paper 6, dissertation 4.3).
"""

from __future__ import annotations

from collections.abc import Mapping

from algorithms.raft.messages import Configuration


def agreed(configuration: Configuration, values: Mapping[str, int]) -> int:
    """The greatest number that a majority has reached; a voter without a value has reached 0."""
    least = _reached(configuration.voters, values)
    return min(least, _reached(configuration.old_voters, values)) if configuration.old_voters else least


def _reached(voters: tuple[str, ...], values: Mapping[str, int]) -> int:
    return sorted([values.get(name, 0) for name in voters])[(len(voters) - 1) // 2]


def has_majority(configuration: Configuration, votes: Mapping[str, bool]) -> bool:
    """Whether those with a True are a majority."""
    return agreed(configuration, votes) > 0


def is_voter(configuration: Configuration, name: str) -> bool:
    """Whether `name` counts in either half."""
    return name in configuration.voters or name in configuration.old_voters


def members(configuration: Configuration) -> tuple[str, ...]:
    """Everybody who receives the log, sorted."""
    return tuple(sorted(dict.fromkeys(configuration.voters + configuration.old_voters + configuration.learners)))


def describe(configuration: Configuration) -> str:
    """In words: `n1 n2 n3`, `n1 n2 and n3 n4 together`, `n1, with n2 learning`."""
    words = " ".join(configuration.voters)
    if configuration.old_voters:
        words = f"{' '.join(configuration.old_voters)} and {words} together"
    return f"{words}, with {' '.join(configuration.learners)} learning" if configuration.learners else words


def tally(configuration: Configuration, votes: Mapping[str, bool]) -> str:
    """How many of how many: `3 of 5`, or `2 of 3 and 3 of 4`."""
    halves = [half for half in (configuration.old_voters, configuration.voters) if half]
    return " and ".join(f"{sum(votes.get(name, False) for name in half)} of {len(half)}" for half in halves)
