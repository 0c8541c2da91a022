"""A rehearsal without a server: a log in, the figures out.

Part of the rehearsals; `on_server` is the other engine.
"""

import os
import time
from collections import Counter
from datetime import datetime

from starter.rehearse.beside import CaseHands, hands
from starter.rehearse.figures import Refusals, Rehearsal, by_level, figures_of, refusals_together
from starter.rehearse.findings import CaseFinding
from starter.rehearse.problems import EXAMPLES, Tallies
from starter.rehearse.script import Reading
from starter.rehearse.shares import Part, Report, play_all

_MOST_PROCESSES = 8
_CASES_A_PROCESS = 200  # fewer are played before another process has begun


def processes_for(reading: Reading, wanted: int | None) -> int:
    """Return how many processes to use: as many as wanted, else one a core where there is enough to do."""
    if wanted is not None:
        return wanted
    worth = len(reading.cases.by_case) // _CASES_A_PROCESS
    return max(1, min(_MOST_PROCESSES, os.cpu_count() or 1, worth))


def rehearse_in_memory(reading: Reading, processes: int, report: Report) -> Rehearsal:
    """Play a log on the pure domain, each case at the log's own instants. Raises: Fault."""
    begun = time.monotonic()
    cases = len(reading.cases.by_case)
    parts = _Parts()
    for part in play_all(reading, processes, report):
        parts.add(part)
    findings, policy = tuple(parts.findings), reading.policy
    return Rehearsal(
        log=reading.log,
        mapping=reading.mapping.name,
        policy=f"{policy.name}@{policy.version}",
        zone=reading.mapping.zone,
        begins_at=parts.begins_at or reading.ends_at,
        ends_at=reading.ends_at,
        shift_weeks=0,
        cases=cases,
        linked_cases=sum(one.parent is not None for one in findings),
        rows=reading.rows(parts.used, parts.problems),
        said=dict(sorted(parts.said.items())),
        refused=refusals_together(parts.refused, EXAMPLES),
        told=dict(sorted(parts.told.items())),
        warnings=sum(one.warnings for one in findings),
        clock_instants=sum(one.clock_instants for one in findings),
        seconds=round(time.monotonic() - begun, 1),
        servers=0,
        engine="domain",
        processes=processes,
        levels=by_level(findings, policy),
        total=figures_of(findings),
        findings=findings,
        handoffs=hands(tuple(parts.hands), reading.centres, policy)
        if reading.mapping.follows_the_sun
        else None,
    )


class _Parts:
    """What was found so far."""

    def __init__(self) -> None:
        self.used = 0
        self.begins_at: datetime | None = None
        self.findings: list[CaseFinding] = []
        self.hands: list[CaseHands] = []
        self.said: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.refused: list[Refusals] = []
        self.problems = Tallies()

    def add(self, part: Part) -> None:
        self.used += part.used
        self.begins_at = min(self.begins_at or part.begins_at, part.begins_at)
        self.findings += part.findings
        self.hands += part.hands
        self.said.update(part.said)
        self.told.update(part.told)
        self.refused += part.refused
        self.problems.add(part.problems)
