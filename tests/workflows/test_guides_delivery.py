"""News for two sides at once while an earlier mail has just arrived: the case must not depend on which.

The worker keeps no case in memory, so the update comes in one activation with the end of the earlier
delivery, which a later replay sees apart. Such a case once told the two sides in another order and stood
still for good.
"""

from collections.abc import Iterator

import pytest

from tests.desk import Desk
from tests.guides import asked, kinds_told, listed, mail_of, records_under
from tests.people import ANA, STAFF_MAIL


def _ways() -> Iterator[str]:
    yield mail_of("o365-dedicated")
    yield STAFF_MAIL


@pytest.mark.parametrize("late", list(_ways()), ids=["customer", "staff"])
async def test_whichever_mail_came_late_news_for_both_sides_goes_on_from_it(desk: Desk, late: str) -> None:
    desk.mail.refusals[late] = ["451 4.3.0 try again later"]
    await listed(desk, records_under("o365-dedicated"))
    case, submit = asked(desk, "o365-dedicated", severity="A", update_channel="phone")
    await case.submit(submit)
    await desk.sleeps(seconds=1)
    del desk.mail.refusals[late]
    await desk.passes(seconds=10)
    await case.say("respond", ANA, text="I am on it.")
    await desk.passes(minutes=20)
    await case.say("post_update", ANA, text="News.")
    assert await kinds_told(case) == ["acknowledgement", "first_response", "staff_update"]
    assert await kinds_told(case, "assignee") == ["new_case", "call_customer", "call_customer"]
    assert (await case.view()).undelivered == 0


async def test_a_customer_who_cannot_be_reached_by_mail_keeps_nobody_of_ours_from_calling(desk: Desk) -> None:
    unreachable = mail_of("o365-dedicated")
    desk.mail.refusals[unreachable] = ["451 4.3.0 try again later"]
    await listed(desk, records_under("o365-dedicated"))
    case, submit = asked(desk, "o365-dedicated", severity="A", update_channel="phone")
    await case.submit(submit)
    await desk.rest()
    for verb in ("respond", "post_update"):
        await case.say(verb, ANA, text="We look at the store.")
    assert [row.status for row in await case.told() if row.recipient == "assignee"] == ["delivered"] * 3
    assert (await case.view()).undelivered == 3
    del desk.mail.refusals[unreachable]
    await desk.passes(minutes=10)
    assert await kinds_told(case) == ["acknowledgement", "first_response", "staff_update"]
