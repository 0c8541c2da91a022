"""What moves to a fresh run: everything that matters, and never more than fits."""

from domain.effects import Effect, EffectKind
from domain.timeline import EntryKind, TimelineEntry
from domain.turnover import (
    CARRIED_EFFECTS,
    CARRIED_ENTRIES,
    CARRIED_TEXT,
    LAST_EVENTS,
    LAST_SIGNALS,
    LAST_UPDATES,
    MOST_EVENTS,
    MOST_SIGNALS,
    MOST_UPDATES,
    QUIET_EVENTS,
    carried,
    carried_entries,
    is_time,
)
from tests.domain.cases import HOUR, MINUTE, TUESDAY, answered, mailed, opened
from tests.people import KIM

LONG = "あ" * 2700  # 8.1 KiB


def _updates(count: int, text: str = "News.") -> tuple[Effect, ...]:
    story = answered()
    for minute in range(count):
        story.say("post_update", TUESDAY + minute * MINUTE, text=text)
    return tuple(story.told(EffectKind.STAFF_UPDATE))


def test_a_quiet_case_turns_over_early_and_a_busy_one_when_it_must() -> None:
    assert not is_time(QUIET_EVENTS - 1, 0, 0, quiet=True)
    assert is_time(QUIET_EVENTS, 0, 0, quiet=True)
    assert not is_time(MOST_EVENTS - 1, MOST_UPDATES - 1, MOST_SIGNALS - 1, quiet=False)
    for events, updates, signals in ((MOST_EVENTS, 0, 0), (0, MOST_UPDATES, 0), (0, 0, MOST_SIGNALS)):
        assert is_time(events, updates, signals, quiet=False)


def test_what_would_not_fit_waits_until_the_engine_would_soon_refuse_messages() -> None:
    assert not is_time(MOST_EVENTS, MOST_UPDATES, MOST_SIGNALS, quiet=True, fits=False)
    for events, updates, signals in ((LAST_EVENTS, 0, 0), (0, LAST_UPDATES, 0), (0, 0, LAST_SIGNALS)):
        assert is_time(events, updates, signals, quiet=False, fits=False)


def test_what_is_undelivered_travels_in_order_with_its_ids() -> None:
    effects = _updates(5)
    assert carried(effects) == (effects, ())
    assert carried(()) == ((), ())


def test_of_notices_that_a_later_one_replaces_only_the_last_travels() -> None:
    story = answered().until(TUESDAY + 5 * HOUR)
    kept, left = carried(tuple(story.effects))
    kinds = [effect.kind for effect in kept]
    assert kinds.count(EffectKind.STATUS_UPDATE) == kinds.count(EffectKind.WARNING) == 1
    assert kept[-1].caused_at == TUESDAY + 5 * HOUR
    assert EffectKind.FIRST_RESPONSE in kinds
    assert {*kept, *left} == set(story.effects)


def test_of_very_many_the_newest_forty_travel_and_the_others_are_named() -> None:
    effects = _updates(CARRIED_EFFECTS + 7)
    kept, left = carried(effects)
    assert kept == effects[-CARRIED_EFFECTS:]
    assert left == effects[:7]


def test_long_texts_that_are_in_the_timeline_travel_as_their_entry() -> None:
    kept, _ = carried(_updates(CARRIED_EFFECTS, LONG))
    whole = [effect for effect in kept if effect.facts.text is not None]
    assert sum(len((effect.facts.text or "").encode()) for effect in whole) <= CARRIED_TEXT
    assert whole == list(kept[-len(whole) :])
    assert all(effect.facts.text_entry for effect in kept)


def test_long_texts_that_are_in_no_entry_travel_shortened() -> None:
    story = mailed()
    for minute in range(CARRIED_EFFECTS):
        story.say("change_level", TUESDAY + minute * MINUTE, KIM, level="P1", reason=LONG)
    kept, _ = carried(tuple(story.told(EffectKind.LEVEL_REQUESTED)))
    assert all(effect.facts.text for effect in kept)
    assert sum(len((effect.facts.text or "").encode()) for effect in kept) <= 4 * CARRIED_TEXT


def _entries(count: int, text: str = "x") -> tuple[TimelineEntry, ...]:
    return tuple(
        TimelineEntry(number=number, at=TUESDAY, kind=EntryKind.NOTED, by="Ana", text=text)
        for number in range(1, count + 1)
    )


def test_entries_the_store_has_not_taken_travel_shortened() -> None:
    kept = carried_entries(_entries(3, "x" * 1000))
    assert [entry.number for entry in kept] == [1, 2, 3]
    assert all(len(entry.text or "") <= 280 for entry in kept)


def test_too_many_entries_travel_as_the_newest_and_a_remark_on_how_many_are_missing() -> None:
    kept = carried_entries(_entries(CARRIED_ENTRIES + 10))
    assert len(kept) == CARRIED_ENTRIES
    remark, *rest = kept
    assert (remark.number, remark.count, remark.internal) == (11, 11, True)
    assert "11 entries did not reach the case store" in (remark.text or "")
    assert [entry.number for entry in rest] == list(range(12, CARRIED_ENTRIES + 11))


def test_a_notice_about_one_clock_does_not_take_the_place_of_one_about_another() -> None:
    first, *_ = opened().until(TUESDAY + 8 * HOUR).told(EffectKind.BREACH_NOTICE)
    other = first.model_copy(update={"id": "other", "about": "triage"})
    later = first.model_copy(update={"id": "later"})
    assert carried((first, other, later)) == ((other, later), (first,))
