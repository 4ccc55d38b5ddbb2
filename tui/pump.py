"""Trio as a guest of the screen: whoever owns the screen pumps it, slice by slice, in the same thread.

The law: nothing runs between two slices; when a slice says that it is done, the world stands at its horizon; and
`close()` always gives the thread back, synchronously, whatever happened before. One pump a thread at a time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Awaitable, Callable
from time import perf_counter

import trio
from outcome import Error, Outcome

from nodes.host import SteppingClock

LOOKS_AT_THE_WATCH = 16
"""A slice asks for the real time once in so many ticks of Trio's loop."""

QUIET_LOOKS = 2
"""The clock says "idle" so often in a row: Trio's own wake-ups (entry queue, sockets, threads) need one more poll."""

CLOSING_TICKS = 100_000
"""How long the `finally` blocks of the guest may take before it counts as a guest that will not leave."""

_busy = threading.local()


class Pump:
    """One guest run. `main` is its main task; `clock` must never let Trio sleep (it has a horizon).

    `outcome` is None until `main` has ended.
    """

    def __init__(self, main: Callable[[], Awaitable[object]], clock: SteppingClock) -> None:
        assert not getattr(_busy, "pump", None), "This thread has a pump already: close that one first."
        self.clock = clock
        self.outcome: Outcome[None] | None = None
        self._queue: deque[Callable[[], object]] = deque()
        self._scope = trio.CancelScope()
        self._main = main
        self._start()

    def _start(self) -> None:
        trio.lowlevel.start_guest_run(
            self._guest,
            clock=self.clock,
            run_sync_soon_threadsafe=self._queue.append,
            run_sync_soon_not_threadsafe=self._queue.append,
            done_callback=self._done,
            host_uses_signal_set_wakeup_fd=True,
            restrict_keyboard_interrupt_to_checkpoints=True,
        )
        _busy.pump = self

    async def _guest(self) -> None:
        with self._scope:
            await self._main()

    def _done(self, outcome: Outcome[None]) -> None:
        self.outcome = outcome
        _busy.pump = None

    @property
    def failure(self) -> BaseException | None:
        """What ended the guest, if an exception did."""
        return self.outcome.error if isinstance(self.outcome, Error) else None

    def run(self, budget: float = float("inf")) -> bool:
        """Let the guest work until all is done up to the horizon: True. After `budget` real seconds: False."""
        end = perf_counter() + budget
        quiet = ticks = 0
        self.clock.idle = False
        while self._queue and self.outcome is None:
            self._queue.popleft()()
            ticks += 1
            quiet = quiet + 1 if self.clock.idle else 0
            self.clock.idle = False
            if quiet >= QUIET_LOOKS:
                return True
            if ticks % LOOKS_AT_THE_WATCH == 0 and perf_counter() > end:
                return False
        return True

    def close(self) -> None:
        """Cancel the guest and let its `finally` blocks run. Closing twice is fine; `outcome` says how it ended."""
        self._scope.cancel()
        for _ in range(CLOSING_TICKS):
            if self.outcome is not None or not self._queue:
                break
            self._queue.popleft()()
        assert self.outcome is not None, "The guest would not leave: one of its tasks is shielded from being cancelled."
