"""Work that is asked for ahead of time: an engineer in the right zone is found before it begins.

WEST-10. Which centre that is, is decided with a fresh roster, some time before the start; what is
promised counts from the start (`domain.planned`).
"""

from datetime import datetime

from domain.case import Case
from domain.centres.handover import Handover
from domain.centres.regions import Centre, Roster, next_centre
from domain.clocks import Clock, RunningClock
from domain.decision import Accepted, Draft, instant_key, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import handoff, handoff_decision
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.handoff_eligibility import follows_the_sun, wanted_of
from domain.lifecycle.vendor_cover import check_cover
from domain.lifecycle.when_due import CatchUp, when_due
from domain.messages.request import Submit
from domain.phase import OPEN
from domain.planned import start_zone
from domain.policy import in_words
from domain.terms import HORIZON
from domain.timeline import EntryKind


def check_start(request: Submit, at: datetime) -> None:
    """Want a planned start after the receipt `at` (UTC), by at most 400 days. Raises: Refusal."""
    if request.start_at is None:
        return
    if request.start_at <= at:
        refuse("ValidationError", "start_at is in the past", "plan a later start", ("start_at",))
    if request.start_at > at + HORIZON:
        reason = f"start_at is more than {HORIZON.days} days ahead"
        refuse("ValidationError", reason, "ask again closer to the time", ("start_at",))


def plan(draft: Draft) -> None:
    """Have an engineer looked for some time before a planned start."""
    start_at = draft.case.request.start_at
    if start_at is None or start_at <= draft.at:
        return
    ahead = draft.case.terms.rules.informing.appointment_notice
    draft.run(
        RunningClock(
            clock=Clock.PLANNED_START,
            started_at=draft.at,
            due_at=max(start_at - ahead, draft.at),
            rule=f"{in_words(ahead)} before the planned start",
        )
    )
    draft.enter(EntryKind.PLANNED, about=start_zone(draft.case), due_at=start_at)


def stop(draft: Draft) -> None:
    """Look for nobody any more: the case has ended."""
    draft.stop(Clock.PLANNED_START)
    if draft.case.planned_for is not None:
        draft.set(planned_for=None, roster_wanted_for=None)


@when_due(Clock.PLANNED_START)
def planned_start_falls_due(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Tell the owner that planned work begins, and ask who is open then."""
    start_at = draft.case.request.start_at
    draft.set(settled_at=running.due_at)
    draft.stop(Clock.PLANNED_START)
    if start_at is None or running.due_at is None or draft.case.phase not in OPEN:
        return
    draft.cause = due_cause(running, running.due_at)
    draft.enter(EntryKind.PLANNED_START, internal=True, due_at=start_at)
    _tell(draft, Recipient.REGION, "owner", start_at)
    draft.set(planned_for=start_at)
    handoff.wants_roster(draft, start_at)


def take_roster(case: Case, roster: Roster, now: datetime) -> Accepted:
    """Give planned work to a centre that is open then; any other roster goes on handing on."""
    if case.planned_for is None:
        return handoff_decision.take_roster(case, roster, now)
    draft = Draft(
        case, now.replace(microsecond=0), f"{Clock.PLANNED_START}@{instant_key(case.planned_for)}/roster"
    )
    start_at = max(case.planned_for, draft.at)
    draft.set(planned_for=None, roster_wanted_for=None)
    check_cover(draft, roster)
    centre = _centre_for(case, roster, start_at)
    if centre is None:
        draft.enter(EntryKind.HELD, internal=True, about=case.region, due_at=start_at)
        _tell(draft, Recipient.TSS, "nobody", start_at)
    else:
        _assign(draft, centre, start_at)
    if follows_the_sun(draft.case) is not None and draft.case.handover is None:
        handoff.wants_roster(draft, start_at)
    return draft.accepted()


def _centre_for(case: Case, roster: Roster, at: datetime) -> Centre | None:
    """Choose a centre open at `at`, that of the zone asked for before any other."""
    zone = start_zone(case)
    there = next((centre.name for centre in roster.centres if centre.zone == zone), None)
    wanted = wanted_of(case)
    return next_centre(roster, at, wanted.model_copy(update={"home": there or wanted.home}))


def _assign(draft: Draft, centre: Centre, at: datetime) -> None:
    """Make the case the centre's; whom it had already, it keeps."""
    case = draft.case
    if centre.name == case.region:
        if case.assignee is None and centre.engineer is not None:
            draft.set(assignee=centre.engineer)
            draft.enter(EntryKind.REASSIGNED, internal=True, about=centre.engineer)
        return
    span = centre.span_at(at)
    assert span is not None
    handover = Handover(
        to=centre.name,
        offered_at=draft.at,
        effective_at=draft.at,
        until=span.closes_at,
        engineer=centre.engineer,
        contact=centre.contact,
    )
    handoff.take_over(draft, handover, "planned start")
    draft.stop(Clock.HANDOFF)


def _tell(draft: Draft, to: Recipient, about: str, start_at: datetime) -> None:
    draft.tell(
        EffectKind.PLANNED_REQUEST_DUE,
        to,
        about=about,
        zone=start_zone(draft.case),
        text=draft.case.request.explanation,
        starts_at=start_at,
    )
