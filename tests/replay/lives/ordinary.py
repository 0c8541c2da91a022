"""Lives without trouble: answered, kept informed, resolved, closed by silence."""

from datetime import timedelta

from domain.clocks import Clock
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, P1

ARCHIVED_AFTER = timedelta(minutes=6)  # the reopen window, five minutes, and one more


async def answered(desk: Desk, **changes: object) -> LiveCase:
    case = await desk.open(**{**P1, **changes})
    await case.say("respond", ANA, text="I am on it.")
    return case


async def archived(desk: Desk, case: LiveCase) -> None:
    """A resolved or closed case is left alone until its workflow ends."""
    if (await case.view()).phase == "resolved":
        await desk.until(await case.due(Clock.AUTO_CLOSE))
    await desk.until(await case.due(Clock.REOPEN_WINDOW) + ARCHIVED_AFTER)
    await case.outcome()


async def whole_life(desk: Desk) -> None:
    case = await answered(desk)
    await desk.passes(minutes=30)
    await case.say("post_update", ANA, text="The log shows something.")
    await desk.passes(minutes=50)
    await case.say("add_note", ANA, text="The cache looks full.")
    await desk.until(await case.due(Clock.UPDATE), minutes=70)
    await case.say("post_update", ANA, text="It is the cache.")
    await case.say("resolve", ANA, kind="resolution", text="The cache was emptied.")
    await archived(desk, case)


async def breach_and_late_response(desk: Desk) -> None:
    case = await desk.open(**P1)
    await desk.until(await case.due(Clock.INITIAL_RESPONSE), minutes=25)
    await case.say("respond", ANA, text="Sorry for the delay.")
    await desk.passes(minutes=50)
    await case.say("post_update", ANA, text="We found the cause.")


async def waiting_and_reply(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("wait_for_customer", ANA, text="Which version of Outlook is it?")
    await desk.passes(hours=49)
    await case.say("reply", KIM, text="The newest.", message_id="<abc@southerncloud.example>")
    await desk.passes(minutes=30)
    await case.say("post_update", ANA, text="Then it is the cache.")
    await desk.passes(minutes=20)


async def opened_by_signal(desk: Desk) -> None:
    request = desk.request(**P1)
    case = desk.case(request)
    await case.hand_in(request)
    await desk.passes(minutes=20)
    await case.tell("respond", ANA, text="I am on it.")
    await desk.passes(minutes=30)


async def spoken_to_by_signals(desk: Desk) -> None:
    case = await desk.open(actor=KIM, channel="email", impact=None, urgency=None)
    await case.tell("triage", ANA, **P1)
    await case.tell("respond", ANA, text="I am on it.")
    await case.tell("post_update", ANA, text="News.")
    await case.tell("add_note", ANA, text="The customer is right.")
    await case.tell("change_level", ANA, level="P2", reason="One user only.")
    await case.tell("wait_for_customer", ANA, text="Which version?")
    await case.tell("reply", KIM, text="The newest.")
    await case.tell("resolve", ANA, kind="workaround", text="Use the web client.")
    await case.tell("close", ANA, reason="resolved")
    await case.tell("reopen", KIM, reason="It is back.")
    await case.tell("close", KIM, reason="requested")
