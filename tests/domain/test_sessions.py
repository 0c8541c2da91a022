"""Remote sessions: when they are, who may connect and how far, and what is kept of them."""

from datetime import datetime, timedelta

import pytest

from domain.clocks import Clock
from domain.decision import Refused
from domain.effects import Effect, EffectKind, Recipient
from domain.messages.special import ScheduleSession
from domain.phase import Phase
from domain.sessions import RemoteSession, SessionMode, SessionState
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.staff import deadlines, view
from tests.domain.boundary_desk import ENGINEER, MORNING, worked_on
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, answered, case_in
from tests.people import ANA, KIM, STRANGER

TOMORROW = TUESDAY + DAY
WHEN = {"start": TOMORROW, "end": TOMORROW + HOUR, "zone": "Asia/Manila"}


def agreed(**fields: object) -> Story:
    """A case with a session on the next day, from an hour on."""
    story = answered()
    story.say("schedule_session", TUESDAY + MINUTE, **{**WHEN, "mode": "view", **fields})
    return story


def session_of(story: Story) -> RemoteSession:
    assert story.case.session is not None
    return story.case.session


def recipients(effects: list[Effect]) -> list[Recipient]:
    return [effect.to for effect in effects]


@pytest.mark.covers("CSS-07")
def test_a_session_is_told_to_both_sides_by_the_clock_it_was_agreed_in() -> None:
    story = agreed(text="Please be at the computer.")
    assert session_of(story).state is SessionState.SCHEDULED
    told = story.told(EffectKind.SESSION_SCHEDULED)
    assert recipients(told) == [Recipient.CUSTOMER, Recipient.ASSIGNEE]
    for effect in told:
        assert (effect.zone, effect.about, effect.facts.mode) == ("Asia/Manila", "agreed", "view")
        assert (effect.facts.starts_at, effect.facts.ends_at) == (TOMORROW, TOMORROW + HOUR)
    assert told[0].facts.text == "Please be at the computer."


@pytest.mark.covers("CSS-07")
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("start", {"start": TUESDAY, "end": TUESDAY + HOUR}),
        ("start", {"start": TUESDAY + MINUTE}),
        ("end", {"end": TOMORROW}),
        ("end", {"end": TOMORROW - MINUTE}),
        ("end", {"end": TUESDAY + 401 * DAY}),
        ("zone", {"zone": None}),
    ],
)
def test_a_session_in_the_past_or_without_an_end_or_a_zone_is_none(
    field: str, wrong: dict[str, object]
) -> None:
    story = answered()
    refused = story.refused("schedule_session", TUESDAY + MINUTE, **{**WHEN, **wrong})
    assert (refused.code, refused.missing) == ("ValidationError", (field,))
    assert not story.runs(Clock.SESSION_REMINDER)


@pytest.mark.covers("CSS-07")
@pytest.mark.parametrize("zone", ["PST", "UTC+2", "", "Etc/GMT+2"])
def test_a_zone_is_an_iana_name(zone: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        ScheduleSession.model_validate({"actor": ANA, **WHEN, "zone": zone})


@pytest.mark.covers("CSS-07")
def test_both_are_reminded_once_an_hour_before_and_nobody_was_promised_that() -> None:
    story = agreed()
    assert story.due(Clock.SESSION_REMINDER) == TOMORROW - HOUR
    assert not Clock.SESSION_REMINDER.is_promise
    assert Clock.SESSION_REMINDER not in {row.clock for row in deadlines(story.case)}
    story.until(TOMORROW - HOUR - MINUTE)
    assert story.told(EffectKind.SESSION_REMINDER) == []
    story.until(TOMORROW + HOUR)
    told = story.told(EffectKind.SESSION_REMINDER)
    assert recipients(told) == [Recipient.CUSTOMER, Recipient.ASSIGNEE]
    assert {(one.zone, one.facts.starts_at) for one in told} == {("Asia/Manila", TOMORROW)}
    assert not story.runs(Clock.SESSION_REMINDER)


def test_nobody_is_reminded_of_what_begins_within_the_hour_or_has_begun_while_we_were_away() -> None:
    soon = agreed(start=TUESDAY + HOUR, end=TUESDAY + 2 * HOUR)
    assert not soon.runs(Clock.SESSION_REMINDER)
    late = agreed().away_until(TOMORROW + MINUTE)
    assert late.told(EffectKind.SESSION_REMINDER) == []
    (entry,) = late.happened(EntryKind.SESSION_REMINDED)
    assert (entry.about, entry.internal) == ("too late", True)


@pytest.mark.covers("CSS-07")
def test_said_again_the_session_moves_with_its_reminder_and_keeps_its_mode() -> None:
    story = agreed()
    later = TOMORROW + 3 * HOUR
    story.say("schedule_session", TUESDAY + HOUR, KIM, start=later, end=later + HOUR, zone="Australia/Perth")
    assert session_of(story).mode is SessionMode.VIEW
    assert story.due(Clock.SESSION_REMINDER) == later - HOUR
    assert [effect.about for effect in story.told(EffectKind.SESSION_SCHEDULED)] == ["agreed"] * 2 + [
        "moved"
    ] * 2
    story.until(later + HOUR)
    assert len(story.told(EffectKind.SESSION_REMINDER)) == 2


@pytest.mark.covers("CSS-07")
def test_either_side_calls_a_session_off_with_a_reason() -> None:
    for speaker in (ANA, KIM):
        story = agreed()
        assert story.refused("cancel_session", TUESDAY + HOUR, speaker).code == "ReasonRequired"
        story.say("cancel_session", TUESDAY + HOUR, speaker, reason="It works by now.")
        assert session_of(story).state is SessionState.CANCELLED
        assert recipients(story.told(EffectKind.SESSION_CANCELLED)) == [
            Recipient.CUSTOMER,
            Recipient.ASSIGNEE,
        ]
        story.until(TOMORROW + HOUR)
        assert story.told(EffectKind.SESSION_REMINDER) == []
        refused = story.refused("cancel_session", TOMORROW + HOUR, speaker, reason="Again.")
        assert refused.code == "InvalidTransition"


@pytest.mark.covers("RHIPE-26")
@pytest.mark.parametrize("story", [agreed, answered])
def test_nobody_connects_without_the_customers_consent(story) -> None:
    case = story()
    refused = case.refused("start_session", TUESDAY + HOUR, mode="control")
    assert (refused.code, refused.missing) == ("ConsentRequired", ("consent",))
    assert refused.remedy


@pytest.mark.covers("RHIPE-26")
def test_the_record_holds_the_consent_the_mode_the_start_and_the_end() -> None:
    story = agreed()
    story.until(TOMORROW)
    story.say("start_session", TOMORROW + MINUTE, consent=True, consent_by="Kim Ng", mode="control")
    assert session_of(story).state is SessionState.UNDER_WAY
    story.say("end_session", TOMORROW + 31 * MINUTE, text="The profile is new.")
    session = session_of(story)
    assert (session.consent, session.consent_by, session.mode) == (True, "Kim Ng", SessionMode.CONTROL)
    assert (session.started_at, session.ended_at) == (TOMORROW + MINUTE, TOMORROW + 31 * MINUTE)
    assert (session.starts_at, session.ends_at) == (TOMORROW, TOMORROW + HOUR)
    (ended,) = story.happened(EntryKind.SESSION_ENDED)
    assert (ended.text, ended.about, ended.count) == ("The profile is new.", "control", 30)
    assert [entry.about for entry in story.happened(EntryKind.SESSION_STARTED)] == ["control, with consent"]
    assert view(story.case).session == customer_view(story.case).session == session


@pytest.mark.covers("RHIPE-26")
def test_how_far_the_engineer_may_go_is_always_said() -> None:
    refused = answered().refused("start_session", TUESDAY + HOUR, consent=True)
    assert (refused.code, refused.missing) == ("ValidationError", ("mode",))
    story = agreed()
    story.say("start_session", TUESDAY + HOUR, consent=True)
    assert session_of(story).mode is SessionMode.VIEW


def test_there_is_one_session_at_a_time() -> None:
    story = agreed()
    assert story.refused("end_session", TUESDAY + HOUR).code == "InvalidTransition"
    story.say("start_session", TOMORROW, consent=True)
    for verb, fields in (
        ("start_session", {"consent": True}),
        ("schedule_session", WHEN),
        ("cancel_session", {"reason": "x"}),
    ):
        assert story.refused(verb, TOMORROW + HOUR, **fields).code == "InvalidTransition"
    story.say("end_session", TOMORROW + HOUR)
    assert story.refused("end_session", TOMORROW + 2 * HOUR).code == "InvalidTransition"


def held_before(story: Story, at: datetime = TUESDAY + HOUR) -> Story:
    """A session of twenty minutes that nobody had agreed on beforehand."""
    story.say("start_session", at, consent=True, consent_by="Kim Ng", mode="control")
    assert story.decision.warnings == ("AppointmentStays",)  # type: ignore[union-attr]
    story.say("end_session", at + 20 * MINUTE)
    return story


@pytest.mark.covers("CSS-07")
def test_a_session_in_between_leaves_the_one_agreed_on_and_its_reminder() -> None:
    story = held_before(agreed())
    held, kept = session_of(story), story.case.appointment
    assert (held.state, held.starts_at, held.consent_by) == (SessionState.ENDED, None, "Kim Ng")
    assert kept is not None
    assert (kept.starts_at, kept.mode, kept.is_awaited) == (TOMORROW, SessionMode.VIEW, True)
    assert view(story.case).appointment == customer_view(story.case).appointment == kept
    story.until(TOMORROW - MINUTE)
    told = story.told(EffectKind.SESSION_REMINDER)
    assert recipients(told) == [Recipient.CUSTOMER, Recipient.ASSIGNEE]
    assert story.told(EffectKind.SESSION_CANCELLED) == []
    story.say("start_session", TOMORROW, consent=True)
    assert (session_of(story).starts_at, session_of(story).started_at) == (TOMORROW, TOMORROW)
    assert story.case.appointment is None


def test_the_reminder_comes_while_a_session_in_between_is_under_way() -> None:
    story = agreed()
    story.say("start_session", TOMORROW - HOUR - MINUTE, consent=True)
    story.until(TOMORROW - HOUR)
    assert len(story.told(EffectKind.SESSION_REMINDER)) == 2
    assert session_of(story).state is SessionState.UNDER_WAY


def test_from_its_reminder_on_a_session_that_begins_is_the_one_agreed_on() -> None:
    story = agreed().until(TOMORROW - HOUR)
    story.say("start_session", TOMORROW - HOUR, consent=True)
    assert story.decision.warnings == ()  # type: ignore[union-attr]
    assert (session_of(story).starts_at, story.case.appointment) == (TOMORROW, None)


def test_an_appointment_that_stayed_is_moved_and_called_off_like_any_other() -> None:
    moved = held_before(agreed())
    later = TOMORROW + 3 * HOUR
    moved.say("schedule_session", TUESDAY + 2 * HOUR, **WHEN | {"start": later, "end": later + HOUR})
    assert moved.told(EffectKind.SESSION_SCHEDULED)[-1].about == "moved"
    assert (session_of(moved).starts_at, moved.case.appointment) == (later, None)
    assert moved.due(Clock.SESSION_REMINDER) == later - HOUR
    off = held_before(agreed())
    off.say("cancel_session", TUESDAY + 2 * HOUR, reason="It works by now.")
    assert recipients(off.told(EffectKind.SESSION_CANCELLED)) == [Recipient.CUSTOMER, Recipient.ASSIGNEE]
    assert (session_of(off).state, off.case.appointment) == (SessionState.ENDED, None)
    assert not off.runs(Clock.SESSION_REMINDER)


@pytest.mark.parametrize("minutes", [5, 30])
def test_an_appointment_that_stayed_is_called_off_when_its_case_ends(minutes: int) -> None:
    story = agreed()
    story.say("start_session", TUESDAY + HOUR, consent=True)
    if minutes > 5:
        story.say("end_session", TUESDAY + HOUR + 5 * MINUTE)
    story.say("close", TUESDAY + HOUR + minutes * MINUTE, KIM, reason="requested")
    assert session_of(story).ended_at == TUESDAY + HOUR + 5 * MINUTE
    assert [effect.about for effect in story.told(EffectKind.SESSION_CANCELLED)] == ["closed"] * 2
    assert story.case.appointment is None
    assert not story.runs(Clock.SESSION_REMINDER)


def test_a_session_is_no_news_to_the_customer_and_no_response() -> None:
    story = case_in(Phase.RECEIVED)
    before = story.clock(Clock.INITIAL_RESPONSE)
    story.say("schedule_session", TUESDAY + MINUTE, **WHEN)
    story.say("start_session", TUESDAY + 2 * MINUTE, consent=True, mode="view")
    assert story.clock(Clock.INITIAL_RESPONSE) == before
    assert story.case.responded_at is None


def test_a_session_ends_with_its_case() -> None:
    story = agreed()
    story.say("close", TUESDAY + HOUR, KIM, reason="requested")
    assert session_of(story).state is SessionState.CANCELLED
    told = story.told(EffectKind.SESSION_CANCELLED)
    assert [effect.about for effect in told] == ["closed"] * 2
    under_way = agreed()
    under_way.say("start_session", TUESDAY + HOUR, consent=True)
    under_way.say("close", TUESDAY + 2 * HOUR, KIM, reason="requested")
    assert session_of(under_way).ended_at == TUESDAY + 2 * HOUR
    for one in (story, under_way):
        assert not one.runs(Clock.SESSION_REMINDER)


def test_who_may_say_what_of_a_session() -> None:
    story = agreed()
    assert story.refused("start_session", TUESDAY + HOUR, KIM, consent=True).code == "RoleNotPermitted"
    assert story.refused("end_session", TUESDAY + HOUR, KIM).code == "RoleNotPermitted"
    assert story.refused("cancel_session", TUESDAY + HOUR, STRANGER, reason="x").code == "Forbidden"
    over = case_in(Phase.CLOSED).say("schedule_session", TUESDAY + HOUR, **WHEN)
    assert isinstance(over, Refused)
    assert over.code == "CaseClosed"


@pytest.mark.covers("CSS-07")
def test_the_distributors_engineer_asks_for_a_session_where_a_request_is_hard() -> None:
    story = worked_on("distributor-css")
    start = MORNING + timedelta(hours=5)
    story.say("schedule_session", MORNING, ENGINEER, start=start, end=start + HOUR, zone="Europe/London")
    assert story.due(Clock.SESSION_REMINDER) == start - HOUR
    refused = story.refused(
        "schedule_session", MORNING, ENGINEER, start=MORNING, end=start, zone="Europe/London"
    )
    assert refused.code == "ValidationError"
