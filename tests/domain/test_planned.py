"""Work asked for ahead of time: an engineer in the right zone is there when it begins."""

from datetime import datetime, timedelta

import pytest

from domain import case_step
from domain.case_step import linked_request
from domain.centres.regions import HORIZON, Centre, Roster
from domain.centres.shifts import OpenSpan
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.explain import explain
from domain.views.staff import view
from tests.domain.boundary_desk import JO, MORNING, taken, turned_down
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, opened
from tests.people import KIM, P1, P3

WEST = "westcoast"
START = MORNING + 10 * DAY
PLANNED = {"category": "migration", "start_at": START, "start_zone": "America/New_York"}
SOON = TUESDAY + 2 * DAY


def centre(name: str, zone: str, around: datetime, **known: object) -> Centre:
    """A centre open for four hours on either side of an instant."""
    span = OpenSpan(opens_at=around - 4 * HOUR, closes_at=around + 4 * HOUR)
    return Centre.model_validate({"name": name, "zone": zone, "open": (span,), **known})


def look(story: Story, at: datetime, *centres: Centre) -> Story:
    """Who is open is read, as the workflow does once the case wants to know."""
    assert case_step.awaits_roster(story.case)
    roster = Roster(read_at=at, until=at + HORIZON, centres=centres)
    story.adopt(case_step.take_roster(story.case, roster, at))
    return story


@pytest.mark.covers("WEST-10")
def test_a_migration_is_planned_and_never_urgent() -> None:
    story = taken(WEST, **PLANNED)
    assert (story.case.phase, story.case.level) == (Phase.RECEIVED, "normal")
    refused = turned_down(WEST, **PLANNED, priority="high")
    assert refused.code == "PriorityNotPermitted"
    assert "planning" in refused.remedy
    assert story.refused("change_level", MORNING + HOUR, JO, level="high", reason="Now!").code == (
        "PriorityNotPermitted"
    )


@pytest.mark.covers("WEST-10")
def test_the_acknowledgement_says_when_the_work_is_planned_by_the_clock_it_was_asked_in() -> None:
    (told,) = taken(WEST, **PLANNED).told(EffectKind.ACKNOWLEDGEMENT)
    assert (told.facts.starts_at, told.zone) == (START, "America/New_York")
    (at_once,) = taken(WEST).told(EffectKind.ACKNOWLEDGEMENT)
    assert at_once.facts.starts_at is None


@pytest.mark.covers("WEST-10")
@pytest.mark.parametrize("start_at", [MORNING, MORNING - MINUTE, MORNING - DAY, MORNING + 401 * DAY])
def test_a_planned_start_lies_ahead_and_not_beyond_what_terms_know(start_at: datetime) -> None:
    refused = turned_down(WEST, category="migration", start_at=start_at)
    assert (refused.code, refused.missing) == ("ValidationError", ("start_at",))


@pytest.mark.covers("WEST-10")
def test_an_hour_before_the_start_the_owner_is_told_and_a_centre_is_looked_for() -> None:
    story = taken(WEST, **PLANNED)
    assert story.due(Clock.PLANNED_START) == START - HOUR
    assert not Clock.PLANNED_START.is_promise
    story.until(START - HOUR - MINUTE)
    assert not case_step.awaits_roster(story.case)
    story.until(START - HOUR)
    (told,) = story.told(EffectKind.PLANNED_REQUEST_DUE)
    assert (told.to, told.region, told.about) == (Recipient.REGION, "uk", "owner")
    assert (told.zone, told.facts.starts_at) == ("America/New_York", START)
    assert case_step.awaits_roster(story.case)
    assert not story.runs(Clock.PLANNED_START)


@pytest.mark.covers("WEST-10")
def test_the_centre_of_the_zone_asked_for_has_the_case_when_work_begins() -> None:
    story = taken(WEST, **PLANNED).until(START - HOUR)
    look(
        story,
        START - HOUR,
        centre("uk", "Europe/London", START, engineer="Ines"),
        centre("boston", "America/New_York", START, engineer="Bo", contact="boston@desk.example"),
    )
    assert (story.case.region, story.case.assignee) == ("boston", "Bo")
    (entry,) = story.happened(EntryKind.HANDED_OVER)
    assert (entry.about, entry.text) == ("uk -> boston", "planned start")
    assert [effect.region for effect in story.told(EffectKind.HANDOFF_NOTE)] == ["boston"]
    assert [effect.facts.contact for effect in story.told(EffectKind.REASSIGNED)] == ["boston@desk.example"]
    assert not case_step.awaits_roster(story.case)


@pytest.mark.covers("WEST-10")
def test_the_owner_keeps_it_where_no_centre_is_in_that_zone_and_gets_an_engineer() -> None:
    story = taken(WEST, **PLANNED).until(START - HOUR)
    look(story, START - HOUR, centre("uk", "Europe/London", START, engineer="Ines"))
    assert (story.case.region, story.case.assignee) == ("uk", "Ines")
    assert story.told(EffectKind.HANDOFF_NOTE, EffectKind.REASSIGNED) == []


@pytest.mark.covers("WEST-10")
def test_a_centre_that_is_closed_at_the_start_is_not_chosen_and_nobody_at_all_is_told() -> None:
    asleep = centre("boston", "America/New_York", START + 12 * HOUR)
    story = taken(WEST, **PLANNED).until(START - HOUR)
    look(story, START - HOUR, asleep, centre("uk", "Europe/London", START))
    assert story.case.region == "uk"
    alone = taken(WEST, **PLANNED).until(START - HOUR)
    look(alone, START - HOUR, asleep)
    assert alone.case.region == "uk"
    told = [effect for effect in alone.told(EffectKind.PLANNED_REQUEST_DUE) if effect.about == "nobody"]
    assert [effect.to for effect in told] == [Recipient.TSS]
    assert [entry.due_at for entry in alone.happened(EntryKind.HELD)] == [START]


def test_without_a_zone_of_its_own_the_start_is_in_the_customers() -> None:
    story = taken(WEST, category="migration", start_at=START)
    assert [entry.about for entry in story.happened(EntryKind.PLANNED)] == ["Europe/London"]


def test_what_begins_within_the_hour_is_looked_for_at_once() -> None:
    story = taken(WEST, category="migration", start_at=MORNING + 10 * MINUTE)
    assert story.due(Clock.PLANNED_START) == MORNING
    story.until(MORNING)
    assert len(story.told(EffectKind.PLANNED_REQUEST_DUE)) == 1


@pytest.mark.covers("WEST-10", "RHIPE-13")
def test_what_is_promised_counts_from_the_planned_start() -> None:
    story = opened(start_at=SOON)
    assert story.due(Clock.INITIAL_RESPONSE) == SOON + HOUR
    assert story.clock(Clock.INITIAL_RESPONSE).started_at == SOON
    assert "the start it was planned for" in explain(story.case, Clock.INITIAL_RESPONSE).steps[0]
    (acknowledged,) = story.told(EffectKind.ACKNOWLEDGEMENT)
    assert acknowledged.facts.due_at == SOON + HOUR
    story.until(SOON + HOUR - MINUTE)
    assert story.breaches(Clock.INITIAL_RESPONSE) == []
    story.until(SOON + HOUR)
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1


def test_whoever_answers_early_owes_news_only_once_work_has_begun() -> None:
    story = opened(start_at=SOON)
    story.say("respond", TUESDAY + HOUR, text="I shall be there.")
    every = story.clock(Clock.UPDATE).every
    assert every is not None
    assert story.due(Clock.UPDATE) == SOON + every
    story.say("post_update", SOON + MINUTE, text="We have begun.")
    assert story.due(Clock.UPDATE) == SOON + MINUTE + every


def test_another_level_before_the_start_counts_from_the_start_too() -> None:
    story = opened(start_at=SOON, **P3)
    story.say("change_level", TUESDAY + HOUR, **P1, reason="It grows.")
    assert story.due(Clock.INITIAL_RESPONSE) == SOON + HOUR
    story.say("change_level", TUESDAY + 2 * HOUR, **P3, reason="It does not.")
    assert story.due(Clock.INITIAL_RESPONSE) == SOON + timedelta(hours=24)


def test_a_planned_case_that_is_over_is_looked_for_by_nobody() -> None:
    story = opened(start_at=SOON)
    story.say("close", TUESDAY + HOUR, KIM, reason="requested")
    assert not story.runs(Clock.PLANNED_START)
    asked = opened(start_at=SOON).until(SOON - HOUR)
    asked.say("close", SOON - HOUR + MINUTE, KIM, reason="requested")
    assert not case_step.awaits_roster(asked.case)
    assert asked.case.planned_for is None


def test_the_case_that_continues_a_planned_one_has_no_start_any_more() -> None:
    story = opened(start_at=SOON)
    story.say("close", TUESDAY + HOUR, KIM, reason="requested")
    story.until(TUESDAY + 60 * DAY)
    story.say("reopen", TUESDAY + 60 * DAY, KIM, reason="Again.")
    (effect,) = story.told(EffectKind.LINKED_CASE)
    assert linked_request(story.case, effect).start_at is None


def test_both_sides_see_when_work_begins() -> None:
    story = taken(WEST, **PLANNED)
    assert view(story.case).start_at == customer_view(story.case).start_at == START
    assert view(story.case).start_zone == "America/New_York"
