"""Cases that follow the sun: one owner at any instant, asked anew at each attempt, never dropped."""

from datetime import timedelta

import pytest

from domain import case_step
from domain.actor import Actor, ActorKind, Role
from domain.clocks import Clock, next_deadline
from domain.effects import Effect, EffectKind, Lane, Outcome, OutcomeStatus, Recipient
from domain.rules import RULES_0_3
from domain.terms import TermsAnswer
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.domain.cases import answered as at_one_desk
from tests.domain.relay import Relay, centre, held_to
from tests.people import ANA, KIM

SYDNEY = centre("sydney", -1, 8)
MANILA = centre("manila", 6, 15)
AUCKLAND = centre("auckland", 20, 28)
LINH = Actor(kind=ActorKind.STAFF, name="Linh", role=Role.ENGINEER, region="manila")


def answered(*centres: object, **rules: object) -> Relay:
    relay = Relay(centres, **rules)  # type: ignore[arg-type]
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    return relay


@pytest.mark.covers("RHIPE-25", "RHIPE-37")
def test_a_case_changes_hands_at_the_shift_end_and_the_customer_is_told_once() -> None:
    relay = answered(SYDNEY, MANILA).until(TUESDAY + 8 * HOUR - MINUTE)
    assert relay.case.region == "sydney"
    relay.until(TUESDAY + 8 * HOUR)
    assert (relay.case.region, relay.case.handoffs) == ("manila", 1)
    (told,) = relay.told(EffectKind.REASSIGNED)
    assert (told.to, told.facts.contact) == (Recipient.CUSTOMER, "manila")
    (note,) = relay.told(EffectKind.HANDOFF_NOTE)
    assert (note.to, note.region) == (Recipient.REGION, "manila")
    assert {fact.clock for fact in note.facts.clocks} == {"update"}
    refused = relay.refused("hand_off", TUESDAY + 9 * HOUR, ANA, to="manila", reason="Again.")
    assert refused.code == "NoChange"


@pytest.mark.covers("RHIPE-25")
def test_levels_named_so_are_told_alone_at_a_shift_end_whatever_their_rank() -> None:
    level = answered(SYDNEY, MANILA).case.level
    for alone, gathered in (((level,), False), (("another",), True)):
        relay = answered(SYDNEY, MANILA, told_alone=alone).until(TUESDAY + 8 * HOUR)
        (note,) = relay.told(EffectKind.HANDOFF_NOTE)
        assert note.gathers is gathered


@pytest.mark.covers("GAP-11")
def test_where_nobody_is_open_the_owner_holds_the_case_until_a_centre_opens() -> None:
    relay = answered(SYDNEY, AUCKLAND).until(TUESDAY + 19 * HOUR)
    assert relay.case.region == "sydney"
    assert relay.due(Clock.HANDOFF) == TUESDAY + 20 * HOUR
    assert len(relay.happened(EntryKind.HELD)) == 1
    assert relay.until(TUESDAY + 20 * HOUR).case.region == "auckland"


def test_a_centre_that_closes_today_is_closed_today_for_every_open_case() -> None:
    relay = answered(SYDNEY, MANILA, centre("kuala_lumpur", 7, 14))
    relay.centres = (SYDNEY, MANILA.model_copy(update={"open": ()}), relay.centres[2])
    assert relay.until(TUESDAY + 8 * HOUR).case.region == "kuala_lumpur"


@pytest.mark.covers("DED-10")
def test_nobody_outside_the_boundary_ever_gets_a_case() -> None:
    relay = answered(SYDNEY, MANILA, AUCKLAND, within=("sydney", "auckland"))
    assert relay.until(TUESDAY + 9 * HOUR).case.region == "sydney"
    refused = relay.refused("hand_off", TUESDAY + 10 * HOUR, ANA, to="manila", reason="They are awake.")
    assert refused.code == "RegionNotPermitted"
    assert relay.until(TUESDAY + 20 * HOUR).case.region == "auckland"


def test_an_acceptance_before_the_shift_end_takes_effect_at_its_end() -> None:
    relay = answered(SYDNEY, MANILA, acceptance_otherwise="person").until(TUESDAY + 7.5 * HOUR)
    assert relay.case.handover is not None
    relay.say("accept_handoff", TUESDAY + 7.6 * HOUR, LINH)
    again = relay.refused("accept_handoff", TUESDAY + 7.7 * HOUR, LINH)
    assert (again.code, "Linh" in again.reason) == ("HandoffNotOffered", True)
    assert relay.until(TUESDAY + 8 * HOUR - MINUTE).case.region == "sydney"
    relay.until(TUESDAY + 8 * HOUR)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")


def test_silence_and_declines_pass_on_and_when_all_were_asked_two_people_hear_of_it() -> None:
    kuala_lumpur = centre("kuala_lumpur", 7, 14)
    relay = answered(SYDNEY, MANILA, kuala_lumpur, acceptance_otherwise="person").until(TUESDAY + 7.5 * HOUR)
    assert relay.refused("decline_handoff", TUESDAY + 7.5 * HOUR, LINH).code == "ReasonRequired"
    relay.say("decline_handoff", TUESDAY + 7.5 * HOUR, LINH, reason="We are two people short.")
    assert relay.case.handover is not None
    assert relay.case.handover.to == "kuala_lumpur"
    relay.until(TUESDAY + 7.5 * HOUR + 10 * MINUTE)
    assert relay.case.handover is None
    assert {effect.to for effect in relay.told(EffectKind.HANDOFF_FAILED)} == {Recipient.TSS, Recipient.SDM}
    assert relay.case.region == "sydney"


def test_a_less_urgent_customer_hears_of_another_contact_in_his_own_day() -> None:
    relay = answered(SYDNEY, MANILA, tell_at_once=["P2"]).until(TUESDAY + 9 * HOUR)  # 19 h in Sydney
    assert (relay.case.region, relay.told(EffectKind.REASSIGNED)) == ("manila", [])
    assert relay.due(Clock.CONTACT_NOTICE) == TUESDAY + 22 * HOUR  # 8 h in Sydney
    relay.until(TUESDAY + 22 * HOUR)
    assert [effect.facts.contact for effect in relay.told(EffectKind.REASSIGNED)] == ["manila"]


def test_nobody_is_told_of_a_contact_that_stays_the_same() -> None:
    desk = "desk@support.example"
    centres = [one.model_copy(update={"contact": desk}) for one in (SYDNEY, MANILA)]
    relay = answered(*centres).until(TUESDAY + 8 * HOUR)
    assert (relay.case.region, relay.told(EffectKind.REASSIGNED)) == ("manila", [])


@pytest.mark.covers("RHIPE-37")
def test_a_case_handed_on_by_hand_has_the_centres_own_address_and_engineer() -> None:
    manila = MANILA.model_copy(update={"contact": "manila@support.example", "engineer": "Linh"})
    relay = answered(SYDNEY, manila)
    relay.say("hand_off", TUESDAY + 7.5 * HOUR, ANA, to="manila", reason="They know it best.")
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")
    assert [effect.facts.contact for effect in relay.told(EffectKind.REASSIGNED)] == [manila.contact]


def test_a_case_handed_on_by_hand_tells_nobody_of_an_address_that_stays_the_same() -> None:
    desk = "desk@support.example"
    relay = answered(*(one.model_copy(update={"contact": desk}) for one in (SYDNEY, MANILA)))
    relay.say("hand_off", TUESDAY + 7.5 * HOUR, ANA, to="manila", reason="They know it best.")
    assert (relay.case.region, relay.told(EffectKind.REASSIGNED)) == ("manila", [])


def test_a_closed_case_is_not_handed_on() -> None:
    relay = answered(SYDNEY, MANILA)
    relay.say("close", TUESDAY + HOUR, KIM, reason="requested")
    assert not relay.runs(Clock.HANDOFF)
    assert relay.until(TUESDAY + 9 * HOUR).case.region == "sydney"


KUALA_LUMPUR = centre("kuala_lumpur", 7, 14)
AT_NIGHT = TUESDAY + 8 * HOUR


@pytest.mark.covers("GAP-30", "RHIPE-25")
def test_a_centre_whose_workers_do_not_answer_does_not_get_a_case_nobody_has_to_accept() -> None:
    relay = answered(SYDNEY, MANILA, KUALA_LUMPUR)
    relay.dark = {"manila"}
    relay.until(AT_NIGHT)
    assert (relay.case.region, relay.case.handoffs) == ("kuala_lumpur", 1)
    (skipped,) = relay.happened(EntryKind.HANDOFF_SKIPPED)
    assert (skipped.about, "HandoffSkipped" in (skipped.text or "")) == ("manila", True)
    assert [effect.facts.contact for effect in relay.told(EffectKind.REASSIGNED)] == ["kuala_lumpur"]
    assert [effect.lane for effect in relay.told(EffectKind.HANDOFF_NOTE)] == [Lane.REGION] * 2


@pytest.mark.covers("GAP-11", "GAP-30")
def test_where_no_centre_answers_the_owner_holds_two_people_hear_of_it_and_the_customer_does_not() -> None:
    relay = answered(SYDNEY, MANILA, KUALA_LUMPUR, AUCKLAND)
    relay.dark = {"manila", "kuala_lumpur"}
    relay.until(AT_NIGHT)
    assert (relay.case.region, relay.case.handover) == ("sydney", None)
    assert {effect.to for effect in relay.told(EffectKind.HANDOFF_FAILED)} == {Recipient.TSS, Recipient.SDM}
    assert relay.told(EffectKind.REASSIGNED) == []
    assert relay.until(TUESDAY + 20 * HOUR).case.region == "auckland"


def under_way(*centres: object) -> tuple[Relay, Effect]:
    """A case whose note is under way to Manila, and the note."""
    relay = answered(*centres)
    while relay.case.handover is None:
        relay.adopt_only(case_step.fall_due(relay.case, AT_NIGHT))
        relay.adopt_only(case_step.take_roster(relay.case, relay.roster(AT_NIGHT), AT_NIGHT))
    (note,) = relay.told(EffectKind.HANDOFF_NOTE)
    return relay, note


def ended(relay: Relay, effect: Effect, status: OutcomeStatus, after: timedelta = MINUTE) -> None:
    outcome = Outcome(effect_id=effect.id, status=status, reason="why")
    relay.adopt_only(case_step.delivery_ended(relay.case, (effect,), (outcome,), AT_NIGHT + after))


def test_until_its_workers_have_the_note_the_giver_has_the_case_and_the_note_names_who_gets_it() -> None:
    relay, note = under_way(SYDNEY, MANILA.model_copy(update={"engineer": "Linh"}))
    assert (relay.case.region, relay.case.assignee) == ("sydney", ANA.name)
    assert (note.facts.owner, relay.told(EffectKind.REASSIGNED)) == ("Linh", [])
    ended(relay, note, OutcomeStatus.DELIVERED)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")
    assert len(relay.told(EffectKind.REASSIGNED)) == len(relay.told(EffectKind.HANDOFF_NOTE)) == 1
    ended(relay, note, OutcomeStatus.DELIVERED)
    assert relay.case.handoffs == 1


@pytest.mark.covers("GAP-29")
def test_a_mail_system_that_is_away_keeps_no_case_from_a_centre_that_is_there() -> None:
    relay, note = under_way(SYDNEY, MANILA)
    ended(relay, note, OutcomeStatus.UNDELIVERABLE)
    assert relay.case.region == "manila"
    _, again = relay.told(EffectKind.HANDOFF_NOTE)
    assert (again.id, again.lane) == (note.id, Lane.STAFF)  # by any worker, and known by its id if it did go
    ended(relay, again, OutcomeStatus.UNDELIVERABLE)
    assert len(relay.happened(EntryKind.DELIVERY_FAILED)) == 1
    assert len(relay.told(EffectKind.HANDOFF_NOTE)) == 2


def test_a_note_that_came_to_nothing_says_to_nobody_that_a_case_is_his() -> None:
    relay, note = under_way(SYDNEY, MANILA, KUALA_LUMPUR)
    relay.say("hand_off", AT_NIGHT + MINUTE / 2, ANA, to="kuala_lumpur", reason="They know it.")
    ended(relay, note, OutcomeStatus.UNANSWERED)
    assert relay.case.region == "kuala_lumpur"
    assert [effect.region for effect in relay.told(EffectKind.HANDOFF_NOTE)] == ["manila", "kuala_lumpur"]


def test_an_answer_to_an_earlier_attempt_is_none_to_this_one() -> None:
    relay, note = under_way(SYDNEY, MANILA)
    relay.say("decline_handoff", AT_NIGHT + MINUTE / 2, LINH, reason="Nobody is here.")
    assert relay.case.region == "sydney"
    ended(relay, note, OutcomeStatus.DELIVERED)
    assert relay.case.region == "sydney"


@pytest.mark.covers("GAP-21")
def test_no_handoff_waits_for_a_note_that_was_left_behind_at_a_turn_over() -> None:
    relay, note = under_way(SYDNEY, MANILA, KUALA_LUMPUR)
    other = relay.told(EffectKind.FIRST_RESPONSE)[0]
    relay.adopt_only(case_step.left_behind(relay.case, (other, note), AT_NIGHT + MINUTE))
    told = relay.happened(EntryKind.DELIVERY_FAILED)[-1]
    assert (told.count, "first_response, handoff_note" in (told.text or "")) == (2, True)
    relay.look(AT_NIGHT + MINUTE)
    assert relay.case.region == "kuala_lumpur"


def test_somebody_there_who_accepts_before_the_note_is_heard_of_has_it_at_once_and_one_note() -> None:
    relay, note = under_way(SYDNEY, MANILA)
    relay.say("accept_handoff", AT_NIGHT + MINUTE / 2, LINH)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")
    ended(relay, note, OutcomeStatus.DELIVERED)
    assert (relay.case.handoffs, len(relay.told(EffectKind.HANDOFF_NOTE))) == (1, 1)


def test_a_case_that_came_to_need_no_acceptance_stays_until_the_shift_ends() -> None:
    relay = answered(SYDNEY, MANILA, KUALA_LUMPUR, acceptance={"P1": "person"})
    relay.until(TUESDAY + 7.5 * HOUR)
    relay.say("change_level", TUESDAY + 7.5 * HOUR + MINUTE, level="P2", reason="One site is back")
    relay.say("decline_handoff", TUESDAY + 7.5 * HOUR + 2 * MINUTE, LINH, reason="We are short")
    assert (relay.case.region, relay.case.handover) == ("sydney", None)
    assert relay.until(AT_NIGHT).case.region == "kuala_lumpur"


def test_two_offers_for_one_shift_end_are_two_tellings() -> None:
    relay = answered(SYDNEY, MANILA, acceptance_otherwise="person")
    relay.until(TUESDAY + 7.5 * HOUR + 10 * MINUTE)
    relay.say("change_level", TUESDAY + 7.75 * HOUR, level="P2", reason="One site is back")
    offers = relay.until(AT_NIGHT).told(EffectKind.HANDOFF_OFFER)
    assert len(offers) == len({offer.id for offer in offers}) == 2


@pytest.mark.covers("RHIPE-37")
def test_by_the_rules_before_0_4_two_changes_of_contact_in_one_moment_are_two_tellings() -> None:
    relay = answered(SYDNEY, AUCKLAND, MANILA)
    relay.case = relay.case.model_copy(update={"rules": RULES_0_3})
    relay.say("hand_off", TUESDAY + 2 * HOUR, ANA, to="auckland", reason="They know it")
    told = relay.told(EffectKind.REASSIGNED)
    assert len({notice.id for notice in told}) == len(told) == 2
    assert told[-1].facts.contact == relay.case.region == relay.case.contact_told


@pytest.mark.covers("GAP-22")
def test_a_case_recomputed_onto_a_policy_that_follows_the_sun_is_looked_after() -> None:
    story = at_one_desk()
    story.say("recompute_terms", TUESDAY + HOUR, reason="They follow the sun now")
    story.adopt(case_step.take_terms(story.case, TermsAnswer(terms=held_to()), TUESDAY + HOUR))
    assert case_step.awaits_roster(story.case)


@pytest.mark.parametrize("on_shift", [1, 0])
@pytest.mark.parametrize("acceptance", ["automatic", "person"])
def test_a_shift_that_ends_within_a_second_is_looked_at_once(acceptance: str, on_shift: int) -> None:
    fraction = 0.25 / 3600  # h
    sydney = centre("sydney", -1, 8 + fraction)
    manila = centre("manila", 6, 15 + fraction, on_shift=on_shift)
    relay = answered(sydney, manila, acceptance_otherwise=acceptance)
    for _ in range(60):  # what else falls due until then is about half of that
        deadline = next_deadline(relay.case.clocks)
        assert deadline is not None
        relay.until(deadline.at)
        if deadline.at > AT_NIGHT + HOUR:
            return
    raise AssertionError(f"it stands at {deadline}")
