"""What will come, found out before it comes. The law: a future is a fork; the present does not notice."""

from __future__ import annotations

from playground.commands.values import Group
from playground.predicates import Bound
from playground.script import Line, Script, named
from playground.session import Session


def future(session: Session, lines: tuple[Line, ...], where: str, names: dict[str, Group]) -> tuple[Session, Bound]:
    """The session when `lines` have been played from here on, and the nodes that have names then."""
    fork, known = session.fork(), dict(names)
    Script(fork, lines, where, names=known).play()
    return fork, named(known)
