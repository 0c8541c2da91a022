"""Follows the initial responses of one case through its timeline: promised, met, missed, kept late.

Part of the rehearsals; `examining` says what happened, here it is decided what that means for the promise.
"""

from datetime import datetime

from domain.policy import LevelRule
from starter.rehearse.findings import ResponseFinding


class Responses:
    """Every response promised so far; one still running when the log ends is not among the findings."""

    def __init__(self) -> None:
        self.findings: list[ResponseFinding] = []
        self._promised = False
        self._answered = False
        self._missed_at_level: str | None = None

    def promise(self, rule: LevelRule, *, has_sla: bool) -> None:
        """Begin a promise, at the opening or anew, where the level makes one."""
        self._promised = has_sla and rule.initial_response is not None
        self._missed_at_level = None

    def rated(self, rule: LevelRule, *, has_sla: bool) -> None:
        """Take another level: what is promised changes with it, unless it was missed already."""
        if self._missed_at_level is None and (self._promised or not self._answered):
            self.promise(rule, has_sla=has_sla)

    def fell_due(self, level: str) -> None:
        """Note that the promise was missed, at the level then in force."""
        self._missed_at_level = level

    def answered(self, level: str, at: datetime) -> None:
        """Take an answer by one of our people; a promise that runs is met, or was missed before."""
        self._answered = True
        if self._promised:
            self._found(level, met=self._missed_at_level is None, at=at)

    def kept_late(self, level: str, at: datetime, late_seconds: int) -> None:
        """Take an answer that came late; at the due instant itself it was in time (inclusive)."""
        self._found(level, met=late_seconds == 0, at=at, late=late_seconds or None)

    def given_up(self) -> None:
        """Close a promise that was missed and never kept."""
        if self._promised and self._missed_at_level is not None:
            self._found(self._missed_at_level, met=False)

    def _found(self, level: str, *, met: bool, at: datetime | None = None, late: int | None = None) -> None:
        self.findings.append(
            ResponseFinding(level=self._missed_at_level or level, met=met, answered_at=at, late_seconds=late)
        )
        self._promised, self._missed_at_level = False, None
