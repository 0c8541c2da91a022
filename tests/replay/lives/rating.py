"""Lives in which the level or the terms a case is held to change."""

from dataclasses import replace
from datetime import timedelta

from activities.terms import TermsActivities
from domain.clocks import Clock
from domain.policy import SupportPolicy
from policies import load_policy
from tests.desk import Desk
from tests.people import ANA, KIM, P1, P3, P5
from tests.replay.lives.ordinary import answered


async def triage_and_level_change(desk: Desk) -> None:
    case = await desk.open(actor=KIM, channel="email", impact=None, urgency=None)
    await desk.passes(hours=1)
    await case.say("triage", ANA, **P3)
    await desk.passes(minutes=30)
    await case.say("change_level", ANA, reason="Everybody is down.", **P1)
    await case.say("change_level", KIM, level="P2", reason="I think it is less.")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("change_level", ANA, level="P2", reason="It calms down.")
    await desk.passes(hours=3)


async def incomplete_intake(desk: Desk) -> None:
    case = await desk.open(troubleshooting_steps=None, tenant_domain=None)
    await desk.passes(hours=1)
    await case.say("provide_information", KIM, tenant_domain="harbourfoods.example")
    await case.tell("provide_information", KIM, troubleshooting_steps=["signed out and in"])
    await case.say("respond", ANA, text="I am on it.")
    await desk.passes(hours=1)


def _with_slower_updates(name: str) -> SupportPolicy:
    policy = load_policy(name)
    slower = tuple(
        level.model_copy(update={"update_every": timedelta(hours=6)}) if level.id == "P1" else level
        for level in policy.rules.levels
    )
    return policy.model_copy(update={"rules": policy.rules.model_copy(update={"levels": slower})})


async def recomputed_terms(desk: Desk) -> None:
    """The policy is changed while the case is open, which moves nothing until somebody asks for it."""
    case = await answered(desk)
    before = await case.due(Clock.UPDATE)
    async with desk.with_the_worker_away():
        desk.adapters = replace(desk.adapters, terms=TermsActivities(policies=_with_slower_updates))
    await desk.passes(minutes=20)
    assert await case.due(Clock.UPDATE) == before
    await case.say("recompute_terms", ANA, reason="Agreed with the customer.")
    assert await case.due(Clock.UPDATE) > before
    await desk.passes(hours=7)
    await case.tell("recompute_terms", ANA, reason="Once more, to be sure.")


async def terms_renewed_after_a_year(desk: Desk) -> None:
    """A question without any clock of its own; its calendar is prolonged after 355 days."""
    case = await desk.open(**P5)
    await desk.passes(days=356)
    await case.say("respond", ANA, text="It is in the price list.")
