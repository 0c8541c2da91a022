"""The figures of a rehearsal: what was found about every case, added up by level.

Part of the rehearsals. Each promise counts at the level in force when it was kept or missed, each case at
its last level.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from pydantic import Field

from domain.frozen import Frozen
from domain.policy import SupportPolicy
from starter.rehearse.beside import Hands
from starter.rehearse.engine_cost import engine_cost
from starter.rehearse.findings import CaseFinding, Unheard
from starter.rehearse.overview import Overview, handoffs_of, overview_of
from starter.rehearse.problems import Tally


class LevelFigures(Frozen):
    """One level. Lateness is of missed promises that were kept after all, in seconds; None where none was.

    Attainments are shares from 0 to 1, None where nothing was due.
    """

    cases: int = 0
    responses_met: int = 0
    responses_missed: int = 0
    response_attainment: float | None = None
    updates_by_staff: int = 0
    updates_by_system: int = 0
    updates_missed: int = 0
    update_attainment: float | None = None
    update_attainment_without_system: float | None = None
    breaches: dict[str, int] = Field(default_factory=dict)
    lateness_known: int = 0
    lateness_median_seconds: int | None = None
    lateness_max_seconds: int | None = None
    closings: dict[str, int] = Field(default_factory=dict)
    reopened: int = 0
    rejected: int = 0
    reopened_too_late: int = 0
    waits_for_customer: int = 0
    waited_seconds: int = 0


class Refusals(Frozen):
    """How often cases refused what a row stood for, by code, and the first few."""

    code: str
    count: int
    examples: tuple[Unheard, ...]


class Rows(Frozen):
    """The rows of the log: how many there are, how many were used, and what was wrong with which.

    `written` is how: encoding, what stands between cells, and whether the newest come first.
    """

    read: int
    used: int
    unusable: tuple[Tally, ...]
    mended: tuple[Tally, ...]
    written: str = ""


class Rehearsal(Frozen):
    """The result of a rehearsal. Every instant is the log's own, UTC; `shift_weeks` is how far it was moved.

    `clock_instants` counts warnings, statuses, breaches, closings and archivings that time itself caused.
    `handoffs` is None where the cases of the log do not follow the sun. `engine` is `domain` or `temporal`;
    the first needs no `servers` and moves nothing. `changed` are the values of the policy that were varied,
    as `path=value`.
    """

    log: str
    mapping: str
    policy: str
    zone: str
    begins_at: datetime
    ends_at: datetime
    shift_weeks: int
    cases: int
    linked_cases: int
    rows: Rows
    said: dict[str, int]
    refused: tuple[Refusals, ...]
    told: dict[str, int]
    warnings: int
    clock_instants: int
    seconds: float
    servers: int
    levels: dict[str, LevelFigures]
    total: LevelFigures
    findings: tuple[CaseFinding, ...]
    handoffs: Hands | None = None
    engine: str = "temporal"
    processes: int = 1
    overview: Overview | None = None
    changed: tuple[str, ...] = ()

    @property
    def rules(self) -> str:
        """The policy with its version, and what was varied in it."""
        return f"{self.policy} with {', '.join(self.changed)}" if self.changed else self.policy


def surveyed(result: Rehearsal, policy: SupportPolicy) -> Rehearsal:
    """Return a result with the overview of its cases."""
    engine = engine_cost(
        len(result.findings),
        sum(result.said.values()) - len(result.findings),
        sum(result.told.values()),
        handoffs_of(result.findings),
        result.handoffs.total.accepted if result.handoffs else 0,
    )
    return result.model_copy(
        update={"overview": overview_of(result.findings, policy, result.ends_at, engine)}
    )


def by_level(findings: Iterable[CaseFinding], policy: SupportPolicy) -> dict[str, LevelFigures]:
    """Add up every level of the policy, the most urgent first."""
    known = tuple(findings)
    levels = sorted(policy.rules.levels, key=lambda level: level.rank)
    return {level.id: figures_of(known, level.id) for level in levels}


def figures_of(findings: Iterable[CaseFinding], level: str | None = None) -> LevelFigures:
    """Add up what was found at one level, or at all of them."""
    known = tuple(findings)
    responses = [one for case in known for one in case.responses if level in (None, one.level)]
    updates = [one for case in known for one in case.updates if level in (None, one.level)]
    met = sum(one.met for one in responses)
    staff, system = sum(one.staff for one in updates), sum(one.system for one in updates)
    due = staff + system + sum(one.missed for one in updates)
    return LevelFigures(
        cases=sum(level in (None, case.level) for case in known),
        responses_met=met,
        responses_missed=len(responses) - met,
        response_attainment=_share(met, len(responses)),
        updates_by_staff=staff,
        updates_by_system=system,
        updates_missed=due - staff - system,
        update_attainment=_share(staff + system, due),
        update_attainment_without_system=_share(staff, due),
    ).model_copy(update=_breaches(known, level) | _endings(known, level))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _breaches(findings: tuple[CaseFinding, ...], level: str | None) -> dict[str, object]:
    breaches = [one for case in findings for one in case.breaches if level in (None, one.level)]
    late = [one.late_seconds for one in breaches if one.late_seconds is not None]
    return {
        "breaches": dict(sorted(Counter(one.clock for one in breaches).items())),
        "lateness_known": len(late),
        "lateness_median_seconds": int(median(late)) if late else None,
        "lateness_max_seconds": max(late, default=None),
    }


def _endings(findings: tuple[CaseFinding, ...], level: str | None) -> dict[str, object]:
    closings = [one for case in findings for one in case.closings if level in (None, one.level)]
    back = Counter(one.how for case in findings for one in case.came_back if level in (None, one.level))
    waits = [one for case in findings for one in case.waits if level in (None, one.level)]
    waited = sum((one.until - one.since for one in waits if one.until is not None), timedelta(0))
    return {
        "closings": dict(sorted(Counter(one.reason for one in closings).items())),
        "reopened": back["reopened"],
        "rejected": back["rejected"],
        "reopened_too_late": back["linked"],
        "waits_for_customer": len(waits),
        "waited_seconds": int(waited.total_seconds()),
    }


def refusals(unheard: Iterable[Unheard], examples: int) -> tuple[Refusals, ...]:
    """Count refusals by code, the most frequent first."""
    by_code: dict[str, list[Unheard]] = {}
    for one in unheard:
        by_code.setdefault(one.code, []).append(one)
    counted = [
        Refusals(code=code, count=len(ones), examples=tuple(ones[:examples]))
        for code, ones in by_code.items()
    ]
    return tuple(sorted(counted, key=lambda one: (-one.count, one.code)))


def refusals_together(parts: Iterable[Refusals], examples: int) -> tuple[Refusals, ...]:
    """Add up refusals that were counted apart, each with the first examples by their lines."""
    by_code: dict[str, Refusals] = {}
    for part in parts:
        known = by_code.get(part.code, Refusals(code=part.code, count=0, examples=()))
        first = sorted((*known.examples, *part.examples), key=lambda one: one.line)[:examples]
        by_code[part.code] = Refusals(code=part.code, count=known.count + part.count, examples=tuple(first))
    return tuple(sorted(by_code.values(), key=lambda one: (-one.count, one.code)))
