"""The one timer a case has armed. Durable code; which deadline is the nearest is the domain's to say."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow

from domain.clocks import Deadline


class ArmedTimer:
    """A timer that follows the nearest deadline, and is left alone while that stays where it is."""

    def __init__(self) -> None:
        self._deadline: Deadline | None = None
        self._fires: asyncio.Task[None] | None = None

    def arm(self, nearest: Deadline | None) -> None:
        """This will see to it that the case is woken at the deadline; None where nothing is promised."""
        if nearest == self._deadline and self._fires is not None and not self._fires.done():
            return
        if self._fires is not None:
            self._fires.cancel()
        self._deadline, self._fires = nearest, None
        if nearest is not None and (wait := nearest.at - workflow.now()) > timedelta(0):
            self._fires = asyncio.create_task(workflow.sleep(wait, summary=nearest.summary))

    @property
    def is_due(self) -> bool:
        """This will be true once the deadline is reached."""
        return self._deadline is not None and (self._fires is None or self._fires.done())

    def now(self) -> datetime:
        """This will name the instant of this activation (UTC), at least the due instant of a fired timer."""
        now = workflow.now()
        if self._fires is not None and self._fires.done() and self._deadline is not None:
            return max(now, self._deadline.at)
        return now
