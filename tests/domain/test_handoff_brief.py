"""What goes along with a handoff, that its receiver says what they do next, and what it cost."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.decision import Accepted
from domain.effects import EffectKind
from domain.views.handoff_tax import HandoffTax, handoff_taxes
from domain.views.staff import view
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.domain.relay import Relay, centre
from tests.people import ANA, KIM

SYDNEY, MANILA = centre("sydney", -1, 8), centre("manila", 1, 15)
LINH = Actor(kind=ActorKind.STAFF, name="Linh", role=Role.ENGINEER, region="manila")
ASKED: dict[str, Any] = {"acceptance_otherwise": "person"}
OFFERED, SHIFT_END = TUESDAY + 7.5 * HOUR, TUESDAY + 8 * HOUR
LOGINS, DISK = "Nobody in Manila can log in.", "The disk of the second node is full."


def answered(**rules: Any) -> Relay:
    """An urgent case of Sydney, answered; Manila is open when Sydney closes."""
    relay = Relay((SYDNEY, MANILA), **rules)
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    return relay


def offered(**brief: str) -> Relay:
    relay = answered(**ASKED)
    if brief:
        relay.say("write_brief", TUESDAY + HOUR, ANA, **brief)
    return relay.until(OFFERED)


def taxes(relay: Relay) -> tuple[HandoffTax, ...]:
    return handoff_taxes(relay.entries)


@pytest.mark.covers("RHIPE-25")
def test_an_offer_carries_what_people_wrote_and_drafts_what_nobody_did() -> None:
    (offer,) = offered(hypothesis=DISK, next_action="Free the disk.").told(EffectKind.HANDOFF_OFFER)
    brief = offer.facts.brief
    assert brief is not None
    assert (brief.hypothesis, brief.next_action, brief.written_by) == (DISK, "Free the disk.", "Ana Reyes")
    assert (brief.tried, "tried" in brief.drafted) == ("I am on it.", True)
    assert not {"hypothesis", "next_action"} & set(brief.drafted)


@pytest.mark.parametrize(
    ("said", "next_action", "waiting_for"),
    [
        ((), "Go on where the last step ended, and give the next update.", None),
        (
            (("wait_for_customer", ANA, {"text": "Which users?"}),),
            "Wait for the customer's answer, and ask again where none comes.",
            "the customer: Which users?",
        ),
        ((("reply", KIM, {"text": "It is slow, too."}),), "Answer the customer: they wrote last.", None),
    ],
    ids=["under way", "asked", "customer spoke last"],
)
def test_a_line_nobody_wrote_is_drafted_from_what_the_case_waits_for(
    said: Any, next_action: str, waiting_for: str | None
) -> None:
    relay = answered(**ASKED)
    for verb, who, fields in said:
        relay.say(verb, TUESDAY + HOUR, who, **fields)
    brief = view(relay.case).brief
    assert brief is not None
    assert (brief.next_action, brief.waiting_for) == (next_action, waiting_for)


def test_a_line_that_is_left_out_stays_as_it_was() -> None:
    relay = answered()
    relay.say("write_brief", TUESDAY + HOUR, ANA, impact=LOGINS, hypothesis=DISK)
    relay.say("write_brief", TUESDAY + 2 * HOUR, LINH, hypothesis="A rule of the proxy.")
    assert relay.case.brief is not None
    assert (relay.case.brief.impact, relay.case.brief.hypothesis) == (LOGINS, "A rule of the proxy.")
    assert (relay.case.brief.written_by, relay.case.brief.written_at) == ("Linh", TUESDAY + 2 * HOUR)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({}, "ValidationError"), ({"impact": " "}, "ValidationError"), ({"impact": LOGINS}, "NoChange")],
)
def test_a_brief_that_says_nothing_new_is_refused(fields: dict[str, str], code: str) -> None:
    relay = answered()
    relay.say("write_brief", TUESDAY + HOUR, ANA, impact=LOGINS)
    refused = relay.refused("write_brief", TUESDAY + HOUR, ANA, **fields)
    assert refused.code == code


@pytest.mark.covers("RHIPE-25")
def test_who_accepts_with_their_next_action_has_confirmed_it_when_the_case_is_theirs() -> None:
    relay = offered(next_action="Free the disk.")
    relay.say("accept_handoff", OFFERED + MINUTE, LINH, next_action="Free the disk.")
    assert not relay.until(SHIFT_END).case.is_unconfirmed
    assert relay.case.brief is not None
    assert (relay.case.brief.next_action, relay.case.brief.next_action_owner) == ("Free the disk.", "Linh")
    (tax,) = taxes(relay)
    assert (tax.next_action, tax.confirmed_at) == ("Free the disk.", OFFERED + MINUTE)


def test_who_accepts_an_urgent_case_in_silence_is_reminded_and_may_confirm_later() -> None:
    relay = offered(next_action="Free the disk.")
    accepted = relay.say("accept_handoff", OFFERED + MINUTE, LINH)
    assert isinstance(accepted, Accepted)
    assert accepted.warnings == ("NextActionUnconfirmed",)
    assert relay.until(SHIFT_END).case.is_unconfirmed
    relay.say("confirm_next_action", SHIFT_END + MINUTE, LINH)
    assert not relay.case.is_unconfirmed
    assert taxes(relay)[0].next_action == "Free the disk."
    again = relay.refused("confirm_next_action", SHIFT_END + 2 * MINUTE, LINH)
    assert again.code == "NoChange"


def test_what_was_accepted_may_be_confirmed_before_the_giver_goes_home() -> None:
    relay = offered()
    relay.say("accept_handoff", OFFERED + MINUTE, LINH)
    relay.say("confirm_next_action", OFFERED + 2 * MINUTE, LINH, next_action="Call Contoso.")
    assert not relay.until(SHIFT_END).case.is_unconfirmed


def test_a_centre_that_does_not_have_the_case_confirms_nothing_of_it() -> None:
    relay = offered()
    relay.say("accept_handoff", OFFERED + MINUTE, LINH)
    relay.until(SHIFT_END)
    sydney = ANA.model_copy(update={"region": "sydney"})
    refused = relay.refused("confirm_next_action", SHIFT_END + MINUTE, sydney)
    assert refused.code == "HandoffNotOffered"


def test_handing_on_by_hand_takes_a_brief_along_which_the_taker_confirms() -> None:
    relay = answered()
    relay.say(
        "hand_off", TUESDAY + 2 * HOUR, ANA, to="manila", reason="They know it.", next_action="Free the disk."
    )
    (note,) = relay.told(EffectKind.HANDOFF_NOTE)
    assert note.facts.brief is not None
    assert note.facts.brief.next_action == "Free the disk."
    assert relay.case.is_unconfirmed


def test_a_case_of_a_lower_rank_takes_a_brief_along_only_where_somebody_wrote_one() -> None:
    relay = answered()
    relay.say("change_level", TUESDAY + HOUR, ANA, level="P4", reason="A workaround helps.")
    assert view(relay.case).brief is None
    relay.say("write_brief", TUESDAY + HOUR, ANA, impact=LOGINS)
    assert view(relay.case).brief is not None


@pytest.mark.covers("RHIPE-25")
def test_the_tax_of_a_handoff_is_what_passes_until_somebody_goes_on_and_what_is_asked_again() -> None:
    relay = offered()
    relay.say("wait_for_customer", OFFERED, ANA, text="Which users can not log in, and since when?")
    relay.say("reply", OFFERED + MINUTE, KIM, text="All of them, since six.")
    relay.say("accept_handoff", OFFERED + 2 * MINUTE, LINH)
    relay.until(SHIFT_END)
    relay.say("confirm_next_action", SHIFT_END + MINUTE, LINH)
    relay.say(
        "wait_for_customer", SHIFT_END + 12 * MINUTE, LINH, text="Since when can which users not log in?"
    )
    (tax,) = taxes(relay)
    assert (tax.giver, tax.taker, tax.theirs_at, tax.accepted_by) == ("sydney", "manila", SHIFT_END, "Linh")
    assert (tax.seconds, tax.asked_again) == (12 * 60, 1)


def test_who_begins_before_the_case_is_theirs_pays_no_tax_and_a_new_question_is_none() -> None:
    relay = offered()
    relay.say("accept_handoff", OFFERED + MINUTE, LINH)
    relay.say("add_note", OFFERED + 2 * MINUTE, LINH, text="Reading the logs.")
    relay.until(SHIFT_END)
    relay.say("wait_for_customer", SHIFT_END + HOUR, LINH, text="May we restart the second node?")
    (tax,) = taxes(relay)
    assert (tax.seconds, tax.asked_again) == (0, 0)


def test_a_handoff_nobody_has_gone_on_with_has_no_end_yet() -> None:
    relay = offered()
    relay.say("accept_handoff", OFFERED + MINUTE, LINH)
    relay.until(SHIFT_END + timedelta(minutes=5))
    assert [(tax.seconds, tax.next_action) for tax in taxes(relay)] == [(None, None)]
