"""A changed policy applied to live cases: as it was foreseen, once, and only where workers have its text."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.actor import Role
from domain.clocks import Clock
from domain.timeline import EntryKind
from policies import load_policy
from starter.door.faults import Fault
from starter.door.policy_apply import AppliedCase, Outcome, apply_policy
from starter.door.policy_preview import preview_policy
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA, P3, request
from tests.workflows.test_terms import HOUR, write_policy

pytestmark = pytest.mark.e2e

LEE = ANA.model_copy(update={"name": "Lee Wong", "role": Role.LEAD})
REASON = "policy own@2 applied"


class OwnStation(Station):
    """A station with a policy of its own, `own`."""

    def _own(self) -> dict[str, str]:
        return {**super()._own(), "SUNRELAY_FOLLOW_THE_SUN": "false"}

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "SUNRELAY_POLICY_DIR": str(self.place)}

    async def opened(self, reference: str, **changes: object) -> LiveCase:
        case = self.case(reference)
        await case.hand_in(request(reference, policy="own", **changes))
        await eventually(case.timeline)
        return case


@pytest_asyncio.fixture
async def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OwnStation]:
    monkeypatch.setenv("SUNRELAY_POLICY_DIR", str(tmp_path))
    write_policy(tmp_path, "1", "4h")
    async with OwnStation(tmp_path).open() as station:
        station.start_worker()
        yield station


async def _applied(station: Station, wanted: tuple[str, ...]) -> list[AppliedCase]:
    told = apply_policy(station.session, LEE, load_policy("own"), wanted, REASON, rate=100)
    return [one async for one in told]


@pytest.mark.covers("GAP-22")
async def test_a_policy_is_applied_as_it_was_foreseen_and_only_once(station: OwnStation) -> None:
    case, other = await station.opened("INC-1"), await station.opened("INC-2", **P3)
    due_at, unmoved = await case.due(Clock.INITIAL_RESPONSE), await other.due(Clock.INITIAL_RESPONSE)
    write_policy(station.place, "2", "2h")
    foreseen = await preview_policy(station.session, LEE, load_policy("own"))
    assert set(foreseen.wanted) == {case.id, other.id}
    assert await case.due(Clock.INITIAL_RESPONSE) == due_at  # nothing has happened

    with pytest.raises(Fault, match="another text of own") as stale:  # the worker has read version 1
        await _applied(station, foreseen.wanted)
    assert stale.value.code == "PolicyNotInForce"
    changes = [await one.entries(EntryKind.TERMS_CHANGED) for one in (case, other)]
    told = [entry.by for entries in changes for entry in entries if entry.about == "asked"]
    assert told == ["Lee Wong"]  # the first alone, to see it take

    station.next_worker()
    again = await preview_policy(station.session, LEE, load_policy("own"))
    assert again.shown.cases == foreseen.shown.cases
    done = await _applied(station, again.wanted)
    assert {one.outcome for one in done} == {Outcome.APPLIED}
    moved = tuple(one.case for one in done if one.case is not None and one.case.moved)
    assert moved == foreseen.shown.cases
    assert await case.due(Clock.INITIAL_RESPONSE) == due_at - 2 * HOUR
    assert await other.due(Clock.INITIAL_RESPONSE) == unmoved
    (entry,) = [one for one in await case.entries(EntryKind.TERMS_CHANGED) if one.due_at is not None]
    assert f"{due_at:%Y-%m-%dT%H:%M:%SZ} -> {due_at - 2 * HOUR:%Y-%m-%dT%H:%M:%SZ}" in (entry.text or "")
    explained = await case.explain("initial_response")
    assert (explained.old_due_at, explained.due_at) == (due_at, due_at - 2 * HOUR)

    before = await case.entries(EntryKind.TERMS_CHANGED)
    over = await preview_policy(station.session, LEE, load_policy("own"))
    assert (over.wanted, over.shown.already) == ((), 2)
    assert {one.outcome for one in await _applied(station, again.wanted)} == {Outcome.ALREADY}
    assert await case.entries(EntryKind.TERMS_CHANGED) == before
