"""Cases that follow the sun: a policy under which a person has to accept, and a case that is offered."""

from datetime import datetime, timedelta
from pathlib import Path

from domain.actor import Actor, ActorKind, Role, Tier
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, P1

_ASKED = """
extends = "rhipe-csp"
name = "asked"
version = "1"
title = "A person accepts"
[organisation.follow_the_sun]
acceptance_otherwise = "person"
"""


def write_policy(place: Path) -> None:
    """Writes the policy `asked`, under which every offer waits for a person."""
    (place / "asked.toml").write_text(_ASKED, encoding="utf-8")


def engineer_of(region: str) -> Actor:
    return Actor(
        kind=ActorKind.STAFF, name=f"One of {region}", role=Role.ENGINEER, tier=Tier.L1, region=region
    )


async def all_at_work(desk: Desk) -> None:
    """Time passes until the next Tuesday, 02:00 UTC, when every centre is at work."""
    now = await desk.now()
    day = (now + timedelta(days=1)).replace(hour=2, minute=0, second=0, microsecond=0)
    await desk.until(day + timedelta(days=(1 - day.weekday()) % 7))


async def offered(desk: Desk, reference: str = "INC-1") -> tuple[LiveCase, str, datetime]:
    """A case offered half an hour before its centre closes: to whom, and when it would change hands."""
    case = await desk.open(reference, policy="asked", **P1, region="sydney")
    await case.say("respond", ANA, text="I am on it.")
    looks_at = (await case.view()).looks_at
    assert looks_at is not None
    await desk.until(looks_at - timedelta(minutes=30), seconds=5)
    view = await case.view()
    assert view.handover is not None
    return case, view.handover.to, view.handover.effective_at
