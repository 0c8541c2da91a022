"""Nobody was there for hours: both two-way cadences of o365-dedicated are caught up with in one step."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import UpdateScore
from domain.clocks import Clock
from domain.effects import EffectKind
from domain.timeline import EntryKind
from tests.domain.cases import DAY, HOUR, LATE_AFTER, MINUTE, SECOND, Story
from tests.domain.dedicated_desk import DESK, MORNING, at_severity, instants

EVERY = {"1": HOUR, "A": 2 * HOUR}
SEVERITIES = st.sampled_from(sorted(EVERY))
OFFSETS = st.integers(0, 3599).map(lambda seconds: timedelta(seconds=seconds))
ABSENCES = st.integers(1, 5 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


def _spoken_with(severity: str, ours: timedelta, theirs: timedelta) -> Story:
    """A case in which we wrote at one instant of its first hour and the customer at another."""
    story = at_severity(severity)
    said = [("post_update", ours, {}), ("reply", theirs, {"by": DESK})]
    for verb, offset, by in sorted(said, key=lambda one: one[1]):
        story.say(verb, MORNING + offset, text="Still looking.", **by)
    return story


def _series(begun: datetime, every: timedelta, until: datetime) -> list[datetime]:
    """Every instant of a cadence up to and including `until`."""
    return [begun + number * every for number in range(1, (until - begun) // every + 1)]


@pytest.mark.covers("DED-23", "DED-24")
@settings(max_examples=200, deadline=None)
@given(SEVERITIES, OFFSETS, OFFSETS, ABSENCES)
def test_however_long_nobody_was_there_one_status_and_one_reminder_go_out(
    severity: str, ours: timedelta, theirs: timedelta, absence: timedelta
) -> None:
    every, back = EVERY[severity], MORNING + HOUR + absence
    updates = _series(MORNING + ours, every, back)
    duties = _series(MORNING + theirs, every, back)
    story = _spoken_with(severity, ours, theirs).away_until(back)
    assert instants(story, EffectKind.STATUS_UPDATE) == updates[-1:]
    assert instants(story, EffectKind.CUSTOMER_UPDATE_REMINDER) == duties[-1:]
    assert story.due(Clock.UPDATE) == MORNING + ours + (len(updates) + 1) * every
    assert story.due(Clock.CUSTOMER_UPDATE) == MORNING + theirs + (len(duties) + 1) * every


@pytest.mark.covers("GAP-06", "DED-24")
@settings(max_examples=200, deadline=None)
@given(SEVERITIES, OFFSETS, OFFSETS, ABSENCES)
def test_what_was_missed_meanwhile_is_counted_once_with_its_first_and_last_instant(
    severity: str, ours: timedelta, theirs: timedelta, absence: timedelta
) -> None:
    every, back = EVERY[severity], MORNING + HOUR + absence
    updates = _series(MORNING + ours, every, back)
    duties = _series(MORNING + theirs, every, back)
    story = _spoken_with(severity, ours, theirs).away_until(back)
    missed = [due for due in updates if due != updates[-1] or back - due > LATE_AFTER]
    assert story.case.score == UpdateScore(
        staff=1,
        system=len(updates) - len(missed),
        missed=len(missed),
        system_streak=1 if updates else 0,
    )
    found = [(one.due_at, one.last_due_at, one.count) for one in story.breaches(Clock.UPDATE)]
    assert found == ([(missed[0], missed[-1], len(missed))] if missed else [])
    lapses = story.happened(EntryKind.CUSTOMER_UPDATE_LAPSED)
    assert [(entry.due_at, entry.count) for entry in lapses] == ([(duties[0], len(duties))] if duties else [])
    assert story.case.customer_lapses == len(duties)


@pytest.mark.covers("GAP-06")
@settings(max_examples=200, deadline=None)
@given(SEVERITIES, OFFSETS, OFFSETS, ABSENCES)
def test_what_is_caught_up_with_is_written_in_the_order_of_its_instants(
    severity: str, ours: timedelta, theirs: timedelta, absence: timedelta
) -> None:
    back = MORNING + HOUR + absence
    story = _spoken_with(severity, ours, theirs).away_until(back)
    for written in ([entry.at for entry in story.entries], [effect.caused_at for effect in story.effects]):
        assert written == sorted(written)
        assert written[-1] <= back
    assert len({effect.id for effect in story.effects}) == len(story.effects)


@settings(max_examples=100, deadline=None)
@given(SEVERITIES, OFFSETS, OFFSETS, ABSENCES)
def test_our_absence_moves_no_promise_of_either_side(
    severity: str, ours: timedelta, theirs: timedelta, absence: timedelta
) -> None:
    back = MORNING + HOUR + absence
    away = _spoken_with(severity, ours, theirs).away_until(back)
    there = _spoken_with(severity, ours, theirs).until(back)
    for clock in (Clock.UPDATE, Clock.CUSTOMER_UPDATE):
        assert away.due(clock) == there.due(clock)
    assert away.case.customer_lapses == there.case.customer_lapses
    assert there.case.score.missed == 0


@settings(max_examples=100, deadline=None)
@given(SEVERITIES, OFFSETS, OFFSETS, ABSENCES)
def test_the_customers_word_that_wakes_us_comes_after_what_was_due_before_it(
    severity: str, ours: timedelta, theirs: timedelta, absence: timedelta
) -> None:
    every, back = EVERY[severity], MORNING + HOUR + absence
    lapses = len(_series(MORNING + theirs, every, back - SECOND))
    story = _spoken_with(severity, ours, theirs)
    story.say("reply", back, DESK, text="Two mailboxes work again.")
    assert story.case.customer_lapses == lapses  # a word of the very due instant is in time
    assert story.due(Clock.CUSTOMER_UPDATE) == back + every
    assert story.entries[-1].kind is EntryKind.REPLIED
    assert [entry.at for entry in story.entries] == sorted(entry.at for entry in story.entries)


def test_a_weekend_away_with_both_cadences_on_one_instant_is_told_with_our_own_first() -> None:
    story = at_severity("A").away_until(MORNING + 2 * DAY + MINUTE)
    told = [effect.kind for effect in story.effects if effect.caused_at == MORNING + 2 * DAY]
    assert told == [
        EffectKind.STATUS_UPDATE,
        EffectKind.BREACH_NOTICE,
        EffectKind.CUSTOMER_UPDATE_REMINDER,
        EffectKind.STILL_MISSED,
    ]
    (reminder,) = story.told(EffectKind.CUSTOMER_UPDATE_REMINDER)
    assert (reminder.facts.count, reminder.facts.next_update_at) == (24, MORNING + 2 * DAY + 2 * HOUR)
