"""A case of the overview while it lives: its scope, where else it is tracked, its end, and its return."""

from datetime import datetime, timedelta

import pytest

from domain.clocks import Clock
from domain.decision import Accepted, Declined
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind
from domain.verbs import Verb
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.cases import DAY, HOUR, MINUTE, SECOND, Story
from tests.domain.overview_desk import (
    ADMIN,
    BARE,
    BILLING,
    ENGINEER,
    ORDINARY,
    PREMIER,
    ROBIN,
    WEDNESDAY,
    held_to,
    overview,
    refused,
    taken,
    unreadable,
)


def answered() -> Story:
    """A premier case, answered ten minutes after receipt."""
    story = taken(PREMIER)
    story.say("respond", WEDNESDAY + 10 * MINUTE, ENGINEER, text="We look at the connectors.")
    return story


def closed(at: datetime = WEDNESDAY + HOUR) -> Story:
    """A premier case, solved, and closed on its requester's word."""
    story = answered()
    story.say("resolve", at - MINUTE, ENGINEER, kind="resolution", text="A connector was off.")
    story.say("reply", at, ROBIN, text="It works.", accepts=True)
    assert story.case.phase is Phase.CLOSED
    return story


# --- its scope -------------------------------------------------------------------------------------------


@pytest.mark.covers("O365-25")
def test_the_engineer_is_told_at_once_that_the_scope_has_grown() -> None:
    story = answered()
    at = WEDNESDAY + 20 * MINUTE
    story.say("update_scope", at, ROBIN, text="Now the second office too", users_affected=90)
    (told,) = story.told(EffectKind.SCOPE_CHANGED)
    assert (told.to, told.caused_at, told.about) == (Recipient.ASSIGNEE, at, None)
    assert (told.facts.text, told.facts.count) == ("Now the second office too", 90)
    assert told.facts.owner == ENGINEER.name
    assert story.case.request.users_affected == 90


@pytest.mark.covers("O365-25")
def test_a_worse_impact_asks_for_a_review_of_the_severity_and_changes_nothing_by_itself() -> None:
    story = answered()
    at = WEDNESDAY + 20 * MINUTE
    story.say("update_scope", at, ROBIN, text="It got worse", business_impact="Orders are lost")
    (told,) = story.told(EffectKind.SCOPE_CHANGED)
    assert (told.to, told.about, told.caused_at) == (Recipient.ASSIGNEE, "review", at)
    (entry,) = story.happened(EntryKind.SCOPE_UPDATED)
    assert (entry.about, entry.text) == ("review", "It got worse\nOrders are lost")
    assert (story.case.level, view(story.case).business_impact) == ("B", "Orders are lost")


@pytest.mark.covers("O365-25")
def test_a_closed_case_hears_of_no_scope_any_more() -> None:
    story = closed()
    at = story.case.closed_at
    assert at is not None
    for actor in (ROBIN, ENGINEER):
        answer = story.refused("update_scope", at + MINUTE, actor, text="Worse", worse=True)
        assert (answer.code, answer.remedy) == ("CaseClosed", "reopen it, or open a new one")


@pytest.mark.covers("O365-25", "O365-21")
def test_a_scope_of_no_users_is_none() -> None:
    answer = unreadable(Verb.UPDATE_SCOPE, text="Worse", users_affected=0)
    assert (answer.code, answer.missing) == ("ValidationError", ("users_affected",))


# --- tracked elsewhere -----------------------------------------------------------------------------------


@pytest.mark.covers("O365-26")
def test_what_is_tracked_elsewhere_is_shown_so_to_staff_and_customer() -> None:
    story = answered()
    assert not customer_view(story.case).tracked_elsewhere
    story.say("track_elsewhere", WEDNESDAY + HOUR, ENGINEER, system="Escalation desk", external_ref="ESC-77")
    tracking = view(story.case).external_tracking
    assert tracking is not None
    assert (tracking.system, tracking.reference) == ("Escalation desk", "ESC-77")
    assert customer_view(story.case).tracked_elsewhere
    assert story.happened(EntryKind.TRACKED_ELSEWHERE)[0].about == "Escalation desk ESC-77"
    assert story.case.phase is Phase.IN_PROGRESS


@pytest.mark.covers("O365-26")
def test_its_own_clocks_run_on_meanwhile() -> None:
    story = taken(PREMIER)
    before = story.case.clocks
    story.say("track_elsewhere", WEDNESDAY + MINUTE, ENGINEER, system="Escalation desk", external_ref="77")
    assert story.case.clocks == before
    assert len(story.until(WEDNESDAY + 2 * HOUR).breaches(Clock.INITIAL_RESPONSE)) == 1


@pytest.mark.covers("O365-26")
def test_a_cadence_an_operator_has_set_goes_on_meanwhile() -> None:
    policy = overview()
    levels = tuple(one.model_copy(update={"update_every": HOUR}) for one in policy.rules.levels)
    rules = policy.rules.model_copy(update={"levels": levels})
    under = held_to("premier-o365", policy=policy.model_copy(update={"rules": rules}))
    story = taken(PREMIER, under=under)
    story.say("respond", WEDNESDAY, ENGINEER, text="We look at it.")
    story.say("track_elsewhere", WEDNESDAY + MINUTE, ENGINEER, system="Escalation desk", external_ref="77")
    story.until(WEDNESDAY + 3 * HOUR)
    due = [effect.facts.due_at for effect in story.told(EffectKind.STATUS_UPDATE)]
    assert due == [WEDNESDAY + hours * HOUR for hours in (1, 2, 3)]


@pytest.mark.covers("O365-26")
@pytest.mark.parametrize("reference", ["", "   ", None])
def test_a_reference_there_is_not_empty(reference: str | None) -> None:
    answer = unreadable(Verb.TRACK_ELSEWHERE, system="Escalation desk", external_ref=reference)
    assert (answer.code, answer.missing) == ("ValidationError", ("external_ref",))


# --- its end ---------------------------------------------------------------------------------------------


@pytest.mark.covers("CONF-09")
def test_silence_closes_nothing_and_nobody_has_to_confirm() -> None:
    story = answered()
    story.say("resolve", WEDNESDAY + HOUR, ENGINEER, kind="resolution", text="A connector was off.")
    story.until(WEDNESDAY + 60 * DAY)
    assert story.case.phase is Phase.RESOLVED
    assert story.told(EffectKind.CONFIRM_RESOLUTION, EffectKind.CSAT_SURVEY) == []
    story.say("close", WEDNESDAY + 60 * DAY, ENGINEER, reason="resolved")
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.RESOLVED)


@pytest.mark.covers("CONF-09")
def test_the_customers_yes_closes_it_too() -> None:
    assert closed().case.close_reason is CloseReason.CUSTOMER_CONFIRMED


# --- its return ------------------------------------------------------------------------------------------


@pytest.mark.covers("O365-23")
def test_a_reopened_case_is_the_same_one_with_all_of_its_history() -> None:
    story = closed()
    before = story.case
    at = WEDNESDAY + 90 * DAY
    assert isinstance(story.say("reopen", at, ROBIN, reason="Mail is stuck again"), Accepted)
    assert (story.case.id, story.case.number) == (before.id, before.number)
    assert story.case.timeline[: len(before.timeline)] == before.timeline
    assert [entry.number for entry in story.entries] == list(range(1, story.case.entries + 1))
    assert (story.case.phase, story.case.reopens) == (Phase.IN_PROGRESS, 1)
    assert (story.case.level, story.case.assignee) == (before.level, ENGINEER.name)
    assert story.due(Clock.INITIAL_RESPONSE) == at + 2 * HOUR


@pytest.mark.covers("O365-23")
def test_the_assigned_engineer_is_told_that_it_is_back_and_why() -> None:
    story = closed()
    story.say("reopen", WEDNESDAY + DAY, ROBIN, reason="Mail is stuck again")
    told = story.effects[-1]
    assert (told.kind, told.to, told.about) == (EffectKind.CUSTOMER_REPLIED, Recipient.ASSIGNEE, "reopened")
    assert (told.facts.owner, told.facts.text) == (ENGINEER.name, "Mail is stuck again")
    assert told.case_number == story.case.number
    history = [entry.kind for entry in told.facts.history]
    assert (history[0], history[-1]) == (EntryKind.SUBMITTED, EntryKind.CLOSED)


@pytest.mark.covers("O365-23")
def test_a_case_that_is_not_closed_cannot_be_reopened() -> None:
    story = taken(ORDINARY)
    assert story.refused("reopen", WEDNESDAY + MINUTE, ADMIN).code == "CaseNotClosed"
    story = answered()
    assert story.refused("reopen", WEDNESDAY + HOUR, ROBIN).code == "CaseNotClosed"
    story.say("resolve", WEDNESDAY + HOUR, ENGINEER, kind="workaround", text="Use the browser.")
    assert story.refused("reopen", WEDNESDAY + 2 * HOUR, ROBIN).code == "CaseNotClosed"


@pytest.mark.covers("O365-23")
@pytest.mark.parametrize(("late", "same"), [(timedelta(0), True), (SECOND, False)])
def test_it_can_be_reopened_as_long_as_the_policy_says_and_is_a_linked_one_after(
    late: timedelta, same: bool
) -> None:
    story = closed()
    window = overview().rules.closing.reopen_within
    assert window is not None
    until = WEDNESDAY + HOUR + window
    assert story.due(Clock.REOPEN_WINDOW) == until
    decision = story.say("reopen", until + late, ROBIN, reason="Mail is stuck again")
    if same:
        assert (story.case.phase, story.case.reopens) == (Phase.IN_PROGRESS, 1)
    else:
        assert isinstance(decision, Declined)
        assert (decision.code, len(decision.case.linked_cases)) == ("ReopenWindowExpired", 1)


def test_a_request_that_only_claims_to_continue_a_case_is_asked_for_everything() -> None:
    lacking = refused(PREMIER, linked_to="case-of-somebody-else", is_ours=False, **BARE)
    assert "business_impact" in lacking.missing
    billed = refused(BILLING, linked_to="case-of-somebody-else", is_ours=False, verification=None)
    assert (billed.code, billed.missing) == ("VerificationIncomplete", ("verification",))


def test_a_request_that_does_continue_a_case_of_the_tenant_is_not_asked_again() -> None:
    story = taken(BILLING, linked_to="case-of-ours", is_ours=True, verification=None)
    assert story.case.phase is Phase.RECEIVED
