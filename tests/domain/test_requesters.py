"""Every word of a requester does something: it ends the waiting, asks for an answer, reaches a person."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.actor import Actor
from domain.case import Case
from domain.case_step import decide
from domain.clocks import Clock
from domain.decision import Accepted, Refused
from domain.effects import EffectKind, Recipient
from domain.messages.base import CustomerMessage
from domain.messages.case import Reply
from domain.phase import CloseReason, Phase
from domain.rules import RULES_0_3, RULES_0_4
from domain.verbs import REQUESTERS, Verb
from domain.views.explain import explain
from tests.domain import dedicated_desk
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TUESDAY,
    Story,
    answered,
    case_in,
    opening,
    policy_with,
    resolved,
    terms,
    terms_with_level,
)
from tests.domain.dedicated_desk import DESK, MORNING
from tests.people import ANA, KIM, P1, P3, P5, ROBOT

STILL_BROKEN = "It still does not work, nobody can sign in"
WORDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("reply", {"text": STILL_BROKEN}),
    ("add_note", {"text": STILL_BROKEN}),
    ("update_scope", {"text": STILL_BROKEN, "users_affected": 40}),
)
"""A word that is neither yes nor no, said in three ways."""

THANKS = (
    "Thanks",
    "Thank you!",
    "THANK YOU VERY MUCH 🙏",
    "Thanks.\n\nMany thanks!",
    "Salamat po",
    "Maraming salamat po!",
    "ありがとうございます。",
    "どうもありがとうございました！",
)
MORE_THAN_THANKS = (
    "Thank you, it works",
    "Thanks, but it still fails",
    "Thanks?",
    "OK",
    "👍",
    "Salamat po, pero hindi pa rin gumagana",
    "ありがとうございますが、まだ動きません",
    "Thanksgiving",
)


def of_old(story: Story, rules: int = RULES_0_3) -> Story:
    """The story as a run goes on that is held to the rules before these."""
    story.case = story.case.model_copy(update={"rules": rules})
    return story


def turned_over(story: Story) -> Story:
    """The story after its run turned over: what goes on is held to today's rules."""
    return of_old(story, RULES_0_4)


def new_effects(story: Story, before: int) -> list[tuple[EffectKind, Recipient]]:
    return [(effect.kind, effect.to) for effect in story.effects[before:]]


# --- the waiting ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "fields"), WORDS)
@pytest.mark.covers("RHIPE-03", "GAP-10")
def test_whatever_a_requester_says_ends_the_waiting_for_them(verb: str, fields: dict[str, Any]) -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    story.say(verb, TUESDAY + HOUR, KIM, **fields)
    assert (story.case.phase, story.case.waiting_since) == (Phase.IN_PROGRESS, None)
    assert story.due(Clock.UPDATE) == TUESDAY + 2 * HOUR


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("schedule_session", {"start": TUESDAY + DAY, "end": TUESDAY + DAY + HOUR, "zone": "Asia/Manila"}),
        ("request_escalation", {"reason": "It is a fault of the service"}),
        ("change_level", {"level": "P2", "reason": "Half of us work again"}),
        ("change_main_contact", {"to": "Lee Ong"}),
    ],
)
def test_a_question_answered_by_another_verb_is_answered(verb: str, fields: dict[str, Any]) -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    story.say(verb, TUESDAY + HOUR, KIM, **fields)
    assert story.case.phase is Phase.IN_PROGRESS


def test_a_note_of_our_own_people_or_of_a_machine_does_not_end_the_waiting() -> None:
    for by in (ANA, ROBOT):
        story = case_in(Phase.AWAITING_CUSTOMER)
        story.say("add_note", TUESDAY + HOUR, by, text="Seen before")
        assert story.case.phase is Phase.AWAITING_CUSTOMER


# --- neither yes nor no ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "fields"), WORDS)
def test_a_word_to_a_resolution_that_settles_nothing_stops_auto_close_and_asks_for_our_answer(
    verb: str, fields: dict[str, Any]
) -> None:
    story = resolved(**P1)
    closes_at = story.due(Clock.AUTO_CLOSE)
    assert closes_at is not None
    story.say(verb, closes_at - HOUR, KIM, **fields)
    assert (story.case.phase, story.case.answer_owed_since) == (Phase.RESOLVED, closes_at - HOUR)
    assert not story.runs(Clock.AUTO_CLOSE)
    assert story.due(Clock.UPDATE) == closes_at  # P1: news every hour
    asked = story.effects[-1]
    assert (asked.to, asked.facts.text is not None) == (Recipient.ASSIGNEE, True)
    story.until(closes_at + 30 * DAY)
    assert story.case.phase is Phase.RESOLVED


def test_a_second_question_does_not_put_off_the_answer_to_the_first() -> None:
    story = resolved(**P1)
    for minutes in (0, 40):
        story.say("reply", TUESDAY + HOUR + minutes * MINUTE, KIM, text=STILL_BROKEN)
    assert story.case.answer_owed_since == TUESDAY + HOUR
    assert story.due(Clock.UPDATE) == TUESDAY + 2 * HOUR
    assert explain(story.case, Clock.UPDATE).steps[0].endswith("the reply that is owed an answer.")


def test_while_an_answer_is_owed_the_customer_is_told_so_and_the_engineer_warned() -> None:
    story = resolved(**P1)
    story.say("reply", TUESDAY + HOUR, KIM, text=STILL_BROKEN)
    before = len(story.effects)
    story.until(TUESDAY + 2 * HOUR)
    assert new_effects(story, before) == [
        (EffectKind.WARNING, Recipient.ASSIGNEE),
        (EffectKind.STATUS_UPDATE, Recipient.CUSTOMER),
    ]


def test_news_answers_what_was_owed_and_auto_close_runs_from_them() -> None:
    story = resolved(**P3)
    story.say("reply", TUESDAY + DAY, KIM, text="And the second mailbox?")
    story.say("post_update", TUESDAY + DAY + HOUR, text="The second one works too.")
    assert story.case.answer_owed_since is None
    assert (story.case.phase, story.runs(Clock.UPDATE)) == (Phase.RESOLVED, False)
    assert story.due(Clock.AUTO_CLOSE) == TUESDAY + 6 * DAY + HOUR  # Monday, over the weekend
    assert story.case.score.staff == 1


@pytest.mark.parametrize(
    ("verb", "by", "fields", "phase"),
    [
        ("resolve", ANA, {"kind": "resolution", "text": "Both mailboxes work."}, Phase.RESOLVED),
        ("close", ANA, {"reason": "no_further_troubleshooting"}, Phase.CLOSED),
        ("close", KIM, {"reason": "requested"}, Phase.CLOSED),
        ("reply", KIM, {"text": "It works now.", "accepts": True}, Phase.CLOSED),
        ("reply", KIM, {"text": "It does not.", "accepts": False}, Phase.IN_PROGRESS),
    ],
)
def test_the_case_goes_on_from_the_next_word(
    verb: str, by: Actor, fields: dict[str, Any], phase: Phase
) -> None:
    story = resolved(**P3)
    story.say("reply", TUESDAY + DAY, KIM, text="And the second mailbox?")
    story.say(verb, TUESDAY + DAY + HOUR, by, **fields)
    assert (story.case.phase, story.case.answer_owed_since) == (phase, None)
    assert story.runs(Clock.AUTO_CLOSE) is (phase is Phase.RESOLVED)
    assert story.runs(Clock.UPDATE) is (phase is Phase.IN_PROGRESS)


def test_the_same_resolution_said_again_is_an_answer_to_what_was_asked() -> None:
    story = resolved(**P3)
    story.say("reply", TUESDAY + DAY, KIM, text="And the second mailbox?")
    story.say("resolve", TUESDAY + DAY + HOUR, kind="resolution", text="The password works again.")
    assert story.case.answer_owed_since is None
    assert story.runs(Clock.AUTO_CLOSE)


def test_worse_is_a_no_to_a_resolution() -> None:
    for fields in ({"worse": True}, {"business_impact": "All stands still"}):
        story = resolved(**P1)
        story.say("update_scope", TUESDAY + HOUR, KIM, text="It is worse", **fields)
        assert (story.case.phase, story.runs(Clock.AUTO_CLOSE)) == (Phase.IN_PROGRESS, False)
        assert story.due(Clock.UPDATE) == TUESDAY + 2 * HOUR
        assert story.case.answer_owed_since is None


def test_worse_sets_a_solution_aside_that_was_to_be_validated() -> None:
    story = case_in(Phase.VALIDATING_RESOLUTION)
    story.say("update_scope", TUESDAY + HOUR, KIM, text="It is worse", worse=True)
    assert story.case.phase is Phase.IN_PROGRESS


def test_a_policy_may_let_auto_close_begin_anew_instead() -> None:
    under = terms(policy=policy_with("closing", unclear_reply="restart"))
    story = resolved(under=under, **P3)
    story.say("reply", TUESDAY + DAY, KIM, text="And the second mailbox?")
    assert story.case.answer_owed_since is None
    story.until(TUESDAY + 10 * DAY)
    assert story.case.close_reason is CloseReason.AUTO_CLOSE


def test_where_no_updates_are_promised_an_answer_owed_is_watched_for_silence() -> None:
    story = resolved(under=terms_with_level("P5", stale_after=timedelta(days=7)), **P5)
    story.say("reply", TUESDAY + HOUR, KIM, text="And the second mailbox?")
    before = len(story.effects)
    story.until(TUESDAY + HOUR + 7 * DAY)
    assert new_effects(story, before) == [(EffectKind.STALE_NOTICE, Recipient.TSS)]


# --- thanks, and machines --------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.ARCHIVED])
@pytest.mark.parametrize("text", THANKS)
def test_mere_thanks_are_kept_and_change_nothing_in_any_phase(phase: Phase, text: str) -> None:
    story = case_in(phase)
    before, effects = story.case, len(story.effects)
    story.say("reply", story.case.timeline[-1].at + MINUTE, KIM, text=text)
    assert story.entries[-1].text == text.strip()
    assert _moved(before, story.case) == set()
    assert len(story.effects) == effects


@pytest.mark.parametrize("text", MORE_THAN_THANKS)
def test_a_message_that_says_more_than_thanks_is_a_word(text: str) -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    story.say("reply", TUESDAY + HOUR, KIM, text=text)
    assert story.case.phase is Phase.IN_PROGRESS


def test_thanks_with_a_yes_close_the_case_and_with_a_no_take_it_back() -> None:
    for accepts, phase in ((True, Phase.CLOSED), (False, Phase.IN_PROGRESS)):
        story = resolved()
        story.say("reply", TUESDAY + HOUR, KIM, text="Thanks", accepts=accepts)
        assert story.case.phase is phase


def test_thanks_are_looked_for_in_no_long_time() -> None:
    text = "どうもありがとう" * 24 + "x"
    story = case_in(Phase.AWAITING_CUSTOMER)
    story.say("reply", TUESDAY + HOUR, KIM, text=text)
    assert story.case.phase is Phase.IN_PROGRESS


AUTOMATIC: tuple[tuple[str, dict[str, Any]], ...] = (
    *WORDS,
    ("reply", {"text": "I am out of the office", "accepts": False}),
    ("update_scope", {"text": "Alarm", "worse": True}),
    ("change_level", {"level": "P2", "reason": "Alarm"}),
    ("close", {"reason": "requested"}),
)


@pytest.mark.parametrize("phase", [Phase.IN_PROGRESS, Phase.AWAITING_CUSTOMER, Phase.RESOLVED])
@pytest.mark.parametrize(("verb", "fields"), AUTOMATIC)
def test_what_a_machine_wrote_is_kept_and_changes_no_clock_and_no_phase(
    phase: Phase, verb: str, fields: dict[str, Any]
) -> None:
    story = case_in(phase)
    before, effects = story.case, len(story.effects)
    decision = story.say(verb, TUESDAY + MINUTE, KIM, **fields, automatic=True)
    if isinstance(decision, Refused):
        assert phase is Phase.RESOLVED  # the level of a case that is resolved cannot be changed
        return
    assert story.entries[-1].about == "automatic"
    assert story.entries[-1].text
    assert _moved(before, story.case) == set()
    assert len(story.effects) == effects


def test_every_verb_of_requesters_says_whether_a_machine_wrote_it() -> None:
    theirs = {verb for verb in Verb if verb.speakers & REQUESTERS} - {Verb.SUBMIT}
    assert {verb for verb in theirs if not issubclass(verb.model, CustomerMessage)} == set()


def test_the_taker_of_a_case_reads_the_last_words_of_a_person() -> None:
    story = answered()
    story.say("reply", TUESDAY + MINUTE, KIM, text="Nobody can sign in")
    story.say("reply", TUESDAY + 2 * MINUTE, KIM, text="I am out of the office", automatic=True)
    story.say("reassign", TUESDAY + HOUR, ANA, assignee="Lina Soh", reason="senior_engineer")
    assert story.told(EffectKind.CASE_ASSIGNED)[-1].facts.text == "Nobody can sign in"


def _moved(before: Case, after: Case) -> set[str]:
    """What has changed besides the timeline and its count."""
    kept = {"version", "entries", "timeline"}
    fields = type(before).model_fields.keys() - kept
    return {name for name in fields if getattr(before, name) != getattr(after, name)}


# --- who is told -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "verb", "fields"),
    [
        (Phase.IN_PROGRESS, "close", {"reason": "requested"}),
        (Phase.RESOLVED, "reply", {"text": "It works.", "accepts": True}),
        (Phase.IN_PROGRESS, "update_scope", {"text": "Worse", "worse": True}),
        (Phase.IN_PROGRESS, "change_main_contact", {"to": "Lee Ong"}),
        (Phase.AWAITING_INFORMATION, "provide_information", {"product": "exchange"}),
        (Phase.CLOSED, "answer_survey", {"score": 2, "comment": "It is back already"}),
    ],
)
@pytest.mark.covers("DED-19", "O365-25")
def test_whatever_the_customer_changes_is_told_to_who_works_on_it(
    phase: Phase, verb: str, fields: dict[str, Any]
) -> None:
    story = case_in(phase)
    before = len(story.effects)
    decision = story.say(verb, story.case.timeline[-1].at + MINUTE, KIM, **fields)
    assert isinstance(decision, Accepted)
    told = [effect for effect in story.effects[before:] if effect.to is Recipient.ASSIGNEE]
    assert len(told) == 1
    assert told[0].region == story.case.region
    assert told[0].facts.by == "Kim Ng"


def test_a_level_the_customer_sets_is_told_to_the_centre_while_nobody_has_the_case() -> None:
    story = dedicated_desk.opened()
    story.say(
        "change_level", MORNING + MINUTE, DESK, level="A", business_impact="The whole site stands still"
    )
    told = story.told(EffectKind.CUSTOMER_CHANGED)
    assert [(one.to, one.about, one.facts.level) for one in told] == [
        (Recipient.ASSIGNEE, "change_level", "A")
    ]
    assert told[0].facts.owner == story.case.region


def test_what_our_own_people_change_is_not_told_to_them_again() -> None:
    story = answered()
    story.say("change_level", TUESDAY + HOUR, ANA, level="P2", reason="Less")
    assert story.told(EffectKind.CUSTOMER_CHANGED) == []


# --- clocks that are ahead of ours -----------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [MINUTE + SECOND, 5 * MINUTE, DAY, timedelta(days=365 * 900)])
@pytest.mark.parametrize(
    ("verb", "by", "fields"),
    [
        ("reply", KIM, {"text": "No, it fails", "accepts": False}),
        ("add_note", KIM, {"text": "It fails"}),
        ("post_update", ANA, {"text": "News"}),
        ("close", ANA, {"reason": "requested"}),
    ],
)
def test_nothing_said_is_dropped_for_a_stamp_ahead_of_us(
    ahead: timedelta, verb: str, by: Actor, fields: dict[str, Any]
) -> None:
    story, plain = resolved(), resolved()
    decision = story.say(verb, TUESDAY + HOUR + ahead, by, handled=TUESDAY + HOUR, **fields)
    plain.say(verb, TUESDAY + HOUR, by, **fields)
    assert isinstance(decision, Accepted)
    assert "ClockAhead" in decision.warnings
    noted = next(entry for entry in decision.entries if entry.about == "ClockAhead")
    assert (noted.at, noted.internal) == (TUESDAY + HOUR, True)
    assert str(ahead) in (noted.text or "")
    assert (story.case.phase, story.case.clocks) == (plain.case.phase, plain.case.clocks)


def test_a_stamp_up_to_a_minute_ahead_is_taken_without_a_word() -> None:
    story = resolved()
    decision = story.say("post_update", TUESDAY + HOUR + MINUTE, handled=TUESDAY + HOUR, text="News")
    assert isinstance(decision, Accepted)
    assert decision.warnings == ()


def test_a_request_from_ahead_of_us_is_a_case_received_now() -> None:
    decision = opening(TUESDAY + 5 * MINUTE, handled=TUESDAY)
    assert isinstance(decision, Accepted)
    assert decision.case.received_at == TUESDAY
    assert "ClockAhead" in decision.warnings


# --- a case open across the change of rules --------------------------------------------------------------


def test_a_case_keeps_the_rules_of_its_run_until_it_turns_over() -> None:
    story = of_old(resolved(**P3))
    story.say("add_note", TUESDAY + HOUR, KIM, text=STILL_BROKEN)
    assert story.runs(Clock.AUTO_CLOSE)
    story.say("reply", TUESDAY + DAY, KIM, text=STILL_BROKEN, automatic=True)
    closes_at = story.due(Clock.AUTO_CLOSE)
    assert closes_at is not None
    assert closes_at > TUESDAY + 3 * DAY  # it began anew
    refused = story.refused("post_update", TUESDAY + DAY + 2 * MINUTE, text="x", handled=TUESDAY + DAY)
    assert refused.missing == ("received_at",)
    turned_over(story)
    story.say("add_note", TUESDAY + 2 * DAY, KIM, text=STILL_BROKEN)
    story.until(TUESDAY + 30 * DAY)
    assert (story.case.phase, story.case.answer_owed_since) == (Phase.RESOLVED, TUESDAY + 2 * DAY)


def test_thanks_and_a_comment_to_a_question_count_as_before_in_an_older_run() -> None:
    commented, thanked = (of_old(case_in(Phase.AWAITING_CUSTOMER)) for _ in range(2))
    commented.say("add_note", TUESDAY + HOUR, KIM, text=STILL_BROKEN)
    thanked.say("reply", TUESDAY + HOUR, KIM, text="Thanks")
    assert commented.case.phase is Phase.AWAITING_CUSTOMER
    assert thanked.case.phase is Phase.IN_PROGRESS


# --- always ----------------------------------------------------------------------------------------------

_TEXTS = st.sampled_from((*THANKS, *MORE_THAN_THANKS)) | st.text(
    alphabet=st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=40
).filter(lambda text: bool(text.strip()))


@st.composite
def _said(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    text = draw(_TEXTS)
    fields: dict[str, dict[str, Any]] = {
        "reply": {"text": text, "accepts": draw(st.sampled_from((None, True, False)))},
        "add_note": {"text": text},
        "update_scope": {"text": text, "worse": draw(st.booleans())},
        "change_level": {"level": draw(st.sampled_from(("P1", "P3"))), "reason": text},
        "provide_information": {"explanation": text},
        "request_escalation": {"reason": text},
        "change_main_contact": {"to": "Lee Ong"},
        "close": {"reason": "requested", "text": text},
        "reopen": {"reason": text},
        "request_root_cause": {"text": text},
        "answer_survey": {"score": 3},
        "schedule_session": {"start": TUESDAY + 9 * DAY, "end": TUESDAY + 10 * DAY, "zone": "UTC"},
    }
    verb = draw(st.sampled_from(sorted(fields)))
    return verb, {**fields[verb], "automatic": draw(st.booleans())}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    phase=st.sampled_from(sorted(Phase)),
    says=st.lists(_said(), min_size=1, max_size=3),
    ahead=st.sampled_from((timedelta(0), 2 * HOUR)),
)
def test_a_requesters_message_changes_a_clock_or_reaches_a_person_or_is_marked(
    phase: Phase, says: list[tuple[str, dict[str, Any]]], ahead: timedelta
) -> None:
    story = case_in(phase)
    at = max(story.case.timeline[-1].at, TUESDAY)
    for verb, fields in says:
        at += HOUR
        story.until(at)
        before, effects, entries = story.case, len(story.effects), len(story.entries)
        decision = story.say(verb, at + ahead, KIM, handled=at, **fields)
        if isinstance(decision, Refused):
            continue  # told to whoever says it
        told = {effect.to for effect in story.effects[effects:]}
        marks = {entry.about for entry in story.entries[entries:]} & {"automatic", "thanks"}
        is_heard = before.clocks != story.case.clocks or bool(told - {Recipient.CUSTOMER})
        assert is_heard or marks, (verb, fields)
        if marks:
            assert _moved(before, story.case) == set()


def test_a_signal_whose_stamp_is_no_instant_is_taken_as_received_now() -> None:
    story = resolved()
    said = {"actor": KIM.model_dump(mode="json"), "received_at": "half past nine", "text": "It is back"}
    message = Reply.without_stamp(json.dumps(said).encode())
    decision = decide(story.case, Verb.REPLY, message, "r-1", TUESDAY + HOUR)
    assert isinstance(decision, Accepted)
    noted = next(entry for entry in decision.entries if entry.about == "StampUnread")
    assert (noted.at, noted.internal) == (TUESDAY + HOUR, True)
    assert "'half past nine' is no instant" in (noted.text or "")
    assert any(entry.text == "It is back" for entry in decision.entries)
    assert "StampUnread" in decision.warnings


def test_a_copy_of_a_message_keeps_what_stood_in_the_place_of_its_stamp() -> None:
    said = {"actor": KIM.model_dump(mode="json"), "received_at": "half past nine", "text": "It is back"}
    message = Reply.without_stamp(json.dumps(said).encode())
    assert message.model_copy(update={"text": "It is gone"}).unread_stamp == "half past nine"


def test_a_request_a_machine_wrote_is_a_case_with_its_clocks_and_no_receipt_to_the_machine() -> None:
    by_hand, by_machine = opening(TUESDAY), opening(TUESDAY, automatic=True)
    assert isinstance(by_hand, Accepted)
    assert isinstance(by_machine, Accepted)
    kinds = [{effect.kind for effect in one.effects} for one in (by_hand, by_machine)]
    assert kinds[0] - kinds[1] == {EffectKind.ACKNOWLEDGEMENT}
    assert by_machine.case.clocks == by_hand.case.clocks
    assert "AutomaticRequest" in by_machine.warnings
