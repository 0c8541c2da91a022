"""Taking a case in: what must be in a request, which level it gets, which clocks begin to run."""

import pytest

from domain.actor import Actor, ActorKind
from domain.case import LevelSource
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.messages.case import MAX_REQUEST_BYTES
from domain.messages.request import Contact
from domain.phase import Phase
from domain.timeline import EntryKind
from tests.domain.cases import (
    HOUR,
    MINUTE,
    SECOND,
    TUESDAY,
    mailed,
    opened,
    opening,
    policy_with,
    refused_opening,
    terms,
)
from tests.domain.desks import utc
from tests.domain.relay import Relay, centre
from tests.people import ANA, KIM, P1, P3, P5, ROBOT, STRANGER

SATURDAY_NIGHT = utc("2027-06-19T12:30")  # 22:30 in Sydney


@pytest.mark.covers("RHIPE-02", "RHIPE-04")
@pytest.mark.parametrize("channel", ["phone", "email", "portal"])
def test_each_of_the_three_channels_has_a_service_level_at_any_hour(channel: str) -> None:
    story = opened(SATURDAY_NIGHT, channel=channel)
    assert story.case.has_sla
    assert story.runs(Clock.INITIAL_RESPONSE)


@pytest.mark.covers("RHIPE-64")
def test_an_improper_channel_is_accepted_without_any_clock_and_asked_to_lodge_again() -> None:
    story = opened(channel="other")
    assert story.decision is not None
    assert "SlaNotApplicable" in story.decision.warnings  # type: ignore[union-attr]
    assert [running.clock for running in story.case.clocks] == [Clock.TERMS_RENEWAL]
    (acknowledgement,) = story.told(EffectKind.ACKNOWLEDGEMENT)
    assert acknowledgement.facts.advice == "relodge"
    story.say("respond", TUESDAY + HOUR, text="We look at it all the same.")
    assert not story.runs(Clock.UPDATE)


def test_a_policy_may_refuse_other_channels_and_says_which_there_are() -> None:
    strict = policy_with("intake", unsupported_channel="refuse")
    refused = refused_opening(under=terms(policy=strict), channel="fax")
    assert refused.code == "ChannelNotPermitted"
    assert refused.remedy == "use phone, email or portal"


@pytest.mark.covers("RHIPE-07", "CONF-11")
def test_a_language_we_do_not_have_is_accepted_in_english_and_said_so() -> None:
    story = opened(language="th")
    assert "LanguageNotAvailable" in story.decision.warnings  # type: ignore[union-attr]
    assert opened(language="ja").decision.warnings == ()  # type: ignore[union-attr]


@pytest.mark.covers("CONF-11")
def test_a_policy_with_strict_languages_refuses_others() -> None:
    strict = policy_with("intake", languages_mode="strict", languages=("en",))
    assert refused_opening(under=terms(policy=strict), language="ja").code == "LanguageNotSupported"


@pytest.mark.covers("RHIPE-09", "RHIPE-15")
def test_a_mail_of_saturday_night_is_p2_with_its_hours_running_at_once() -> None:
    story = mailed(SATURDAY_NIGHT)
    assert (story.case.level, story.case.level_source) == ("P2", LevelSource.CHANNEL_DEFAULT)
    assert story.due(Clock.INITIAL_RESPONSE) == SATURDAY_NIGHT + 4 * HOUR
    assert story.due(Clock.TRIAGE) == SATURDAY_NIGHT + 4 * HOUR


@pytest.mark.covers("RHIPE-09")
def test_business_days_of_a_weekend_request_begin_on_monday() -> None:
    story = opened(SATURDAY_NIGHT, **P3)
    assert story.due(Clock.INITIAL_RESPONSE) == utc("2027-06-21T14:00")  # Tuesday 00:00 in Sydney


@pytest.mark.covers("RHIPE-10", "CONF-05")
def test_a_p1_claimed_by_mail_is_filed_as_p2_and_told_to_call() -> None:
    story = mailed(**P1)
    assert story.case.level == "P2"
    assert story.decision.warnings == ("UsePhoneForUrgent",)  # type: ignore[union-attr]
    assert story.told(EffectKind.ACKNOWLEDGEMENT)[0].facts.advice == "call"
    assert (story.case.request.impact, story.case.request.urgency) == ("high", "high")


def test_a_mail_that_claims_nothing_urgent_gets_no_advice() -> None:
    story = mailed(**P3)
    assert story.decision.warnings == ()  # type: ignore[union-attr]
    assert story.told(EffectKind.ACKNOWLEDGEMENT)[0].facts.advice is None


@pytest.mark.covers("RHIPE-11")
@pytest.mark.parametrize(
    ("impact", "urgency", "level"),
    [
        ("high", "high", "P1"),
        ("high", "medium", "P2"),
        ("high", "low", "P3"),
        ("medium", "high", "P2"),
        ("medium", "medium", "P3"),
        ("medium", "low", "P4"),
        ("low", "high", "P3"),
        ("low", "medium", "P4"),
        ("low", "low", "P5"),
    ],
)
def test_impact_and_urgency_make_the_level_and_both_are_kept(impact: str, urgency: str, level: str) -> None:
    story = opened(impact=impact, urgency=urgency)
    assert (story.case.level, story.case.level_source) == (level, LevelSource.MATRIX)
    assert (story.case.request.impact, story.case.request.urgency) == (impact, urgency)


@pytest.mark.covers("RHIPE-11")
@pytest.mark.parametrize("field", ["impact", "urgency"])
def test_a_rating_that_is_none_is_refused_by_name(field: str) -> None:
    refused = refused_opening(**{field: "urgent"})
    assert (refused.code, refused.missing) == ("ValidationError", (field,))


@pytest.mark.covers("RHIPE-13")
@pytest.mark.parametrize(
    ("impact", "urgency", "due"),
    [
        ("high", "high", "2027-06-15T01:00"),
        ("high", "medium", "2027-06-15T04:00"),
        ("medium", "medium", "2027-06-16T00:00"),
        ("medium", "low", "2027-06-17T00:00"),
        ("low", "low", None),
    ],
)
def test_each_level_has_its_response_target(impact: str, urgency: str, due: str | None) -> None:
    story = opened(impact=impact, urgency=urgency)
    running = story.case.clock(Clock.INITIAL_RESPONSE)
    assert (running.due_at if running else None) == (utc(due) if due else None)


@pytest.mark.covers("GAP-04", "RHIPE-14")
def test_the_response_clock_runs_from_receipt_and_an_acknowledgement_does_not_stop_it() -> None:
    story = opened(TUESDAY)
    assert story.told(EffectKind.ACKNOWLEDGEMENT)[0].to is Recipient.CUSTOMER
    assert story.clock(Clock.INITIAL_RESPONSE).started_at == TUESDAY
    refused = story.refused("respond", TUESDAY + MINUTE, KIM, text="I answer myself")
    assert refused.code == "RoleNotPermitted"
    assert story.runs(Clock.INITIAL_RESPONSE)


@pytest.mark.covers("RHIPE-45")
def test_a_request_without_any_troubleshooting_is_refused() -> None:
    refused = refused_opening(troubleshooting_steps=())
    assert (refused.code, refused.missing) == ("TroubleshootingRequired", ("troubleshooting_steps",))


@pytest.mark.covers("RHIPE-46", "CONF-10")
def test_an_incomplete_request_waits_for_every_missing_field_while_its_clock_runs() -> None:
    story = opened(contact=None, tenant_domain=None, affected_users=None)
    assert story.decision.warnings == ("IntakeIncomplete",)  # type: ignore[union-attr]
    assert story.case.phase is Phase.AWAITING_INFORMATION
    assert story.case.missing == ("contact", "tenant_domain", "affected_users")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + HOUR
    assert story.told(EffectKind.ACKNOWLEDGEMENT)[0].facts.missing == story.case.missing


@pytest.mark.covers("RHIPE-46")
@pytest.mark.parametrize("name", ["error.doc", "error.DOCX"])
def test_a_screenshot_in_a_text_document_is_refused(name: str) -> None:
    assert refused_opening(screenshots=("one.png", name)).code == "AttachmentTypeNotPermitted"


@pytest.mark.covers("RHIPE-46")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant_domain", "not a domain"),
        ("tenant_domain", "-x.example"),
        ("tenant_domain", "localhost"),
        ("affected_users", "everybody"),
    ],
)
def test_a_detail_that_cannot_be_is_refused_by_name(field: str, value: str) -> None:
    refused = refused_opening(**{field: value})
    assert (refused.code, refused.missing) == ("ValidationError", (field,))


def test_affected_users_are_all_or_named() -> None:
    assert opened(affected_users="all").case.missing == ()
    assert opened(affected_users=("kim", "lee")).case.missing == ()
    assert opened(affected_users=()).case.missing == ("affected_users",)


def test_a_policy_may_want_more_of_one_type_of_support_than_of_another() -> None:
    by_type = {"billing": ("product", "contact"), "technical": ("service",)}
    wanted = terms(policy=policy_with("intake", required_by_type=by_type))
    assert opened(under=wanted, support_type="billing").case.missing == ("product",)
    assert opened(under=wanted, support_type="technical").case.missing == ("service",)
    assert opened(under=wanted).case.missing == ()


@pytest.mark.covers("CONF-10")
def test_a_policy_may_refuse_incomplete_requests_and_names_all_that_is_missing() -> None:
    strict = policy_with("intake", on_incomplete="refuse")
    refused = refused_opening(under=terms(policy=strict), contact=None, tenant_company=None)
    assert (refused.code, refused.missing) == ("ValidationError", ("contact", "tenant_company"))


def test_what_was_missing_can_be_given_in_parts_and_the_clock_has_run_on() -> None:
    story = opened(contact=None, tenant_domain=None)
    story.say("provide_information", TUESDAY + MINUTE, KIM, tenant_domain="harbourfoods.example")
    assert story.decision.warnings == ("IntakeIncomplete",)  # type: ignore[union-attr]
    assert story.case.missing == ("contact",)
    assert story.told(EffectKind.INFORMATION_NEEDED)[0].facts.missing == ("contact",)
    contact = {"name": "Kim Ng", "email": "kim@partner.example"}
    story.say("provide_information", TUESDAY + 2 * MINUTE, KIM, contact=contact)
    assert story.case.phase is Phase.RECEIVED
    assert story.case.missing == ()
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + HOUR
    assert [effect.facts.text for effect in story.told(EffectKind.CUSTOMER_REPLIED)] == [
        "contact: Kim Ng\ncontact's email: kim@partner.example"
    ]


def test_a_case_answered_before_it_was_complete_is_in_progress_once_it_is() -> None:
    story = opened(contact=None)
    story.say("respond", TUESDAY + MINUTE, text="How can we reach you?")
    assert story.case.phase is Phase.AWAITING_INFORMATION
    contact = {"name": "Kim Ng", "phone": "+61 2 5550 0100"}
    story.say("provide_information", TUESDAY + 30 * MINUTE, KIM, contact=contact)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.due(Clock.UPDATE) == TUESDAY + 30 * MINUTE + HOUR


def test_providing_nothing_is_refused_and_says_what_is_missing() -> None:
    refused = opened(contact=None).refused("provide_information", TUESDAY + MINUTE, KIM)
    assert (refused.code, refused.missing) == ("ValidationError", ("contact",))


def test_what_is_given_of_a_contact_is_added_to_what_is_known_of_him() -> None:
    story = opened(tenant_domain=None, contact={"name": "Kim Ng", "email": "kim@partner.example"})
    story.say("provide_information", TUESDAY + MINUTE, KIM, contact={"phone": "+61 2 5550 0100"})
    contact = story.case.contact
    assert contact is not None
    assert (contact.name, contact.email, contact.phone) == (
        "Kim Ng",
        "kim@partner.example",
        "+61 2 5550 0100",
    )
    story.say(
        "provide_information", TUESDAY + 2 * MINUTE, KIM, contact={"name": "Lee", "email": "lee@p.example"}
    )
    assert story.case.contact == Contact(name="Lee", email="lee@p.example")


@pytest.mark.covers("RHIPE-46")
def test_a_number_belongs_to_nobody_where_no_contact_is_known() -> None:
    story = opened(contact=None)
    assert story.decision.warnings == ("IntakeIncomplete",)  # type: ignore[union-attr]
    refused = story.refused("provide_information", TUESDAY + MINUTE, contact={"phone": "+61 2 5550 0100"})
    assert (refused.code, refused.missing) == ("ValidationError", ("contact.name",))


def test_what_is_provided_is_checked_as_at_intake() -> None:
    story = opened(contact=None)
    refused = story.refused("provide_information", TUESDAY + MINUTE, KIM, tenant_domain="not a domain")
    assert (refused.code, refused.missing) == ("ValidationError", ("tenant_domain",))


@pytest.mark.covers("GAP-28")
def test_of_several_faults_the_first_group_answers() -> None:
    machine = Actor(kind=ActorKind.VENDOR)
    everything = {"impact": "urgent", "tenant_domain": "not a domain", "contact": None}
    assert refused_opening(actor=machine, **everything).code == "RoleNotPermitted"
    assert refused_opening(actor=STRANGER, **everything).code == "Forbidden"
    assert refused_opening(**everything).missing == ("impact",)


def test_a_request_of_more_than_16_kib_is_refused_however_its_characters_are_counted() -> None:
    lines = tuple("\N{GRINNING FACE}" * 190 for _ in range(20))
    assert 2 * sum(map(len, lines)) < MAX_REQUEST_BYTES < 2 * sum(len(line.encode()) for line in lines)
    refused = refused_opening(error_messages=lines, screenshots=lines)
    assert refused.code == "ValidationError"
    assert "16 KiB" in refused.reason


@pytest.mark.covers("RHIPE-25")
def test_the_owning_centre_hears_of_every_new_case_whoever_opens_it() -> None:
    for story in (mailed(), opened(actor=ANA), opened(actor=ROBOT)):
        (told,) = story.told(EffectKind.NEW_CASE)
        assert (told.to, told.region) == (Recipient.ASSIGNEE, "sydney")


@pytest.mark.covers("RHIPE-25")
def test_the_engineer_on_shift_at_the_owning_centre_is_named_to_be_told() -> None:
    there = centre("sydney", -HOUR.seconds / 3600, 4, engineer="Lina Soh")
    assert Relay([there]).told(EffectKind.NEW_CASE)[0].facts.contact == "Lina Soh"
    closed = centre("sydney", 1, 4, engineer="Lina Soh")
    assert Relay([closed]).told(EffectKind.NEW_CASE)[0].facts.contact is None


def test_whoever_opens_a_case_and_takes_it_has_it_and_nobody_else_is_told() -> None:
    story = opened(actor=ANA, take=True)
    assert story.case.assignee == "Ana Reyes"
    assert story.told(EffectKind.NEW_CASE) == []
    assert opened(actor=ANA, take=False).case.assignee is None


def test_only_our_own_people_take_a_case_they_open_and_only_by_name() -> None:
    for actor in (KIM, ROBOT, ANA.model_copy(update={"name": None})):
        assert refused_opening(actor=actor, take=True).code == "RoleNotPermitted"


def test_a_request_is_the_same_whether_its_opener_takes_it_or_not() -> None:
    assert opened(actor=ANA, take=True).case.request_digest == opened(actor=ANA).case.request_digest


def test_the_first_entry_of_the_timeline_is_the_request() -> None:
    (entry,) = mailed(explanation="It fails.").entries
    assert (entry.number, entry.kind, entry.at) == (1, EntryKind.SUBMITTED, TUESDAY)
    assert (entry.text, entry.about, entry.by) == ("It fails.", "email", "Kim Ng")


@pytest.mark.covers("RHIPE-20")
def test_a_question_without_impact_has_no_clock_but_our_own_housekeeping() -> None:
    story = opened(**P5)
    story.say("respond", TUESDAY + HOUR, text="It is on page four.")
    assert not any(running.clock.is_promise for running in story.case.clocks)


def test_a_request_handled_late_counts_from_its_receipt() -> None:
    decision = opening(TUESDAY - 2 * HOUR, handled=TUESDAY)
    assert isinstance(decision, Accepted)
    assert decision.case.received_at == TUESDAY - 2 * HOUR


def test_the_clock_of_a_door_may_be_a_minute_ahead_and_beyond_that_is_told_so() -> None:
    for ahead, warnings in ((MINUTE, ()), (MINUTE + SECOND, ("ClockAhead",))):
        decision = opening(TUESDAY + ahead, handled=TUESDAY)
        assert isinstance(decision, Accepted)
        assert decision.case.received_at == TUESDAY
        assert decision.warnings == warnings
