"""Who accepts a case for a centre is the policy's to say for each level: a person, the lead, nobody."""

from typing import Any

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.domain.relay import Relay, centre
from tests.people import ANA

SYDNEY = centre("sydney", -1, 8)
MANILA = centre("manila", 6, 15, engineer="Linh")
LEAD = Actor(kind=ActorKind.STAFF, name="Rosa", role=Role.ENGINEER, region="manila")
MIXED = {
    "levels": ("P1", "P2", "P3"),
    "acceptance": {"P1": "person", "P2": "lead"},
    "acceptance_otherwise": "automatic",
}
EARLY, SHIFT_END = TUESDAY + 7.5 * HOUR, TUESDAY + 8 * HOUR


def rated(level: str, *centres: Any, **rules: Any) -> Relay:
    """A case of a level in Sydney, under a policy in which the three levels are accepted in three ways."""
    relay = Relay(centres or (SYDNEY, MANILA), **(rules or MIXED))
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    if level != "P1":
        relay.say("change_level", TUESDAY + 2 * MINUTE, level=level, reason="Less than it seemed.")
    return relay


@pytest.mark.covers("RHIPE-25")
@pytest.mark.parametrize(("level", "assignee"), [("P1", "Rosa"), ("P2", "Linh")])
def test_an_urgent_case_is_whose_who_accepts_it_and_a_leads_list_goes_to_his_people(
    level: str, assignee: str
) -> None:
    relay = rated(level).until(EARLY)
    assert relay.case.handover is not None
    relay.say("accept_handoff", EARLY, LEAD)
    assert relay.case.handover.accepted_by == "Rosa"
    assert relay.until(SHIFT_END - MINUTE).case.region == "sydney"
    relay.until(SHIFT_END)
    assert (relay.case.region, relay.case.assignee) == ("manila", assignee)
    assert [entry.by for entry in relay.happened(EntryKind.HANDOFF_ACCEPTED)] == ["Rosa"]


def test_the_third_level_of_that_policy_changes_hands_without_an_offer() -> None:
    relay = rated("P3").until(SHIFT_END - MINUTE)
    assert (relay.case.handover, relay.case.region) == (None, "sydney")
    relay.until(SHIFT_END)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")
    assert relay.happened(EntryKind.HANDOFF_OFFERED) == []


@pytest.mark.parametrize(("engineer", "assignee"), [("Linh", "Noor"), (None, "Noor")])
@pytest.mark.parametrize("level", ["P1", "P2"])
def test_whoever_accepts_may_name_who_gets_it(level: str, engineer: str | None, assignee: str) -> None:
    relay = rated(level, SYDNEY, MANILA.model_copy(update={"engineer": engineer})).until(EARLY)
    relay.say("accept_handoff", EARLY, LEAD, assignee=assignee)
    assert relay.until(SHIFT_END).case.assignee == assignee


def test_a_lead_of_a_centre_without_a_rota_gets_the_list_himself() -> None:
    relay = rated("P2", SYDNEY, centre("manila", 6, 15, on_shift=None)).until(EARLY)
    relay.say("accept_handoff", EARLY, LEAD)
    assert relay.until(SHIFT_END).case.assignee == "Rosa"


@pytest.mark.parametrize("level", ["P1", "P2"])
def test_where_somebody_has_to_accept_nobody_of_another_centre_does(level: str) -> None:
    relay = rated(level).until(EARLY)
    assert relay.refused("accept_handoff", EARLY, ANA).code == "HandoffNotOffered"


@pytest.mark.covers("GAP-11", "GAP-30")
def test_an_empty_centre_is_asked_and_never_simply_given_a_case() -> None:
    empty = centre("manila", 6, 15, on_shift=0)
    relay = rated("P3", SYDNEY, empty).until(SHIFT_END)
    assert relay.case.region == "sydney"
    assert relay.case.handover is not None
    assert relay.case.handover.to == "manila"
    assert relay.due(Clock.OFFER) == SHIFT_END + 10 * MINUTE
    relay.say("accept_handoff", SHIFT_END + 3 * MINUTE, LEAD)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Rosa")


def test_an_empty_centre_that_says_nothing_costs_ten_minutes_and_no_case() -> None:
    relay = rated("P3", SYDNEY, centre("manila", 6, 15, on_shift=0), centre("auckland", 20, 28))
    relay.until(SHIFT_END + 10 * MINUTE)
    assert (relay.case.region, relay.case.handover) == ("sydney", None)
    assert {told.to for told in relay.told(EffectKind.HANDOFF_FAILED)} == {Recipient.TSS, Recipient.SDM}
    assert relay.until(TUESDAY + 20 * HOUR).case.region == "auckland"


def test_an_empty_centre_is_asked_after_every_one_with_somebody_there() -> None:
    empty, staffed = centre("manila", 6, 20, on_shift=0), centre("kuala_lumpur", 6, 9)
    relay = rated("P3", SYDNEY, empty, staffed).until(SHIFT_END)
    assert (relay.case.region, relay.case.handover) == ("kuala_lumpur", None)
    asked = rated("P1", SYDNEY, empty, staffed, acceptance_otherwise="person").until(EARLY)
    assert asked.case.handover is not None
    assert asked.case.handover.to == "kuala_lumpur"
    asked.say("decline_handoff", EARLY, LEAD.model_copy(update={"region": "kuala_lumpur"}), reason="Full.")
    assert asked.until(SHIFT_END - MINUTE).case.handover is None
    assert asked.until(SHIFT_END).case.handover is not None
    assert asked.case.handover.to == "manila"


def test_who_checks_in_as_his_shift_begins_is_not_passed_over_for_being_away_before_it() -> None:
    empty = centre("manila", 8, 15, on_shift=0)
    relay = rated("P1", SYDNEY, empty, acceptance_otherwise="person").until(EARLY)
    assert (relay.case.handover, relay.happened(EntryKind.HELD)) == (None, [])
    relay.centres = (SYDNEY, MANILA)
    assert relay.until(SHIFT_END).case.handover is not None
    relay.say("accept_handoff", SHIFT_END + MINUTE, LEAD)
    assert relay.case.region == "manila"


def test_a_centre_that_keeps_no_count_counts_as_staffed() -> None:
    relay = rated("P3", SYDNEY, centre("manila", 6, 15, on_shift=None)).until(SHIFT_END)
    assert relay.case.region == "manila"
