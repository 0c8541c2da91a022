"""Where a policy's own marks say that a promise comes from, clock by clock: what `explain` cites."""

import re
from collections.abc import Iterator

from domain.clocks import Clock
from domain.policy import SupportPolicy

_ID = re.compile(r"\b[A-Z][A-Z0-9]*-\d+\b")

_PLACES: dict[Clock, tuple[str, ...]] = {
    Clock.TRIAGE: ("rules.intake.triage_within",),
    Clock.UPDATE: ("rules.informing.stale_updates_before_notice",),
    Clock.INFORMATION_REMINDER: ("rules.intake.reminder_every",),
    Clock.CONFIRMATION: ("rules.closing.reminder_every", "rules.closing.confirmation"),
    Clock.VENDOR_CONTACT_CHECK: ("organisation.vendor.contact_check_after",),
    Clock.VENDOR_FOLLOW_UP: ("organisation.vendor.follow_up_every",),
    Clock.AUTO_CLOSE: ("rules.closing.auto_close_business_days",),
    Clock.HANDOFF: ("organisation.follow_the_sun",),
    Clock.OFFER: ("organisation.follow_the_sun",),
    Clock.CONTACT_NOTICE: ("organisation.reassignment_notice",),
    Clock.SESSION_REMINDER: ("rules.informing.appointment_notice",),
    Clock.OUTAGE_NOTIFICATION: ("organisation.outage.notify_within",),
    Clock.LADDER: ("rules.notices.ladder",),
}
"""The values of a policy a clock keeps, whatever the level."""

_BY_LEVEL = {
    Clock.INITIAL_RESPONSE: "initial_response",
    Clock.DEPARTMENT_CONTACT: "initial_response",
    Clock.UPDATE: "update_every",
    Clock.CUSTOMER_UPDATE: "customer_update_every",
    Clock.STALE: "stale_after",
}
CHANNEL = "unsupported_channel"
"""What is cited where a channel has no service level."""


def cited(policy: SupportPolicy, plan: str) -> dict[str, tuple[str, ...]]:
    """Name the sources of every clock under a plan, and of every level where they differ by it."""
    found = {key: _sources(policy, paths) for key, paths in _paths(policy, plan)}
    return {key: sources for key, sources in found.items() if sources}


def key_of(clock: Clock, level: str) -> str:
    """Name the entry of a clock whose promise is the level's own."""
    return f"{clock}.{level}" if clock in _BY_LEVEL else clock.value


def _paths(policy: SupportPolicy, plan: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield CHANNEL, ("rules.intake.unsupported_channel",)
    within = "reopen_within" if policy.rules.closing.reopen_within is not None else "reopen_business_days"
    yield Clock.REOPEN_WINDOW.value, (f"rules.closing.{within}",)
    for clock, paths in _PLACES.items():
        if clock not in _BY_LEVEL:
            yield clock.value, paths
    for clock, value in _BY_LEVEL.items():
        for level in policy.rules.levels:
            yield key_of(clock, level.id), (_place(policy, plan, level.id, value), *_PLACES.get(clock, ()))


def _place(policy: SupportPolicy, plan: str, level: str, value: str) -> str:
    """Name where a level's promise stands: with the plan, or with the level."""
    own = policy.plans[plan].targets.get(level)
    if own is not None and value in own.model_fields_set:
        return f"plans.{plan}.targets.{level}.{value}"
    return f"rules.levels.{level}.{value}"


def _sources(policy: SupportPolicy, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids the marks name, each once; a mark without any is cited as it is."""
    marks = [mark for mark in map(policy.mark_of, paths) if mark]
    return tuple(dict.fromkeys(one for mark in marks for one in _ID.findall(mark) or [mark]))
