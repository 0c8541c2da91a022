"""Lives that end, and some that begin again."""

from domain.clocks import Clock
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM
from tests.replay.lives.ordinary import answered, archived


async def resolved_rejected_then_confirmed(desk: Desk) -> None:
    case = await answered(desk)
    await case.say("resolve", ANA, kind="resolution", text="The cache was emptied.")
    await desk.passes(days=1)
    await case.say("reply", KIM, text="Let me look at it.")
    await desk.passes(hours=2)
    await case.say("reply", KIM, text="It does not work.", accepts=False)
    await desk.passes(minutes=50)
    await case.say("resolve", ANA, kind="workaround", text="Use the web client.")
    await case.say("reply", KIM, text="Thank you, it works.", accepts=True)
    await archived(desk, case)


async def reopened(desk: Desk) -> None:
    case = await answered(desk)
    await case.say("resolve", ANA, kind="resolution", text="The cache was emptied.")
    await case.say("close", ANA, reason="resolved")
    await desk.passes(days=2)
    await case.say("reply", KIM, text="I am not so sure.")
    await case.say("reopen", KIM, reason="It is back.")
    await desk.passes(minutes=50)
    await case.say("respond", ANA, text="I look at it again.")
    await case.say("close", ANA, reason="no_further_troubleshooting", text="The vendor says no.")
    await archived(desk, case)


async def late_reopen(desk: Desk) -> None:
    """The window is over and the case not yet archived: it opens another one, which is recorded too."""
    case = await answered(desk)
    await case.say("close", KIM, reason="requested")
    await desk.until(await case.due(Clock.REOPEN_WINDOW), minutes=1)
    receipt = await case.say("reopen", KIM, reason="It is back.")
    assert receipt.linked_case is not None
    linked = LiveCase(desk, receipt.linked_case)
    desk.cases.append(linked)
    await desk.passes(minutes=6)
    await case.outcome()
    await linked.say("respond", ANA, text="I look at it again.")
    await desk.passes(minutes=50)
