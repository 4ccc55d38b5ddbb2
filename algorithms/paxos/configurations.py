"""Which acceptors count for which slot (Paxos Made Simple, section 3, end).

The law: a configuration that is chosen in slot i counts from slot i + alpha on. So whoever knows every slot up to k
knows who counts up to slot k + alpha, and nobody may propose anything behind that.
"""

from __future__ import annotations

from algorithms.paxos.messages import Configuration, ConfigurationFrom


class Configurations:
    """The configuration of the oldest slot that matters, and those that come behind it."""

    __slots__ = ("_standing",)

    def __init__(self, first: Configuration) -> None:
        self._standing: tuple[ConfigurationFrom, ...] = (ConfigurationFrom(1, first),)

    @property
    def standing(self) -> tuple[ConfigurationFrom, ...]:
        """All that are known, in the order of their slots."""
        return self._standing

    @property
    def newest(self) -> ConfigurationFrom:
        """The last one that is known to be chosen."""
        return self._standing[-1]

    def at(self, slot: int) -> Configuration:
        """Who counts for `slot`, as far as is known."""
        standing = self._standing
        place = len(standing) - 1
        while place and standing[place].slot > slot:
            place -= 1
        return standing[place].configuration

    def since(self, slot: int) -> tuple[Configuration, ...]:
        """The one that counts for `slot`, and all behind it."""
        return (self.at(slot), *(each.configuration for each in self._standing if each.slot > slot))

    def from_slot(self, slot: int) -> tuple[ConfigurationFrom, ...]:
        """What a snapshot holds whose next slot is `slot`."""
        before = [each for each in self._standing if each.slot <= slot]
        return (before[-1] if before else self._standing[0], *(each for each in self._standing if each.slot > slot))

    def add(self, slot: int, configuration: Configuration) -> None:
        """From `slot` on it is this one."""
        kept = tuple(each for each in self._standing if each.slot < slot)
        self._standing = (*kept, ConfigurationFrom(slot, configuration))

    def become(self, standing: tuple[ConfigurationFrom, ...]) -> None:
        """Take over a snapshot's."""
        self._standing = standing
