"""A life that is asked how it went."""

import pytest

from starter.door.faults import Fault
from tests.desk import Desk
from tests.people import ANA, KIM
from tests.replay.lives.ordinary import answered, archived


async def surveys_answered_and_not(desk: Desk) -> None:
    """Closed twice; the first closure is answered by signal while the case is open again, the second once."""
    case = await answered(desk)
    await case.say("close", ANA, reason="resolved", text="It works.")
    await desk.passes(days=1)
    await case.say("reopen", KIM, reason="It is back.")
    await case.tell("answer_survey", KIM, score=2, comment="It came back.", closure=1)
    await case.say("respond", ANA, text="I look at it again.")
    await case.say("close", ANA, reason="resolved", text="Now it does.")
    await case.say("answer_survey", KIM, score=5)
    with pytest.raises(Fault):
        await case.say("answer_survey", KIM, score=1)
    await case.tell("answer_survey", KIM, score=1)
    await archived(desk, case)
