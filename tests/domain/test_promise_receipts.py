"""Promises told to a customer: which letter makes one, what its record says, and how it ended."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import case_step
from domain.actor import Actor
from domain.clocks import Clock
from domain.customer_promise import Ending, Standing, Why
from domain.decision import Refused
from domain.effects import Effect, EffectKind, Recipient
from domain.facts import Facts
from domain.promise_in_letter import PROMISES, calendar_digest, promised_in
from domain.promise_outcome import Since, Told, before, ending_of, is_held
from domain.promise_receipt import as_bytes, digest, outcome_of, record_of
from domain.terms import TermsAnswer
from domain.verbs import Verb
from tests.domain.cases import HOUR, MINUTE, TUESDAY, Story, answered, closed, opened, resolved, terms
from tests.domain.test_laws import OPENINGS, STEPS, opening
from tests.people import ANA, KIM, P3

_TEMPLATES = Path("activities/words/templates")
_SAYS = re.compile(r"next_update_at|due_at|auto_close_at|reopen_until")
_NO_PROMISE_OF_OURS = {
    "csat_survey": "until when they may answer",
    "customer_update_reminder": "what the customer owes us",
    "outage_declared": "told to our own people",
    "outage_resolved": "told of what is over",
    "reassigned": "no instant is ever given with it",
    "reopen_too_late": "a window that is over",
    "session_scheduled": "an appointment",
    "session_reminder": "an appointment",
    "session_cancelled": "an appointment",
}
_OF_OUR_OWN = frozenset(
    {"warning", "breach_notice", "new_case", "handoff_offer", "handoff_failed", "handoff_digest"}
    | {"customer_replied", "incident_update_due", "incident_update_missed", "internal_referral"}
)


def promises(story: Story) -> list[Told]:
    return [
        Told(one.id, one.kind, one.caused_at, one.promise) for one in story.effects if one.promise is not None
    ]


def endings(story: Story, seen_at: datetime) -> list[tuple[Told, Ending | None]]:
    told = promises(story)
    since = Since(story.entries, told, story.case.clocks, seen_at)
    return [(one, ending_of(one, since)) for one in told]


def ended(story: Story, seen_at: datetime = TUESDAY + 60 * timedelta(days=1)) -> dict[str, Any]:
    """The last promise of each kind of letter: how it ended."""
    return {str(one.kind): ending for one, ending in endings(story, seen_at)}


def test_an_acknowledgement_promises_the_first_answer_under_the_terms_of_the_case() -> None:
    story = opened()
    (told,) = promises(story)
    assert told.promise.clock is Clock.INITIAL_RESPONSE
    assert told.promise.due_at == story.due(Clock.INITIAL_RESPONSE)
    assert told.promise.policy == f"{story.case.terms.policy}@{story.case.terms.version}"
    assert told.promise.calendar == calendar_digest(story.case.terms.calendar)
    assert told.promise.level == story.case.level


def test_our_own_people_are_promised_nothing() -> None:
    story = closed()
    assert {one.to for one in story.effects if one.promise is not None} == {Recipient.CUSTOMER}
    assert any(one.facts.due_at for one in story.effects if one.to is not Recipient.CUSTOMER)


def test_every_letter_that_says_an_instant_promises_it_or_is_known_to_promise_nothing() -> None:
    says = {file.stem for file in _TEMPLATES.glob("[a-z]*.j2") if _SAYS.search(file.read_text())}
    assert says - _OF_OUR_OWN - set(_NO_PROMISE_OF_OURS) == {str(kind) for kind in PROMISES}


def test_a_letter_promises_only_what_it_says() -> None:
    for kind, rows in PROMISES.items():
        text = (_TEMPLATES / f"{kind}.j2").read_text()
        assert all(fact in text for fact, _ in rows), kind


def test_what_no_clock_holds_us_to_is_no_promise() -> None:
    case = opened().case
    elsewhere = Facts(due_at=TUESDAY + 7 * HOUR)
    assert promised_in(EffectKind.ACKNOWLEDGEMENT, elsewhere, case) is None


def test_an_effect_without_a_promise_is_written_as_ever() -> None:
    effect = next(one for one in opened().effects if one.promise is None)
    assert "promise" not in json.loads(effect.model_dump_json())
    told = next(one for one in opened().effects if one.promise is not None)
    assert Effect.model_validate_json(told.model_dump_json()) == told


def test_another_calendar_has_another_digest_and_another_name_of_the_same_days_too() -> None:
    calendar = terms().calendar
    less = calendar.model_copy(update={"holidays": calendar.holidays[1:]})
    assert calendar_digest(less) != calendar_digest(calendar)
    assert calendar_digest(calendar.model_copy()) == calendar_digest(calendar)


# --- how it ended ----------------------------------------------------------------------------------------


def test_an_answer_in_time_keeps_the_promise_of_it() -> None:
    story = opened()
    assert ended(story)["acknowledgement"] is None
    story.say("respond", TUESDAY + 5 * MINUTE, text="Begun.")
    assert ended(story)["acknowledgement"] == Ending(standing=Standing.KEPT, at=TUESDAY + 5 * MINUTE)


def test_a_late_answer_is_late_by_its_seconds_and_keeps_what_was_promised_anew() -> None:
    story = opened()
    due = story.due(Clock.INITIAL_RESPONSE)
    assert due is not None
    story.until(due + MINUTE)
    assert ended(story)["acknowledgement"] is None  # it is owed, and nobody knows yet how late
    told = promises(story)
    assert [one.kind for one in told] == ["acknowledgement", "response_late"]
    assert before(told[1], told) == told[0]
    story.say("respond", due + 5 * MINUTE, text="Begun.")
    assert ended(story)["acknowledgement"] == Ending(
        standing=Standing.LATE, at=due + 5 * MINUTE, late_seconds=300
    )
    assert ended(story)["response_late"].standing is Standing.KEPT


def test_a_level_raised_in_time_puts_a_new_promise_in_the_place_of_the_old() -> None:
    story = opened(**P3)
    story.say("change_level", TUESDAY + MINUTE, ANA, level="P1", reason="All of them.")
    first, second = promises(story)
    ending = ended(story)["acknowledgement"]
    assert ending == Ending(
        standing=Standing.REPLACED, at=TUESDAY + MINUTE, why=Why.LEVEL_CHANGED, by=second.id
    )
    assert before(second, promises(story)) == first
    assert ended(story)["level_changed"] is None


def test_news_keeps_the_promise_of_news_and_so_does_the_status_the_system_sends() -> None:
    story = answered()
    due = story.due(Clock.UPDATE)
    assert due is not None
    story.until(due)
    assert ended(story)["first_response"] == Ending(standing=Standing.KEPT, at=due)
    story.say("post_update", due + MINUTE, text="Found it.")
    assert ended(story)["status_update"] == Ending(standing=Standing.KEPT, at=due + MINUTE)


def test_a_status_sent_after_we_were_away_was_late_whatever_the_timeline_dates_it() -> None:
    story = answered()
    due = story.due(Clock.UPDATE)
    assert due is not None
    back = due + 20 * MINUTE
    story.away_until(back)
    assert ended(story, back)["first_response"] == Ending(
        standing=Standing.LATE, at=back, late_seconds=20 * 60
    )


def test_a_case_closed_before_anything_was_due_leaves_nothing_to_keep() -> None:
    story = opened(actor=KIM)
    story.say("close", TUESDAY + MINUTE, KIM, reason="requested")
    ending = ended(story)["acknowledgement"]
    assert (ending.standing, ending.why) == (Standing.VOID, Why.CASE_CLOSED)


def test_a_case_closed_after_a_broken_promise_does_not_mend_it() -> None:
    story = opened(actor=KIM)
    due = story.due(Clock.INITIAL_RESPONSE)
    assert due is not None
    story.until(due + MINUTE)
    story.say("close", due + 2 * MINUTE, KIM, reason="requested")
    ending = ended(story)["acknowledgement"]
    assert (ending.standing, ending.why, ending.late_seconds) == (Standing.LATE, Why.CASE_CLOSED, 120)


def test_an_answer_of_the_customer_ends_the_promise_to_remind_them() -> None:
    story = answered()
    story.say("wait_for_customer", TUESDAY + MINUTE, text="Since when?")
    story.say("reply", TUESDAY + 2 * MINUTE, KIM, text="Since Monday.")
    ending = ended(story)["question"]
    assert (ending.standing, ending.why) == (Standing.VOID, Why.CUSTOMER_WROTE)


def test_a_resolved_case_closes_when_it_was_said_to_and_can_be_reopened_as_long() -> None:
    story = resolved()
    due = story.due(Clock.AUTO_CLOSE)
    assert due is not None
    story.until(due)
    assert ended(story)["case_resolved"] == Ending(standing=Standing.KEPT, at=due)
    assert ended(story)["case_closed"] is None
    story.until(due + 30 * timedelta(days=1))
    assert ended(story)["case_closed"].standing is Standing.KEPT


def test_without_its_clocks_a_case_still_tells_what_was_kept() -> None:
    story = opened()
    story.say("respond", TUESDAY + 5 * MINUTE, text="Begun.")
    told = promises(story)
    since = Since(story.entries, told, None, TUESDAY + HOUR)
    assert ending_of(told[0], since) == Ending(standing=Standing.KEPT, at=TUESDAY + 5 * MINUTE)
    assert ending_of(told[1], since) is None


@settings(max_examples=40)
@given(OPENINGS, st.lists(STEPS, max_size=10))
def test_a_promise_stands_just_as_long_as_a_clock_holds_us_to_it(
    fields: dict[str, Any], steps: list[tuple[Verb, Actor, dict[str, Any], timedelta, timedelta]]
) -> None:
    begun = opening(**fields)
    if isinstance(begun, Refused):
        return
    story, now = Story(begun.case), TUESDAY
    story.adopt(begun)
    for number, (verb, speaker, given_fields, later, delay) in enumerate(steps):
        now += later
        message = verb.model.model_validate({"actor": speaker, "received_at": now, **given_fields})
        now += delay
        decision = case_step.decide(story.case, verb, message, f"r{number}", now)
        story.adopt(None if isinstance(decision, Refused) else decision)
        story.adopt(case_step.fall_due(story.case, now))
        if case_step.awaits_terms(story.case):
            story.adopt(case_step.take_terms(story.case, TermsAnswer(terms=terms(TUESDAY)), now))
            story.adopt(case_step.fall_due(story.case, now))
        for told, ending in endings(story, now):
            assert (ending is None) == is_held(told.promise, story.case.clocks), (told, ending)
            _is_plausible(told, ending)
    _agrees_with_the_breaches(story, now)


def _is_plausible(told: Told, ending: Ending | None) -> None:
    if ending is None:
        return
    assert ending.at >= told.told_at
    assert (ending.standing is Standing.LATE) == (ending.late_seconds > 0)
    if ending.standing is Standing.REPLACED:
        assert ending.by
        assert ending.at <= told.promise.due_at


def _agrees_with_the_breaches(story: Story, now: datetime) -> None:
    """What the case booked as missed and kept late, in seconds, its customer's record says too."""
    late = {one.due_at: one.late_seconds for one in story.breaches(Clock.INITIAL_RESPONSE)}
    for told, ending in endings(story, now):
        if told.promise.clock is Clock.INITIAL_RESPONSE and late.get(told.promise.due_at) is not None:
            assert ending is not None
            assert ending.late_seconds == late[told.promise.due_at]


# --- what a record says ------------------------------------------------------------------------------------


def test_a_record_says_names_instants_and_digests_and_no_text_of_anybody() -> None:
    story = opened(title="SECRET title", explanation="SECRET words", reference="SECRET-ref")
    effect = next(one for one in story.effects if one.promise)
    assert effect.promise is not None
    record = record_of(
        effect.promise,
        issuer="https://desk.example",
        case=effect.case_number,
        effect_id=effect.id,
        told_at=effect.caused_at,
        before=None,
    )
    written = as_bytes(record).decode()
    assert set(json.loads(written)) == (
        {"version", "issuer", "case", "clock", "due_at", "told_at", "level", "policy", "calendar", "id"}
    )
    assert not re.search(r"SECRET|Harbour|Kim|Ana|request-", written)
    assert json.loads(written)["id"] == digest(effect.id)
    assert as_bytes(type(record).model_validate_json(written)).decode() == written


def test_the_record_of_an_outcome_names_the_record_of_the_promise() -> None:
    effect = next(one for one in opened().effects if one.promise)
    assert effect.promise is not None
    record = record_of(
        effect.promise, issuer="x", case="SR-1", effect_id=effect.id, told_at=TUESDAY, before="another"
    )
    outcome = outcome_of(record, "a.b.c", Ending(standing=Standing.LATE, at=TUESDAY, late_seconds=5))
    assert (outcome.of, outcome.record, outcome.due_at) == (record.id, digest("a.b.c"), record.due_at)
    assert record.before == digest("another")


@pytest.mark.parametrize("field", ["issuer", "case", "level", "policy"])
def test_a_record_without_a_name_in_it_is_none(field: str) -> None:
    effect = next(one for one in opened().effects if one.promise)
    assert effect.promise is not None
    record = record_of(
        effect.promise, issuer="x", case="SR-1", effect_id=effect.id, told_at=TUESDAY, before=None
    )
    with pytest.raises(ValueError, match=field):
        type(record).model_validate(record.model_dump() | {field: ""})
