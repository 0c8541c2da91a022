"""Which letter to a customer promises what: the instant it says, and the clock that holds us to it.

A row for each kind of letter. What a letter says and no clock of the case holds is no promise of ours: the
customer's own duty, an appointment, the end of a survey.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from domain.case import Case
from domain.clocks import Clock
from domain.customer_promise import CustomerPromise
from domain.effects import EffectKind
from domain.facts import Facts
from domain.time.calendar import BusinessCalendar

_CALENDARS_KEPT = 256
"""Digests kept (ours): many cases share a calendar, and to write one out costs more than the decision."""

_ANSWER = (("due_at", Clock.INITIAL_RESPONSE),)
_NEXT = (("next_update_at", Clock.UPDATE),)

PROMISES: Mapping[EffectKind, tuple[tuple[str, Clock], ...]] = MappingProxyType(
    {
        EffectKind.ACKNOWLEDGEMENT: _ANSWER,
        EffectKind.CASE_REOPENED: _ANSWER,
        EffectKind.LEVEL_CHANGED: (*_ANSWER, ("due_at", Clock.DEPARTMENT_CONTACT), *_NEXT),
        EffectKind.RESPONSE_LATE: (("next_update_at", Clock.INITIAL_RESPONSE),),
        EffectKind.REFERRAL: (("due_at", Clock.DEPARTMENT_CONTACT),),
        EffectKind.FIRST_RESPONSE: _NEXT,
        EffectKind.STAFF_UPDATE: _NEXT,
        EffectKind.STATUS_UPDATE: _NEXT,
        EffectKind.QUESTION: _NEXT,
        EffectKind.INTERVAL_AGREED: _NEXT,
        EffectKind.VALIDATION_REQUEST: _NEXT,
        EffectKind.VENDOR_UPDATE: _NEXT,
        EffectKind.BRIDGE_CALL: _NEXT,
        EffectKind.INCIDENT_NOTICE: _NEXT,
        EffectKind.OUTAGE_NOTICE: _NEXT,
        EffectKind.CASE_RESOLVED: (("auto_close_at", Clock.AUTO_CLOSE),),
        EffectKind.CONFIRM_RESOLUTION: (("next_update_at", Clock.CONFIRMATION),),
        EffectKind.CASE_CLOSED: (("reopen_until", Clock.REOPEN_WINDOW),),
        EffectKind.ESCALATION_CLOSURE: (("reopen_until", Clock.REOPEN_WINDOW),),
    }
)
"""By kind of letter: the fact that says an instant, and the clock it is promised by; the first counts."""


def promised_in(kind: EffectKind, facts: Facts, case: Case) -> CustomerPromise | None:
    """Return what a letter promises, where a clock of the case holds us to just that instant (UTC)."""
    for fact, clock in PROMISES.get(kind, ()):
        due_at = getattr(facts, fact)
        running = case.clock(clock)
        if due_at is not None and running and due_at in (running.due_at, running.promised_again_at):
            return CustomerPromise.made(
                clock=clock,
                due_at=due_at,
                level=case.level,
                policy=f"{case.terms.policy}@{case.terms.version}",
                calendar=calendar_digest(case.terms.calendar),
                entry=case.entries,
            )
    return None


@lru_cache(maxsize=_CALENDARS_KEPT)
def calendar_digest(calendar: BusinessCalendar) -> str:
    """Return the SHA-256 (hex) of a calendar as a case keeps it: name, zone, hours, holidays, special days.

    What a later release adds and a calendar does not use changes nothing.
    """
    return hashlib.sha256(calendar.model_dump_json(exclude_defaults=True).encode()).hexdigest()
