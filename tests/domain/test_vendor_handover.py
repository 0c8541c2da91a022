"""A case handed over to the vendor: closed with us, and looked after until the two have found each other."""

import pytest

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind
from domain.vendor import ContactState
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.boundary_desk import MORNING, promised_clocks, taken, warned
from tests.domain.cases import DAY, HOUR, SECOND
from tests.domain.vendor_desk import (
    AT,
    CONTACT,
    ESCALATION,
    LINA,
    NUMBER,
    RHIPE,
    VENDOR,
    at_rhipe,
    handed_over,
    kept_open,
    to_vendor,
)
from tests.people import ANA, KIM

DUE = AT + DAY


@pytest.mark.covers("RHIPE-55", "RHIPE-41", "CONF-01")
def test_a_handover_closes_the_case_and_the_letter_names_the_vendors_ticket() -> None:
    story = handed_over()
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.HANDED_OVER)
    assert story.told(EffectKind.CASE_CLOSED) == []
    (letter,) = story.told(EffectKind.ESCALATION_CLOSURE)
    assert (letter.to, letter.facts.vendor_reference) == (Recipient.CUSTOMER, NUMBER)
    (survey,) = story.told(EffectKind.CSAT_SURVEY)
    assert survey.about == CloseReason.HANDED_OVER
    assert to_vendor(story) == []


@pytest.mark.covers("RHIPE-52", "RHIPE-53")
def test_from_the_handover_on_no_clock_of_our_work_runs_and_the_contact_is_named() -> None:
    story = handed_over()
    assert promised_clocks(story) == {Clock.VENDOR_CONTACT_CHECK}
    (letter,) = story.told(EffectKind.ESCALATION_CLOSURE)
    assert letter.facts.technical_contact is not None
    assert letter.facts.technical_contact.name == CONTACT["name"]
    assert story.until(DUE - SECOND).told(EffectKind.STATUS_UPDATE) == []


@pytest.mark.covers("RHIPE-51")
def test_the_vendors_severity_is_noted_and_moves_nothing_of_ours() -> None:
    story = handed_over(severity="B")
    level, clocks = story.case.level, story.case.clocks
    story.say("vendor_update", AT + HOUR, VENDOR, text="We look into it.", severity="A", contact="Vera")
    assert (story.case.level, story.case.clocks) == (level, clocks)
    assert story.case.vendor is not None
    assert (story.case.vendor.severity, story.case.vendor.engineer) == ("A", "Vera")
    assert story.told(EffectKind.VENDOR_UPDATE, EffectKind.VENDOR_ANSWERED) == []


@pytest.mark.covers("RHIPE-56", "GAP-20")
def test_after_24_hours_the_contact_is_asked_and_the_tss_has_a_task() -> None:
    story = handed_over()
    assert story.due(Clock.VENDOR_CONTACT_CHECK) == DUE
    story.until(DUE - SECOND)
    assert story.told(EffectKind.CONTACT_CHECK) == []
    story.until(DUE)
    (asked,), (task,) = story.told(EffectKind.CONTACT_CHECK), story.told(EffectKind.FOLLOW_UP_TASK)
    assert (asked.to, [one.to for one in asked.addresses]) == (Recipient.CONTACT, [CONTACT["email"]])
    assert (task.to, task.about) == (Recipient.TSS, Clock.VENDOR_CONTACT_CHECK)
    assert not story.runs(Clock.VENDOR_CONTACT_CHECK)
    assert story.case.vendor is not None
    assert story.case.vendor.contacted is ContactState.UNCONFIRMED


@pytest.mark.covers("RHIPE-56")
def test_who_was_called_is_asked_no_more() -> None:
    story = handed_over()
    story.say("vendor_contacted", DUE, KIM)
    assert story.case.vendor is not None
    assert story.case.vendor.contacted is ContactState.CONFIRMED
    story.until(DUE + HOUR)
    assert story.told(EffectKind.CONTACT_CHECK, EffectKind.FOLLOW_UP_TASK) == []
    assert story.refused("vendor_contacted", DUE + HOUR, KIM).code == "NoChange"


@pytest.mark.covers("RHIPE-56")
def test_a_no_before_the_time_is_early_and_one_after_it_asks_the_vendor() -> None:
    story = handed_over()
    story.say("vendor_contacted", DUE, KIM, contacted=False, text="Nobody has called.")
    assert warned(story) == ("Early",)
    (noted,) = story.happened(EntryKind.VENDOR_NOT_CONTACTED)
    assert (noted.about, story.due(Clock.VENDOR_CONTACT_CHECK)) == ("Early", DUE)
    assert to_vendor(story) == []
    story.until(DUE)
    story.say("vendor_contacted", DUE + SECOND, KIM, contacted=False, text="Still nobody.")
    (asked,) = to_vendor(story)
    assert (asked.kind, asked.about) == (EffectKind.VENDOR_FOLLOW_UP, "not_contacted")
    assert (asked.facts.vendor_reference, asked.facts.text) == (NUMBER, "Still nobody.")
    assert [task.about for task in story.told(EffectKind.FOLLOW_UP_TASK)] == [
        Clock.VENDOR_CONTACT_CHECK,
        "not_contacted",
    ]


@pytest.mark.covers("RHIPE-56")
def test_of_a_case_that_was_not_handed_over_nobody_asks_whether_the_vendor_called() -> None:
    assert at_rhipe().refused("vendor_contacted", AT, KIM).code == "InvalidTransition"
    assert kept_open().refused("vendor_contacted", AT + HOUR, ANA).code == "InvalidTransition"
    closed = at_rhipe()
    closed.say("close", AT, LINA, reason="no_further_troubleshooting")
    assert closed.refused("vendor_contacted", AT + HOUR, KIM).code == "InvalidTransition"


@pytest.mark.covers("GAP-15")
def test_a_reopening_takes_it_back_to_work_and_asks_nobody_any_more() -> None:
    story = handed_over()
    story.say("reopen", AT + HOUR, KIM, reason="Nobody calls.")
    assert story.case.phase is Phase.IN_PROGRESS
    assert not story.runs(Clock.VENDOR_CONTACT_CHECK)
    story.say("wait_for_customer", AT + 2 * HOUR, LINA, text="Since when?")
    story.say("reply", AT + 3 * HOUR, KIM, text="Since today.")
    assert story.case.phase is Phase.IN_PROGRESS
    story.say("escalate_to_vendor", AT + 4 * HOUR, LINA, **{**ESCALATION, "vendor_reference": "2"})
    assert story.case.close_reason is CloseReason.HANDED_OVER
    assert story.due(Clock.VENDOR_CONTACT_CHECK) == AT + 4 * HOUR + DAY


def test_a_handover_is_an_answer_to_a_customer_who_had_none() -> None:
    story = taken(RHIPE)
    story.say("escalate_to_vendor", AT, LINA, **ESCALATION)
    assert story.case.responded_at == AT
    story.until(AT + 7 * DAY)
    assert story.breaches(Clock.INITIAL_RESPONSE) == []


def test_the_case_is_not_archived_before_the_contact_was_asked() -> None:
    story = at_rhipe()
    terms = story.case.terms
    closing = terms.rules.closing.model_copy(update={"reopen_business_days": None, "reopen_within": HOUR})
    rules = terms.rules.model_copy(update={"closing": closing})
    story.case = story.case.model_copy(update={"terms": terms.model_copy(update={"rules": rules})})
    story.say("escalate_to_vendor", AT, LINA, **ESCALATION)
    story.until(DUE)
    assert len(story.told(EffectKind.CONTACT_CHECK)) == 1
    assert story.until(DUE + HOUR).case.phase is Phase.ARCHIVED


def test_our_own_absence_asks_the_contact_once_and_late() -> None:
    story = handed_over().away_until(DUE + DAY)
    assert len(story.told(EffectKind.CONTACT_CHECK)) == 1


def test_staff_see_the_vendors_side_and_the_customer_his_number() -> None:
    story = handed_over()
    shown = view(story.case).vendor
    assert shown is not None
    assert (shown.reference, shown.contacted) == (NUMBER, ContactState.UNCONFIRMED)
    assert customer_view(story.case).vendor_reference == NUMBER
    assert customer_view(at_rhipe(received_at=MORNING).case).vendor_reference is None
