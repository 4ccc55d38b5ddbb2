"""What somebody looks at, and what a world does not know of itself."""

from __future__ import annotations

from dataclasses import dataclass

from playground.spec import DEFAULT_SPEC, ServiceSpec
from tui.frame import Verdict

NO_VERDICT = Verdict()


@dataclass(frozen=True, slots=True)
class Aim:
    """`speed` is virtual seconds a second.

    `service` is the one whose roles are shown, `key` the chosen key of a ring store (empty: the newest), `partition`
    the chosen one of a broker cluster (empty: none), `path` the chosen znode of a keeper (empty: none).
    """

    service: str
    selected: str
    clients: tuple[str, ...] = ()
    services: tuple[ServiceSpec, ...] = DEFAULT_SPEC.services
    nodes: tuple[str, ...] = DEFAULT_SPEC.nodes
    """The servers that the cluster began with."""
    key: str = ""
    partition: str = ""
    path: str = ""
    tabs: bool = False
    selected_link: tuple[str, str] | None = None
    filter: str = ""
    title: str = ""
    paused: bool = False
    pace: str = ""
    speed: float = 1.0
    real_speed: float = 0.0
    verdict: Verdict = NO_VERDICT
    end: int = 0
    """As far as the run has ever gone, while one looks at its past; else 0."""

    def of_kind(self, kind: str) -> ServiceSpec | None:
        """The service of this kind that a pane for it shows: the one that is looked at, else the first."""
        found = [each for each in self.services if each.kind == kind]
        return next((each for each in found if each.name == self.service), found[0] if found else None)

    def looks_at(self, *kinds: str) -> bool:
        """Whether the service that is looked at is of one of these kinds."""
        return any(each.name == self.service and each.kind in kinds for each in self.services)
