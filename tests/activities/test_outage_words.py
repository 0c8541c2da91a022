"""What people read of an outage: inside, in the audience, and in an invitation to a call."""

from typing import Any

import pytest

from activities.words.content import Wording
from activities.words.letters import Words
from domain.effects import Audience, EffectKind, Recipient
from domain.facts import Facts
from tests.activities.builders import AT, HOUR, NUMBER, effect


def said(kind: EffectKind, about: str | None = None, **facts: Any) -> Wording:
    given = {"title": "Mail is down", "level": "1", "level_name": "Catastrophic", "phase": "in_progress"}
    return Words().render(
        effect(
            kind=kind,
            to=Recipient.AUDIENCE,
            about=about,
            audience=Audience(tenant="acme", name="outage_audience"),
            facts=Facts.model_validate(given | facts),
        )
    )


@pytest.mark.covers("DED-30")
def test_a_notice_says_what_happened_its_impact_and_when_service_is_expected() -> None:
    wording = said(
        EffectKind.OUTAGE_NOTICE,
        text="Transport is down",
        impact="No mail",
        expected_at=AT + 4 * HOUR,
        next_update_at=AT + HOUR,
        by="Incident management",
    )
    assert wording.subject == f"[{NUMBER}] Outage: Mail is down"
    assert "    Transport is down\n" in wording.text
    assert "The impact:\n\n    No mail\n" in wording.text
    assert "We expect service to be back by Tuesday, 2 March 2027, 18:00" in wording.text
    assert "we will update you by Tuesday, 2 March 2027, 15:00" in wording.text
    assert "You are receiving this because you are on the list for outage notices." in wording.text
    assert "sunrelay show" not in wording.text


@pytest.mark.covers("DED-31")
def test_a_repeated_notice_says_so_and_admits_an_expectation_that_was_not_met() -> None:
    wording = said(
        EffectKind.OUTAGE_NOTICE, "repeated", text="As told", stale=True, expected_at=AT - HOUR, last_at=AT
    )
    assert "Our system automatically repeats what we know" in wording.text
    assert "Service was expected back by Tuesday, 2 March 2027, 13:00" in wording.text
    assert "We expect" not in wording.text


@pytest.mark.covers("DED-29")
def test_our_lists_read_what_is_known_and_by_when_the_audience_is_told() -> None:
    wording = said(EffectKind.OUTAGE_DECLARED, text="Several are down", first_at=AT, due_at=AT + HOUR)
    assert wording.subject == f"[{NUMBER}] Outage declared: Mail is down"
    assert "first outage notice by Tuesday, 2 March 2027, 15:00" in wording.text


@pytest.mark.covers("DED-35", "DED-28")
def test_the_end_of_an_outage_says_how_it_ended_and_how_long_it_lasted() -> None:
    back = said(
        EffectKind.OUTAGE_RESOLVED, "restored", text="Mail flows", minutes=90, first_at=AT, last_at=AT
    )
    assert "service is back, and that was validated on Tuesday" in back.text
    assert "It lasted 90 minutes, counted from Tuesday, 2 March 2027, 14:00" in back.text
    assert "has been withdrawn" in said(EffectKind.OUTAGE_ENDED, "withdrawn", minutes=0, text="None").text
    assert "is no longer one: the case is now 1" in said(EffectKind.OUTAGE_ENDED, "lowered", minutes=3).text
    assert "nobody has validated" in said(EffectKind.OUTAGE_ENDED, "closed", minutes=3).text


@pytest.mark.covers("DED-34")
def test_an_invitation_to_a_call_carries_the_number_and_the_code() -> None:
    now = said(EffectKind.BRIDGE_CALL, phone="+44 20 7946 0100", participant_code="4711#")
    assert (
        "Please call +44 20 7946 0100 and enter the participant code 4711#. The call is open now." in now.text
    )
    later = said(EffectKind.BRIDGE_CALL, "to_validate", phone="1", participant_code="2", due_at=AT + HOUR)
    assert "The call begins Tuesday, 2 March 2027, 15:00" in later.text
    assert "would like to check it with you" in later.text
