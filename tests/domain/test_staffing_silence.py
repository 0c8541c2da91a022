"""Where no update is promised, silence is noticed: the TSS hears of it once, until somebody speaks again."""

from datetime import timedelta

import pytest

from domain.actor import Actor
from domain.clocks import Clock, next_deadline
from domain.effects import Effect, EffectKind, Recipient
from domain.views.staff import deadlines
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, opened, rhipe, terms, terms_with_level
from tests.people import ANA, KIM, P1, P2, P5, ROBOT

WEEK = timedelta(days=7)


def question() -> Story:
    """A P5, answered a minute after it came in; no update falls due at this level."""
    story = opened(**P5)
    story.say("respond", TUESDAY + MINUTE, text="It is on page four.")
    return story


def notices(story: Story) -> list[Effect]:
    return [told for told in story.told(EffectKind.STALE_NOTICE) if told.about == Clock.STALE]


def test_of_the_presets_own_levels_only_the_one_without_updates_watches_for_silence() -> None:
    watched = {level.id: level.stale_after for level in rhipe().rules.levels if level.stale_after}
    assert watched == {"P5": WEEK}
    assert [level.id for level in rhipe().rules.levels if level.update_every is None] == ["P5"]


@pytest.mark.covers("RHIPE-43")
def test_a_week_without_a_word_is_told_to_the_tss_once() -> None:
    story = question().until(TUESDAY + MINUTE + WEEK - MINUTE)
    assert notices(story) == []
    story.until(TUESDAY + MINUTE + WEEK)
    (told,) = notices(story)
    assert (told.to, told.facts.first_at) == (Recipient.TSS, TUESDAY + MINUTE)
    story.until(TUESDAY + 60 * DAY)
    assert len(notices(story)) == 1
    assert not story.runs(Clock.STALE)


@pytest.mark.parametrize("by", [ANA, KIM], ids=["staff", "customer"])
def test_a_word_of_either_side_puts_it_off_and_ends_a_silence(by: Actor) -> None:
    story = question().until(TUESDAY + 5 * DAY)
    story.say("add_note", TUESDAY + 5 * DAY, by, text="Still there.")
    story.until(TUESDAY + 5 * DAY + WEEK - MINUTE)
    assert notices(story) == []
    story.until(TUESDAY + 5 * DAY + WEEK)
    story.say("add_note", TUESDAY + 20 * DAY, by, text="And again.")
    story.until(TUESDAY + 20 * DAY + WEEK)
    since = [told.facts.first_at for told in notices(story)]
    assert since == [TUESDAY + 5 * DAY, TUESDAY + 20 * DAY]
    assert len({told.id for told in notices(story)}) == 2


def test_what_a_machine_says_is_no_word_and_a_request_of_a_machine_is_watched_all_the_same() -> None:
    story = question()
    story.say("add_note", TUESDAY + 5 * DAY, ROBOT, text="Disk is full.")
    assert len(notices(story.until(TUESDAY + MINUTE + WEEK))) == 1
    watched = terms_with_level("P2", stale_after="3h")
    by_machine = opened(under=watched, actor=ROBOT, channel="portal")
    assert by_machine.due(Clock.STALE) == TUESDAY + 3 * HOUR


def test_words_in_between_do_not_move_the_timer() -> None:
    story = question()
    before = next_deadline(story.case.clocks)
    for day in range(1, 6):
        story.say("post_update", TUESDAY + day * DAY, text="We asked the vendor.")
        story.say("reply", TUESDAY + day * DAY + HOUR, KIM, text="Thank you.")
    assert next_deadline(story.case.clocks) == before


def test_while_we_wait_for_the_customer_and_after_the_end_nothing_is_stale() -> None:
    story = question()
    story.say("wait_for_customer", TUESDAY + HOUR, text="Which page do you see?")
    assert not story.runs(Clock.STALE)
    assert notices(story.until(TUESDAY + 20 * DAY)) == []
    story.say("reply", TUESDAY + 20 * DAY, KIM, text="Page five.")
    assert story.due(Clock.STALE) == TUESDAY + 20 * DAY + WEEK
    story.say("resolve", TUESDAY + 21 * DAY, kind="resolution", text="It is page five.")
    assert not story.runs(Clock.STALE)
    assert notices(story.until(TUESDAY + 60 * DAY)) == []


def test_a_case_with_updates_is_told_of_by_its_updates_alone() -> None:
    story = opened(**P1)
    story.say("respond", TUESDAY + MINUTE, text="I am on it.")
    assert not story.runs(Clock.STALE)
    assert story.case.heard_at is None
    story.until(TUESDAY + DAY)
    assert (len(story.told(EffectKind.STALE_NOTICE)), notices(story)) == (1, [])


def test_another_level_watches_or_no_longer_does() -> None:
    story = question()
    story.say("change_level", TUESDAY + HOUR, level="P2", reason="It spreads.")
    assert not story.runs(Clock.STALE)
    story.say("change_level", TUESDAY + 2 * HOUR, level="P5", reason="It does not.")
    assert story.due(Clock.STALE) == TUESDAY + 2 * HOUR + WEEK


def test_who_was_away_for_months_tells_it_once() -> None:
    assert len(notices(question().away_until(TUESDAY + 60 * DAY))) == 1


def test_it_is_no_promise_to_anybody() -> None:
    assert not Clock.STALE.is_promise
    assert deadlines(question().case) == ()


def test_a_level_that_says_nothing_of_it_costs_no_clock() -> None:
    under = terms_with_level("P5", stale_after=None)
    story = opened(under=under, **P5)
    story.say("respond", TUESDAY + MINUTE, text="It is on page four.")
    assert not story.runs(Clock.STALE)
    watched = terms_with_level("P2", stale_after="3h")
    assert opened(under=watched, **P2).due(Clock.STALE) == TUESDAY + 3 * HOUR
    assert terms().level("P2").stale_after is None
