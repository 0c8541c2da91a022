"""Severity under o365-dedicated: whose word it is, what a change takes, and what it does to the clocks."""

from typing import Any

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.case import LevelSource
from domain.clocks import Clock
from domain.effects import EffectKind
from domain.phase import Phase
from domain.policy import LevelRule
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, SECOND, Story
from tests.domain.dedicated_desk import (
    DESK,
    END_USER,
    INCIDENTS,
    MORNING,
    answered,
    held_to,
    not_opened,
    opened,
    resolved,
    running,
)
from tests.people import ANA

MACHINE = Actor(kind=ActorKind.SYSTEM)
WORSE = "Nobody can send mail"
BETTER = "Mail flows again; sharing calendars is still impaired"


# --- whose word it is -----------------------------------------------------------------------------------


@pytest.mark.covers("DED-18")
@pytest.mark.parametrize("severity", ["A", "B", "C", "D"])
def test_the_severity_the_customer_determined_stands(severity: str) -> None:
    story = opened(severity=severity, users_affected=1, workaround=True)
    assert (story.case.level, story.case.level_source) == (severity, LevelSource.REQUESTER)
    assert story.decision.warnings == ()  # type: ignore[union-attr]


@pytest.mark.covers("DED-18")
@pytest.mark.parametrize("speaker", [ANA, INCIDENTS])
@pytest.mark.parametrize("reason", [None, "", "  "])
def test_whoever_disputes_the_customers_severity_gives_a_reason(speaker: Actor, reason: str | None) -> None:
    story = answered(severity="A")
    refused = story.refused(
        "change_level", MORNING + MINUTE, speaker, level="B", reason=reason, business_impact=BETTER
    )
    assert (refused.code, refused.missing) == ("ReasonRequired", ("reason",))


@pytest.mark.covers("DED-18")
@pytest.mark.parametrize(("speaker", "source"), [(ANA, LevelSource.STAFF), (INCIDENTS, LevelSource.VENDOR)])
def test_a_dispute_with_its_reason_is_recorded_and_told(speaker: Actor, source: LevelSource) -> None:
    story = answered(severity="A")
    story.say("change_level", MORNING + MINUTE, speaker, level="B", reason="One site of four is affected")
    assert (story.case.level, story.case.level_source) == ("B", source)
    (entry,) = story.happened(EntryKind.LEVEL_CHANGED)
    assert (entry.about, entry.text, entry.by) == ("A -> B", "One site of four is affected", speaker.label)
    (told,) = story.told(EffectKind.LEVEL_CHANGED)
    assert told.facts.reason == "One site of four is affected"


@pytest.mark.covers("DED-22")
@pytest.mark.parametrize("actor", [DESK, MACHINE])
def test_nobody_but_the_provider_opens_a_severity_1(actor: Actor) -> None:
    refused = not_opened(actor=actor, severity="1")
    assert (refused.code, refused.remedy) == ("SeverityNotPermitted", "use A")


@pytest.mark.covers("DED-22")
@pytest.mark.parametrize("speaker", [DESK, END_USER])
def test_nobody_but_the_provider_raises_a_case_to_severity_1(speaker: Actor) -> None:
    story = answered(severity="A")
    refused = story.refused(
        "change_level", MORNING + MINUTE, speaker, level="1", reason="All sites", business_impact=WORSE
    )
    assert (refused.code, refused.remedy) == ("SeverityNotPermitted", "use A")


@pytest.mark.covers("DED-22")
@pytest.mark.parametrize(("speaker", "source"), [(ANA, LevelSource.STAFF), (INCIDENTS, LevelSource.VENDOR)])
def test_the_provider_declares_a_severity_1_at_opening_and_later(speaker: Actor, source: LevelSource) -> None:
    story = opened(actor=speaker, severity="1")
    assert (story.case.level, story.case.level_source) == ("1", source)
    later = answered(severity="B")
    later.say("change_level", MORNING + MINUTE, speaker, level="1", reason="Several customers are down")
    assert (later.case.level, later.case.level_source) == ("1", source)


@pytest.mark.covers("DED-22")
@pytest.mark.parametrize("role", [None, Role.ENGINEER, Role.CASE_MANAGER, Role.SDM, Role.SERVICE_DESK])
@pytest.mark.parametrize("severity", ["1", "B"])
def test_a_vendors_engineer_is_not_taken_for_the_provider(role: Role | None, severity: str) -> None:
    outsider = Actor(kind=ActorKind.VENDOR, name="Vera", role=role)
    assert not_opened(actor=outsider, severity=severity).code == "RoleNotPermitted"
    story = answered(severity="A")
    refused = story.refused("change_level", MORNING + MINUTE, outsider, level=severity, reason="Several")
    assert refused.code == "RoleNotPermitted"


@pytest.mark.covers("DED-22")
def test_terms_written_before_0_4_keep_their_level_to_the_provider() -> None:
    level = held_to().level("1")
    before = level.model_dump(exclude={"provider_only"}) | {"vendor_only": True}
    assert LevelRule.model_validate(before) == level


# --- what a change takes --------------------------------------------------------------------------------


@pytest.mark.covers("DED-19")
@pytest.mark.parametrize("statement", [None, "", "  ", "Mail flow is impaired", " Mail flow is impaired\n"])
def test_the_customer_changes_the_severity_only_with_a_new_statement_of_the_impact(
    statement: str | None,
) -> None:
    story = answered(severity="A")
    refused = story.refused("change_level", MORNING + MINUTE, DESK, level="B", business_impact=statement)
    assert (refused.code, refused.missing) == ("BusinessImpactStatementRequired", ("business_impact",))
    assert story.case.level == "A"


@pytest.mark.covers("DED-19")
def test_a_new_statement_changes_the_severity_and_is_the_one_in_force_from_then_on() -> None:
    story = answered(severity="A")
    story.say("change_level", MORNING + MINUTE, DESK, level="B", business_impact=BETTER)
    assert (story.case.level, story.case.business_impact) == ("B", BETTER)
    again = story.refused("change_level", MORNING + HOUR, DESK, level="A", business_impact=BETTER)
    assert again.code == "BusinessImpactStatementRequired"
    story.say("change_level", MORNING + HOUR, DESK, level="A", business_impact=WORSE)
    assert (story.case.level, story.case.business_impact) == ("A", WORSE)


@pytest.mark.covers("DED-19")
@pytest.mark.parametrize(
    ("speaker", "said"), [(DESK, {"business_impact": WORSE}), (ANA, {"reason": "As agreed"})]
)
def test_the_severity_in_force_is_no_change(speaker: Actor, said: dict[str, str]) -> None:
    story = answered(severity="A")
    assert story.refused("change_level", MORNING + MINUTE, speaker, level="A", **said).code == "NoChange"
    assert story.case.business_impact == "Mail flow is impaired"


@pytest.mark.covers("DED-19")
def test_the_severity_of_a_closed_case_is_never_changed() -> None:
    story = resolved()
    story.say("close", MORNING + MINUTE, reason="resolved")
    change = {"level": "A", "business_impact": WORSE}
    assert story.refused("change_level", MORNING + 2 * MINUTE, DESK, **change).code == "CaseClosed"
    assert story.until(MORNING + HOUR).case.phase is Phase.ARCHIVED
    assert story.refused("change_level", MORNING + HOUR, DESK, **change).code == "CaseClosed"


def _awaiting_customer(story: Story) -> None:
    story.say("wait_for_customer", MORNING, text="Since when?")


def _validating(story: Story) -> None:
    story.say("validate_resolution", MORNING, text="Does it work?")


@pytest.mark.covers("DED-19")
@pytest.mark.parametrize("bring", [lambda story: None, _awaiting_customer, _validating])
def test_the_severity_may_be_changed_at_any_time_the_case_is_open(bring: Any) -> None:
    before, after = opened(), answered()
    bring(after)
    for story in (before, after):
        story.say("change_level", MORNING + MINUTE, DESK, level="A", business_impact=WORSE)
        assert story.case.level == "A"


# --- what it does to the clocks -------------------------------------------------------------------------


@pytest.mark.covers("GAP-03", "DED-22")
def test_a_severity_1_is_answered_within_an_hour_of_its_declaration() -> None:
    story = opened(actor=INCIDENTS, severity="1")
    assert story.due(Clock.INITIAL_RESPONSE) == MORNING + HOUR
    advisory = opened(severity="D")  # no target of its own that could come first
    advisory.say("change_level", MORNING + 5 * HOUR, INCIDENTS, level="1", reason="Several customers")
    assert advisory.due(Clock.INITIAL_RESPONSE) == MORNING + 6 * HOUR
    urgent = opened(severity="B")
    urgent.say("change_level", MORNING + 20 * MINUTE, INCIDENTS, level="1", reason="Several customers")
    assert urgent.due(Clock.INITIAL_RESPONSE) == MORNING + HOUR  # what was promised first stands


@pytest.mark.covers("DED-19", "DED-23")
def test_after_the_response_both_cadences_follow_the_severity_from_the_change_on() -> None:
    story = answered(severity="B")
    changed = MORNING + 3 * HOUR + SECOND
    story.say("change_level", changed, INCIDENTS, level="1", reason="Several customers are down")
    assert story.due(Clock.UPDATE) == story.due(Clock.CUSTOMER_UPDATE) == changed + HOUR
    story.say("change_level", changed + MINUTE, ANA, level="A", reason="The others are back")
    assert story.due(Clock.UPDATE) == story.due(Clock.CUSTOMER_UPDATE) == changed + MINUTE + 2 * HOUR
    story.say("change_level", changed + HOUR, DESK, level="C", business_impact=BETTER)
    assert running(story.case) == [Clock.UPDATE]
    assert story.due(Clock.UPDATE) == changed + 73 * HOUR
    assert not story.runs(Clock.INITIAL_RESPONSE)


# --- outages --------------------------------------------------------------------------------------------


@pytest.mark.covers("DED-28")
@pytest.mark.parametrize("severity", ["B", "C", "D"])
@pytest.mark.parametrize("plan", ["dedicated", "itar"])
def test_an_outage_is_never_opened_below_severity_a(severity: str, plan: str) -> None:
    refused = not_opened(under=held_to(plan=plan), severity=severity, outage=True)
    assert (refused.code, refused.missing) == ("OutageSeverityRequired", ("level",))


@pytest.mark.covers("DED-28")
@pytest.mark.parametrize("severity", ["B", "C", "D"])
def test_a_case_never_becomes_an_outage_below_severity_a(severity: str) -> None:
    story = answered(severity="A")
    refused = story.refused(
        "change_level", MORNING + MINUTE, ANA, level=severity, reason="As agreed", outage=True
    )
    assert (refused.code, refused.missing) == ("OutageSeverityRequired", ("level",))


@pytest.mark.covers("DED-28")
def test_an_outage_is_taken_at_severity_1_and_a() -> None:
    assert opened(severity="A", outage=True).case.request.outage
    assert opened(actor=INCIDENTS, severity="1", outage=True).case.request.outage
    story = answered(severity="B")
    story.say("change_level", MORNING + MINUTE, ANA, level="A", reason="Two sites are down", outage=True)
    assert story.case.level == "A"
