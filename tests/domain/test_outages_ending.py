"""How an outage ends: validated, told, resolved; or lowered, withdrawn, closed. And bridge calls."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.outage import OutageEnd, minutes_between
from domain.phase import Phase
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, SECOND, Story
from tests.domain.cases import answered as answered_at_rhipe
from tests.domain.dedicated_desk import DESK, INCIDENTS, MORNING, answered
from tests.domain.outage_desk import (
    CHANGE,
    NOTICE,
    declared_outage,
    lists_told,
    opened_as_outage,
    outage_of,
    to_audience,
    told_outage,
)
from tests.domain.test_outages import OUTSIDER
from tests.people import ANA, KIM

BACK = "Mail flows again"
VALIDATED = MORNING + 90 * MINUTE
CALL: dict[str, Any] = {"phone_number": "+44 20 7946 0100", "participant_code": "4711#"}
INSIDE = ["stakeholders", "operations", "technology_contacts"]


def validated(story: Story) -> Story:
    """The customer has said on a call that service is back."""
    story.say("validate_resolution", VALIDATED, text="He can send and receive", validated=True)
    return story


def restored() -> Story:
    story = validated(told_outage())
    story.say("outage_resolution_notification", VALIDATED + MINUTE, INCIDENTS, text=BACK)
    return story


# --- validated, told, resolved --------------------------------------------------------------------------


@pytest.mark.covers("DED-35")
@pytest.mark.parametrize("speaker", [INCIDENTS, ANA])
def test_nobody_is_told_that_service_is_back_before_it_is_validated(speaker: Actor) -> None:
    story = told_outage()
    refused = story.refused("outage_resolution_notification", VALIDATED, speaker, text=BACK)
    assert refused.code == "ResolutionNotValidated"
    resolving = story.refused("resolve", VALIDATED, kind="resolution", text=BACK)
    assert resolving.code == "ResolutionNotValidated"
    assert outage_of(story).is_running


@pytest.mark.covers("DED-35", "DED-33")
def test_after_the_validation_everybody_hears_it_and_then_the_case_is_resolved() -> None:
    story = told_outage(audience=("outages@customer.example",))
    story.say("validate_resolution", MORNING + HOUR, text="Does it work?")
    assert story.case.phase is Phase.VALIDATING_RESOLUTION
    early = story.refused("outage_resolution_notification", MORNING + HOUR, INCIDENTS, text=BACK)
    assert early.code == "ResolutionNotValidated"
    story.say("reply", VALIDATED, DESK, text="It does", accepts=True)
    story.say("outage_resolution_notification", VALIDATED + MINUTE, INCIDENTS, text=BACK)
    told = story.told(EffectKind.OUTAGE_RESOLVED)
    assert lists_told(told) == INSIDE
    (outside,) = [effect for effect in told if effect.audience is None]
    assert outside.addresses[0].to == "outages@customer.example"
    story.say("resolve", VALIDATED + 2 * MINUTE, kind="resolution", text=BACK)
    assert len(story.told(EffectKind.OUTAGE_RESOLVED)) == 4  # and none again
    kinds = [entry.kind for entry in story.entries]
    order = [EntryKind.VALIDATED, EntryKind.OUTAGE_RESOLVED, EntryKind.OUTAGE_ENDED, EntryKind.RESOLVED]
    assert sorted(order, key=kinds.index) == order


@pytest.mark.covers("DED-35", "DED-32")
@pytest.mark.parametrize("kind", ["resolution", "workaround"])
def test_resolving_sends_the_notice_first_where_nobody_has(kind: str) -> None:
    story = validated(told_outage())
    assert story.refused("resolve", VALIDATED + MINUTE, text=BACK).code == "ResolutionKindRequired"
    story.say("resolve", VALIDATED + MINUTE, kind=kind, text=BACK)
    told = [effect.kind for effect in story.effects if effect.caused_at == VALIDATED + MINUTE]
    assert told[:4] == [EffectKind.OUTAGE_RESOLVED] * 4
    assert EffectKind.CASE_RESOLVED in told[4:]
    assert outage_of(story).ended_by is OutageEnd.RESTORED


@pytest.mark.covers("DED-35")
def test_closing_as_resolved_keeps_the_order_too() -> None:
    story = told_outage()
    assert story.refused("close", VALIDATED, reason="resolved").code == "ResolutionNotValidated"
    validated(story).say("close", VALIDATED + MINUTE, reason="resolved", text=BACK)
    kinds = [effect.kind for effect in story.effects]
    assert kinds.index(EffectKind.OUTAGE_RESOLVED) < kinds.index(EffectKind.CASE_CLOSED)
    assert outage_of(story).ended_by is OutageEnd.RESTORED


@pytest.mark.covers("DED-35")
def test_what_was_validated_before_an_outage_says_nothing_of_it() -> None:
    story = answered(severity="A")
    story.say("validate_resolution", MORNING, text="It works", validated=True)
    story.say("change_level", MORNING + MINUTE, INCIDENTS, **CHANGE)
    refused = story.refused("outage_resolution_notification", MORNING + HOUR, INCIDENTS, text=BACK)
    assert refused.code == "ResolutionNotValidated"


def test_the_resolution_notice_counts_as_an_update_and_ends_the_repetitions() -> None:
    story = restored()
    assert story.due(Clock.UPDATE) == VALIDATED + MINUTE + HOUR
    told = len(to_audience(story))
    story.until(VALIDATED + 5 * HOUR)
    assert len(to_audience(story)) == told
    again = story.refused("outage_notification", VALIDATED + 5 * HOUR, INCIDENTS, **NOTICE)
    assert again.code == "InvalidTransition"


def test_service_that_is_back_within_the_hour_needs_no_notice_before() -> None:
    story = declared_outage()
    story.say("validate_resolution", MORNING + 20 * MINUTE, text="It works", validated=True)
    story.say("outage_resolution_notification", MORNING + 30 * MINUTE, INCIDENTS, text=BACK)
    assert len(to_audience(story, EffectKind.OUTAGE_RESOLVED)) == 4
    assert story.until(MORNING + 2 * HOUR).breaches(Clock.OUTAGE_NOTIFICATION) == []


# --- measured -------------------------------------------------------------------------------------------


@pytest.mark.covers("DED-28")
def test_minutes_run_from_the_onset_to_the_validated_restoration() -> None:
    story = restored()
    outage = outage_of(story)
    assert (outage.ended_at, outage.minutes, outage.counted_minutes) == (VALIDATED, 90, 90)
    (ended,) = story.happened(EntryKind.OUTAGE_ENDED)
    assert (ended.about, ended.count) == ("restored", 90)
    assert {effect.facts.minutes for effect in story.told(EffectKind.OUTAGE_RESOLVED)} == {90}
    before = opened_as_outage(onset_at=MORNING - 30 * MINUTE)
    before.say("outage_notification", MORNING + MINUTE, INCIDENTS, **NOTICE)
    validated(before).say("resolve", VALIDATED + HOUR, kind="workaround", text=BACK)
    assert outage_of(before).minutes == 120


@pytest.mark.covers("DED-28")
@pytest.mark.parametrize(
    ("lasted", "minutes"),
    [
        (timedelta(0), 0),
        (SECOND, 1),
        (MINUTE, 1),
        (MINUTE + SECOND, 2),
        (HOUR, 60),
        (-HOUR, 0),
    ],
)
def test_a_minute_that_has_begun_counts_whole(lasted: timedelta, minutes: int) -> None:
    assert minutes_between(MORNING, MORNING + lasted) == minutes


@pytest.mark.covers("DED-28")
def test_a_second_outage_of_a_case_is_measured_from_its_declaration_and_both_are_counted() -> None:
    story = restored()
    story.say("change_level", VALIDATED + HOUR, INCIDENTS, level="1", reason="Down again", outage=True)
    outage = outage_of(story)
    assert (outage.began_at, outage.earlier_minutes, outage.notices) == (VALIDATED + HOUR, 90, 0)
    assert story.due(Clock.OUTAGE_NOTIFICATION) == VALIDATED + 2 * HOUR
    story.say("withdraw_outage", VALIDATED + 2 * HOUR, INCIDENTS, reason="A monitor was wrong")
    assert (outage_of(story).minutes, outage_of(story).counted_minutes) == (60, 90)


# --- the other ends -------------------------------------------------------------------------------------


@pytest.mark.covers("DED-28")
def test_an_outage_ends_when_its_level_is_none_for_outages() -> None:
    story = told_outage()
    story.say("change_level", MORNING + HOUR, ANA, level="A", reason="One site is left")
    assert outage_of(story).is_running
    story.say("change_level", MORNING + 2 * HOUR, ANA, level="B", reason="A few mailboxes are left")
    outage = outage_of(story)
    assert (outage.ended_by, outage.ended_at, outage.minutes) == (
        OutageEnd.LOWERED,
        MORNING + 2 * HOUR,
        120,
    )
    told = story.told(EffectKind.OUTAGE_ENDED)
    assert lists_told(told) == [*INSIDE, "outage_audience"]
    assert {effect.facts.level for effect in told} == {"B"}
    assert {effect.facts.text for effect in told} == {"A few mailboxes are left"}


@pytest.mark.covers("DED-28")
def test_a_case_that_came_in_as_an_outage_may_be_lowered_later() -> None:
    story = opened_as_outage()
    story.say("change_level", MORNING + MINUTE, INCIDENTS, level="C", reason="One user is affected")
    assert outage_of(story).ended_by is OutageEnd.LOWERED
    assert not story.runs(Clock.OUTAGE_NOTIFICATION)
    again = story.refused("change_level", MORNING + HOUR, ANA, level="B", reason="Worse", outage=True)
    assert again.code == "OutageSeverityRequired"


@pytest.mark.covers("DED-28")
def test_an_outage_that_was_none_is_withdrawn_with_a_reason_and_never_counted() -> None:
    story = told_outage()
    assert story.refused("withdraw_outage", MORNING + HOUR, ANA, reason=" ").code == "ReasonRequired"
    story.say("withdraw_outage", MORNING + HOUR, ANA, reason="A monitor was wrong")
    outage = outage_of(story)
    assert (outage.ended_by, outage.minutes, outage.counted_minutes) == (OutageEnd.WITHDRAWN, 60, 0)
    assert story.case.level == "1"  # the level is another question
    assert lists_told(story.told(EffectKind.OUTAGE_ENDED)) == [*INSIDE, "outage_audience"]


def test_an_audience_that_never_heard_of_an_outage_hears_nothing_of_its_end() -> None:
    story = declared_outage()
    story.say("withdraw_outage", MORNING + MINUTE, INCIDENTS, reason="A monitor was wrong")
    assert lists_told(story.told(EffectKind.OUTAGE_ENDED)) == INSIDE
    assert story.until(MORNING + 2 * HOUR).breaches(Clock.OUTAGE_NOTIFICATION) == []


def test_an_outage_ends_with_a_case_its_requester_gives_up() -> None:
    story = told_outage()
    story.say("close", MORNING + HOUR, DESK, reason="requested")
    assert (outage_of(story).ended_by, outage_of(story).minutes) == (OutageEnd.CLOSED, 60)
    assert len(story.told(EffectKind.OUTAGE_ENDED)) == 4
    assert not story.runs(Clock.OUTAGE_NOTIFICATION)


def test_a_rejected_resolution_leaves_the_outage_ended_and_another_may_be_declared() -> None:
    story = restored()
    story.say("resolve", VALIDATED + HOUR, kind="resolution", text=BACK)
    story.say("reply", VALIDATED + HOUR, DESK, text="It fails again", accepts=False)
    assert outage_of(story).ended_by is OutageEnd.RESTORED
    story.say("change_level", VALIDATED + HOUR, INCIDENTS, level="1", reason="Again", outage=True)
    assert outage_of(story).is_running
    assert story.case.validated_at is None


# --- bridge calls ---------------------------------------------------------------------------------------


@pytest.mark.covers("DED-34")
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"phone_number": CALL["phone_number"]}, ("participant_code",)),
        ({"participant_code": CALL["participant_code"], "phone_number": " "}, ("phone_number",)),
        ({}, ("phone_number", "participant_code")),
    ],
)
def test_a_call_nobody_could_join_is_not_announced(given: dict[str, str], missing: tuple[str, ...]) -> None:
    refused = declared_outage().refused("start_bridge", MORNING + MINUTE, INCIDENTS, **given)
    assert (refused.code, refused.missing) == ("BridgeInfoIncomplete", missing)


@pytest.mark.covers("DED-33", "DED-34")
def test_the_customer_gets_the_number_and_the_code_and_the_case_keeps_no_code() -> None:
    story = declared_outage()
    due = story.due(Clock.UPDATE)
    story.say("start_bridge", MORNING + MINUTE, INCIDENTS, **CALL, text="We look at the transport logs")
    (told,) = story.told(EffectKind.BRIDGE_CALL)
    assert told.to is Recipient.CUSTOMER
    assert (told.facts.phone, told.facts.participant_code) == tuple(CALL.values())
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.due(Clock.UPDATE) == due  # an invitation is no news
    assert CALL["participant_code"] not in story.case.model_dump_json()
    assert all(CALL["participant_code"] not in entry.model_dump_json() for entry in story.entries)


@pytest.mark.covers("DED-33")
def test_a_call_to_see_that_service_is_back_lets_the_case_wait_for_that() -> None:
    story = told_outage()
    story.say("start_bridge", MORNING + HOUR, ANA, **CALL, to_validate=True)
    assert story.case.phase is Phase.VALIDATING_RESOLUTION
    assert story.told(EffectKind.VALIDATION_REQUEST) == []
    story.say("reply", VALIDATED, DESK, text="It works", accepts=True)
    assert (story.case.phase, story.case.validated_at) == (Phase.IN_PROGRESS, VALIDATED)


@pytest.mark.covers("DED-33")
def test_a_call_is_an_answer_to_a_case_nobody_has_answered() -> None:
    story = opened_as_outage()
    story.say("start_bridge", MORNING + MINUTE, INCIDENTS, **CALL, starts_at=MORNING + HOUR)
    assert (story.case.phase, story.case.responded_at) == (Phase.IN_PROGRESS, MORNING + MINUTE)
    assert story.due(Clock.UPDATE) == MORNING + MINUTE + HOUR
    assert story.due(Clock.OUTAGE_NOTIFICATION) == MORNING + HOUR  # it is no notice
    (told,) = story.told(EffectKind.BRIDGE_CALL)
    assert told.facts.due_at == MORNING + HOUR


@pytest.mark.covers("DED-33")
def test_a_call_begins_in_the_future_and_is_started_by_the_provider() -> None:
    story = declared_outage()
    past = story.refused("start_bridge", MORNING + MINUTE, ANA, **CALL, starts_at=MORNING)
    assert (past.code, past.missing) == ("ValidationError", ("starts_at",))
    for speaker in (DESK, OUTSIDER):
        refused = story.refused("start_bridge", MORNING + MINUTE, speaker, **CALL)
        assert refused.code == "RoleNotPermitted"


def test_a_desk_without_outages_starts_a_call_as_well_and_needs_both_details() -> None:
    story = answered_at_rhipe()
    at = story.case.timeline[-1].at + MINUTE
    code = story.refused("start_bridge", at, phone_number="+61 2 5550 0100").code
    assert code == "BridgeInfoIncomplete"
    story.say("start_bridge", at, **CALL)
    assert len(story.told(EffectKind.BRIDGE_CALL)) == 1
    assert story.refused("start_bridge", at, INCIDENTS, **CALL).code == "RoleNotPermitted"
    assert story.refused("start_bridge", at, KIM, **CALL).code == "RoleNotPermitted"


@pytest.mark.covers("DED-24", "DED-33")
def test_a_customer_asked_to_a_call_while_we_wait_for_him_is_informed_as_often_as_promised_again() -> None:
    story = answered(severity="A")
    story.say("wait_for_customer", MORNING + MINUTE, text="Since when?")
    story.say("start_bridge", MORNING + 2 * MINUTE, ANA, **CALL, to_validate=True)
    assert story.case.phase is Phase.VALIDATING_RESOLUTION
    assert story.due(Clock.UPDATE) == MORNING + 2 * MINUTE + 2 * HOUR
