"""A case that began in another system, brought here whole: with its own instants, and in silence."""

from datetime import timedelta

from domain.clocks import Clock
from domain.phase import Phase
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.people import ANA, KIM, P1, P3

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def test_an_old_case_is_imported_in_silence_and_archived_as_of_then(desk: Desk) -> None:
    old = (await desk.now()).replace(microsecond=0) - 500 * DAY  # longer ago than terms reach
    case = await desk.open(imported=True, received_at=old, **P1)
    await case.say("respond", ANA, text="We have begun.", received_at=old + 10 * MINUTE)
    await case.say("resolve", ANA, kind="resolution", text="Done.", received_at=old + DAY)
    view = await case.view()
    assert (view.phase, view.breaches) == (Phase.RESOLVED, ())
    (responded,) = await case.entries(EntryKind.RESPONDED)
    assert responded.at == old + 10 * MINUTE
    await desk.passes(hours=1, minutes=1)
    assert (await case.outcome()).close_reason == "auto_close"
    assert await case.told() == []


async def test_an_open_case_goes_on_from_its_import(desk: Desk) -> None:
    now = (await desk.now()).replace(microsecond=0)
    case = await desk.open("INC-2", imported=True, received_at=now - 90 * DAY, **P3)
    await case.say("respond", ANA, text="We have begun.", received_at=now - 89 * DAY)
    due_at = await case.due(Clock.UPDATE)
    assert now < due_at <= now + DAY + MINUTE
    assert await case.told() == []
    await case.say("add_note", KIM, text="And what now?")
    assert [effect.kind for effect in await case.told()] == ["customer_replied"]
