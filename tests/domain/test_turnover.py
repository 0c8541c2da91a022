"""What moves to a fresh run: everything that matters, and never more than fits."""

import pytest

from domain.effects import Effect, EffectKind, Recipient
from domain.rules import FIRST_RULES
from domain.timeline import EntryKind, TimelineEntry
from domain.turnover import (
    CARRIED_EFFECTS,
    CARRIED_ENTRIES,
    CARRIED_TEXT,
    FULL_EVENTS,
    FULL_UPDATES,
    LAST_BYTES,
    LAST_EVENTS,
    LAST_SIGNALS,
    LAST_UPDATES,
    MOST_BYTES,
    MOST_EVENTS,
    MOST_SIGNALS,
    MOST_UPDATES,
    ONE_STEP,
    QUIET_BYTES,
    QUIET_EVENTS,
    carried,
    carried_entries,
    fits,
    is_time,
    refuse_when_full,
    replaced,
)
from tests.domain.cases import HOUR, MINUTE, TUESDAY, answered, mailed, opened
from tests.domain.outage_desk import told_outage
from tests.domain.test_incident_news import news
from tests.people import KIM

LONG = "あ" * 2700  # 8.1 KiB
BY_THE_SYSTEM = {
    EffectKind.STATUS_UPDATE,
    EffectKind.WARNING,
    EffectKind.BREACH_NOTICE,
    EffectKind.STALE_NOTICE,
    EffectKind.STILL_MISSED,
}


def _updates(count: int, text: str = "News.") -> tuple[Effect, ...]:
    story = answered()
    for minute in range(count):
        story.say("post_update", TUESDAY + minute * MINUTE, text=text)
    return tuple(story.told(EffectKind.STAFF_UPDATE))


def test_a_quiet_case_turns_over_early_and_a_busy_one_when_it_must() -> None:
    assert not is_time(QUIET_EVENTS - 1, 0, 0, quiet=True)
    assert is_time(QUIET_EVENTS, 0, 0, quiet=True)
    assert not is_time(MOST_EVENTS - ONE_STEP - 1, MOST_UPDATES - 1, MOST_SIGNALS - 1, quiet=False)
    for events, updates, signals in ((MOST_EVENTS, 0, 0), (0, MOST_UPDATES, 0), (0, 0, MOST_SIGNALS)):
        assert is_time(events, updates, signals, quiet=False)


def test_a_run_ends_before_it_has_more_events_than_it_may_and_one_of_older_rules_as_it_always_did() -> None:
    assert is_time(MOST_EVENTS - ONE_STEP, 0, 0, quiet=False)
    assert not is_time(MOST_EVENTS - 1, 0, 0, quiet=False, rules=FIRST_RULES)
    assert is_time(MOST_EVENTS, 0, 0, quiet=False, rules=FIRST_RULES)


def test_what_would_not_fit_waits_until_the_engine_would_soon_refuse_messages() -> None:
    assert not is_time(MOST_EVENTS, MOST_UPDATES, MOST_SIGNALS, quiet=True, fits=False)
    for events, updates, signals in ((LAST_EVENTS, 0, 0), (0, LAST_UPDATES, 0), (0, 0, LAST_SIGNALS)):
        assert is_time(events, updates, signals, quiet=False, fits=False)


def test_what_fits_in_a_turn_over_is_measured_whole_in_bytes() -> None:
    assert fits(_updates(15), _entries(15))
    assert not fits(_updates(4, LONG), ())
    assert not fits((), _entries(4, LONG))
    assert not fits((), _entries(CARRIED_ENTRIES + 1))
    assert not fits(_updates(CARRIED_EFFECTS + 1), ())


def test_what_fits_travels_whole() -> None:
    effects, entries = _updates(2, LONG), _entries(1, "x" * 1000)
    assert fits(effects, entries)
    assert carried(effects) == (effects, ())
    assert carried_entries(entries) == entries


def test_a_run_that_cannot_turn_over_refuses_updates_once_it_is_full_and_says_what_to_do() -> None:
    assert refuse_when_full(FULL_EVENTS - 1, FULL_UPDATES - 1, fits=False) is None
    assert refuse_when_full(LAST_EVENTS, LAST_UPDATES, fits=True) is None
    for events, updates in ((FULL_EVENTS, 0), (0, FULL_UPDATES)):
        refused = refuse_when_full(events, updates, fits=False)
        assert refused is not None
        assert refused.code == "CaseFull"
        assert "once the case store is back" in refused.remedy
    assert FULL_EVENTS == 5_000
    assert FULL_UPDATES < LAST_UPDATES


@pytest.mark.parametrize("kind", [kind for kind in EffectKind if kind not in BY_THE_SYSTEM])
def test_what_a_person_wrote_is_never_replaced(kind: EffectKind) -> None:
    first, second, third = (effect.model_copy(update={"kind": kind}) for effect in _updates(3))
    assert replaced((first, second, third)) == ()


def test_a_notice_to_one_centre_does_not_take_the_place_of_one_to_another() -> None:
    first, *_ = opened().until(TUESDAY + 8 * HOUR).told(EffectKind.WARNING)
    to = {"to": Recipient.REGION, "region": "sydney"}
    sydney = first.model_copy(update={**to, "id": "1"})
    manila = first.model_copy(update={**to, "id": "2", "region": "manila"})
    again = first.model_copy(update={**to, "id": "3"})
    assert replaced((sydney, manila, again)) == (sydney,)


def test_a_few_large_messages_make_a_run_as_long_as_many_small_ones() -> None:
    assert not is_time(9, 0, 8, QUIET_BYTES - 1, quiet=True)
    assert is_time(9, 0, 8, QUIET_BYTES, quiet=True)
    assert not is_time(9, 0, 8, MOST_BYTES - 1, quiet=False)
    assert is_time(9, 0, 8, MOST_BYTES, quiet=False)
    assert not is_time(9, 0, 8, LAST_BYTES - 1, quiet=True, fits=False)
    assert is_time(9, 0, 8, LAST_BYTES, quiet=False, fits=False)


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


def test_only_an_entry_that_says_the_very_same_stands_for_a_text() -> None:
    outage = told_outage()
    affair = answered()
    for minute, kind in enumerate(("joined", "update", "update"), 1):
        said = news(minute, kind, impact="No mail at all." if minute == 2 else None)
        affair.say("incident_news", TUESDAY + minute * MINUTE, **said)
    for story in (outage, affair):
        entered = {entry.number: entry.text for entry in story.entries}
        told = [effect.facts for effect in story.effects if effect.facts.text_entry is not None]
        assert [facts.text for facts in told if entered[facts.text_entry or 0] != facts.text] == []


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


def test_entries_the_store_has_not_taken_and_that_do_not_fit_travel_shortened() -> None:
    kept = carried_entries(_entries(30, "x" * 1000))
    assert [entry.number for entry in kept] == list(range(1, 31))
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
