"""Both sides kept informed: our updates, the customer's own, advisory cases, the telephone."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import INCIDENTS, asker, kinds_told, mail_of, said, taken
from tests.live_case import LiveCase
from tests.people import ANA, STAFF_MAIL, TSS_MAIL

HOUR = timedelta(hours=1)
SAM = asker("o365-dedicated")
SAMS_MAIL = mail_of("o365-dedicated")


async def answered(desk: Desk, **changes: Any) -> tuple[LiveCase, datetime]:
    """A case of this customer, and when it was answered."""
    case = await taken(desk, "o365-dedicated", **changes)
    return case, (await case.say("respond", ANA, text="I am on it.")).at


@pytest.mark.covers("DED-23", "DED-24")
@pytest.mark.parametrize(
    ("changes", "every"),
    [({"severity": "1", "actor": INCIDENTS}, HOUR), ({"severity": "A"}, 2 * HOUR)],
    ids=["1", "A"],
)
async def test_at_the_most_urgent_levels_both_sides_owe_each_other_news(
    desk: Desk, changes: dict[str, Any], every: timedelta
) -> None:
    case, at = await answered(desk, **changes)
    assert (await case.due(Clock.UPDATE), await case.due(Clock.CUSTOMER_UPDATE)) == (at + every, at + every)
    await desk.until(at + every / 2)
    ours = (await case.say("post_update", ANA, text="We look at the store.")).at
    assert await case.due(Clock.UPDATE) == ours + every
    assert await case.due(Clock.CUSTOMER_UPDATE) == at + every
    await desk.until(ours, seconds=90)
    theirs = (await case.say("reply", SAM, text="Still down here.")).at
    assert await case.due(Clock.UPDATE) == ours + every
    assert await case.due(Clock.CUSTOMER_UPDATE) == theirs + every
    await desk.until(theirs + every)
    view = await case.view()
    assert (view.score.staff, view.score.system, view.score.missed) == (1, 1, 0)
    assert (view.customer_lapses, view.level, view.phase) == (1, changes["severity"], "in_progress")
    assert await case.due(Clock.CUSTOMER_UPDATE) == theirs + 2 * every


@pytest.mark.covers("DED-24", "GAP-06")
async def test_the_customer_is_reminded_of_his_own_update_and_nothing_else_happens(desk: Desk) -> None:
    case, at = await answered(desk, severity="A")
    await desk.until(at, minutes=110)
    await case.say("post_update", ANA, text="We look at the store.")
    await desk.until(at + 2 * HOUR)
    assert (await kinds_told(case))[-1] == "customer_update_reminder"
    reminder = said(desk.mails_to(SAMS_MAIL)[-1])
    assert "A case as urgent as this one needs news from both sides. Yours was due by" in reminder
    assert "we will keep working on your case" in reminder
    (lapse,) = await case.entries(EntryKind.CUSTOMER_UPDATE_LAPSED)
    assert (lapse.due_at, lapse.count, lapse.internal) == (at + 2 * HOUR, 1, False)
    view = await case.view()
    assert (view.breach_count, view.phase, view.level) == (0, "in_progress", "A")
    assert lapse.number in [entry.number for entry in (await case.customer_view()).timeline]


@pytest.mark.worker_goes
@pytest.mark.covers("GAP-21")
async def test_half_a_day_without_a_worker_is_one_status_and_one_reminder_with_the_right_counts(
    desk: Desk,
) -> None:
    case, at = await answered(desk, severity="1", actor=INCIDENTS)
    async with desk.with_the_worker_away():
        await desk.until(at, hours=12, minutes=30)
    told = await kinds_told(case)
    assert sorted(told[2:]) == ["customer_update_reminder", "status_update"]
    assert "We have missed 12 updates in a row" in " ".join(map(said, desk.mails_to(SAMS_MAIL)))
    view = await case.view()
    assert (view.customer_lapses, view.score.missed, view.score.system) == (12, 12, 0)
    (breach,) = view.breaches
    assert (breach.count, breach.due_at, breach.last_due_at) == (12, at + HOUR, at + 12 * HOUR)
    assert await case.due(Clock.UPDATE) == at + 13 * HOUR
    assert await case.due(Clock.CUSTOMER_UPDATE) == at + 13 * HOUR
    assert len(desk.mails_to(TSS_MAIL)) == 1
    await case.timeline()


@pytest.mark.covers("DED-27")
async def test_an_advisory_case_is_told_news_as_often_as_was_agreed(desk: Desk) -> None:
    case, _ = await answered(desk, severity="D")
    assert await case.deadlines() == ()
    why_not = await case.explain("update")
    assert "no interval is agreed" in why_not.steps[0]
    await desk.passes(days=30)
    assert (await case.view()).score.system == 0
    for every in ("0h", "-1h", "soon", "500d"):
        with pytest.raises(Fault) as refused:
            await case.say("agree_interval", ANA, every=every)
        assert (refused.value.code, refused.value.missing) == ("ValidationError", ("every",))
    receipt = await case.say("agree_interval", ANA, every="7d")
    week = timedelta(days=7)
    assert receipt.next_deadline is not None
    assert (receipt.next_deadline.clock, receipt.next_deadline.due_at) == ("update", receipt.at + week)
    assert "We have agreed how often we will update you about this case: every 7 d." in said(
        desk.mails_to(SAMS_MAIL)[-1]
    )
    await desk.until(receipt.at + 3 * week)
    assert (await case.view()).score.system == 3
    assert await case.due(Clock.UPDATE) == receipt.at + 4 * week


@pytest.mark.covers("DED-27")
@pytest.mark.parametrize("severity", ["A", "B", "C"])
async def test_no_interval_is_agreed_where_the_guide_has_one(desk: Desk, severity: str) -> None:
    case, _ = await answered(desk, severity=severity)
    due_at = await case.due(Clock.UPDATE)
    with pytest.raises(Fault) as refused:
        await case.say("agree_interval", ANA, every="12h")
    assert refused.value.code == "PolicyOverrideNotPermitted"
    assert (await case.due(Clock.UPDATE), await kinds_told(case)) == (
        due_at,
        ["acknowledgement", "first_response"],
    )


@pytest.mark.covers("DED-16")
async def test_who_wants_his_updates_by_telephone_is_called_as_well_as_written_to(desk: Desk) -> None:
    case, at = await answered(desk, severity="A", update_channel="phone")
    await desk.until(at + 2 * HOUR)
    calls = [mail for mail in desk.mails_to(STAFF_MAIL) if "Please call" in mail.message["Subject"]]
    assert len(calls) == 2
    assert "Please call +12025550100 and tell them: I am on it." in said(calls[0])
    assert "tell them where the case stands" in said(calls[1])
    assert await kinds_told(case, "assignee") == ["new_case", "call_customer", "warning", "call_customer"]
    assert "status_update" in await kinds_told(case)


@pytest.mark.covers("DED-17")
async def test_work_elsewhere_changes_no_promise_and_the_customer_only_learns_that_it_is(desk: Desk) -> None:
    case, _ = await answered(desk, severity="A")
    due = [row.due_at for row in await case.deadlines()]
    await case.say("track_elsewhere", ANA, system="Resolver", external_ref="R-77")
    assert [row.due_at for row in await case.deadlines()] == due
    tracking = (await case.view()).external_tracking
    assert tracking is not None
    assert (tracking.system, tracking.reference) == ("Resolver", "R-77")
    shown = await case.customer_view()
    assert shown.tracked_elsewhere
    assert "R-77" not in shown.model_dump_json()
    assert (await kinds_told(case))[-1] == "first_response"


@pytest.mark.covers("O365-25")
async def test_a_problem_that_grows_is_told_to_staff_at_once_and_moves_no_level(desk: Desk) -> None:
    robin = asker("o365-overview")
    case = await taken(desk, "o365-overview")
    await case.say("update_scope", robin, text="Now two offices.", business_impact="No mail at all.")
    mail = desk.mails_to(STAFF_MAIL)[-1]
    assert "Worse, check the level" in mail.message["Subject"]
    assert "Now two offices. No mail at all." in said(mail)
    view = await case.view()
    assert (view.level, view.business_impact) == ("B", "No mail at all.")
    await case.say("update_scope", robin, text="Three of us now.", users_affected=3)
    mail = desk.mails_to(STAFF_MAIL)[-1]
    assert "The problem has changed" in mail.message["Subject"]
    assert "Users affected: 3." in said(mail)
    await case.say("close", robin, reason="requested")
    with pytest.raises(Fault) as refused:
        await case.say("update_scope", robin, text="It goes on.")
    assert refused.value.code == "CaseClosed"
