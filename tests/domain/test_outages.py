"""An outage while it lasts: declared at the right levels, told inside first, then to its audience."""

from typing import Any

import pytest

from domain import case_step
from domain.actor import Actor, ActorKind, Role
from domain.case import Case
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import Address, Channel, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.phase import Phase
from domain.tenants import NOTHING_KNOWN, UNREAD, Enquiry, TenantFacts, TenantRecord, facts_of
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.cases import HOUR, MINUTE, MOST_STATE, SECOND, Story
from tests.domain.cases import answered as answered_at_rhipe
from tests.domain.dedicated_desk import CORP, DESK, INCIDENTS, MORNING, answered, not_opened, opened
from tests.domain.outage_desk import (
    CHANGE,
    DOWN,
    EXPECTED,
    LISTED,
    NOTICE,
    declared_outage,
    lists_told,
    opened_as_outage,
    outage_of,
    to_audience,
    told_outage,
)
from tests.people import ANA

OUTSIDER = Actor(kind=ActorKind.VENDOR, name="Vendor's engineer", role=Role.ENGINEER)
ONE, OTHER = "outages@customer.example", "https://hooks.customer.example/outages"

# --- declaring ------------------------------------------------------------------------------------------


@pytest.mark.covers("DED-28", "GAP-03")
def test_an_outage_begins_with_its_declaration_and_its_notice_is_due_an_hour_later() -> None:
    raised, received = declared_outage(), opened_as_outage()
    for story in (raised, received):
        outage = outage_of(story)
        assert (outage.declared_at, outage.began_at, outage.is_running) == (MORNING, MORNING, True)
        assert story.due(Clock.OUTAGE_NOTIFICATION) == MORNING + HOUR
        assert len(story.happened(EntryKind.OUTAGE_DECLARED)) == 1


@pytest.mark.covers("DED-28")
def test_a_level_the_policys_outages_do_not_have_is_refused() -> None:
    assert not_opened(severity="B", outage=True).code == "OutageSeverityRequired"
    story = answered(severity="A")
    rules = story.case.terms.outage
    assert rules is not None
    narrower = story.case.terms.model_copy(update={"outage": rules.model_copy(update={"levels": ("1",)})})
    story.case = story.case.model_copy(update={"terms": narrower, "level": "B"})
    refused = story.refused("change_level", MORNING, ANA, level="A", reason="Two sites", outage=True)
    assert refused.code == "OutageSeverityRequired"


@pytest.mark.covers("DED-28")
def test_an_outage_is_declared_without_a_change_of_the_level_too() -> None:
    story = answered(severity="A")
    again = {"level": "A", "reason": "It is the whole site"}
    assert story.refused("change_level", MORNING, ANA, **again).code == "NoChange"
    story.say("change_level", MORNING, ANA, **again, outage=True)
    assert outage_of(story).is_running
    assert story.happened(EntryKind.LEVEL_CHANGED) == []
    assert story.told(EffectKind.LEVEL_CHANGED) == []
    assert story.refused("change_level", MORNING + MINUTE, ANA, **again, outage=True).code == "NoChange"


def test_a_policy_without_outages_keeps_the_word_and_starts_nothing() -> None:
    story = answered_at_rhipe(outage=True)
    assert story.case.outage is None
    assert not story.runs(Clock.OUTAGE_NOTIFICATION)


@pytest.mark.covers("DED-28")
def test_an_outage_is_measured_from_its_onset_where_that_is_known() -> None:
    story = opened_as_outage(onset_at=MORNING - 90 * MINUTE)
    assert (outage_of(story).began_at, outage_of(story).declared_at) == (MORNING - 90 * MINUTE, MORNING)


# --- inside first ---------------------------------------------------------------------------------------


@pytest.mark.covers("DED-29", "GAP-27")
def test_our_lists_hear_of_an_outage_first_and_the_audience_not_yet() -> None:
    story = declared_outage(business_impact="All mail is down")
    inside = story.told(EffectKind.OUTAGE_DECLARED)
    assert lists_told(inside) == ["stakeholders", "operations", "technology_contacts"]
    assert {effect.audience.tenant for effect in inside if effect.audience} == {CORP}
    assert all(effect.addresses == () for effect in inside)  # who is on a list is looked up when it is told
    assert {effect.facts.text for effect in inside} == {CHANGE["reason"]}
    assert to_audience(story) == []


@pytest.mark.covers("DED-29", "GAP-27")
def test_an_empty_list_is_noted_and_blocks_nothing() -> None:
    story = declared_outage(facts=LISTED.model_copy(update={"audiences": ("operations",)}))
    assert lists_told(story.told(EffectKind.OUTAGE_DECLARED)) == ["operations"]
    (entry,) = story.happened(EntryKind.AUDIENCE_MISSING)
    assert (entry.about, entry.internal) == ("stakeholders, technology_contacts", True)
    assert story.decision.warnings == ("AudienceMissing",)  # type: ignore[union-attr]
    assert outage_of(story).is_running


@pytest.mark.covers("GAP-27")
@pytest.mark.parametrize("facts", [None, UNREAD])
def test_lists_nobody_could_ask_about_are_told_all_the_same(facts: TenantFacts | None) -> None:
    story = declared_outage(facts=facts)
    assert len(story.told(EffectKind.OUTAGE_DECLARED)) == 3
    story.say("outage_notification", MORNING + MINUTE, INCIDENTS, **NOTICE)
    assert lists_told(to_audience(story)) == ["outage_audience"]


@pytest.mark.covers("GAP-27")
def test_a_case_learns_which_lists_a_tenant_has_and_not_who_is_on_them() -> None:
    record = TenantRecord(tenant=CORP, audiences={"stakeholders": ("a@b.example",), "operations": ()})
    facts = facts_of(record, Enquiry(tenant=CORP), None)
    assert facts.audiences == ("stakeholders",)
    assert "a@b.example" not in facts.model_dump_json()


# --- the notice -----------------------------------------------------------------------------------------


@pytest.mark.covers("DED-30")
@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (("incident_details",), ("incident_details",)),
        (("impact", "expected_resolution_at"), ("impact", "expected_resolution_at")),
        (tuple(NOTICE), ("incident_details", "impact", "expected_resolution_at")),
    ],
)
def test_a_notice_that_lacks_something_names_all_that_is_missing(
    left_out: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    story = declared_outage()
    said = {**NOTICE, **dict.fromkeys(left_out)}
    refused = story.refused("outage_notification", MORNING + MINUTE, INCIDENTS, **said)
    assert (refused.code, refused.missing) == ("OutageNotificationIncomplete", missing)
    blank = {**NOTICE, "impact": " "}
    again = story.refused("outage_notification", MORNING + MINUTE, INCIDENTS, **blank)
    assert (again.code, again.missing) == ("OutageNotificationIncomplete", ("impact",))


@pytest.mark.covers("DED-30")
def test_service_is_never_expected_back_in_the_past() -> None:
    story = declared_outage()
    past = {**NOTICE, "expected_resolution_at": MORNING + MINUTE - SECOND}
    refused = story.refused("outage_notification", MORNING + MINUTE, INCIDENTS, **past)
    assert (refused.code, refused.missing) == ("ValidationError", ("expected_resolution_at",))
    now = {**NOTICE, "expected_resolution_at": MORNING + MINUTE}
    assert isinstance(story.say("outage_notification", MORNING + MINUTE, INCIDENTS, **now), Accepted)


@pytest.mark.covers("DED-30")
@pytest.mark.parametrize("speaker", [INCIDENTS, ANA])
def test_a_notice_in_time_keeps_the_promise_and_counts_as_an_update(speaker: Actor) -> None:
    story = declared_outage()
    duty = story.due(Clock.CUSTOMER_UPDATE)
    at = MORNING + 15 * MINUTE
    story.say("outage_notification", at, speaker, **NOTICE)
    assert not story.runs(Clock.OUTAGE_NOTIFICATION)
    assert story.due(Clock.UPDATE) == at + HOUR
    assert story.due(Clock.CUSTOMER_UPDATE) == duty  # the customer has told us nothing
    assert story.case.score.staff == 1
    assert (outage_of(story).notices, outage_of(story).noticed_at) == (1, at)


@pytest.mark.covers("DED-30")
@pytest.mark.parametrize("speaker", [DESK, OUTSIDER])
def test_nobody_else_sends_a_notice(speaker: Actor) -> None:
    refused = declared_outage().refused("outage_notification", MORNING + MINUTE, speaker, **NOTICE)
    assert refused.code == "RoleNotPermitted"


@pytest.mark.covers("DED-30")
def test_without_an_outage_there_is_nothing_to_notify_of() -> None:
    refused = answered(severity="A").refused("outage_notification", MORNING, INCIDENTS, **NOTICE)
    assert (refused.code, refused.remedy) == (
        "InvalidTransition",
        "declare one: change the level, with outage",
    )


@pytest.mark.covers("DED-30")
def test_a_notice_is_the_initial_response_where_nobody_has_answered() -> None:
    story = opened_as_outage()
    assert story.due(Clock.INITIAL_RESPONSE) == MORNING + HOUR
    story.say("outage_notification", MORNING + 10 * MINUTE, INCIDENTS, **NOTICE)
    assert not story.runs(Clock.INITIAL_RESPONSE)
    assert (story.case.phase, story.case.responded_at) == (Phase.IN_PROGRESS, MORNING + 10 * MINUTE)
    assert story.due(Clock.UPDATE) == story.due(Clock.CUSTOMER_UPDATE) == MORNING + 70 * MINUTE


@pytest.mark.covers("DED-30", "GAP-03")
def test_a_notice_that_is_late_is_a_breach_once_and_is_kept_late() -> None:
    story = declared_outage()
    story.until(MORNING + HOUR)
    (breach,) = story.breaches(Clock.OUTAGE_NOTIFICATION)
    assert (breach.due_at, breach.late_seconds) == (MORNING + HOUR, None)
    (notice,) = [
        one for one in story.told(EffectKind.BREACH_NOTICE) if one.about == Clock.OUTAGE_NOTIFICATION
    ]
    assert notice.to is Recipient.TSS
    story.say("outage_notification", MORNING + 65 * MINUTE, INCIDENTS, **NOTICE)
    (breach,) = story.breaches(Clock.OUTAGE_NOTIFICATION)
    assert breach.late_seconds == 300


@pytest.mark.covers("DED-30")
def test_a_notice_received_at_the_due_instant_is_in_time() -> None:
    story = declared_outage()
    story.say("outage_notification", MORNING + HOUR, INCIDENTS, handled=MORNING + 2 * HOUR, **NOTICE)
    assert story.breaches(Clock.OUTAGE_NOTIFICATION) == []


# --- who hears it ---------------------------------------------------------------------------------------


@pytest.mark.covers("DED-30")
def test_each_address_a_notice_names_is_told_once_under_an_id_that_hides_it() -> None:
    story = told_outage(audience=(ONE, OTHER, ONE))
    told = to_audience(story)
    assert [effect.addresses for effect in told] == [
        (Address(channel=Channel.EMAIL, to=ONE),),
        (Address(channel=Channel.WEBHOOK, to=OTHER),),
    ]
    assert len({effect.id for effect in told}) == 2
    assert not any("customer.example" in effect.id for effect in told)
    facts = told[0].facts
    assert (facts.text, facts.impact, facts.expected_at) == (DOWN, NOTICE["impact"], EXPECTED)
    assert facts.next_update_at == MORNING + 80 * MINUTE


@pytest.mark.covers("DED-30")
@pytest.mark.parametrize("audience", [("nobody",), ("a b@c.example",), ("ftp://c.example",), ("a@b",) * 11])
def test_an_audience_has_addresses_and_few_of_them(audience: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="audience"):
        told_outage(audience=audience)


@pytest.mark.covers("DED-30", "GAP-27")
def test_without_an_address_the_tenants_list_is_told_by_its_name() -> None:
    (told,) = to_audience(told_outage())
    assert told.audience is not None
    assert (told.audience.tenant, told.audience.name, told.addresses) == (CORP, "outage_audience", ())
    assert told.id.endswith("/outage_notice/audience:outage_audience")


@pytest.mark.covers("DED-30")
@pytest.mark.parametrize("facts", [NOTHING_KNOWN, LISTED.model_copy(update={"audiences": ("operations",)})])
def test_without_any_audience_the_contact_of_the_case_is_told(facts: TenantFacts) -> None:
    story = declared_outage(facts=facts)
    story.say("outage_notification", MORNING + MINUTE, INCIDENTS, **NOTICE)
    (told,) = story.told(EffectKind.OUTAGE_NOTICE)
    assert told.to is Recipient.CUSTOMER
    assert story.decision.warnings == ("AudienceMissing",)  # type: ignore[union-attr]
    assert story.happened(EntryKind.AUDIENCE_MISSING)[-1].about == "outage_audience"


@pytest.mark.covers("DED-30", "GAP-29")
@pytest.mark.parametrize("named", [{}, {"audience": (ONE, OTHER)}])
def test_what_no_audience_has_taken_the_contact_hears_once(named: dict[str, Any]) -> None:
    story = told_outage(**named)
    lost = to_audience(story)
    outcomes = tuple(
        Outcome(effect_id=one.id, status=OutcomeStatus.UNDELIVERABLE, reason="refused") for one in lost
    )
    story.adopt(case_step.delivery_ended(story.case, tuple(lost), outcomes, MORNING + 30 * MINUTE))
    again = [one for one in story.told(EffectKind.OUTAGE_NOTICE) if one.to is Recipient.CUSTOMER]
    assert len({one.id for one in again}) == 1
    assert again[0].id == lost[0].id.rpartition("/")[0] + "/customer"
    assert (again[0].facts.text, again[0].facts.expected_at) == (DOWN, EXPECTED)
    assert len(story.happened(EntryKind.AUDIENCE_MISSING)) == len(lost)


@pytest.mark.covers("DED-29", "GAP-29")
def test_a_list_of_ours_nobody_could_reach_is_noted_and_goes_to_nobody_else() -> None:
    story = declared_outage()
    (lost, *_) = story.told(EffectKind.OUTAGE_DECLARED)
    outcome = Outcome(effect_id=lost.id, status=OutcomeStatus.UNDELIVERABLE, reason="nobody is on it")
    story.adopt(case_step.delivery_ended(story.case, (lost,), (outcome,), MORNING + MINUTE))
    assert len(story.told(EffectKind.OUTAGE_DECLARED)) == 3
    assert len(story.happened(EntryKind.DELIVERY_FAILED)) == 1


# --- the cadence ----------------------------------------------------------------------------------------


@pytest.mark.covers("DED-31")
@pytest.mark.parametrize(("level", "every"), [("1", HOUR), ("A", 2 * HOUR)])
def test_more_notices_come_at_the_cadence_of_the_level(level: str, every: Any) -> None:
    story = answered(severity="B", facts=LISTED)
    story.say("change_level", MORNING, INCIDENTS, **CHANGE | {"level": level})
    story.say("outage_notification", MORNING, INCIDENTS, **NOTICE)
    story.until(MORNING + 2 * every)
    _, second, third = to_audience(story)
    assert [second.caused_at, third.caused_at] == [MORNING + every, MORNING + 2 * every]
    assert (second.about, second.facts.stale, second.facts.last_at) == ("repeated", True, MORNING)
    assert (second.facts.text, second.facts.impact, second.facts.expected_at) == (
        DOWN,
        NOTICE["impact"],
        EXPECTED,
    )


@pytest.mark.covers("DED-31")
def test_a_notice_in_between_restarts_the_cadence() -> None:
    story = told_outage()
    at = MORNING + 50 * MINUTE
    story.say("outage_notification", at, INCIDENTS, **NOTICE)
    assert story.due(Clock.UPDATE) == at + HOUR
    assert outage_of(story).notices == 2


@pytest.mark.covers("DED-31")
def test_news_the_customer_is_told_meanwhile_reach_the_audience_too() -> None:
    story = told_outage()
    story.say("post_update", MORNING + 40 * MINUTE, ANA, text="The store is being mounted")
    news = to_audience(story)[-1]
    assert (news.about, news.facts.text, news.facts.next_update_at) == (
        "news",
        "The store is being mounted",
        MORNING + 100 * MINUTE,
    )


@pytest.mark.covers("DED-31")
def test_nothing_is_repeated_before_a_first_notice_and_nothing_twice_to_the_contact() -> None:
    silent = declared_outage().until(MORNING + 3 * HOUR)
    assert to_audience(silent) == []
    story = declared_outage(facts=NOTHING_KNOWN)
    story.say("outage_notification", MORNING, INCIDENTS, **NOTICE)
    story.until(MORNING + 3 * HOUR)
    assert len(story.told(EffectKind.OUTAGE_NOTICE)) == 1
    assert len(story.told(EffectKind.STATUS_UPDATE)) == 3


@pytest.mark.covers("DED-31")
def test_however_long_we_were_away_one_notice_is_repeated() -> None:
    story = told_outage().away_until(MORNING + 9 * HOUR)
    assert len(to_audience(story)) == 2


@pytest.mark.covers("DED-31")
def test_addresses_once_named_stay_the_audience_until_others_are_named() -> None:
    story = told_outage(audience=(ONE,))
    story.say("outage_notification", MORNING + HOUR, INCIDENTS, **NOTICE)
    story.say("outage_notification", MORNING + 2 * HOUR, INCIDENTS, **NOTICE, audience=(OTHER,))
    told = [effect.addresses[0].to for effect in to_audience(story)]
    assert told == [ONE, ONE, OTHER]


# --- what is seen of it ---------------------------------------------------------------------------------


def _read_again(story: Story) -> Case:
    return Case.model_validate_json(story.case.model_dump_json())


@pytest.mark.covers("DED-28")
def test_staff_see_the_whole_outage_and_the_customer_its_measures() -> None:
    story = told_outage(audience=(ONE,))
    assert view(_read_again(story)).outage == story.case.outage
    seen = customer_view(story.case)
    assert seen.outage == outage_of(story).span
    assert ONE not in seen.model_dump_json()
    due = [row.clock for row in customer_view(declared_outage().case).deadlines]
    assert Clock.OUTAGE_NOTIFICATION in due


def test_a_case_that_never_had_an_outage_has_none() -> None:
    assert customer_view(opened().case).outage is None


# --- bounds ---------------------------------------------------------------------------------------------


def test_however_much_is_told_the_case_stays_small_and_ids_are_told_apart() -> None:
    story = declared_outage()
    audience = tuple(f"{'a' * 60}{number}@customer.example" for number in range(10))
    for number in range(200):
        said = {**NOTICE, "incident_details": "あ" * 2700, "impact": "い" * 2700, "audience": audience}
        at = MORNING + (number + 1) * MINUTE
        story.say("outage_notification", at, INCIDENTS, **said)
    assert len(story.case.model_dump_json().encode()) <= MOST_STATE
    ids = [effect.id for effect in story.effects]
    assert len(set(ids)) == len(ids)
    assert max(len((effect.facts.impact or "").encode()) for effect in story.effects) <= 2 * 1024


def test_an_outage_outlives_terms_that_know_no_outages() -> None:
    story = told_outage()
    story.case = story.case.model_copy(
        update={"terms": story.case.terms.model_copy(update={"outage": None}), "validated_at": MORNING}
    )
    story.say("outage_notification", MORNING + HOUR, ANA, incident_details=DOWN)
    story.say("outage_resolution_notification", MORNING + 2 * HOUR, ANA, text="Mail flows")
    assert not outage_of(story).is_running


def test_a_case_linked_to_an_outage_is_none_until_somebody_declares_it() -> None:
    story = opened_as_outage()
    story.say("close", MORNING + MINUTE, DESK, reason="requested")
    story.say("reopen", MORNING + HOUR, DESK, reason="It is back")
    (effect,) = story.told(EffectKind.LINKED_CASE)
    assert case_step.linked_request(story.case, effect).outage is False
