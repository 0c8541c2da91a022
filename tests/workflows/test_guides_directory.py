"""The tenant directory when a case opens: what it knows is used, and what it learns later moves nothing.

Where it cannot be asked the case is opened all the same.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from activities.terms import TermsActivities
from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.activities.test_tenants import of_a_deaf_server
from tests.desk import Desk
from tests.guides import asked, asker, kinds_told, listed, records_under, taken
from tests.live_case import LiveCase
from tests.people import ANA
from tests.stores import locked, table_away

HOUR = timedelta(hours=1)
LONDON = {"zone": "Europe/London", "calendar": "GB-ENG"}


async def promised_unread(desk: Desk, case: LiveCase) -> None:
    """The case is open with its clock, and an internal note says that nothing was checked."""
    view = await case.view()
    assert (view.phase, view.plan, view.zone) == ("received", "dedicated", "UTC")
    assert await case.due(Clock.INITIAL_RESPONSE) == view.received_at + HOUR
    (note,) = [entry for entry in view.timeline if entry.kind is EntryKind.ENTITLEMENT_CHECKED]
    assert (note.about, note.internal) == ("unread", True)
    assert note.number not in [entry.number for entry in (await case.customer_view()).timeline]
    by_activity = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in await case.events(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    ]
    assert "compile_terms" not in by_activity  # the quick local attempt was enough


async def test_a_case_opens_without_the_directory_and_its_clocks_run(desk: Desk) -> None:
    await listed(desk, records_under("o365-dedicated", entitled=False, **LONDON))
    case, submit = asked(desk, "o365-dedicated", severity="A")
    async with table_away(desk.place / "cases.db", "tenants"):
        assert (await case.submit(submit)).phase == "received"
        await desk.rest()
        await promised_unread(desk, case)
        assert await kinds_told(case) == ["acknowledgement"]
    await desk.until(await case.due(Clock.INITIAL_RESPONSE))
    assert (await case.view()).breach_count == 1


@pytest.mark.worker_goes
async def test_a_case_opens_although_the_directory_says_nothing(desk: Desk) -> None:
    async with of_a_deaf_server() as directory:
        async with desk.with_the_worker_away():
            deaf = TermsActivities(look_up=directory.look_up)
            desk.adapters = replace(desk.adapters, terms=deaf)
        case, submit = asked(desk, "o365-dedicated", severity="A")
        assert (await case.submit(submit)).phase == "received"
        await desk.rest()
        await promised_unread(desk, case)
    assert await kinds_told(case) == ["acknowledgement"]


async def test_a_store_that_can_only_be_read_is_read(desk: Desk) -> None:
    await listed(desk, records_under("o365-overview", **LONDON))
    case, submit = asked(desk, "o365-overview")
    async with locked(desk.place / "cases.db"):
        assert (await case.submit(submit)).phase == "received"
        assert ((await case.view()).plan, (await case.view()).zone) == ("premier-o365", "Europe/London")
    await desk.passes(minutes=2)
    assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED]
    assert await kinds_told(case) == ["acknowledgement"]


@pytest.mark.covers("CSS-02")
async def test_where_strangers_are_turned_away_nobody_is_while_nobody_can_look(desk: Desk) -> None:
    case, submit = asked(desk, "distributor-css")
    async with table_away(desk.place / "cases.db", "tenants"):
        receipt = await case.submit(submit)
        await desk.rest()
    assert (receipt.phase, receipt.warnings) == ("received", ())
    # Once somebody can look again, strangers are turned away again.
    stranger, submit = asked(desk, "distributor-css", "G-2")
    assert (await stranger.submit(submit)).phase == "closed"


async def test_plan_zone_and_calendar_are_the_tenants_own(desk: Desk) -> None:
    await listed(desk, records_under("o365-overview", plan="premier-base", **LONDON))
    case = await taken(desk, "o365-overview")
    view = await case.view()
    assert (view.plan, view.zone, view.calendar) == ("premier-base", "Europe/London", "GB-ENG")
    asked_for = {"zone": "Asia/Tokyo", "calendar": "none"}
    view = await (await taken(desk, "o365-overview", "G-2", **asked_for)).view()
    assert (view.zone, view.calendar) == tuple(asked_for.values())


@pytest.mark.covers("O365-12")
async def test_nobody_chooses_their_own_plan_but_our_staff_may_with_a_reason(desk: Desk) -> None:
    await listed(desk, records_under("o365-overview", plan="premier-base"))
    case, submit = asked(desk, "o365-overview", plan="cloud-vantage")
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert refused.value.code == "PlanMismatch"
    why = "Bought this morning."
    by_staff = {"actor": ANA, "plan": "cloud-vantage", "plan_reason": why}
    case = await taken(desk, "o365-overview", "G-2", **by_staff)
    assert (await case.view()).plan == "cloud-vantage"
    assert [entry.text for entry in await case.entries(EntryKind.ENTITLEMENT_CHECKED)] == [why]


async def test_a_plan_of_another_policy_is_not_this_cases(desk: Desk) -> None:
    await listed(desk, records_under("o365-dedicated", plan="premier-base"))
    assert (await (await taken(desk, "o365-dedicated")).view()).plan == "dedicated"


@pytest.mark.covers("GAP-22")
async def test_what_is_recorded_of_a_tenant_later_moves_no_promise_already_made(desk: Desk) -> None:
    record = records_under("o365-overview", **LONDON)
    await listed(desk, record)
    case = await taken(desk, "o365-overview")
    before = await case.view()
    later = {"plan": "standard", "zone": "Asia/Tokyo", "calendar": "none", "entitled": False}
    await listed(desk, record.model_copy(update=later))
    await case.say("add_note", ANA, text="The record is another one.")
    held_to = before.model_dump(include={"plan", "zone", "calendar", "deadlines", "promises"})
    assert (await case.view()).model_dump(include=held_to.keys()) == held_to
    await case.say("recompute_terms", ANA, reason="To be sure.")
    assert (await case.view()).model_dump(include=held_to.keys()) == held_to
    assert [entry.about for entry in await case.entries(EntryKind.TERMS_CHANGED)] == [
        "asked",
        "o365-overview@1",
    ]


def write_policy(place: Path, version: str, b_within: str, kept_as: str = "own") -> None:
    """A policy of the desk's own that extends the preset; premier's B is answered within another time."""
    text = f'extends = "o365-overview"\nname = "own"\nversion = "{version}"\ntitle = "Our own"\n'
    text += f'[plans.premier-o365.targets]\nB = {{ initial_response = {{ within = "{b_within}" }} }}\n'
    (place / f"{kept_as}.toml").write_text(text, encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(
    env: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A desk with a policy of its own, `own`, and a tenant who has premier support."""
    monkeypatch.setenv("SUNRELAY_POLICY_DIR", str(tmp_path))
    write_policy(tmp_path, "1", "3h")
    async with Desk(env, tmp_path, 0).at_work() as desk:
        await listed(desk, records_under("o365-overview"))
        yield desk


@pytest.mark.covers("RHIPE-21", "GAP-22")
async def test_a_policy_that_changes_moves_no_promise_and_its_old_version_can_still_be_named(
    own_desk: Desk,
) -> None:
    case = await taken(own_desk, "o365-overview", policy="own")
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    assert due_at == (await case.view()).received_at + 3 * HOUR
    write_policy(own_desk.place, "1", "3h", kept_as="own@1")
    write_policy(own_desk.place, "2", "30m")
    await own_desk.restart()
    await case.say("add_note", ANA, text="The policy is a new one.")
    assert (await case.due(Clock.INITIAL_RESPONSE), (await case.view()).policy) == (due_at, "own@1")
    for named, version, within in (("own", "own@2", HOUR / 2), ("own@1", "own@1", 3 * HOUR)):
        fresh = await (await taken(own_desk, "o365-overview", f"of {named}", policy=named)).view()
        assert fresh.policy == version
        assert fresh.deadlines[0].due_at == fresh.received_at + within


async def test_a_preset_is_named_with_its_version_and_one_that_is_not_kept_is_refused(desk: Desk) -> None:
    case = await taken(desk, "rhipe-csp", policy="rhipe-csp@1")
    assert (await case.view()).policy == "rhipe-csp@1"
    await case.say("recompute_terms", ANA, reason="To be sure.")
    assert (await case.view()).policy == "rhipe-csp@1"
    case, submit = asked(desk, "rhipe-csp", "G-2", policy="rhipe-csp@7")
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert refused.value.code == "PolicyValueUnknown"


@pytest.mark.covers("O365-02")
async def test_ordinary_support_is_what_a_tenant_has_of_whom_nothing_is_known(desk: Desk) -> None:
    admin = asker("o365-overview", "administrator")
    case, submit = asked(desk, "o365-overview", actor=admin, channel="portal", access_id=None)
    assert (await case.submit(submit)).phase == "received"
    assert (await case.view()).plan == "standard"
