"""Outages of a customer of o365-dedicated: declared, told, restored."""

from datetime import datetime
from typing import Any

from domain.effects import Effect, EffectKind, Recipient
from domain.outage import Outage
from domain.tenants import TenantFacts
from tests.domain.cases import HOUR, MINUTE, Story
from tests.domain.dedicated_desk import INCIDENTS, MORNING, answered, opened

LISTS = ("operations", "outage_audience", "stakeholders", "technology_contacts")
LISTED = TenantFacts(listed=True, audiences=LISTS)
DOWN = "Mail transport is down in one site"
EXPECTED = MORNING + 4 * HOUR
NOTICE: dict[str, Any] = {
    "incident_details": DOWN,
    "impact": "No mail in or out",
    "expected_resolution_at": EXPECTED,
}
CHANGE: dict[str, Any] = {"level": "1", "reason": "Several customers are down", "outage": True}


def declared_outage(
    at: datetime = MORNING, facts: TenantFacts | None = LISTED, before: str = "A", **fields: Any
) -> Story:
    """An answered case of which the vendor declares an outage at `at`."""
    story = answered(at - 5 * MINUTE, severity=before, facts=facts, **fields)
    story.say("change_level", at, INCIDENTS, **CHANGE)
    return story


def opened_as_outage(at: datetime = MORNING, facts: TenantFacts | None = LISTED, **fields: Any) -> Story:
    """A case that comes in as an outage, not answered yet."""
    return opened(at, actor=INCIDENTS, severity="1", outage=True, facts=facts, **fields)


def told_outage(at: datetime = MORNING, **given: Any) -> Story:
    """An outage declared at `at`, with its first notice twenty minutes later."""
    story = declared_outage(at)
    story.say("outage_notification", at + 20 * MINUTE, INCIDENTS, **NOTICE | given)
    return story


def outage_of(story: Story) -> Outage:
    outage = story.case.outage
    assert outage is not None
    return outage


def lists_told(effects: list[Effect]) -> list[str]:
    """The names of the lists effects go to, in order."""
    return [effect.audience.name for effect in effects if effect.audience is not None]


def to_audience(story: Story, kind: EffectKind = EffectKind.OUTAGE_NOTICE) -> list[Effect]:
    return [effect for effect in story.told(kind) if effect.to is Recipient.AUDIENCE]
