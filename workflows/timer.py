"""The one timer a case has armed. Durable code; which deadline is the nearest is the domain's to say."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from temporalio import workflow

from domain.clocks import Deadline, FiredClock

LATENESS = "sunrelay_clock_lateness_seconds"
LATENESS_BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""s (ours): half a second is a desk at ease, a minute one that is overrun."""


class ArmedTimer:
    """A timer that follows the nearest deadline, and is left alone while that stays where it is."""

    def __init__(self) -> None:
        self._deadline: Deadline | None = None
        self._fires: asyncio.Task[None] | None = None

    def arm(self, nearest: Deadline | None) -> None:
        """See to it that the case is woken at the deadline; None where nothing is promised."""
        if nearest == self._deadline and self._fires is not None and not self._fires.done():
            return
        if self._fires is not None:
            self._fires.cancel()
        self._deadline, self._fires = nearest, None
        if nearest is not None and (wait := nearest.at - workflow.now()) > timedelta(0):
            self._fires = asyncio.create_task(workflow.sleep(wait, summary=nearest.summary))

    @property
    def is_due(self) -> bool:
        """True once the deadline is reached."""
        return self._deadline is not None and (self._fires is None or self._fires.done())

    def now(self) -> datetime:
        """Name the instant of this activation (UTC), at least the due instant of a fired timer."""
        now = workflow.now()
        if self._fires is not None and self._fires.done() and self._deadline is not None:
            return max(now, self._deadline.at)
        return now


def measure(fired: Iterable[FiredClock]) -> None:
    """Measure how late clocks were acted on, for the worker's metrics; not in a replay.

    By centre and clock, which a policy and the product bound, and no more: each label has a bucket each.
    """
    for one in fired:
        workflow.metric_meter().create_histogram_float(LATENESS, "how late what was due was met", "s").record(
            one.late_ms / 1000, {"region": one.region, "clock": one.clock.value}
        )
