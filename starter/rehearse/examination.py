"""Examines the record of a case: what its timeline says about each promise.

Part of the rehearsals. It reads the entries a case reported, in order, and follows the level through them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.clocks import Clock
from domain.compiled_terms import assumed_cadences
from domain.phase import CloseReason
from domain.policy import LevelRule, SupportPolicy
from domain.timeline import EntryKind, TimelineEntry
from starter.rehearse.case_record import CaseRecord
from starter.rehearse.findings import (
    BackFinding,
    BreachFinding,
    CaseFinding,
    ClosingFinding,
    UpdateFinding,
    Wait,
)
from starter.rehearse.responses import Responses
from starter.rehearse.working_hands import WorkingHands

_BY_OUR_STAFF = frozenset({CloseReason.RESOLVED, CloseReason.NO_FURTHER_TROUBLESHOOTING})


def examine(record: CaseRecord, case: str, policy: SupportPolicy, shift: timedelta) -> CaseFinding:
    """Examine one case, whose clock was `shift` ahead of the log's."""
    examiner = _Examiner(record.first_level, policy, shift)
    hands = WorkingHands(record.first_region, policy, shift)
    entries = record.timeline()
    for entry in entries:
        hands.see(entry)
        examiner.see(entry, hands.centre)
    return examiner.finding(record, case).model_copy(update=hands.found(entries))


class _Examiner:
    """What is known of a case after the entries seen so far."""

    def __init__(self, level: str, policy: SupportPolicy, shift: timedelta) -> None:
        self._rules = {rule.id: rule for rule in policy.rules.levels}
        self._channels = policy.rules.intake.channels
        self._waiting_every = policy.rules.informing.waiting_update_every
        self._stretched = assumed_cadences(policy, policy.default_plan)
        self._status_due: datetime | None = None
        self._shift = shift
        self._level = level
        self._centre: str | None = None
        self._has_sla = True
        self._is_solved = False
        self._waits: list[Wait] = []
        self._responses = Responses()
        self._breaches: list[BreachFinding] = []
        self._closings: list[ClosingFinding] = []
        self._came_back: list[BackFinding] = []
        self._updates: dict[str, UpdateFinding] = {}
        self._warnings = 0
        self._by_time = 0
        self._seen_as: dict[EntryKind, Callable[[TimelineEntry], None]] = {
            EntryKind.SUBMITTED: self._submitted,
            EntryKind.TRIAGED: self._rated,
            EntryKind.LEVEL_CHANGED: self._rated,
            EntryKind.RESPONDED: self._responded,
            EntryKind.UPDATED: self._updated,
            EntryKind.STATUS_SENT: self._status_sent,
            EntryKind.QUESTION_ASKED: self._asked,
            EntryKind.REPLIED: self._replied,
            EntryKind.WARNED: self._warned,
            EntryKind.BREACHED: self._breached,
            EntryKind.KEPT_LATE: self._kept_late,
            EntryKind.RESOLVED: self._resolved,
            EntryKind.CLOSED: self._closed,
            EntryKind.REOPENED: self._reopened,
            EntryKind.REOPEN_DECLINED: self._reopened_too_late,
            EntryKind.ARCHIVED: self._archived,
        }

    def see(self, entry: TimelineEntry, centre: str | None = None) -> None:
        """Take the next entry, of a case that `centre` has; others than of promises are passed over."""
        seen = self._seen_as.get(entry.kind)
        if seen is not None:
            self._centre = centre
            seen(entry)

    @property
    def _rule(self) -> LevelRule:
        return self._rules[self._level]

    def _log_time(self, at: datetime) -> datetime:
        return at - self._shift

    # --- responses ---------------------------------------------------------------------------------------

    def _submitted(self, entry: TimelineEntry) -> None:
        self._has_sla = entry.about in self._channels
        self._responses.promise(self._rule, has_sla=self._has_sla)

    def _rated(self, entry: TimelineEntry) -> None:
        self._level = (entry.about or self._level).rpartition(" -> ")[2]
        self._responses.rated(self._rule, has_sla=self._has_sla)

    def _responded(self, entry: TimelineEntry) -> None:
        self._responses.answered(self._level, self._log_time(entry.at))

    def _kept_late(self, entry: TimelineEntry) -> None:
        """Take a promise kept after all. At the due instant itself it was kept in time (inclusive).

        The server fires a timer before it hands over a message of the same instant, so the case has booked
        a breach then, of no lateness; it is struck out.
        """
        late = entry.late_seconds or 0
        due_at = self._log_time(entry.due_at or entry.at)
        for index, breach in enumerate(self._breaches):
            if breach.clock == entry.about and breach.due_at == due_at:
                self._breaches[index] = breach.model_copy(update={"late_seconds": late})
        self._breaches = [breach for breach in self._breaches if breach.late_seconds != 0]
        if entry.about == Clock.INITIAL_RESPONSE:
            self._responses.kept_late(self._level, self._log_time(entry.at), late)

    # --- informing ---------------------------------------------------------------------------------------

    def _updated(self, entry: TimelineEntry) -> None:
        if self._has_sla and self._rule.update_every is not None and not self._is_solved:
            self._count(staff=1)

    def _status_sent(self, entry: TimelineEntry) -> None:
        self._by_time += 1
        self._status_due = entry.due_at
        self._count(system=1)

    def _count(self, *, staff: int = 0, system: int = 0, missed: int = 0) -> None:
        known = self._updates.get(self._level, UpdateFinding(level=self._level))
        self._updates[self._level] = known.model_copy(
            update={
                "staff": known.staff + staff,
                "system": known.system + system,
                "missed": known.missed + missed,
            }
        )

    def _asked(self, entry: TimelineEntry) -> None:
        self._responded(entry)
        self._end_wait(entry)
        self._waits.append(Wait(level=self._level, since=self._log_time(entry.at)))

    def _end_wait(self, entry: TimelineEntry) -> None:
        if self._waits and self._waits[-1].until is None:
            self._waits[-1] = self._waits[-1].model_copy(update={"until": self._log_time(entry.at)})

    def _replied(self, entry: TimelineEntry) -> None:
        self._end_wait(entry)
        if entry.about == "rejected":
            self._is_solved = False
            self._back("rejected", entry)

    # --- breaches ----------------------------------------------------------------------------------------

    def _warned(self, entry: TimelineEntry) -> None:
        self._warnings += 1
        self._by_time += 1

    def _breached(self, entry: TimelineEntry) -> None:
        count = entry.count or 1
        clock = entry.about or ""
        self._breaches.append(
            BreachFinding(
                level=self._level,
                clock=clock,
                due_at=self._log_time(entry.due_at or entry.at),
                count=count,
                centre=self._centre,
            )
        )
        if clock == Clock.UPDATE:
            self._updates_missed(entry, count)
            return
        self._by_time += 1
        if clock == Clock.INITIAL_RESPONSE:
            self._responses.fell_due(self._level)

    def _updates_missed(self, entry: TimelineEntry, count: int) -> None:
        """Count due updates missed; the status just sent came late where it is the last of them."""
        every = self._rule.update_every or timedelta(0)
        is_waiting = self._waits and self._waits[-1].until is None
        if is_waiting and self._level in self._stretched:
            every = max(every, self._waiting_every)
        last_missed = (entry.due_at or entry.at) + (count - 1) * every
        came_late = self._status_due is not None and self._status_due <= last_missed
        self._count(missed=count, system=-1 if came_late else 0)

    # --- closing -----------------------------------------------------------------------------------------

    def _resolved(self, entry: TimelineEntry) -> None:
        self._responded(entry)
        self._end_wait(entry)
        self._is_solved = True

    def _closed(self, entry: TimelineEntry) -> None:
        if entry.about in _BY_OUR_STAFF:
            self._responded(entry)
        self._end_wait(entry)
        self._is_solved = True
        self._by_time += entry.about == CloseReason.AUTO_CLOSE
        self._closings.append(
            ClosingFinding(level=self._level, reason=entry.about or "", at=self._log_time(entry.at))
        )

    def _reopened(self, entry: TimelineEntry) -> None:
        self._responses.given_up()
        self._is_solved = False
        self._back("reopened", entry)
        self._responses.promise(self._rule, has_sla=self._has_sla)

    def _reopened_too_late(self, entry: TimelineEntry) -> None:
        self._back("linked", entry)

    def _back(self, how: str, entry: TimelineEntry) -> None:
        self._came_back.append(BackFinding(level=self._level, how=how, at=self._log_time(entry.at)))

    def _archived(self, entry: TimelineEntry) -> None:
        self._by_time += 1

    # --- finding -----------------------------------------------------------------------------------------

    def finding(self, record: CaseRecord, case: str) -> CaseFinding:
        """Return everything found, once the last entry was seen."""
        self._responses.given_up()
        return CaseFinding(
            case=case,
            case_id=record.row.case_id,
            number=record.row.number,
            parent=record.row.parent,
            level=self._level,
            phase=record.row.phase,
            received_at=self._log_time(record.row.received_at),
            responses=tuple(self._responses.findings),
            updates=tuple(self._updates.values()),
            breaches=tuple(self._breaches),
            closings=tuple(self._closings),
            waits=tuple(self._waits),
            came_back=tuple(self._came_back),
            warnings=self._warnings,
            clock_instants=self._by_time,
        )
