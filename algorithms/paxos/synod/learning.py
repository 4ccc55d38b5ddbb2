"""How a server comes to know what is chosen, and who waits to be told ("Paxos Made Simple", section 2.3).

The law: messages to learners can be lost, so who knows of a proposal and not of a choice asks the acceptors. If their
answers do not say, only a new proposal can find out.
"""

from __future__ import annotations

from algorithms.paxos.synod.learner import Learner
from algorithms.paxos.synod.messages import Accepted, Inquire, LearnRequest, ProposeRequest, SynodResponse
from algorithms.paxos.synod.outbox import Outbox
from algorithms.paxos.synod.settings import SynodSettings

ASK, INQUIRY = "learn", "inquiry"


class Learning:
    """The learner of one server, with its timers and the clients that wait."""

    def __init__(self, learner: Learner, settings: SynodSettings, outbox: Outbox) -> None:
        self.learner = learner
        self._settings = settings
        self._outbox = outbox
        self._asks = False
        self._waiting: dict[tuple[str, str, int], bool] = {}
        """Client node, client_id and sequence of each open request; whether it only wants to know."""

    # ------------------------------------------------------------ acceptors

    def accepted(self, source: str, accepted: Accepted) -> bool:
        """Whether the value is chosen by this, and was not known to be."""
        if not self.learner.accepted(source, accepted):
            self.may_have_missed_something()
            return False
        who = ", ".join(self.learner.acceptors_of(accepted.ballot))
        self._outbox.note(f"{accepted.value} is chosen: {who} have accepted {accepted.ballot}", "2.3")
        for timer in (ASK, INQUIRY):
            self._outbox.cancel_timer(timer)
        self._answer_all()
        return True

    def may_have_missed_something(self) -> None:
        """Somebody has begun a proposal; from now on ask what has become of it, now and then."""
        if self.learner.chosen is None and not self._asks and self._settings.learn_interval:
            self._asks = True
            self._outbox.set_timer(ASK, self._settings.learn_interval)

    def ring(self, timer: str) -> str | None:
        """Ask the acceptors. The result is a value that must be proposed to find out, if there is one."""
        if timer == ASK:
            self._asks = False
            self._outbox.broadcast(Inquire())
            self.may_have_missed_something()
            return None
        newest = self.learner.newest
        if newest is None:
            self._answer_the_curious()
            return None
        self._outbox.note(f"{newest.value} was accepted, and nobody can say whether it is chosen: proposes it", "2.3")
        return newest.value

    # ------------------------------------------------------------ clients

    def wants_a_value(self, source: str, request: ProposeRequest) -> bool:
        """A client waits for a choice. False: it has its answer already."""
        return self._wait(source, request, only_to_know=False)

    def wants_to_know(self, source: str, request: LearnRequest) -> None:
        """A client asks what is chosen; so the acceptors are asked."""
        others_do = any(self._waiting.values())
        if self._wait(source, request, only_to_know=True) and not others_do:
            self._outbox.broadcast(Inquire())
            self._outbox.set_timer(INQUIRY, self._settings.retry_timeout)

    def _wait(self, source: str, request: ProposeRequest | LearnRequest, only_to_know: bool) -> bool:
        self._waiting[source, request.client_id, request.sequence] = only_to_know
        if self.learner.chosen is not None:
            self._answer_all()
            return False
        return True

    def _answer_all(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for client, client_id, sequence in waiting:
            self._outbox.send(client, SynodResponse(client_id, sequence, self.learner.chosen))

    def _answer_the_curious(self) -> None:
        """Nobody that can be heard has accepted anything."""
        for key in [key for key, only_to_know in self._waiting.items() if only_to_know]:
            del self._waiting[key]
            self._outbox.send(key[0], SynodResponse(key[1], key[2], None))
