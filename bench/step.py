"""What one decision of the domain costs, calendar included, without any server."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.lifecycle import ENGINEER, request_of
from domain.case import Case
from domain.case_step import decide, fall_due, open_case
from domain.compiled_terms import compile_terms
from domain.decision import Accepted
from domain.messages.case import PostUpdate, Resolve, Respond
from domain.terms import Calendars
from domain.verbs import Verb
from policies import holiday_table, load_policy
from policies.zones import local_zone

AT = datetime(2027, 6, 15, tzinfo=UTC)


def _opened() -> Case:
    zone = local_zone("Australia/Sydney", AT - timedelta(days=2), AT + timedelta(days=402))
    table = holiday_table("AU-NSW")
    calendars = Calendars(name="AU-NSW", zone=zone, holidays=tuple(sorted(table.dates)), sources="bench")
    terms = compile_terms(load_policy("rhipe-csp"), "partner-24x7", "sydney", calendars, AT)
    decision = open_case(request_of("step", "high"), terms, AT)
    assert isinstance(decision, Accepted)
    return decision.case


def _microseconds(step: Callable[[], object]) -> float:
    rounds = []
    for _ in range(30):
        began = time.process_time_ns()
        for _ in range(200):
            step()
        rounds.append((time.process_time_ns() - began) / 200_000)
    return round(statistics.median(rounds), 1)


def step() -> dict[str, Any]:
    """Time single decisions in CPU microseconds, the median of 30 rounds of 200."""
    opened = _opened()
    answered = decide(opened, Verb.RESPOND, Respond(actor=ENGINEER, text="begun"), "r1", AT)
    assert isinstance(answered, Accepted)
    case, later = answered.case, AT + timedelta(minutes=30)
    update = PostUpdate(actor=ENGINEER, text="news")
    solved = Resolve(actor=ENGINEER, kind="resolution", text="works")
    rows = {
        "post_update": _microseconds(lambda: decide(case, Verb.POST_UPDATE, update, "u", later)),
        "resolve_with_calendar": _microseconds(lambda: decide(case, Verb.RESOLVE, solved, "s", later)),
        "warning_falls_due": _microseconds(lambda: fall_due(case, AT + timedelta(minutes=91))),
        "nothing_due": _microseconds(lambda: fall_due(case, later)),
    }
    return {"bench": "step", "unit": "CPU microseconds", "rows": rows}
