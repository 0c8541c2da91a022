"""Handoffs where something comes between: centres closed in mid-shift, takers who are gone, short shifts."""

from datetime import timedelta
from typing import Any

import pytest

from domain import case_step
from domain.actor import Actor, ActorKind, Role
from domain.centres.regions import Centre, RosterRequest
from domain.centres.shifts import OpenSpan
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.messages.staffing import StaffingNews
from domain.rules import RULES_0_3
from domain.timeline import EntryKind
from domain.verbs import Verb
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.domain.relay import Relay, centre
from tests.people import ANA

SYDNEY = centre("sydney", -1, 8)
MANILA = centre("manila", 1, 15)
AUCKLAND = centre("auckland", 1, 14)
OPS = Actor(kind=ActorKind.STAFF, name="Ada")
LINH = Actor(kind=ActorKind.STAFF, name="Linh", role=Role.ENGINEER, region="manila")
NOON = TUESDAY + 2 * HOUR
EARLY, SHIFT_END = TUESDAY + 7.5 * HOUR, TUESDAY + 8 * HOUR
ASKED: dict[str, Any] = {"acceptance_otherwise": "person"}


def shut(one: Centre, since: Any = NOON) -> Centre:
    """The centre as a roster has it once somebody has closed it by hand, with no end."""
    (day,) = one.open
    left = () if since <= day.opens_at else (OpenSpan(opens_at=day.opens_at, closes_at=since),)
    return one.model_copy(
        update={"open": left, "shut": (OpenSpan(opens_at=max(since, day.opens_at), closes_at=day.closes_at),)}
    )


def answered(*centres: Centre, **rules: Any) -> Relay:
    relay = Relay(centres, **rules)
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    return relay


def closed(relay: Relay, *centres: Centre, at: Any = NOON, region: str = "sydney") -> Relay:
    """Somebody closes a centre by hand, and the cases it concerns are told."""
    relay.until(at)
    relay.centres = centres
    relay.say("staffing_news", at, OPS, region=region)
    return relay


@pytest.mark.covers("RHIPE-25", "GAP-11")
def test_a_case_of_a_centre_that_is_closed_in_mid_shift_is_with_the_next_at_once() -> None:
    relay = closed(answered(SYDNEY, MANILA), shut(SYDNEY), MANILA)
    assert (relay.case.region, relay.case.handoffs) == ("manila", 1)
    (told,) = relay.told(EffectKind.REASSIGNED)
    assert told.caused_at == NOON


def test_where_somebody_has_to_accept_it_is_offered_at_once_and_changes_hands_with_the_acceptance() -> None:
    relay = closed(answered(SYDNEY, MANILA, **ASKED), shut(SYDNEY), MANILA)
    assert relay.case.handover is not None
    assert (relay.case.handover.to, relay.case.handover.effective_at) == ("manila", NOON)
    relay.say("accept_handoff", NOON + MINUTE, LINH)
    assert relay.case.region == "manila"


def test_a_closed_centre_keeps_no_case_also_of_a_level_that_rests_over_night() -> None:
    resting = answered(SYDNEY, MANILA, levels=("P2",))
    assert closed(resting, shut(SYDNEY), MANILA).case.region == "manila"
    over_night = answered(SYDNEY, MANILA, levels=("P2",))
    assert over_night.until(SHIFT_END + HOUR).case.region == "sydney"


def test_a_case_that_rests_with_a_closed_centre_goes_on_where_the_centre_is_opened_again() -> None:
    relay = closed(answered(SYDNEY), shut(SYDNEY))
    assert (relay.case.region, len(relay.happened(EntryKind.HELD))) == ("sydney", 1)
    relay = closed(relay, SYDNEY, at=NOON + HOUR)
    assert (relay.case.region, relay.due(Clock.HANDOFF)) == ("sydney", SHIFT_END)


def test_a_case_that_rests_goes_to_another_centre_as_that_one_is_opened() -> None:
    relay = closed(answered(SYDNEY, MANILA), shut(SYDNEY), shut(MANILA))
    assert relay.case.region == "sydney"
    relay = closed(relay, shut(SYDNEY), MANILA, at=NOON + HOUR, region="manila")
    assert relay.case.region == "manila"


def test_a_closure_by_hand_at_night_is_looked_at_as_the_centre_would_have_opened() -> None:
    night = shut(centre("sydney", 22, 30), TUESDAY + 22 * HOUR)
    sydney = night.model_copy(update={"open": SYDNEY.open})
    relay = answered(sydney, centre("manila", 1, 40), levels=("P2",)).until(TUESDAY + 21 * HOUR)
    assert relay.case.region == "sydney"
    assert relay.until(TUESDAY + 22 * HOUR).case.region == "manila"


def test_news_of_a_centre_that_is_still_open_moves_nothing() -> None:
    relay = answered(SYDNEY, MANILA)
    before = relay.until(NOON).case
    after = closed(relay, SYDNEY, MANILA).case
    unmoved = ("version", "entries", "timeline", "clocks")
    assert after.model_dump(exclude=set(unmoved)) == before.model_dump(exclude=set(unmoved))
    assert {clock.clock: clock.due_at for clock in after.clocks} == {
        clock.clock: clock.due_at for clock in before.clocks
    }


def test_a_case_under_earlier_rules_keeps_the_end_of_its_shift() -> None:
    relay = answered(SYDNEY, MANILA)
    relay.case = relay.case.model_copy(update={"rules": RULES_0_3})
    relay = closed(relay, shut(SYDNEY), MANILA)
    assert (relay.case.region, relay.case.roster_wanted_for) == ("sydney", None)


def test_an_offer_in_advance_counts_from_the_hour_at_which_the_giver_is_closed() -> None:
    relay = answered(SYDNEY, MANILA, **ASKED).until(EARLY)
    relay.say("accept_handoff", EARLY + MINUTE, LINH)
    assert relay.case.region == "sydney"
    relay = closed(relay, shut(SYDNEY, EARLY + 2 * MINUTE), MANILA, at=EARLY + 2 * MINUTE)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")


def test_a_roster_read_before_the_news_is_read_again() -> None:
    relay = answered(SYDNEY, MANILA, **ASKED).until(EARLY - MINUTE)
    relay.adopt(case_step.fall_due(relay.case, EARLY))
    asked = case_step.roster_wanted(relay.case, EARLY)
    relay.adopt(_news(relay, EARLY))
    stale = relay.roster(EARLY).model_copy(update={"asked": asked})
    relay.adopt(case_step.take_roster(relay.case, stale, EARLY + MINUTE))
    assert (relay.case.handover, relay.case.roster_wanted_for) == (None, EARLY)
    assert isinstance(asked, RosterRequest)


def _news(relay: Relay, at: Any) -> Accepted:
    decision = case_step.decide(
        relay.case, Verb.STAFFING_NEWS, StaffingNews(actor=OPS, region="sydney", received_at=at), "news", at
    )
    assert isinstance(decision, Accepted)
    return decision


# Who accepted is looked at again


def accepted(*centres: Centre) -> Relay:
    relay = answered(*centres, **ASKED).until(EARLY)
    relay.say("accept_handoff", EARLY + MINUTE, LINH)
    return relay


@pytest.mark.covers("RHIPE-25", "GAP-30")
@pytest.mark.parametrize(
    ("manila", "why"),
    [
        (shut(MANILA, SHIFT_END - MINUTE), "closed"),
        (MANILA.model_copy(update={"on_shift": 0}), "nobody"),
    ],
)
def test_a_centre_that_accepted_and_is_gone_at_the_shift_end_is_passed_over(manila: Centre, why: str) -> None:
    relay = accepted(SYDNEY, MANILA, AUCKLAND)
    relay.centres = (SYDNEY, manila, AUCKLAND)
    relay.until(SHIFT_END)
    assert relay.case.region == "sydney"
    assert relay.case.handover is not None
    assert (relay.case.handover.to, relay.case.handover.accepted_by) == ("auckland", None)
    (skipped,) = relay.happened(EntryKind.HANDOFF_SKIPPED)
    assert (skipped.about, why in (skipped.text or "")) == ("manila", True)
    assert relay.told(EffectKind.REASSIGNED) == []


def test_a_centre_that_accepted_and_is_there_has_the_case_from_the_shift_end_on() -> None:
    relay = accepted(SYDNEY, MANILA, AUCKLAND)
    assert relay.until(SHIFT_END - MINUTE).case.region == "sydney"
    relay.until(SHIFT_END)
    assert (relay.case.region, relay.case.assignee, relay.case.handoffs) == ("manila", "Linh", 1)
    assert len(relay.told(EffectKind.REASSIGNED)) == 1


def test_where_nobody_else_is_there_the_giver_holds_it_and_two_people_hear_of_it() -> None:
    relay = accepted(SYDNEY, MANILA)
    relay.centres = (SYDNEY, MANILA.model_copy(update={"on_shift": 0}))
    relay.until(SHIFT_END)
    assert (relay.case.region, relay.case.handover) == ("sydney", None)
    assert {effect.to for effect in relay.told(EffectKind.HANDOFF_FAILED)} == {Recipient.TSS, Recipient.SDM}


def test_a_centre_that_is_closed_after_it_accepted_is_passed_over_at_once() -> None:
    relay = accepted(SYDNEY, MANILA, AUCKLAND)
    at = EARLY + 2 * MINUTE
    relay = closed(relay, SYDNEY, shut(MANILA, at), AUCKLAND, at=at, region="manila")
    assert relay.case.handover is not None
    assert relay.case.handover.to == "auckland"


# Less than the lead is left


@pytest.mark.covers("RHIPE-25")
@pytest.mark.parametrize("left", [timedelta(minutes=3), timedelta(minutes=30)])
def test_a_case_opened_with_less_than_the_lead_left_is_offered_at_once(left: timedelta) -> None:
    closes = left / HOUR
    relay = Relay((centre("sydney", -1, closes), MANILA_NOW), **ASKED)
    relay.look(TUESDAY)
    assert relay.case.handover is not None
    assert (relay.case.handover.to, relay.case.handover.effective_at) == ("manila", TUESDAY + left)
    assert relay.case.region == "sydney"


def test_a_case_opened_with_more_than_the_lead_left_is_offered_a_lead_before_the_end() -> None:
    relay = Relay((centre("sydney", -1, 31 / 60), MANILA_NOW), **ASKED)
    relay.look(TUESDAY)
    assert relay.case.handover is None
    assert relay.until(TUESDAY + MINUTE).case.handover is not None


def test_a_case_given_back_with_less_than_the_lead_left_is_offered_at_once() -> None:
    relay = answered(SYDNEY, MANILA, **ASKED).until(NOON)
    relay.say("hand_off", NOON, ANA, to="manila", reason="They know it.")
    relay.until(EARLY + MINUTE).say("hand_off", EARLY + MINUTE, LINH, to="sydney", reason="No, they do.")
    assert (relay.case.region, relay.case.handover and relay.case.handover.to) == ("sydney", "manila")


def test_where_nobody_has_to_accept_the_last_minutes_are_as_any_other() -> None:
    relay = Relay((centre("sydney", -1, 0.05), MANILA_NOW))
    assert relay.case.roster_wanted_for is None
    assert relay.until(TUESDAY + 3 * MINUTE).case.region == "manila"


MANILA_NOW = centre("manila", -2, 15)


# By hand to a closed centre


@pytest.mark.covers("RHIPE-37")
def test_a_case_handed_to_a_closed_centre_is_told_to_the_customer_where_it_ends_up_alone() -> None:
    relay = answered(SYDNEY, centre("manila", 20, 28), AUCKLAND).until(SHIFT_END)
    relay.say("hand_off", SHIFT_END + HOUR, ANA, to="manila", reason="They will come.", anyway=True)
    assert (relay.case.region, relay.case.handoffs) == ("auckland", 3)
    assert [effect.facts.contact for effect in relay.told(EffectKind.REASSIGNED)] == ["auckland"]


# Somebody left the rota


@pytest.mark.covers("RHIPE-37")
def test_a_case_of_somebody_who_left_the_rota_goes_to_whoever_is_there() -> None:
    relay = answered(SYDNEY.model_copy(update={"engineer": "Bea"}), MANILA)
    relay.say("staffing_news", NOON, OPS, engineer=ANA.name)
    assert (relay.case.region, relay.case.assignee) == ("sydney", "Bea")
    assert [effect.facts.owner for effect in relay.told(EffectKind.CASE_ASSIGNED)] == ["Bea"]


def test_where_nobody_is_there_the_centre_has_the_case_of_somebody_who_left_and_hears_of_it() -> None:
    relay = answered(SYDNEY, MANILA)
    relay.say("staffing_news", NOON, OPS, engineer=ANA.name)
    assert (relay.case.region, relay.case.assignee) == ("sydney", None)
    (note,) = relay.told(EffectKind.HANDOFF_NOTE)
    assert (note.to, note.region, note.facts.owner) == (Recipient.REGION, "sydney", "sydney")
    relay.say("claim", NOON + MINUTE, Actor(kind=ActorKind.STAFF, name="Bea"))
    assert relay.case.assignee == "Bea"


def test_a_case_of_somebody_else_does_not_care_who_left_the_rota() -> None:
    relay = answered(SYDNEY.model_copy(update={"engineer": "Bea"}), MANILA)
    relay.say("staffing_news", NOON, OPS, engineer="Cid")
    assert relay.case.assignee == ANA.name
