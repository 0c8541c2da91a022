"""Results of rehearsals made up here, case by case: what is drawn, compared and written from them.

Part of the tests. Sydney is ten hours ahead of UTC in these weeks of April 2025, Manila eight.
"""

from datetime import UTC, datetime, timedelta

from policies import load_policy
from starter.rehearse.figures import Refusals, Rehearsal, Rows, by_level, figures_of, surveyed
from starter.rehearse.findings import (
    BreachFinding,
    CaseFinding,
    ClosingFinding,
    ResponseFinding,
    Unheard,
    UpdateFinding,
    Wait,
)
from starter.rehearse.problems import Tally, Unusable, problem

BEGAN = datetime(2025, 4, 7, 1, 30, tzinfo=UTC)  # a Monday, 11:30 in Sydney
ENDED = BEGAN + timedelta(days=20)
HOUR = timedelta(hours=1)


def case(
    name: str, level: str, *, open_for: timedelta | None, staff: int = 0, system: int = 0
) -> CaseFinding:
    """Make up a case: answered late by 61 minutes where it is a P1, in time otherwise."""
    late = level == "P1"
    breach = BreachFinding(
        level=level, clock="initial_response", due_at=BEGAN + HOUR, late_seconds=3660, centre="sydney"
    )
    ends = BEGAN + open_for if open_for else None
    return CaseFinding(
        case=name,
        case_id=f"case-{name}",
        number="SR-1",
        parent=None,
        level=level,
        phase="archived" if ends else "in_progress",
        received_at=BEGAN,
        responses=(ResponseFinding(level=level, met=not late, answered_at=BEGAN + 2 * HOUR),),
        updates=(UpdateFinding(level=level, staff=staff, system=system, missed=1 if late else 0),),
        breaches=(breach,) if late else (),
        closings=(ClosingFinding(level=level, reason="auto_close", at=ends),) if ends else (),
        waits=(Wait(level=level, since=BEGAN, until=BEGAN + HOUR),),
        came_back=(),
        warnings=2,
        clock_instants=5,
        messages=4,
        load={"sydney": (11, 11, 12), "manila": (9,)},
        ways={"sydney -> manila": 2},
        went_on_seconds=(1800, 5400),
        asked_again=1,
    )


def made_up(
    findings: tuple[CaseFinding, ...] | None = None, *, policy: str = "rhipe-csp", log: str = "desk.csv"
) -> Rehearsal:
    """Make up a whole rehearsal; without cases of its own three are."""
    rules = load_policy(policy)
    found = findings or (
        case("T-1", "P1", open_for=timedelta(days=3), staff=7, system=5),
        case("T-2", "P3", open_for=timedelta(days=1), staff=1),
        case("T-3", "P4", open_for=None, system=2),
    )
    left_out = problem(Unusable.NO_TIME, 17, "T-9", "<i>=1+1</i>")
    unheard = Unheard(line=33, verb="reopen", code="CaseArchived", reason="it is archived")
    result = Rehearsal(
        log=log,
        mapping="desk-log",
        policy=f"{rules.name}@{rules.version}",
        zone="Australia/Sydney",
        begins_at=BEGAN,
        ends_at=ENDED,
        shift_weeks=80,
        cases=len(found),
        linked_cases=0,
        rows=Rows(
            read=1234,
            used=1233,
            unusable=(Tally(reason=Unusable.NO_TIME, count=1, examples=(left_out,)),),
            mended=(),
        ),
        said={"submit": 3, "respond": 3, "post_update": 6},
        refused=(Refusals(code="CaseArchived", count=1, examples=(unheard,)),),
        told={"opened": 3, "staff_warning": 20},
        warnings=6,
        clock_instants=15,
        seconds=1.0,
        servers=1,
        levels=by_level(found, rules),
        total=figures_of(found),
        findings=found,
    )
    return surveyed(result, rules)
