"""Who waits for what. The law: one task is woken at a time, and time stands still until it waits again."""

from __future__ import annotations

import trio
from outcome import Value
from trio.lowlevel import Abort, Task


class Stuck(Exception):
    """A hang in virtual time: nothing is left to happen, or nobody was woken for too long. It says who waits."""


class WaitingRoom:
    """Tasks that wait for a key: the id of a request, or one of the keys this room gives out (negative)."""

    def __init__(self) -> None:
        self._tasks: dict[int, tuple[Task, str]] = {}
        self._keys = 0

    def new_key(self) -> int:
        """A key that no request has."""
        self._keys -= 1
        return self._keys

    async def wait(self, key: int, what: str) -> None:
        """Wait until `wake(key)`; `what` is told if that never comes."""
        self._tasks[key] = trio.lowlevel.current_task(), what

        def abort(_: object) -> Abort:
            del self._tasks[key]
            return Abort.SUCCEEDED

        await trio.lowlevel.wait_task_rescheduled(abort)

    def wake(self, key: int) -> bool:
        """Let the task that waits for `key` run; False if nobody does (it was cancelled, or never waited)."""
        waiter = self._tasks.pop(key, None)
        if waiter is not None:
            trio.lowlevel.reschedule(waiter[0], Value(None))
        return waiter is not None

    def report(self) -> str:
        """Every task of the run that is not the host's own, with what it waits for and where."""
        known = {id(task): what for task, what in self._tasks.values()}
        root = trio.lowlevel.current_root_task()
        tasks = _below(root) if root else []
        lines = [f"  {task.name} waits {known.get(id(task)) or _where(task)}" for task in tasks if _is_users(task)]
        return "\n".join(lines) or "  no task of yours"


def _below(task: Task) -> list[Task]:
    children = [child for nursery in task.child_nurseries for child in sorted(nursery.child_tasks, key=_name)]
    return [task, *(each for child in children for each in _below(child))]


def _name(task: Task) -> str:
    return task.name


def _is_users(task: Task) -> bool:
    return not task.name.startswith(("nodes.host.", "trio.", "<"))


def _where(task: Task) -> str:
    frames = [frame for frame, _ in task.iter_await_frames() if "/trio/" not in frame.f_code.co_filename]
    if not frames:
        return "somewhere in Trio"
    code = frames[-1].f_code
    return f"in {code.co_qualname} ({code.co_filename.rsplit('/', 1)[-1]}, line {frames[-1].f_lineno})"
