"""Taking a case in under o365-dedicated: what is supported, and what must be said."""

import pytest

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.lifecycle.intake_checks import request_digest
from domain.naming import case_id
from domain.phase import CloseReason, Phase
from tests.domain.cases import DAY, HOUR, MINUTE, Story
from tests.domain.dedicated_desk import (
    CORP,
    DESK,
    DESK_PHONE,
    MORNING,
    asked,
    not_opened,
    opened,
    running,
)

NOT_ACCEPTED = [
    "customer_network",
    "customer_hardware",
    "on_premises",
    "third_party_software",
    "operational_procedures",
    "customer_architecture",
    "customer_error",
]
THE_DESKS_OWN = [
    "how_to",
    "self_service_tools",
    "software_configuration",
    "client_connectivity",
    "client_desktop",
    "own_availability",
    "own_performance",
]


def _closed_without_work(story: Story) -> bool:
    """Whether a case was closed at once: no clock of work ever ran, and nothing but its end was told."""
    return story.case.phase is Phase.CLOSED and running(story.case) == [] and len(story.effects) == 1


# --- what we support ------------------------------------------------------------------------------------


@pytest.mark.covers("DED-03")
@pytest.mark.parametrize("service", ["exchange_online", "sharepoint_online", "lync_online"])
def test_the_three_services_are_supported(service: str) -> None:
    story = opened(service=service)
    assert (story.case.phase, story.decision.warnings) == (Phase.RECEIVED, ())  # type: ignore[union-attr]


@pytest.mark.covers("DED-03")
def test_another_service_is_out_of_scope_and_its_case_closed_with_an_explanation() -> None:
    story = opened(service="dynamics_365")
    assert story.decision.warnings == ("OutOfScope",)  # type: ignore[union-attr]
    assert story.case.close_reason is CloseReason.OUT_OF_SCOPE
    assert _closed_without_work(story)
    (told,) = story.told(EffectKind.CANNOT_SUPPORT)
    assert (told.to, told.facts.reason) == (Recipient.CUSTOMER, "service")
    assert told.facts.text == "This service is not among those we support."


@pytest.mark.covers("DED-11")
@pytest.mark.parametrize("category", NOT_ACCEPTED)
def test_each_of_the_seven_categories_is_turned_away_by_its_name(category: str) -> None:
    story = opened(category=category)
    assert story.decision.warnings == ("OutOfScope",)  # type: ignore[union-attr]
    assert story.case.close_reason is CloseReason.OUT_OF_SCOPE
    assert _closed_without_work(story)
    (told,) = story.told(EffectKind.CANNOT_SUPPORT)
    assert told.facts.reason == category
    assert told.facts.text
    before = story.count()
    assert story.until(MORNING + 30 * DAY).count() == before
    assert story.case.phase is Phase.ARCHIVED


@pytest.mark.covers("DED-05")
@pytest.mark.parametrize("category", THE_DESKS_OWN)
def test_what_the_desk_solves_itself_is_referred_back_to_it(category: str) -> None:
    story = opened(category=category)
    assert story.decision.warnings == ("OutOfScope",)  # type: ignore[union-attr]
    assert story.case.close_reason is CloseReason.REFERRED
    assert _closed_without_work(story)
    (told,) = story.told(EffectKind.REFERRAL)
    assert (told.to, told.facts.refer_to) == (Recipient.CUSTOMER, "service_desk")


# --- what must be said ----------------------------------------------------------------------------------


@pytest.mark.covers("DED-05")
@pytest.mark.parametrize("said", [None, "", "  \n"])
def test_the_desk_says_what_it_has_tried_before_it_escalates(said: str | None) -> None:
    refused = not_opened(troubleshooting_done=said)
    assert (refused.code, refused.missing) == ("TroubleshootingRequired", ("troubleshooting_done",))


def test_everything_missing_is_named_in_one_answer() -> None:
    refused = not_opened(severity=None, service=None, contact=None, troubleshooting_done=None)
    assert refused.code == "ValidationError"
    assert refused.missing == ("severity", "service", "troubleshooting_done", "contact")


@pytest.mark.covers("DED-06")
def test_the_desks_own_ticket_is_kept_where_it_is_given_and_never_wanted() -> None:
    assert opened(customer_reference="HD-4711/2").case.request.customer_reference == "HD-4711/2"
    assert opened().case.request.customer_reference is None


@pytest.mark.covers("DED-13", "CONF-11")
@pytest.mark.parametrize("language", ["fr", "ja", "eng"])
def test_requests_are_taken_in_english_only(language: str) -> None:
    refused = not_opened(language=language)
    assert (refused.code, refused.remedy) == ("LanguageNotSupported", "write in en")
    assert opened(language="en").case.phase is Phase.RECEIVED


@pytest.mark.covers("DED-13")
@pytest.mark.parametrize("language", ["en-AU", "EN-gb"])
def test_english_of_any_country_is_english(language: str) -> None:
    assert opened(language=language).case.phase is Phase.RECEIVED


@pytest.mark.covers("DED-16")
@pytest.mark.parametrize("channel", ["fax", "telephone", "Email", "portal"])
def test_updates_come_by_mail_or_by_telephone_and_not_otherwise(channel: str) -> None:
    refused = not_opened(update_channel=channel)
    assert (refused.code, refused.missing) == ("ValidationError", ("update_channel",))
    assert refused.remedy == "use email or phone"


@pytest.mark.covers("DED-16")
def test_who_wants_his_updates_by_telephone_is_called_at_every_one_through_the_life_of_the_case() -> None:
    story = opened(severity="B", update_channel="phone")
    story.say("respond", MORNING + 10 * MINUTE, text="We have begun.")
    story.say("post_update", MORNING + HOUR, text="A store is dismounted.")
    story.until(MORNING + HOUR + DAY)
    calls = story.told(EffectKind.CALL_CUSTOMER)
    assert [call.caused_at - MORNING for call in calls] == [10 * MINUTE, HOUR, HOUR + DAY]
    assert {(call.to, call.facts.phone) for call in calls} == {(Recipient.ASSIGNEE, DESK_PHONE)}
    by_mail = opened(severity="B").until(MORNING + 2 * DAY)
    assert by_mail.told(EffectKind.CALL_CUSTOMER) == []


# --- the service request ----------------------------------------------------------------------------------


@pytest.mark.covers("DED-14")
def test_a_service_request_has_one_number_in_every_notice_of_its_life() -> None:
    story = opened(severity="A").until(MORNING + 2 * HOUR)
    story.say("respond", MORNING + 3 * HOUR, text="We have begun.")
    story.until(MORNING + 8 * HOUR)
    story.say("close", MORNING + 9 * HOUR, DESK, reason="requested")
    assert len(story.effects) > 8
    assert {(told.case_id, told.case_number) for told in story.effects} == {
        (case_id(CORP, "desk", "HD-1"), story.case.number)
    }
    assert opened(reference="HD-2").case.number != story.case.number


@pytest.mark.covers("DED-14")
def test_one_request_sent_twice_is_the_same_content_and_another_is_not() -> None:
    """The content is told apart by its digest, by which the workflow answers `DuplicateRequestConflict`."""
    again = asked(MORNING + HOUR, request_id="retry-2")
    assert request_digest(again) == opened().case.request_digest
    assert request_digest(asked(business_impact="Nobody works")) != opened().case.request_digest


@pytest.mark.covers("DED-15", "GAP-04")
def test_the_clock_runs_from_receipt_however_late_the_request_is_accepted() -> None:
    story = opened(handled=MORNING + 40 * MINUTE)
    assert (story.case.phase, story.case.received_at) == (Phase.RECEIVED, MORNING)
    assert story.due(Clock.INITIAL_RESPONSE) == MORNING + HOUR
