"""Lives under the other guides: duties of both sides, agreed intervals, explanations, referrals."""

from domain.clocks import Clock
from tests.desk import Desk
from tests.guides import INCIDENTS, asked, asker, listed, mail_of, records_under, taken
from tests.people import ANA
from tests.replay.lives.ordinary import archived
from tests.stores import table_away

SAM = asker("o365-dedicated")
SOLVED = {"kind": "resolution", "text": "The store is mounted again."}


async def advisory_case(desk: Desk) -> None:
    """No clock until an interval is agreed; the scope changes, and it is tracked elsewhere too."""
    case = await taken(desk, "o365-dedicated", severity="D")
    await case.say("respond", ANA, text="We look at it when there is time.")
    await desk.passes(days=3)
    await case.say("agree_interval", ANA, every="7d")
    await desk.passes(days=8)
    await case.say("update_scope", SAM, text="Two more mailboxes.", users_affected=3)
    await case.say("track_elsewhere", ANA, system="Resolver", external_ref="R-77")
    await case.say("agree_interval", ANA, every="14d")
    await desk.passes(days=15)
    await case.say("close", ANA, reason="resolved", text="It is done.")
    await archived(desk, case)


async def duties_of_both_sides_and_validation(desk: Desk) -> None:
    """From C to A by its requester, to 1 by the vendor; both sides lapse, the solution is validated twice."""
    case = await taken(desk, "o365-dedicated", update_channel="phone")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("change_level", SAM, level="A", business_impact="Nobody can trade.")
    await desk.passes(minutes=150)
    await case.say("change_level", INCIDENTS, level="1", reason="Several customers are down.")
    await case.say("reply", SAM, text="Still down here.")
    async with desk.with_the_worker_away():
        await desk.passes(hours=12)
    await case.say("post_update", ANA, text="We are back.")
    await case.say("validate_resolution", ANA, text="Please try it.")
    await desk.passes(minutes=40)
    await case.say("reply", SAM, text="It hangs.", accepts=False)
    await case.say("validate_resolution", ANA, text="He says it works now.", validated=True)
    await case.say("resolve", ANA, **SOLVED)
    await case.say("close", ANA, reason="restored")
    await archived(desk, case)


async def closed_with_an_explanation(desk: Desk) -> None:
    case, submit = asked(desk, "distributor-css", scope=None)
    await case.submit(submit)
    await desk.rest()
    await archived(desk, case)


async def confirmed_after_a_rejection(desk: Desk) -> None:
    alex = asker("distributor-css")
    case = await taken(desk, "distributor-css")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("resolve", ANA, **SOLVED)
    await desk.passes(days=10)
    await case.say("reply", alex, text="It does not open.", accepts=False)
    await case.say("resolve", ANA, **SOLVED)
    await case.say("reply", alex, text="Now it opens.", accepts=True)
    await archived(desk, case)


async def referred_and_logged_on_behalf(desk: Desk) -> None:
    referred = await taken(desk, "westcoast", category="mpn")
    changes = {"category": "csp_refund", "partner_centre_account": False}
    logged = await taken(desk, "westcoast", "G-2", **changes)
    await logged.say("respond", ANA, text="It is logged.")
    await archived(desk, referred)


async def passed_on_inside(desk: Desk) -> None:
    """A department of ours is to contact the customer, who waits too long for it (RHIPE-31)."""
    late = await taken(desk, "rhipe-csp", category="customisation")
    await desk.until(await late.due(Clock.DEPARTMENT_CONTACT), minutes=5)
    await late.say("contacted", ANA, text="A workshop on Friday.", who="Pat Lee")
    await late.say("resolve", ANA, **SOLVED)
    at_once = await taken(desk, "rhipe-csp", "G-2", category="customisation")
    await at_once.tell("contacted", ANA, text="They called at once.")
    await at_once.say("resolve", ANA, **SOLVED)
    await archived(desk, at_once)


async def a_tenant_of_the_directory(desk: Desk) -> None:
    """Plan, zone and calendar are the directory's; they stay where terms are asked for anew."""
    record = records_under("o365-overview", zone="Europe/London", calendar="GB-ENG")
    await listed(desk, record)
    robin = asker("o365-overview")
    case = await taken(desk, "o365-overview")
    await case.say("respond", ANA, text="I am on it.")
    await listed(desk, record.model_copy(update={"plan": "standard", "zone": "Asia/Tokyo"}))
    await case.say("recompute_terms", ANA, reason="To be sure.")
    await case.say("resolve", ANA, **SOLVED)
    await case.say("close", ANA, reason="resolved")
    await desk.passes(weeks=7)
    await case.say("reopen", robin, reason="It is back.")
    await desk.passes(minutes=100)


async def opened_without_the_directory(desk: Desk) -> None:
    case, submit = asked(desk, "o365-dedicated", severity="A")
    async with table_away(desk.place / "cases.db", "tenants"):
        await case.submit(submit)
        await desk.rest()
    await desk.until(await case.due(Clock.INITIAL_RESPONSE), minutes=5)
    await case.say("respond", ANA, text="Sorry for the delay.")
    await desk.passes(minutes=100)


async def guides_verbs_by_signals(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", severity="D")
    await case.tell("respond", ANA, text="I am on it.")
    await case.tell("agree_interval", ANA, every="7d")
    await case.tell("update_scope", SAM, text="It spreads.", business_impact="Nobody can trade.")
    await case.tell("change_level", SAM, level="A", business_impact="Nobody can trade at all.")
    await case.tell("agree_interval", ANA, every="7d")
    await case.tell("track_elsewhere", ANA, system="Resolver", external_ref="R-77")
    await case.tell("resolve", ANA, **SOLVED)
    await case.tell("validate_resolution", ANA, text="Please try it.")
    await case.tell("reply", SAM, text="It works.", accepts=True)
    await case.tell("resolve", ANA, **SOLVED)
    await case.tell("close", ANA, reason="restored")


async def news_for_both_sides_after_a_late_mail(desk: Desk) -> None:
    """The end of a late mail leaves nothing to do, and an update comes next with news for both sides."""
    late = mail_of("o365-dedicated")
    desk.mail.refusals[late] = ["451 4.3.0 try again later"]
    case, submit = asked(desk, "o365-dedicated", severity="A", update_channel="phone")
    await case.submit(submit)
    await desk.sleeps(seconds=1)
    del desk.mail.refusals[late]
    await desk.passes(seconds=10)
    await case.say("respond", ANA, text="I am on it.")
    await desk.passes(minutes=20)
    await case.say("post_update", ANA, text="News.")
