"""Cases on their way round the centres, in the real workflow: nobody drops one, everybody is told once."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from domain.actor import Actor, ActorKind, Role, Tier
from domain.timeline import EntryKind
from policies import POLICY_DIR
from starter.door.faults import Fault
from tests.desk import CENTRES, Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA, P1
from tests.round_the_world import all_at_work, engineer_of, offered, write_policy

BEA = Actor(kind=ActorKind.STAFF, name="Bea", role=Role.TSS)


@pytest_asyncio.fixture(loop_scope="session")
async def relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A desk that follows the sun on a server of its own, on a Tuesday when every centre is at work."""
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    write_policy(tmp_path)
    async with time_skipping() as env, Desk(env, tmp_path, 50).at_work(follow_the_sun=True) as desk:
        await all_at_work(desk)
        yield desk


async def at_next_look(relay: Desk, case: LiveCase) -> str:
    """Time passes until it is looked who takes the case next; who has it then."""
    view = await case.view()
    assert view.looks_at is not None
    await relay.until(view.looks_at, seconds=5)
    return (await case.view()).region


async def test_a_case_goes_round_the_centres_and_its_customer_is_told_once_for_each_change(
    relay: Desk,
) -> None:
    case = await relay.open(**P1, region="sydney")
    await case.say("respond", ANA, text="I am on it.")
    first = (await case.view()).region
    owners = [first, *[await at_next_look(relay, case) for _ in range(4)]]
    view = await case.view()
    changes = sum(one != other for one, other in pairwise(owners))
    assert view.handoffs == changes >= 3
    assert len(await case.entries(EntryKind.HANDED_OVER)) == changes
    assert len(await case.told("reassigned")) == changes


async def test_an_acceptance_takes_effect_at_the_end_of_the_givers_shift(relay: Desk) -> None:
    case, to, effective_at = await offered(relay)
    giver = (await case.view()).region
    with pytest.raises(Fault) as refused:
        await case.say("accept_handoff", engineer_of("nowhere"))
    assert refused.value.code == "HandoffNotOffered"
    await case.say("accept_handoff", engineer_of(to))
    with pytest.raises(Fault) as refused:
        await case.say("accept_handoff", engineer_of(to))
    assert refused.value.code == "HandoffNotOffered"
    assert (await case.view()).region == giver
    await relay.until(effective_at, seconds=5)
    view = await case.view()
    assert (view.region, view.assignee, view.handoffs) == (to, f"One of {to}", 1)


async def test_an_offer_that_is_declined_or_not_answered_passes_on_and_the_giver_keeps_the_case(
    relay: Desk,
) -> None:
    case, to, _ = await offered(relay)
    giver = (await case.view()).region
    with pytest.raises(Fault) as refused:
        await case.say("decline_handoff", engineer_of(to))
    assert refused.value.code == "ReasonRequired"
    await case.say("decline_handoff", engineer_of(to), reason="Everybody is in a meeting.")
    await relay.passes(minutes=50)
    view = await case.view()
    assert (view.region, view.handoffs, view.handover) == (giver, 0, None)
    assert len(await case.entries(EntryKind.HANDOFF_DECLINED)) == 1
    assert await case.told("handoff_failed")


async def test_people_claim_pass_on_and_take_over(relay: Desk) -> None:
    case = await relay.open(**P1, region="sydney")
    await case.say("claim", ANA)
    with pytest.raises(Fault) as refused:
        await case.say("claim", engineer_of("manila"))
    assert refused.value.code == "AlreadyClaimed"
    assert ANA.name is not None
    assert ANA.name in str(refused.value)
    await case.say("escalate", ANA, classification="Exchange transport")
    await case.say("reassign", ANA, assignee="Noor", reason="sick_leave")
    await case.say("take_ownership", BEA)
    owner = (await case.view()).region
    with pytest.raises(Fault) as refused:
        await case.say("hand_off", ANA, to=owner, reason="The day ends.")
    assert refused.value.code == "NoChange"
    elsewhere = next(region for region in CENTRES if region != owner)
    await case.say("hand_off", ANA, to=elsewhere, reason="The day ends.")
    view = await case.view()
    assert (view.region, view.tier) == (elsewhere, Tier.L2)
