"""Cases in any phase, told as stories: who says what when, and time that passes with or without us."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from domain import case_step
from domain.actor import Actor
from domain.case import Breach, Case
from domain.clocks import Clock, RunningClock, next_deadline
from domain.compiled_terms import compile_terms
from domain.decision import Accepted, Decision, Declined, Refused
from domain.effects import Effect, EffectKind
from domain.phase import Phase
from domain.policy import SupportPolicy
from domain.tenants import NOTHING_KNOWN, TenantFacts
from domain.terms import HORIZON, Calendars, Terms
from domain.time.local_time import LocalZone
from domain.timeline import EntryKind, TimelineEntry
from domain.verbs import Verb
from policies import holiday_table, load_policy
from policies.zones import local_zone
from tests.domain.desks import utc
from tests.people import ANA, KIM, P1, request

TUESDAY = utc("2027-06-15T00:00")  # ten in the morning in Sydney; the 14th was a holiday there
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE_AFTER = 5 * MINUTE  # the policy's own value, written out here on purpose
MOST_STATE = 64 * 1024  # bytes; house rule


@lru_cache
def rhipe() -> SupportPolicy:
    return load_policy("rhipe-csp")


@lru_cache(maxsize=512)
def _zone(name: str, day: date) -> LocalZone:
    start = datetime.combine(day, time(), UTC)
    return local_zone(name, start - 2 * DAY, start + HORIZON + 3 * DAY)


def terms(
    at: datetime = TUESDAY,
    zone: str = "Australia/Sydney",
    calendar: str = "AU-NSW",
    plan: str = "partner-24x7",
    policy: SupportPolicy | None = None,
    holidays: Sequence[date] | None = None,
) -> Terms:
    """What a case received at `at` is held to: rhipe-csp in Sydney unless it says otherwise."""
    days = holiday_table(calendar).dates if holidays is None else tuple(holidays)
    first, last = (at - 2 * DAY).date(), (at + HORIZON + 2 * DAY).date()
    calendars = Calendars(
        name=calendar,
        zone=_zone(zone, at.date()),
        holidays=tuple(day for day in days if first <= day <= last),
        sources="test",
    )
    return compile_terms(policy or rhipe(), plan, "sydney", calendars, at)


def policy_with(section: str, **changes: Any) -> SupportPolicy:
    """The policy with other rules of intake, informing or closing."""
    policy = rhipe()
    rules = policy.rules
    changed = getattr(rules, section).model_copy(update=changes)
    return policy.model_copy(update={"rules": rules.model_copy(update={section: changed})})


def terms_with_level(level_id: str, **changes: Any) -> Terms:
    """What a case is held to where one level promises something else."""
    given = terms()
    levels = tuple(
        type(level).model_validate(level.model_dump() | changes) if level.id == level_id else level
        for level in given.rules.levels
    )
    return given.model_copy(update={"rules": given.rules.model_copy(update={"levels": levels})})


class Story:
    """One case as it lives. What is said is decided at once, unless `handled` says when we came to it.

    `until` lets time pass while we are there: everything falls due at its own instant. `away_until` lets it
    pass without us, and we come back to everything at once.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.entries: list[TimelineEntry] = []
        self.effects: list[Effect] = []
        self.decision: Decision | None = None
        self.directory: TenantFacts | None = None
        self._number = 0

    # --- what is said ------------------------------------------------------------------------------------

    def say(
        self,
        verb: Verb | str,
        at: datetime,
        by: Actor = ANA,
        handled: datetime | None = None,
        **fields: Any,
    ) -> Decision:
        """Says something received at `at`; the story goes on as decided."""
        verb = Verb(verb)
        message = verb.model.model_validate({"actor": by, "received_at": at, **fields})
        self._number += 1
        decision = case_step.decide(self.case, verb, message, f"request-{self._number}", handled or at)
        if not isinstance(decision, Refused):
            self.adopt(decision)
            self._look_up(handled or at)
        self.decision = decision
        return decision

    def _look_up(self, at: datetime) -> None:
        """The directory answers at once, with what it knows now: as at the opening unless a test says so."""
        while case_step.awaits_facts(self.case):
            facts = self.directory or self.case.facts or NOTHING_KNOWN
            self.adopt(case_step.take_facts(self.case, facts, at))

    def refused(self, verb: Verb | str, at: datetime, by: Actor = ANA, **fields: Any) -> Refused:
        """Says something that is refused, and makes sure that nothing has changed."""
        before = self.case
        decision = self.say(verb, at, by, **fields)
        assert isinstance(decision, Refused), decision
        assert self.case is before
        return decision

    def adopt(self, decision: Accepted | Declined | None) -> None:
        if decision is not None:
            self.case = decision.case
            self.entries += decision.entries
            self.effects += decision.effects

    # --- time --------------------------------------------------------------------------------------------

    def until(self, at: datetime) -> "Story":
        """Time passes and everything is done at its instant, that of `at` included."""
        while (deadline := next_deadline(self.case.clocks)) is not None and deadline.at <= at:
            self.adopt(case_step.fall_due(self.case, deadline.at))
        return self

    def away_until(self, at: datetime) -> "Story":
        """Nobody was there before `at`; everything due is settled in one step."""
        self.adopt(case_step.fall_due(self.case, at))
        return self

    # --- what can be seen --------------------------------------------------------------------------------

    def clock(self, clock: Clock) -> RunningClock:
        running = self.case.clock(clock)
        assert running is not None, f"{clock} does not run"
        return running

    def due(self, clock: Clock) -> datetime | None:
        return self.clock(clock).due_at

    def runs(self, clock: Clock) -> bool:
        return self.case.clock(clock) is not None

    def told(self, *kinds: EffectKind) -> list[Effect]:
        return [effect for effect in self.effects if effect.kind in kinds]

    def count(self) -> Counter[EffectKind]:
        return Counter(effect.kind for effect in self.effects)

    def happened(self, *kinds: EntryKind) -> list[TimelineEntry]:
        return [entry for entry in self.entries if entry.kind in kinds]

    def breaches(self, clock: Clock) -> list[Breach]:
        return [breach for breach in self.case.breaches if breach.clock is clock]


def opening(
    at: datetime = TUESDAY, under: Terms | None = None, handled: datetime | None = None, **fields: Any
) -> Accepted | Refused:
    """A request as it is taken, or not: a P1 by telephone unless it says otherwise."""
    submit = request(**{"reference": "INC-1", **P1, "received_at": at, **fields})
    refused = case_step.refuse_opening(submit)
    return refused or case_step.open_case(submit, under or terms(at), handled or at)


def opened(at: datetime = TUESDAY, under: Terms | None = None, **fields: Any) -> Story:
    """A case that has been opened and not answered."""
    decision = opening(at, under, **fields)
    assert isinstance(decision, Accepted), decision
    story = Story(decision.case)
    story.adopt(decision)
    story.decision = decision
    return story


def refused_opening(at: datetime = TUESDAY, under: Terms | None = None, **fields: Any) -> Refused:
    decision = opening(at, under, **fields)
    assert isinstance(decision, Refused), decision
    return decision


def mailed(at: datetime = TUESDAY, **fields: Any) -> Story:
    """A case its requester sent by mail: P2 by default, to be triaged."""
    return opened(at, actor=KIM, channel="email", **fields)


def answered(at: datetime = TUESDAY, **fields: Any) -> Story:
    """A case opened ten minutes before `at` and answered at `at`."""
    story = opened(at - 10 * MINUTE, **fields)
    story.say("respond", at, text="We have begun to work on this.")
    return story


def resolved(at: datetime = TUESDAY, **fields: Any) -> Story:
    """A case answered an hour before `at` and resolved at `at`."""
    story = answered(at - HOUR, **fields)
    story.say("resolve", at, kind="resolution", text="The password works again.")
    return story


def closed(at: datetime = TUESDAY, **fields: Any) -> Story:
    """A case its customer confirmed at `at` to be solved."""
    story = resolved(at - HOUR, **fields)
    story.say("reply", at, KIM, text="Thank you, it works.", accepts=True)
    return story


def archived(at: datetime = TUESDAY, **fields: Any) -> Story:
    """A case closed at `at` and long archived."""
    return closed(at, **fields).until(at + 30 * DAY)


def case_in(phase: Phase) -> Story:
    """A case in a phase, which it reached at the latest at `TUESDAY`."""
    match phase:
        case Phase.RECEIVED:
            return opened()
        case Phase.AWAITING_INFORMATION:
            return opened(contact=None)
        case Phase.IN_PROGRESS:
            return answered()
        case Phase.AWAITING_CUSTOMER:
            story = answered(TUESDAY - HOUR / 2)
            story.say("wait_for_customer", TUESDAY, text="Since when?")
            return story
        case Phase.VALIDATING_RESOLUTION:
            story = answered()
            story.say("validate_resolution", TUESDAY, text="Does it work?")
            return story
        case Phase.RESOLVED:
            return resolved()
        case Phase.CLOSED:
            return closed()
        case Phase.ARCHIVED:
            return archived(TUESDAY - 31 * DAY)
        case Phase.VENDOR_ESCALATED:
            story = answered()
            story.case = story.case.model_copy(update={"phase": phase})
            return story
