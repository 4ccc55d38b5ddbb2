"""How long the judge of a keeper takes: 1,000,000 operations within 30 s, and twice as many in twice the time.

Half of them are writes, each of which comes to the model of the tree as well; half are reads, some of which leave a
watch that fires. Run alone: python tests/bench/keeper_checker.py [--operations 1000000]
"""

from __future__ import annotations

import argparse
from time import process_time

from algorithms.keeper.commands import GetData, SetData
from algorithms.keeper.messages import ClientRequest, DataIs, EventType, Reply, StatIs, WatchEvent
from algorithms.keeper.txns import CreateSessionTxn, CreateTxn, SetDataTxn, Txn
from algorithms.keeper.zxid import Zxid
from playground.checks.findings import Findings
from playground.checks.keeper.names import NAMES
from playground.checks.keeper.sequence import Sequence
from playground.checks.keeper.sessions import SessionRules
from playground.checks.keeper.watches import WatchRules

CLIENTS = 10
PATHS = 100
WANTED = 30.0


class Checked:
    """Clients that take turns: each writes a path, and reads the one that it has written before."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.sequence = Sequence(self.findings)
        self.sessions = SessionRules(self.sequence, self.findings)
        self.watches = WatchRules(self.sequence, self.findings)
        self._counter = 0
        for session_id in range(1, CLIENTS + 1):
            self._append(session_id, 0, CreateSessionTxn(1_000, f"c{session_id}", ""))
        for number in range(PATHS):
            self._append(1, 0, CreateTxn(f"/k{number}", "", (), "persistent", 0, number + 1))
        self._versions = [0] * PATHS
        self._xids = [0] * (CLIENTS + 1)

    def _append(self, session_id: int, xid: int, body: object) -> Zxid:
        self._counter += 1
        zxid = Zxid(1, self._counter)
        self.sequence.append(zxid.number, Txn(session_id, xid, 0, "n1", body))  # type: ignore[arg-type]
        return zxid

    def turn(self, number: int) -> None:
        """A write and a read of one client."""
        session_id, place = number % CLIENTS + 1, number % PATHS
        client, path = f"c{session_id}", f"/k{place}"
        self._xids[session_id] += 2
        xid = self._xids[session_id]
        self._versions[place] += 1
        write = SetData(path, f"v{number}")
        self.sessions.sent(client, session_id, ClientRequest(xid - 1, write))
        zxid = self._append(session_id, xid - 1, SetDataTxn(path, f"v{number}", self._versions[place]))
        if number >= PATHS and number % 10 == 0:
            self.watches.event(client, WatchEvent(EventType.NODE_DATA_CHANGED, path, zxid))
        held = self.sequence.held(path, zxid.number)
        assert held is not None
        self._answer(client, write, Reply(xid - 1, zxid, result=StatIs(held.stat)))
        read = GetData(path, number % 10 == 0)
        self.sessions.sent(client, session_id, ClientRequest(xid, read))
        self._answer(client, read, Reply(xid, zxid, result=DataIs(held.data, held.stat)))

    def _answer(self, client: str, operation: SetData | GetData, reply: Reply) -> None:
        self.sessions.answered(client, reply)
        self.watches.reply(client, operation, reply)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--operations", type=int, default=1_000_000)
    chosen = arguments.parse_args()
    took = 0.0
    for count in (chosen.operations // 4, chosen.operations // 2, chosen.operations):
        checked = Checked()
        began = process_time()
        for number in range(count // 2):
            checked.turn(number)
        took = process_time() - began
        wrong = [name for name in NAMES if checked.findings.count(name)]
        assert not wrong, f"what is right breaks {wrong}: {checked.findings.sentences()}"
        print(f"{count:11,} operations: {took:6.2f} s, {took / count * 1e6:5.2f} us each; wanted {WANTED:.0f} s in all")
    return 0 if took <= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
