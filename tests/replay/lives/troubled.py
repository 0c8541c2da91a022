"""Lives in which something of ours or of others is away."""

from domain.clocks import Clock
from tests.desk import Desk
from tests.people import ANA, KIM, KIMS_MAIL, P1
from tests.replay.lives.ordinary import answered
from tests.stores import locked


async def undeliverable_address(desk: Desk) -> None:
    desk.mail.refusals[KIMS_MAIL] = ["550 5.1.1 nobody of that name"]
    case = await answered(desk)
    await desk.until(await case.due(Clock.UPDATE), minutes=5)


async def mail_system_away_for_an_hour(desk: Desk) -> None:
    """A warning falls due and answers are given while no mail gets through; all of it does afterwards."""
    case = await desk.open(**P1)
    desk.mail.banner = "421 4.3.2 closed for an hour"
    await case.ask("respond", {"actor": ANA, "text": "I am on it."})
    await desk.sleeps(minutes=50)
    await case.ask("post_update", {"actor": ANA, "text": "News."})
    await desk.sleeps(minutes=10)
    desk.mail.banner = None
    await desk.passes(minutes=20)
    assert not [row for row in await case.told() if row.status != "delivered"]


async def two_deliveries_end_one_after_the_other(desk: Desk) -> None:
    """Both ends leave nothing to do, and an update comes next: two workflow tasks without any command."""
    desk.mail.refusals[KIMS_MAIL] = ["451 4.3.0 try again later"]
    request = desk.request(actor=KIM, channel="portal")
    case = desk.case(request)
    await case.submit(request)
    await desk.sleeps(seconds=1)
    del desk.mail.refusals[KIMS_MAIL]
    await desk.passes(seconds=10)
    await case.say("respond", ANA, text="I am on it.")
    await desk.passes(minutes=20)
    await case.say("post_update", ANA, text="News.")


async def turned_over_while_mail_is_away(desk: Desk) -> None:
    """What a run may not carry is kept in the store over two turn-overs, and told in order afterwards."""
    case = await answered(desk)
    desk.mail.banner = "421 4.3.2 closed"
    for turn in (1, 2):
        for number in range(45):
            await case.send("post_update", {"actor": ANA, "text": f"Step {turn}.{number}."})
        await desk.passes(minutes=5)
        await desk.worker_goes()
        for number in range(450):
            await case.send("add_note", {"actor": ANA, "text": f"{turn}/{number}"})
        await desk.worker_comes()
        await desk.rest()
    desk.mail.banner = None
    await desk.passes(minutes=20)
    assert not [row for row in await case.told() if row.status != "delivered"]


async def store_away(desk: Desk) -> None:
    """The quick write of a second fails, a patient one goes on; the case answers meanwhile."""
    case = await answered(desk)
    async with locked(desk.place / "cases.db"):
        await case.ask("add_note", {"actor": ANA, "text": "The store is away."})
        await case.ask("add_note", {"actor": ANA, "text": "It still is."})
    await desk.passes(minutes=5)
    await case.say("post_update", ANA, text="News.")
    assert len(await case.timeline()) == (await case.view()).entries


async def catch_up_after_12_hours_without_worker(desk: Desk) -> None:
    case = await answered(desk)
    async with desk.with_the_worker_away():
        await desk.passes(hours=12)
    await case.say("post_update", ANA, text="We are back.")
    await desk.passes(minutes=50)
