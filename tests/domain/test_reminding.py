"""A request that lacks something is asked for it again, as often as the policy says, until it is complete."""

from datetime import datetime
from typing import Any

import pytest

from domain import case_step
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.rules import FIRST_RULES
from domain.terms import Terms
from domain.timeline import EntryKind
from domain.views.explain import explain
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, opened, policy_with, terms
from tests.people import KIM, P1, request

CONTACT = {"contact": {"name": "Kim", "email": "kim@example.com"}}


def reminding(at: datetime = TUESDAY) -> Terms:
    return terms(at, policy=policy_with("intake", reminder_every=DAY))


def incomplete(**fields: Any) -> Story:
    return opened(under=reminding(), actor=KIM, contact=None, **fields)


@pytest.mark.covers("RHIPE-46", "GAP-08")
def test_what_is_missing_is_asked_for_again_until_it_is_there() -> None:
    story = incomplete().until(TUESDAY + 2 * DAY + HOUR)
    asked = story.told(EffectKind.INFORMATION_NEEDED)
    assert [(one.to, one.caused_at, one.facts.missing) for one in asked] == [
        (Recipient.CUSTOMER, TUESDAY + DAY, ("contact",)),
        (Recipient.CUSTOMER, TUESDAY + 2 * DAY, ("contact",)),
    ]
    entries = story.happened(EntryKind.QUESTION_ASKED)
    assert [(one.at, one.due_at, one.about) for one in entries] == [
        (at, at, Clock.INFORMATION_REMINDER) for at in (TUESDAY + DAY, TUESDAY + 2 * DAY)
    ]
    story.say("provide_information", TUESDAY + 3 * DAY - MINUTE, KIM, **CONTACT)
    assert story.case.phase is Phase.RECEIVED
    assert not story.runs(Clock.INFORMATION_REMINDER)
    assert len(story.until(TUESDAY + 9 * DAY).told(EffectKind.INFORMATION_NEEDED)) == 2


def test_an_answer_that_leaves_something_open_is_told_so_and_the_next_reminder_counts_from_it() -> None:
    story = incomplete(explanation=None)
    story.say("provide_information", TUESDAY + HOUR, KIM, explanation="It does not start.")
    assert story.case.missing == ("contact",)
    assert story.due(Clock.INFORMATION_REMINDER) == TUESDAY + HOUR + DAY


def test_reminders_missed_while_we_were_away_are_one_mail() -> None:
    story = incomplete().away_until(TUESDAY + 5 * DAY + HOUR)
    assert [one.caused_at for one in story.told(EffectKind.INFORMATION_NEEDED)] == [TUESDAY + 5 * DAY]
    assert story.due(Clock.INFORMATION_REMINDER) == TUESDAY + 6 * DAY


def test_a_case_that_is_closed_asks_for_nothing_any_more() -> None:
    story = incomplete()
    story.say("close", TUESDAY + HOUR, KIM, reason="requested")
    assert not story.runs(Clock.INFORMATION_REMINDER)


def test_a_policy_that_names_no_interval_asks_once() -> None:
    once = terms(policy=policy_with("intake", reminder_every=None))
    story = opened(under=once, actor=KIM, contact=None)
    assert story.case.phase is Phase.AWAITING_INFORMATION
    assert not story.runs(Clock.INFORMATION_REMINDER)


def test_a_case_held_to_the_rules_before_is_not_reminded() -> None:
    asked = request(**{"reference": "INC-1", **P1, "received_at": TUESDAY, "actor": KIM, "contact": None})
    decision = case_step.open_case(asked, reminding(), TUESDAY, rules=FIRST_RULES)
    assert isinstance(decision, Accepted)
    assert decision.case.clock(Clock.INFORMATION_REMINDER) is None


def test_nobody_is_promised_a_reminder_and_it_is_explained_all_the_same() -> None:
    story = incomplete()
    assert not Clock.INFORMATION_REMINDER.is_promise
    explained = explain(story.case, Clock.INFORMATION_REMINDER)
    assert explained.due_at == TUESDAY + DAY
