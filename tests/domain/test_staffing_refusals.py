"""What is refused about handing on and staffing, each with its code, and the case stays where it is."""

from typing import Any

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.effects import EffectKind
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, SECOND, TUESDAY
from tests.domain.relay import Relay, centre
from tests.people import ANA

SYDNEY, MANILA = centre("sydney", -1, 8), centre("manila", 6, 15)
KUALA_LUMPUR = centre("kuala_lumpur", 7, 14)
OFFERED = TUESDAY + 7.5 * HOUR
ASKED = {"acceptance_otherwise": "person"}


def of(region: str, name: str = "Linh") -> Actor:
    return Actor(kind=ActorKind.STAFF, name=name, role=Role.ENGINEER, region=region)


def offered(*centres: Any, **rules: Any) -> Relay:
    """A case of Sydney's that is offered to Manila half an hour before Sydney closes."""
    relay = Relay(centres or (SYDNEY, MANILA, KUALA_LUMPUR), **ASKED, **rules)
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    relay.until(OFFERED)
    assert relay.case.handover is not None
    assert relay.case.handover.to == "manila"
    return relay


@pytest.mark.covers("RHIPE-25")
@pytest.mark.parametrize(
    ("to", "reason", "code"),
    [
        ("atlantis", "They have time.", "RegionUnknown"),
        ("Sydney", "Spelled otherwise.", "RegionUnknown"),
        ("sydney", "To ourselves.", "NoChange"),
        ("manila", None, "ReasonRequired"),
    ],
)
def test_a_case_is_handed_to_another_centre_there_is_and_with_a_reason(
    to: str, reason: str | None, code: str
) -> None:
    relay = offered()
    assert relay.refused("hand_off", OFFERED, ANA, to=to, reason=reason).code == code
    assert (relay.case.region, relay.happened(EntryKind.HANDED_OVER)) == ("sydney", [])


@pytest.mark.covers("DED-10")
def test_a_case_is_not_handed_over_its_boundary_also_not_by_hand_and_to_nowhere() -> None:
    relay = offered(within=("sydney", "manila"))
    refusals = [
        relay.refused("hand_off", OFFERED, ANA, to=to, reason="They are awake.").code
        for to in ("kuala_lumpur", "atlantis")
    ]
    assert refusals == ["RegionNotPermitted", "RegionNotPermitted"]
    relay.say("decline_handoff", OFFERED, of("manila"), reason="We are full.")
    assert (relay.case.region, relay.case.handover) == ("sydney", None)


@pytest.mark.covers("GAP-30")
def test_an_offer_nobody_took_has_passed_on_and_is_not_accepted_late() -> None:
    relay = offered().until(OFFERED + 10 * MINUTE)
    assert relay.case.handover is not None
    assert relay.case.handover.to == "kuala_lumpur"
    late = relay.refused("accept_handoff", OFFERED + 11 * MINUTE, of("manila"))
    assert (late.code, "offered to kuala_lumpur" in late.reason) == ("HandoffNotOffered", True)
    declined = relay.refused("decline_handoff", OFFERED + 11 * MINUTE, of("manila"), reason="Too late.")
    assert declined.code == "HandoffNotOffered"


def test_of_two_acceptances_at_once_the_first_counts_and_the_second_is_told_by_whom() -> None:
    relay = offered()
    at = OFFERED + 5 * MINUTE
    relay.say("accept_handoff", at, of("manila", "Linh"))
    second = relay.refused("accept_handoff", at, of("manila", "Noor"))
    assert (second.code, "Linh" in second.reason) == ("HandoffNotOffered", True)
    relay.until(TUESDAY + 8 * HOUR)
    assert relay.case.assignee == "Linh"
    third = relay.refused("accept_handoff", TUESDAY + 8 * HOUR + SECOND, of("manila", "Noor"))
    assert (third.code, "manila" in third.reason) == ("HandoffNotOffered", True)
    assert len(relay.happened(EntryKind.HANDED_OVER)) == len(relay.told(EffectKind.REASSIGNED)) == 1


def test_an_offer_is_declined_with_a_reason_and_by_the_centre_it_is_for() -> None:
    relay = offered()
    silent = relay.refused("decline_handoff", OFFERED, of("manila"))
    assert (silent.code, silent.missing) == ("ReasonRequired", ("reason",))
    assert relay.refused("decline_handoff", OFFERED, of("sydney"), reason="No.").code == "HandoffNotOffered"


def test_what_is_offered_to_nobody_is_not_accepted() -> None:
    relay = Relay((SYDNEY, MANILA))
    assert relay.refused("accept_handoff", TUESDAY + MINUTE, of("manila")).code == "HandoffNotOffered"


@pytest.mark.covers("RHIPE-37")
def test_a_case_is_claimed_once_and_the_second_is_told_the_name() -> None:
    relay = Relay((SYDNEY, MANILA))
    relay.say("claim", TUESDAY + MINUTE, of("sydney", "Bea"))
    second = relay.refused("claim", TUESDAY + MINUTE, ANA)
    assert (second.code, "Bea" in second.reason) == ("AlreadyClaimed", True)
    assert relay.refused("claim", TUESDAY + MINUTE, of("sydney", "Bea")).code == "NoChange"
    nameless = Actor(kind=ActorKind.STAFF)
    assert relay.refused("claim", TUESDAY + MINUTE, nameless).code == "ValidationError"
    same = relay.refused("reassign", TUESDAY + MINUTE, ANA, assignee="Bea", reason="holiday")
    assert same.code == "NoChange"
