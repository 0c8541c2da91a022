"""Remote sessions: agreed on, reminded of, begun with the customer's consent, ended.

RHIPE-26, CSS-07. Neither an appointment nor a session is news to the customer: no cadence restarts.
A session that begins well before the one agreed on is another one: the appointment stays, with its reminder.
"""

from datetime import datetime

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.when_due import CatchUp, when_due
from domain.messages.special import CancelSession, EndSession, ScheduleSession, StartSession
from domain.policy import in_words
from domain.sessions import RemoteSession, SessionMode, SessionState
from domain.terms import HORIZON
from domain.timeline import EntryKind


def schedule_session(draft: Draft, message: ScheduleSession) -> None:
    """Agree on a session, or move the one agreed on; a reminder follows (CSS-07). Raises: Refusal.

    At most as far ahead as terms last (400 days).
    """
    if _is_under_way(draft.case):
        refuse("InvalidTransition", "a session is under way", "end it first")
    _check_times(draft.at, message)
    before = draft.case.agreed_session
    mode = message.mode or (before.mode if before is not None else None)
    session = RemoteSession(mode=mode, starts_at=message.start, ends_at=message.end, zone=message.zone)
    draft.set(session=session, appointment=None)
    _run_reminder(draft, message.start)
    about = "moved" if before is not None else "agreed"
    number = draft.enter(EntryKind.SESSION_SCHEDULED, message.text, about=about, due_at=message.start)
    _tell_both(draft, EffectKind.SESSION_SCHEDULED, about, session, message.text, number)


def _is_under_way(case: Case) -> bool:
    return case.session is not None and case.session.state is SessionState.UNDER_WAY


def _check_times(at: datetime, message: ScheduleSession) -> None:
    if message.zone is None:
        refuse(
            "ValidationError",
            "zone: the session needs a time zone",
            "give an IANA zone such as Australia/Sydney",
            ("zone",),
        )
    if message.start <= at:
        refuse("ValidationError", "start is in the past", "choose a later time", ("start",))
    if message.end <= message.start:
        refuse("ValidationError", "end must be after start", "say when it ends", ("end",))
    if message.end > at + HORIZON:
        reason = f"end is more than {HORIZON.days} days ahead"
        refuse("ValidationError", reason, "choose an earlier time", ("end",))


def _run_reminder(draft: Draft, starts_at: datetime) -> None:
    """Remind some time before the start; what begins sooner than that has just been told."""
    ahead = draft.case.terms.rules.informing.appointment_notice
    draft.stop(Clock.SESSION_REMINDER)
    if starts_at - ahead <= draft.at:
        return
    draft.run(
        RunningClock(
            clock=Clock.SESSION_REMINDER,
            started_at=draft.at,
            due_at=starts_at - ahead,
            rule=f"{in_words(ahead)} before the session",
        )
    )


def _tell_both(
    draft: Draft,
    kind: EffectKind,
    about: str,
    session: RemoteSession,
    text: str | None = None,
    number: int | None = None,
) -> None:
    """Tell the customer and the engineer, both by the clock the session was agreed in."""
    for to in (Recipient.CUSTOMER, Recipient.ASSIGNEE):
        draft.tell(
            kind,
            to,
            about=about,
            zone=session.zone,
            text=text,
            text_entry=number,
            by=draft.actor.label,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            mode=session.mode,
        )


@when_due(Clock.SESSION_REMINDER)
def session_reminder_falls_due(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Remind both of the session; where we come to it too late, it has begun and nobody is."""
    session = draft.case.agreed_session
    draft.set(settled_at=running.due_at)
    draft.stop(Clock.SESSION_REMINDER)
    if session is None or session.starts_at is None or running.due_at is None:
        return
    late = session.starts_at <= catch_up.until
    draft.cause = due_cause(running, running.due_at)
    draft.enter(
        EntryKind.SESSION_REMINDED,
        internal=True,
        about="too late" if late else None,
        due_at=session.starts_at,
    )
    if not late:
        _tell_both(draft, EffectKind.SESSION_REMINDER, "reminder", session)


def cancel_session(draft: Draft, message: CancelSession) -> None:
    """Call off the session that was agreed on. Raises: Refusal."""
    session = draft.case.agreed_session
    if session is None:
        refuse("InvalidTransition", "no session is scheduled", "schedule one with schedule_session")
    if message.reason is None:
        refuse("ReasonRequired", "cancelling a session needs a reason", "say why", ("reason",))
    _call_off(draft, session, "cancelled", message.reason)


def _call_off(draft: Draft, session: RemoteSession, about: str, text: str | None = None) -> None:
    """Keep the session called off, unless another one has taken place or does so meanwhile."""
    draft.stop(Clock.SESSION_REMINDER)
    if draft.case.appointment is None:
        draft.set(session=session.model_copy(update={"cancelled_at": draft.at}))
    draft.set(appointment=None)
    number = draft.enter(EntryKind.SESSION_CANCELLED, text, due_at=session.starts_at)
    _tell_both(draft, EffectKind.SESSION_CANCELLED, about, session, text, number if text else None)


def start_session(draft: Draft, message: StartSession) -> None:
    """Note that the engineer connects, agreed on or at once (RHIPE-26). Raises: Refusal.

    The consent is to the mode given here, which may be another than was agreed on. What begins before the
    reminder of the session agreed on is due is another one, and the appointment stays.
    """
    if _is_under_way(draft.case):
        refuse("InvalidTransition", "a session is under way already", "end it first")
    if not message.consent:
        refuse(
            "ConsentRequired",
            "the customer has not granted access",
            "ask the customer, and confirm it with consent",
            ("consent",),
        )
    agreed = draft.case.agreed_session
    mode = message.mode or (agreed.mode if agreed is not None else None)
    if mode is None:
        words = " or ".join(SessionMode)
        refuse("ValidationError", "mode: what may the engineer do?", f"give {words}", ("mode",))
    consent = {"consent": True, "consent_by": message.consent_by, "started_at": draft.at}
    draft.set(session=_begun(draft, agreed).model_copy(update={"mode": mode, **consent}))
    draft.enter(EntryKind.SESSION_STARTED, about=f"{mode}, with consent")


def _begun(draft: Draft, agreed: RemoteSession | None) -> RemoteSession:
    """Tell the session agreed on from one in between, which leaves the appointment as it is."""
    if agreed is None or agreed.starts_at is None:
        return RemoteSession()
    if draft.at < agreed.starts_at - draft.case.terms.rules.informing.appointment_notice:
        draft.set(appointment=agreed)
        draft.warn("AppointmentStays")
        return RemoteSession()
    draft.stop(Clock.SESSION_REMINDER)
    draft.set(appointment=None)
    return agreed


def end_session(draft: Draft, message: EndSession) -> None:
    """Note that the engineer has disconnected. Raises: Refusal."""
    session = draft.case.session
    if session is None or not _is_under_way(draft.case):
        refuse("InvalidTransition", "no session is under way", "start one first")
    _end(draft, session, message.text)


def _end(draft: Draft, session: RemoteSession, text: str | None = None) -> None:
    assert session.started_at is not None
    draft.set(session=session.model_copy(update={"ended_at": draft.at}))
    minutes = int((draft.at - session.started_at).total_seconds()) // 60
    draft.enter(EntryKind.SESSION_ENDED, text, about=session.mode, count=minutes)


def end_with_case(draft: Draft) -> None:
    """Leave no session behind where a case ends: one under way is over, one agreed on is off."""
    session, agreed = draft.case.session, draft.case.agreed_session
    if session is not None and _is_under_way(draft.case):
        _end(draft, session)
    if agreed is not None:
        _call_off(draft, agreed, "closed")
