"""What a run report says of each check. The law: `unknown` is an honest answer and never counts as a pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from algorithms.machine import Record
from playground.checks.drawing import draw
from playground.checks.linearizability import judge
from playground.checks.model import value_text
from playground.checks.search import never
from playground.checks.violation import SOURCES, Rule, Violation
from playground.history import Operation

LINEARIZABLE = "linearizable"


class CheckResult(Record, frozen=True):
    """One check's verdict with the sentences that go with it."""

    name: str
    verdict: Literal["pass", "fail", "unknown"]
    detail: str


def invariant_results(violations: Iterable[Violation]) -> tuple[CheckResult, ...]:
    """One result for each of Raft's rules; a failed one tells its first violation, and how many more there were."""
    broken: dict[Rule, list[Violation]] = {}
    for violation in violations:
        broken.setdefault(violation.rule, []).append(violation)
    return tuple(_rule_result(rule, broken.get(rule, [])) for rule in Rule)


def rule_name(rule: Rule) -> str:
    """What the rule's check is called in reports and scenario files: `election-safety`."""
    return rule.name.lower().replace("_", "-")


def _rule_result(rule: Rule, violations: list[Violation]) -> CheckResult:
    name = rule_name(rule)
    if not violations:
        return CheckResult(name, "pass", SOURCES[rule])
    more = f" ({len(violations) - 1} more)" if len(violations) > 1 else ""
    return CheckResult(name, "fail", f"{violations[0]}{more}")


def linearizability_result(operations: Iterable[Operation], expired: Callable[[], bool] = never) -> CheckResult:
    """Whether what the clients saw is linearizable; `expired` is asked whether to give up."""
    judgement, name = judge(operations, expired), LINEARIZABLE
    size = f"{judgement.operations:,} operations on {judgement.keys:,} keys"
    if judgement.witness is not None:
        return CheckResult(name, "fail", draw(judgement.witness))
    if judgement.linearizable is None:
        return CheckResult(
            name, "unknown", f"{size}; not decided in time: {', '.join(map(value_text, judgement.undecided))}"
        )
    return CheckResult(name, "pass", size)
