"""What holding a case to other terms moves: foreseen by the rules that do it, and read from what they did.

Pure. Nothing is said to anybody; a preview and what is done afterwards cannot differ but by the time between.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.case import Case
from domain.case_step import decide, take_terms
from domain.clocks import Clock
from domain.decision import Refused
from domain.frozen import Frozen
from domain.messages.case import RecomputeTerms
from domain.phase import OPEN, Phase
from domain.terms import Terms, TermsAnswer
from domain.timeline import EntryKind, TimelineEntry
from domain.verbs import Verb

STILL_OWED = OPEN | {Phase.RESOLVED}
"""Cases that a change of policy is for: what is closed keeps the window it was closed with (ours)."""


class Moved(Frozen):
    """One running promise that falls due at another instant (UTC) than it did.

    `at_once`: by the other terms it would have been due already, and so it is due when it is moved.
    """

    clock: Clock
    old_due_at: datetime
    due_at: datetime
    at_once: bool = False

    @property
    def by(self) -> timedelta:
        """How much later it falls due; below zero where that is earlier."""
        return self.due_at - self.old_due_at


class Foreseen(Frozen):
    """What recomputing would move, in the order of the clocks; or why it would not be done."""

    moved: tuple[Moved, ...] = ()
    refused: Refused | None = None


def foresee(case: Case, answer: TermsAnswer, message: RecomputeTerms, now: datetime) -> Foreseen:
    """Say what would move if a case were recomputed at `now` (UTC) and got this answer; nothing happens."""
    asked = decide(case, Verb.RECOMPUTE_TERMS, message, "foreseen", now)
    if isinstance(asked, Refused):
        return Foreseen(refused=asked)
    if answer.terms is None:
        return Foreseen(refused=_not_to_be_had(answer))
    if unknown := _level_gone(asked.case, answer.terms):
        return Foreseen(refused=unknown)
    return Foreseen(moved=moved_by(asked.case, take_terms(asked.case, answer, now).entries))


def moved_by(before: Case, entries: Iterable[TimelineEntry]) -> tuple[Moved, ...]:
    """Read from what was written down which promises of a case were moved, as they stood `before`."""
    old = {running.clock: running.due_at for running in before.clocks}
    found: dict[Clock, Moved] = {}
    for entry in entries:
        if entry.kind is not EntryKind.TERMS_CHANGED or entry.due_at is None or entry.about is None:
            continue
        clock = Clock(entry.about)
        if (due_at := old.get(clock)) is not None:
            found[clock] = Moved(
                clock=clock, old_due_at=due_at, due_at=entry.due_at, at_once=entry.due_at <= entry.at
            )
    return tuple(found[clock] for clock in Clock if clock in found)


def _not_to_be_had(answer: TermsAnswer) -> Refused:
    why = answer.refused
    assert why is not None
    return Refused(code=why.code, reason=why.reason, remedy=why.remedy)


def _level_gone(case: Case, terms: Terms) -> Refused | None:
    """Return why a case stays under its own rules: its calendar alone would be prolonged."""
    known = [level.id for level in terms.rules.levels]
    if case.level in known:
        return None
    return Refused(
        code="SeverityUnknown",
        reason=f"{terms.policy}@{terms.version} has no level {case.level}; known are {', '.join(known)}",
        remedy="keep the level in the policy, or change that of the case first",
    )
