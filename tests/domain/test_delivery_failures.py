"""What could not be told or read: recorded, told to staff, and never the reason for a storm (GAP-29)."""

import pytest

from domain.case_step import delivery_ended, not_understood
from domain.effects import (
    Address,
    Channel,
    Effect,
    EffectKind,
    Outcome,
    OutcomeStatus,
    Recipient,
)
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, TUESDAY, Story, answered, closed, opened
from tests.people import KIMS_MAIL

BAD = Address(channel=Channel.EMAIL, to=KIMS_MAIL)


def _ended(story: Story, effect: Effect, at=TUESDAY + HOUR, **outcome) -> None:
    given = Outcome(**{"effect_id": effect.id, "status": OutcomeStatus.UNDELIVERABLE, **outcome})
    story.adopt(delivery_ended(story.case, (effect,), (given,), at))


def test_what_arrived_leaves_no_trace() -> None:
    story = answered()
    version = story.case.version
    _ended(story, story.effects[0], status=OutcomeStatus.DELIVERED)
    assert story.case.version == version


@pytest.mark.covers("GAP-29")
def test_a_customer_who_cannot_be_told_is_recorded_and_staff_are_given_what_to_say_and_a_telephone() -> None:
    story = opened(contact={"name": "Kim Ng", "email": KIMS_MAIL, "phone": "+61 2 5550 0100"})
    story.say("respond", TUESDAY + MINUTE, text="We have begun.")
    (response,) = story.told(EffectKind.FIRST_RESPONSE)
    _ended(story, response, failed=(BAD,), reason="550 no such user")
    entry = story.entries[-1]
    assert (entry.kind, entry.internal, entry.about) == (EntryKind.DELIVERY_FAILED, True, "first_response")
    assert KIMS_MAIL in (entry.text or "")
    (told,) = story.told(EffectKind.DELIVERY_FAILED)
    assert (told.to, told.facts.text, told.facts.advice) == (
        Recipient.ASSIGNEE,
        "We have begun.",
        "+61 2 5550 0100",
    )


def test_notices_a_store_has_lost_are_recorded() -> None:
    story = answered()
    lost = Outcome(effect_id="customer", status=OutcomeStatus.UNDELIVERABLE, reason="45 notices are lost")
    story.adopt(delivery_ended(story.case, (), (lost,), TUESDAY + HOUR))
    entry = story.entries[-1]
    assert (entry.kind, entry.internal) == (EntryKind.DELIVERY_FAILED, True)
    assert entry.text == "45 notices are lost"


def test_another_channel_that_worked_is_recorded_with_the_one_that_did_not() -> None:
    story = answered()
    _ended(
        story,
        story.told(EffectKind.FIRST_RESPONSE)[0],
        status=OutcomeStatus.DELIVERED,
        channel=Channel.WEBHOOK,
        failed=(BAD,),
        reason="550 no such user",
    )
    assert "delivered by webhook instead" in (story.entries[-1].text or "")
    assert story.told(EffectKind.DELIVERY_FAILED)[0].facts.advice is None


def test_a_failed_notice_to_our_own_side_is_recorded_and_told_to_nobody() -> None:
    story = opened().until(TUESDAY + 2 * HOUR)
    _ended(story, story.told(EffectKind.BREACH_NOTICE)[0], TUESDAY + 3 * HOUR, reason="gave up")
    assert story.entries[-1].kind is EntryKind.DELIVERY_FAILED
    assert story.told(EffectKind.DELIVERY_FAILED) == []


def test_a_failure_that_cannot_be_told_either_starts_no_chain() -> None:
    story = answered()
    _ended(story, story.told(EffectKind.FIRST_RESPONSE)[0], reason="550")
    _ended(story, story.told(EffectKind.DELIVERY_FAILED)[0], reason="away")
    assert len(story.told(EffectKind.DELIVERY_FAILED)) == 1


def test_each_failed_effect_has_its_own_notice_and_a_repetition_the_same_one() -> None:
    story = answered()
    story.say("post_update", TUESDAY + MINUTE, text="News.")
    first, news = story.told(EffectKind.FIRST_RESPONSE)[0], story.told(EffectKind.STAFF_UPDATE)[0]
    for effect in (first, news, news):
        _ended(story, effect, reason="550")
    notices = [effect.id for effect in story.told(EffectKind.DELIVERY_FAILED)]
    assert notices[0] != notices[1] == notices[2]


def test_a_failure_moves_no_clock_and_changes_no_phase() -> None:
    story = closed()
    before = story.case
    _ended(story, story.told(EffectKind.CASE_CLOSED)[0], reason="550")
    assert (story.case.phase, story.case.clocks) == (before.phase, before.clocks)


def test_an_outcome_of_an_effect_nobody_sent_is_ignored() -> None:
    story = answered()
    unknown = Outcome(effect_id="somebody/else's", status=OutcomeStatus.UNDELIVERABLE)
    assert delivery_ended(story.case, tuple(story.effects), (unknown,), TUESDAY + HOUR) is None


def test_a_message_nobody_understands_is_recorded_with_its_name_size_and_reason() -> None:
    story = answered()
    story.adopt(not_understood(story.case, "reslove", 1234, "there is no such message", TUESDAY + MINUTE))
    entry = story.entries[-1]
    assert (entry.kind, entry.internal, entry.count) == (EntryKind.NOT_UNDERSTOOD, True, 1234)
    assert entry.text == "message 'reslove', 1234 bytes: there is no such message"
    assert story.told(EffectKind.DELIVERY_FAILED) == []


@pytest.mark.parametrize("name", ["\u202e\0\n", "x" * 5000, "é'\"<b>"])
def test_the_name_of_a_message_cannot_hide_or_flood_anything(name: str) -> None:
    story = answered()
    story.adopt(not_understood(story.case, name, 1, "r" * 5000, TUESDAY + MINUTE))
    entry = story.entries[-1]
    assert len(entry.text or "") <= 400
    assert all(" " <= char <= "~" for char in entry.about or "")
