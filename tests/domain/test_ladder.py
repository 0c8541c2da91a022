"""A promise that nobody keeps: who of us is told, after how much, how often; what customers are told."""

from datetime import timedelta
from typing import Any

import pytest

from domain.case_step import held_to
from domain.clocks import Clock
from domain.counting import due
from domain.effects import EffectKind, Recipient
from domain.policy import NoticeRules, Rung
from domain.rules import RULES_0_3, RULES_0_4
from domain.terms import Terms
from domain.views.explain import explain
from policies import load_policy
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TUESDAY,
    Story,
    answered,
    mailed,
    opened,
    policy_with,
    rhipe,
    terms,
)
from tests.domain.dedicated_desk import MORNING
from tests.domain.desks import utc
from tests.domain.outage_desk import declared_outage
from tests.people import ANA, KIM, P1, P2

SHORT = (
    Rung(to="assignee", after=10 * MINUTE, every=30 * MINUTE),
    Rung(to="centre", after=15 * MINUTE),
    Rung(to="sdm", after=2 * HOUR, every=DAY, levels=("P1",)),
)
PRESETS = ("rhipe-csp", "o365-overview", "o365-dedicated", "distributor-css", "westcoast")


def _under(*ladder: Rung, **options: Any) -> Terms:
    return terms(policy=policy_with("notices", ladder=ladder), **options)


def _told(story: Story, after: timedelta = timedelta(0)) -> list[tuple[Recipient, timedelta]]:
    """Who was told that a promise is still missed, and how long after TUESDAY."""
    told = ((effect.to, effect.caused_at - TUESDAY) for effect in story.told(EffectKind.STILL_MISSED))
    return [(to, at) for to, at in told if at >= after]


def _by_older_rules(story: Story) -> Story:
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    return story


def test_an_answer_nobody_gives_climbs_by_the_ladder_of_the_policy() -> None:
    story = opened(under=_under(*SHORT)).until(TUESDAY + 3 * HOUR)
    assert _told(story) == [
        (Recipient.ASSIGNEE, HOUR + 10 * MINUTE),  # nobody works on it, so its centre is told
        (Recipient.ASSIGNEE, HOUR + 15 * MINUTE),
        (Recipient.ASSIGNEE, HOUR + 40 * MINUTE),
        (Recipient.ASSIGNEE, 2 * HOUR + 10 * MINUTE),
        (Recipient.ASSIGNEE, 2 * HOUR + 40 * MINUTE),
        (Recipient.SDM, 3 * HOUR),
    ]
    (tss,) = story.told(EffectKind.BREACH_NOTICE)
    assert (tss.to, tss.caused_at) == (Recipient.TSS, TUESDAY + HOUR)


@pytest.mark.covers("RHIPE-43")
def test_an_answer_missed_for_thirty_days_never_falls_silent() -> None:
    story = opened().until(TUESDAY + 30 * DAY)
    told = story.told(EffectKind.STILL_MISSED)
    assert {effect.to for effect in told} == {Recipient.ASSIGNEE, Recipient.TSS, Recipient.SDM}
    assert sum(effect.to is Recipient.SDM for effect in told) == 30
    assert told[-1].caused_at > TUESDAY + 29 * DAY
    assert len({effect.id for effect in story.effects}) == len(story.effects)


@pytest.mark.covers("GAP-07")
def test_updates_that_only_the_system_writes_climb_to_the_sdm() -> None:
    story = answered().until(TUESDAY + 3 * DAY)
    first = story.told(EffectKind.STILL_MISSED)[0]
    assert (first.to, first.about, first.caused_at) == (
        Recipient.ASSIGNEE,
        Clock.UPDATE,
        TUESDAY + 2 * HOUR,
    )
    assert [at for to, at in _told(story) if to is Recipient.SDM] == [6 * HOUR, 30 * HOUR, 54 * HOUR]


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("post_update", {"text": "News."}),
        ("add_note", {"text": "I look at it."}),
        ("wait_for_customer", {"text": "Since when?"}),
        ("change_level", {"level": "P2", "reason": "Fewer users"}),
    ],
)
def test_a_climbing_promise_stops_as_soon_as_one_of_us_acts(verb: str, fields: dict[str, str]) -> None:
    story = answered().until(TUESDAY + 4 * HOUR)
    assert story.runs(Clock.LADDER)
    story.say(verb, TUESDAY + 4 * HOUR + MINUTE, **fields)
    assert not story.runs(Clock.LADDER)


def test_a_climbing_answer_stops_with_the_answer_and_not_with_what_the_customer_says() -> None:
    story = opened().until(TUESDAY + 3 * HOUR)
    story.say("reply", TUESDAY + 3 * HOUR + MINUTE, KIM, text="Hello? Is anybody there?")
    assert story.runs(Clock.LADDER)
    story.say("respond", TUESDAY + 4 * HOUR, text="We have begun.")
    assert not story.runs(Clock.LADDER)
    assert _told(story.until(TUESDAY + 5 * HOUR), after=4 * HOUR) == []


def test_after_we_acted_and_fell_silent_again_it_climbs_from_the_bottom() -> None:
    story = answered().until(TUESDAY + 4 * HOUR)
    story.say("post_update", TUESDAY + 5 * HOUR, text="News.")
    assert _told(story.until(TUESDAY + 7 * HOUR), after=5 * HOUR) == [(Recipient.ASSIGNEE, 7 * HOUR)]


def test_nobody_climbs_while_we_wait_for_the_customer() -> None:
    story = answered()
    story.say("wait_for_customer", TUESDAY + MINUTE, text="Since when?")
    assert _told(story.until(TUESDAY + 10 * DAY)) == []


def test_however_long_we_were_away_each_of_us_is_told_once() -> None:
    story = opened().away_until(TUESDAY + 3 * DAY)
    told = _told(story)
    assert sorted(to for to, _ in told) == [Recipient.ASSIGNEE, Recipient.SDM, Recipient.TSS]
    assert story.due(Clock.LADDER) > TUESDAY + 3 * DAY
    at = [entry.at for entry in story.case.timeline]
    assert at == sorted(at)
    there = opened().until(TUESDAY + 3 * DAY)
    assert there.due(Clock.LADDER) == story.due(Clock.LADDER)


def test_a_case_costs_nothing_before_its_promise_is_missed() -> None:
    story = opened().until(TUESDAY + HOUR - SECOND)
    assert not story.runs(Clock.LADDER)
    assert not Clock.LADDER.is_promise


def test_under_a_plan_with_hours_nobody_is_told_outside_them() -> None:
    at = utc("2027-06-18T08:00")  # Friday, 18:00 in Sydney; the plan closes at 19:00
    under = _under(Rung(to="tss", after=30 * MINUTE, every=HOUR), at=at, plan="saas-12x5")
    story = opened(at, under, **P1).until(utc("2027-06-20T23:00"))
    assert [effect.caused_at for effect in story.told(EffectKind.STILL_MISSED)] == [
        utc("2027-06-20T21:30"),
        utc("2027-06-20T22:30"),
    ]


def test_an_empty_ladder_tells_the_tss_once() -> None:
    story = opened(under=_under()).until(TUESDAY + 3 * DAY)
    assert (_told(story), len(story.told(EffectKind.BREACH_NOTICE))) == ([], 1)


def test_a_run_of_earlier_rules_climbs_no_ladder_and_writes_no_letter() -> None:
    story = opened()
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.until(TUESDAY + 3 * DAY)
    assert story.told(EffectKind.STILL_MISSED, EffectKind.RESPONSE_LATE) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_has_a_ladder_and_says_that_it_is_assumed(preset: str) -> None:
    policy = load_policy(preset)
    assert "notices" in policy.rules.model_fields_set
    assert policy.mark_of("rules.notices.ladder").startswith("assumed")
    assert [rung.to for rung in policy.rules.notices.ladder] == ["assignee", "centre", "tss", "sdm"]


# --- what the customer is told ---------------------------------------------------------------------------


@pytest.mark.covers("RHIPE-13", "RHIPE-14")
@pytest.mark.parametrize(("rating", "target"), [(P1, HOUR), (P2, 4 * HOUR)])
def test_the_customer_is_told_once_that_we_are_late_and_by_when(rating: Any, target: timedelta) -> None:
    story = opened(**rating).until(TUESDAY + 30 * DAY)
    (late,) = story.told(EffectKind.RESPONSE_LATE)
    assert (late.to, late.facts.due_at) == (Recipient.CUSTOMER, TUESDAY + target)
    assert late.facts.next_update_at == TUESDAY + 2 * target


def test_what_the_customer_is_promised_anew_is_explained() -> None:
    story = opened().until(TUESDAY + HOUR)
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    (late,) = story.told(EffectKind.RESPONSE_LATE)
    target = story.case.rule.initial_response
    assert target is not None
    assert told.missed_at is not None
    again = due(story.case, Clock.INITIAL_RESPONSE, told.missed_at, target)
    assert told.promised_again_at == late.facts.next_update_at == again
    assert "promised it anew" in told.steps[-1]


def test_nothing_that_has_passed_is_promised_after_we_were_away() -> None:
    story = opened().away_until(TUESDAY + 5 * HOUR)
    (late,) = story.told(EffectKind.RESPONSE_LATE)
    assert late.facts.next_update_at == TUESDAY + 6 * HOUR


def test_the_answer_itself_takes_the_place_of_the_word_that_it_is_late() -> None:
    story = opened()
    story.say("respond", TUESDAY + 2 * HOUR, ANA, handled=TUESDAY + 3 * HOUR, text="We have begun.")
    assert story.told(EffectKind.RESPONSE_LATE) == []
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1


def test_a_ladder_s_default_is_what_a_policy_says_nothing_of() -> None:
    assert rhipe().rules.notices.ladder == NoticeRules().ladder


@pytest.mark.covers("RHIPE-15")
def test_a_rating_nobody_gives_climbs_until_one_of_us_rates_the_case() -> None:
    story = mailed(under=_under(*SHORT))
    due_at = story.due(Clock.TRIAGE)
    story.say("respond", TUESDAY + 30 * MINUTE, text="We look at it.")
    story.until(due_at + 20 * MINUTE)
    about = [effect.about for effect in story.told(EffectKind.STILL_MISSED)]
    assert about == [Clock.TRIAGE] * 2
    assert _told(story)[0][1] == due_at - TUESDAY + 10 * MINUTE
    story.say("triage", due_at + 21 * MINUTE, **P2)
    assert not story.runs(Clock.LADDER)


def test_the_first_notice_of_an_outage_that_nobody_writes_climbs_though_we_wait_for_the_customer() -> None:
    story = declared_outage()
    due_at = story.due(Clock.OUTAGE_NOTIFICATION)
    story.say("wait_for_customer", MORNING + MINUTE, text="Which site?")
    story.until(due_at + 2 * HOUR)
    told = [effect for effect in story.told(EffectKind.STILL_MISSED) if effect.about == "outage_notification"]
    assert {effect.first_at for effect in (one.facts for one in told)} == {due_at}
    assert Recipient.TSS in {effect.to for effect in told}


def test_what_was_missed_under_older_rules_climbs_from_the_turn_over_on() -> None:
    """Whom it would have been told by then is not told again; the next rung is, counted from the miss."""
    story = _by_older_rules(opened(under=_under(*SHORT)))
    story.until(TUESDAY + 2 * HOUR)
    assert not story.runs(Clock.LADDER)
    story.case = held_to(story.case, RULES_0_4, TUESDAY + 2 * HOUR)
    assert _told(story.until(TUESDAY + 3 * HOUR)) == [
        (Recipient.ASSIGNEE, 2 * HOUR + 10 * MINUTE),
        (Recipient.ASSIGNEE, 2 * HOUR + 40 * MINUTE),
        (Recipient.SDM, 3 * HOUR),
    ]


def test_a_case_that_missed_nothing_turns_over_as_it_is() -> None:
    story = _by_older_rules(opened())
    assert held_to(story.case, RULES_0_4, TUESDAY + MINUTE).clocks == story.case.clocks
