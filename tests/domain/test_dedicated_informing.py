"""Keeping each other informed under o365-dedicated: our updates, the customer's own, and agreed intervals."""

from datetime import timedelta

import pytest

from domain.actor import Actor
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from tests.domain.cases import DAY, HOUR, MINUTE, SECOND, Story
from tests.domain.dedicated_desk import (
    DESK,
    INCIDENTS,
    MORNING,
    OTHER_DESK,
    answered,
    at_severity,
    declared,
    held_to,
    instants,
    opened,
    running,
)
from tests.domain.desks import utc
from tests.people import ANA

REMINDER = EffectKind.CUSTOMER_UPDATE_REMINDER
NEWS = {"text": "Two mailboxes work again."}


# --- our promises ---------------------------------------------------------------------------------------


@pytest.mark.covers("DED-20", "DED-21")
@pytest.mark.parametrize("severity", ["A", "B", "C"])
def test_a_b_and_c_are_answered_within_one_hour_of_receipt(severity: str) -> None:
    assert opened(severity=severity).due(Clock.INITIAL_RESPONSE) == MORNING + HOUR


@pytest.mark.covers("DED-12", "DED-21")
def test_the_hour_runs_through_the_night_of_a_weekend() -> None:
    saturday = utc("2027-05-15T22:45")
    story = opened(saturday, under=held_to(saturday))
    assert story.due(Clock.INITIAL_RESPONSE) == saturday + HOUR


@pytest.mark.covers("DED-21")
def test_a_missed_response_is_a_breach_that_is_told_and_the_case_goes_on() -> None:
    story = opened(severity="C").until(MORNING + 2 * HOUR)
    (breach,) = story.breaches(Clock.INITIAL_RESPONSE)
    assert (breach.due_at, breach.count) == (MORNING + HOUR, 1)
    (entry,) = story.happened(EntryKind.BREACHED)
    assert (entry.about, entry.at) == ("initial_response", MORNING + HOUR)
    (notice,) = story.told(EffectKind.BREACH_NOTICE)
    assert (notice.to, notice.about) == (Recipient.TSS, "initial_response")
    story.say("respond", MORNING + 2 * HOUR, text="We have begun.")
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.breaches(Clock.INITIAL_RESPONSE)[0].late_seconds == 3600


@pytest.mark.covers("DED-23", "DED-24")
@pytest.mark.parametrize(("severity", "every"), [("1", HOUR), ("A", 2 * HOUR)])
def test_at_the_urgent_severities_both_sides_owe_an_update_and_neither_clock_moves_the_other(
    severity: str, every: timedelta
) -> None:
    story = at_severity(severity)
    assert story.due(Clock.UPDATE) == story.due(Clock.CUSTOMER_UPDATE) == MORNING + every
    story.say("post_update", MORNING + 10 * MINUTE, text="A site is down.")
    assert story.due(Clock.UPDATE) == MORNING + 10 * MINUTE + every
    assert story.due(Clock.CUSTOMER_UPDATE) == MORNING + every
    story.say("reply", MORNING + 20 * MINUTE, DESK, **NEWS)
    assert story.due(Clock.UPDATE) == MORNING + 10 * MINUTE + every
    assert story.due(Clock.CUSTOMER_UPDATE) == MORNING + 20 * MINUTE + every


@pytest.mark.covers("DED-25", "DED-26")
@pytest.mark.parametrize(("severity", "hours"), [("B", 24), ("C", 72)])
def test_at_b_and_c_only_we_owe_updates_every_day_or_every_third(severity: str, hours: int) -> None:
    every = timedelta(hours=hours)
    story = at_severity(severity)
    assert running(story.case) == [Clock.UPDATE]
    story.until(MORNING + 3 * every)
    assert instants(story, EffectKind.STATUS_UPDATE) == [MORNING + number * every for number in (1, 2, 3)]
    assert story.told(REMINDER) == []


# --- the customer's duty --------------------------------------------------------------------------------


@pytest.mark.covers("DED-23", "GAP-06")
def test_the_customer_is_reminded_at_each_missed_interval_and_nothing_worse_happens() -> None:
    story = declared().until(MORNING + 3 * HOUR)
    assert instants(story, REMINDER) == [MORNING + HOUR, MORNING + 2 * HOUR, MORNING + 3 * HOUR]
    reminder = story.told(REMINDER)[0]
    assert (reminder.to, reminder.facts.next_update_at) == (Recipient.CUSTOMER, MORNING + 2 * HOUR)
    lapses = story.happened(EntryKind.CUSTOMER_UPDATE_LAPSED)
    assert [(entry.at, entry.count) for entry in lapses] == [(MORNING + n * HOUR, 1) for n in (1, 2, 3)]
    assert story.case.customer_lapses == 3
    story.until(MORNING + 5 * DAY)
    assert (story.case.level, story.case.phase) == ("1", Phase.IN_PROGRESS)
    assert story.breaches(Clock.CUSTOMER_UPDATE) == []


@pytest.mark.covers("DED-24", "GAP-06")
@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("reply", NEWS),
        ("add_note", NEWS),
        ("update_scope", {"text": "A third site is down."}),
        ("change_level", {"level": "A", "business_impact": "Nobody can send mail"}),
    ],
)
def test_whatever_the_customer_says_discharges_him_until_the_next_interval(
    verb: str, said: dict[str, str]
) -> None:
    story = answered(severity="A")
    if verb == "change_level":
        story.say(verb, MORNING, ANA, level="B", reason="One user")
    said_at = MORNING + HOUR + SECOND
    story.say(verb, said_at, DESK, **said)
    assert story.due(Clock.CUSTOMER_UPDATE) == said_at + 2 * HOUR
    assert story.until(said_at + 2 * HOUR - SECOND).told(REMINDER) == []
    assert instants(story.until(said_at + 2 * HOUR), REMINDER) == [said_at + 2 * HOUR]


@pytest.mark.covers("DED-24")
def test_what_the_customer_says_of_the_very_due_instant_is_in_time_and_a_second_later_is_not() -> None:
    on_time, late = answered(severity="A"), answered(severity="A")
    on_time.say("reply", MORNING + 2 * HOUR, DESK, handled=MORNING + 3 * HOUR, **NEWS)
    assert on_time.case.customer_lapses == 0
    late.say("reply", MORNING + 2 * HOUR + SECOND, DESK, **NEWS)
    assert (late.case.customer_lapses, instants(late, REMINDER)) == (1, [MORNING + 2 * HOUR])


@pytest.mark.covers("DED-24")
def test_what_the_customer_says_on_the_telephone_counts_though_we_enter_it() -> None:
    story = answered(severity="A")
    story.say("reply", MORNING + HOUR, ANA, text="He called: two mailboxes work again.")
    assert story.due(Clock.CUSTOMER_UPDATE) == MORNING + 3 * HOUR


@pytest.mark.covers("GAP-06")
@pytest.mark.parametrize("verb", ["add_note", "post_update", "update_scope"])
def test_what_we_say_ourselves_does_not_discharge_the_customer(verb: str) -> None:
    story = answered(severity="A")
    story.say(verb, MORNING + HOUR, text="He has not called yet.")
    assert story.due(Clock.CUSTOMER_UPDATE) == MORNING + 2 * HOUR


@pytest.mark.covers("DED-24")
@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("wait_for_customer", {"text": "Since when?"}),
        ("validate_resolution", {"text": "Does it work?"}),
        ("validate_resolution", {"text": "He says it works.", "validated": True}),
    ],
)
def test_whatever_the_first_answer_is_both_duties_begin_with_it(verb: str, said: dict[str, str]) -> None:
    story = opened(severity="A")
    story.say(verb, MORNING + 10 * MINUTE, **said)
    assert running(story.case) == [Clock.UPDATE, Clock.CUSTOMER_UPDATE]
    assert story.due(Clock.CUSTOMER_UPDATE) == MORNING + 10 * MINUTE + 2 * HOUR


# --- what the customer sees -----------------------------------------------------------------------------


@pytest.mark.covers("DED-09")
def test_the_customer_sees_status_and_promises_and_no_internal_note() -> None:
    story: Story = declared()
    story.say("add_note", MORNING + MINUTE, text="The vendor suspects storage.")
    story.until(MORNING + HOUR)
    shown = customer_view(story.case)
    assert (shown.level, shown.phase) == ("1", Phase.IN_PROGRESS)
    assert {row.clock: row.promise for row in shown.promises}[Clock.CUSTOMER_UPDATE] == "every 1 h"
    assert "suspects" not in shown.model_dump_json()
    assert EntryKind.CUSTOMER_UPDATE_LAPSED in {entry.kind for entry in shown.timeline}
    assert not {EntryKind.WARNED, EntryKind.NOTED} & {entry.kind for entry in shown.timeline}


@pytest.mark.covers("DED-09")
@pytest.mark.parametrize("verb", ["reply", "add_note", "update_scope"])
def test_the_desk_of_another_tenant_has_no_part_in_a_case(verb: str) -> None:
    assert answered().refused(verb, MORNING + MINUTE, OTHER_DESK, text="And ours?").code == "Forbidden"


def test_the_vendor_declares_severities_and_says_nothing_else() -> None:
    speaker: Actor = INCIDENTS
    assert answered().refused("post_update", MORNING + MINUTE, speaker, **NEWS).code == "RoleNotPermitted"
