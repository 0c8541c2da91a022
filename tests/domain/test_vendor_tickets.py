"""Opening the ticket with the vendor ourselves: his number comes later, or never."""

import pytest

from domain import case_step
from domain.clocks import Clock
from domain.effects import EffectKind, Lane, Outcome, OutcomeStatus, Recipient
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind
from tests.domain import dedicated_desk
from tests.domain.boundary_desk import ALEX, ENGINEER
from tests.domain.cases import DAY, HOUR, MINUTE, Story
from tests.domain.vendor_desk import (
    AT,
    CONTACT,
    ESCALATION,
    LINA,
    NUMBER,
    asked_for_ticket,
    at_rhipe,
    ends,
    kept_open,
    to_vendor,
)
from tests.people import ANA

LOST = {"status": OutcomeStatus.UNDELIVERABLE, "reason": "the vendor refused it"}


def rhipe_opens_tickets(*, waiting: bool = False) -> Story:
    """A case of rhipe under a policy that opens tickets itself."""
    story = at_rhipe()
    if waiting:
        story.say("wait_for_customer", AT - MINUTE, LINA, text="Since when?")
    rules = story.case.terms.vendor
    assert rules is not None
    opening = rules.model_copy(update={"opens_tickets": True})
    terms = story.case.terms.model_copy(update={"vendor": opening})
    story.case = story.case.model_copy(update={"terms": terms})
    story.say("escalate_to_vendor", AT, LINA, **{**ESCALATION, "vendor_reference": None})
    return story


@pytest.mark.covers("RHIPE-41", "CSS-08")
def test_without_a_number_a_ticket_is_asked_for_once_with_all_the_vendor_needs() -> None:
    story = asked_for_ticket(reason="Beyond our tools", contact=CONTACT, product="exchange_online")
    (ticket,) = to_vendor(story)
    assert (ticket.kind, ticket.lane) == (EffectKind.VENDOR_TICKET, Lane.VENDOR)
    facts = ticket.facts
    assert (facts.vendor_reference, facts.severity, facts.product) == (None, "C", "exchange_online")
    assert (facts.text, facts.reason) == ("Shared mailboxes do not open.", "Beyond our tools")
    assert facts.technical_contact is not None
    assert facts.technical_contact.email == CONTACT["email"]
    assert to_vendor(kept_open()) == []


def test_the_number_the_vendor_gave_is_kept() -> None:
    story = asked_for_ticket()
    ends(story, to_vendor(story)[0], AT + MINUTE, reference=NUMBER)
    assert story.case.vendor is not None
    assert story.case.vendor.reference == NUMBER
    assert story.case.phase is Phase.VENDOR_ESCALATED
    (entry,) = story.happened(EntryKind.VENDOR_TICKET_OPENED)
    assert entry.about == NUMBER
    story.until(AT + DAY)
    assert to_vendor(story)[1].facts.vendor_reference == NUMBER


def test_a_ticket_that_cannot_be_opened_leaves_the_case_with_us_and_the_tss_is_told() -> None:
    story = asked_for_ticket()
    ends(story, to_vendor(story)[0], AT + MINUTE, **LOST)
    assert (story.case.phase, story.case.vendor) == (Phase.IN_PROGRESS, None)
    assert story.case.main_contact is None
    assert not story.runs(Clock.VENDOR_FOLLOW_UP)
    (entry,) = story.happened(EntryKind.VENDOR_TICKET_FAILED)
    assert "the vendor refused it" in (entry.text or "")
    (task,) = story.told(EffectKind.FOLLOW_UP_TASK)
    assert (task.to, task.about) == (Recipient.TSS, EffectKind.VENDOR_TICKET)
    story.say("escalate_to_vendor", AT + HOUR, ENGINEER, prerequisites=("initial_troubleshooting",))
    assert len({effect.id for effect in to_vendor(story)}) == 2


def test_a_vendor_who_gives_no_number_is_asked_for_it_by_the_tss() -> None:
    story = asked_for_ticket()
    ends(story, to_vendor(story)[0], AT + MINUTE)
    (task,) = story.told(EffectKind.FOLLOW_UP_TASK)
    assert (task.to, task.about) == (Recipient.TSS, "vendor_reference")
    story.say("vendor_update", AT + HOUR, ENGINEER, text="He told me.", reference=NUMBER)
    assert story.case.vendor is not None
    assert story.case.vendor.reference == NUMBER


@pytest.mark.covers("RHIPE-55")
def test_a_case_is_handed_over_when_its_ticket_has_a_number_and_not_before() -> None:
    story = rhipe_opens_tickets()
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.told(EffectKind.ESCALATION_CLOSURE) == []
    assert story.runs(Clock.UPDATE)
    ends(story, to_vendor(story)[0], AT + MINUTE, reference=NUMBER)
    assert story.case.close_reason is CloseReason.HANDED_OVER
    (letter,) = story.told(EffectKind.ESCALATION_CLOSURE)
    assert letter.facts.vendor_reference == NUMBER
    assert story.due(Clock.VENDOR_CONTACT_CHECK) == AT + MINUTE + DAY


def test_a_handover_whose_ticket_fails_goes_on_with_us() -> None:
    story = rhipe_opens_tickets()
    update = story.due(Clock.UPDATE)
    ends(story, to_vendor(story)[0], AT + MINUTE, **LOST)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.due(Clock.UPDATE) == update


def test_a_customer_we_waited_for_is_informed_while_the_ticket_is_asked_for_and_after_it_failed() -> None:
    story = rhipe_opens_tickets(waiting=True)
    every = story.case.rule.update_every
    assert every is not None
    assert story.due(Clock.UPDATE) == AT + every
    ends(story, to_vendor(story)[0], AT + MINUTE, **LOST)
    assert story.due(Clock.UPDATE) == AT + every


def test_a_duty_that_rested_while_the_ticket_was_asked_for_runs_again_where_it_fails() -> None:
    story = dedicated_desk.at_severity("A", AT)
    rules = story.case.terms.vendor
    assert rules is not None
    resting = rules.model_copy(update={"our_cadence": "stop", "opens_tickets": True})
    terms = story.case.terms.model_copy(update={"vendor": resting})
    story.case = story.case.model_copy(update={"terms": terms})
    story.say("escalate_to_vendor", AT, ANA)
    assert not story.runs(Clock.CUSTOMER_UPDATE)
    ends(story, to_vendor(story)[0], AT + MINUTE, **LOST)
    assert story.runs(Clock.UPDATE)
    assert story.runs(Clock.CUSTOMER_UPDATE)


def test_a_number_that_comes_after_the_case_was_closed_reopens_nothing() -> None:
    story = asked_for_ticket()
    story.say("close", AT + MINUTE, ALEX, reason="requested")
    ends(story, to_vendor(story)[0], AT + 2 * MINUTE, reference=NUMBER)
    assert story.case.phase is Phase.CLOSED
    assert story.case.vendor is not None
    assert story.case.vendor.reference == NUMBER


def test_a_question_that_does_not_reach_the_vendor_is_told_to_the_tss_and_asked_again() -> None:
    story = kept_open().until(AT + DAY)
    ends(story, to_vendor(story)[0], AT + DAY + MINUTE, **LOST)
    (task,) = story.told(EffectKind.FOLLOW_UP_TASK)
    assert task.about == EffectKind.VENDOR_FOLLOW_UP
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + 2 * DAY


def test_a_question_that_arrived_says_nothing_and_one_found_again_is_noted() -> None:
    story = kept_open().until(AT + DAY)
    (asked,) = to_vendor(story)
    delivered = Outcome(effect_id=asked.id, status=OutcomeStatus.DELIVERED)
    assert case_step.delivery_ended(story.case, (asked,), (delivered,), AT + DAY) is None
    ends(story, asked, AT + DAY + MINUTE, reason="found again after an error")
    assert story.happened(EntryKind.NOTED)[-1].about == EffectKind.VENDOR_FOLLOW_UP


def test_two_failures_told_at_once_have_ids_of_their_own() -> None:
    story = kept_open().until(AT + 2 * DAY)
    for effect in to_vendor(story):
        ends(story, effect, AT + 2 * DAY + MINUTE, **LOST)
    assert len({task.id for task in story.told(EffectKind.FOLLOW_UP_TASK)}) == 2
