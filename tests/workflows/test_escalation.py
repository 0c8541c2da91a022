"""A case passed on to L2 finds who is at work there, by the rota in the store and in the real workflow."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from domain.actor import Tier
from domain.centres.rota import Engineer
from domain.timeline import EntryKind
from tests.desk import Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA, P1
from tests.round_the_world import all_at_work

_ANA = Engineer(name="Ana Reyes", region="sydney", skills=("azure",))
_BEN = Engineer(name="Ben", region="sydney", tier=Tier.L2, skills=("azure",))
_CAI = Engineer(name="Cai", region="sydney", tier=Tier.L2)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with time_skipping() as env, Desk(env, tmp_path, 50).at_work(follow_the_sun=True) as desk:
        await all_at_work(desk)
        yield desk


async def escalated(desk: Desk, *people: Engineer, **fields: Any) -> LiveCase:
    """A case of Ana's in Sydney that she passes on while these people have checked in there."""
    store = CaseStore(f"sqlite:///{desk.place / 'cases.db'}")
    await Rota(store).put(people, "test")
    for one in people:
        await Rota(store).check_in(one.name, await desk.now() - timedelta(hours=1), "test")
    await store.close()
    case = await desk.open(**P1, region="sydney")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("escalate", ANA, classification="Sign-in", **fields)
    await desk.rest()
    return case


@pytest.mark.covers("RHIPE-37", "RHIPE-40")
async def test_the_specialist_on_shift_gets_it_and_the_customer_is_told(desk: Desk) -> None:
    case = await escalated(desk, _ANA, _CAI, _BEN, skill="azure")
    view = await case.view()
    assert (view.region, view.assignee, view.tier) == ("sydney", "Ben", Tier.L2)
    assert len(await case.told("reassigned")) == 1
    assert await case.entries(EntryKind.SKILL_NOT_AVAILABLE) == []


@pytest.mark.covers("RHIPE-40")
async def test_where_nobody_of_l2_has_the_skill_any_l2_gets_it_and_it_is_written_down(desk: Desk) -> None:
    case = await escalated(desk, _ANA, _CAI, skill="azure")
    assert (await case.view()).assignee == "Cai"
    (entry,) = await case.entries(EntryKind.SKILL_NOT_AVAILABLE)
    assert (entry.text or "").startswith("SkillNotAvailable: nobody of L2 with the skill azure")
