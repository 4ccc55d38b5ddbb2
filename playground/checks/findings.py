"""What a check has found. The law: the first finding is told, the rest is counted."""

from __future__ import annotations

from playground.checks.verdict import CheckResult

MOST = 3
"""So many findings are told."""


class Findings:
    """The findings of all checks, by name."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._count: dict[str, int] = {}

    def add(self, check: str, sentence: str) -> None:
        """One more."""
        self._count[check] = self._count.get(check, 0) + 1
        told = self._found.setdefault(check, [])
        if len(told) < MOST:
            told.append(sentence)

    def count(self, check: str) -> int:
        """How many there are."""
        return self._count.get(check, 0)

    def sentences(self) -> tuple[str, ...]:
        """The first ones of each check."""
        return tuple(f"{check}: {told[0]}" for check, told in self._found.items())

    def result(self, check: str, fine: str) -> CheckResult:
        """The verdict; `fine` is said if there is nothing to find."""
        count = self.count(check)
        if not count:
            return CheckResult(check, "pass", fine)
        more = f" ({count} in all)" if count > 1 else ""
        return CheckResult(check, "fail", f"{self._found[check][0]}{more}")
