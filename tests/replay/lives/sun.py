"""Lives of cases that follow the sun: offered, accepted, declined, handed on by hand."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from policies import POLICY_DIR
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, P1
from tests.round_the_world import all_at_work, engineer_of, offered, write_policy


@contextmanager
def _a_person_accepts(desk: Desk) -> Iterator[None]:
    write_policy(desk.place)
    before = os.environ.get(POLICY_DIR)
    os.environ[POLICY_DIR] = str(desk.place)
    try:
        yield
    finally:
        os.environ.pop(POLICY_DIR)
        if before is not None:
            os.environ[POLICY_DIR] = before


async def from_centre_to_centre(desk: Desk) -> None:
    with _a_person_accepts(desk):
        await all_at_work(desk)
        case, to, _ = await offered(desk)
        await case.say("decline_handoff", engineer_of(to), reason="Everybody is in a meeting.")
        handover = (await case.view()).handover
        while handover is None:
            await desk.passes(minutes=5)
            handover = (await case.view()).handover
        await case.say("write_brief", ANA, impact="Nobody can log in.", next_action="Ask for the logs.")
        await case.say("accept_handoff", engineer_of(handover.to))
        await desk.until(handover.effective_at, seconds=5)
        await case.say("confirm_next_action", engineer_of(handover.to))
        await case.say("hand_off", ANA, to="auckland", reason="Its customer is there.")
        await desk.passes(minutes=10)
        await case.say("close", ANA, reason="no_further_troubleshooting")


async def from_centre_to_centre_unasked(desk: Desk) -> None:
    """Nobody has to accept; one centre's workers are away for a day, then they are back."""
    await all_at_work(desk)
    case = await desk.open(**P1, region="sydney")
    await case.say("respond", ANA, text="I am on it.")
    await desk.centre_goes("kuala_lumpur")
    for _ in range(3):
        await _next_look(desk, case)
    await desk.centre_comes("kuala_lumpur")
    await _next_look(desk, case)
    await case.say("close", ANA, reason="no_further_troubleshooting")


async def _next_look(desk: Desk, case: LiveCase) -> None:
    """Time passes until it is looked who has the case next, and every dark centre has had its time."""
    looks_at = (await case.view()).looks_at
    assert looks_at is not None
    await desk.until(looks_at, minutes=3)


async def from_centre_to_centre_by_signals(desk: Desk) -> None:
    with _a_person_accepts(desk):
        await all_at_work(desk)
        case, to, effective_at = await offered(desk)
        await case.tell("write_brief", ANA, impact="Nobody can log in.")
        await case.tell("accept_handoff", engineer_of(to))
        await desk.until(effective_at, seconds=5)
        await case.tell("confirm_next_action", engineer_of(to), next_action="Ask for the logs.")
        await case.tell("hand_off", ANA, to="auckland", reason="Its customer is there.")
        await desk.passes(minutes=10)
        await case.tell("decline_handoff", engineer_of("manila"), reason="It is nobody's.")
        await desk.passes(minutes=10)
        await case.tell("close", ANA, reason="no_further_troubleshooting")
