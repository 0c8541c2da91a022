"""Server and worker are killed between an effect and its report: no two contents ever go under one id.

The moment is the receiver's to choose: it has the mail or the webhook, and then both processes are killed,
in one round before it answers and in another just after. A killed attempt is tried again once its 30 s are
over, so the rounds are driven first and what became of them is looked at together.
"""

from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from typing import Any

import pytest

from domain.timeline import EntryKind
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA, KIM

pytestmark = pytest.mark.e2e


class Moment(StrEnum):
    """When both are killed."""

    MAIL_HERE = "the mail is here and not acknowledged"
    MAIL_ACKNOWLEDGED = "the mail was acknowledged just now"
    HOOK_HERE = "the webhook is here and not answered"
    HOOK_ANSWERED = "the webhook was answered just now"


_ROUNDS = (
    Moment.MAIL_HERE,
    Moment.HOOK_HERE,
    Moment.MAIL_ACKNOWLEDGED,
    Moment.HOOK_ANSWERED,
    Moment.MAIL_HERE,
    Moment.HOOK_HERE,
)
_BY_MAIL = (Moment.MAIL_HERE, Moment.MAIL_ACKNOWLEDGED)
_UNANSWERED = (Moment.MAIL_HERE, Moment.HOOK_HERE)
_DOUBTFUL = "may have arrived twice"


async def test_no_effect_is_lost_and_none_comes_with_two_contents(station: Station) -> None:
    station.start_worker()
    cases = [await _killed_at(station, moment, f"INC-{number}") for number, moment in enumerate(_ROUNDS)]
    for case in cases:
        await eventually(lambda case=case: station.everything_told(case))
    for round_, (moment, case) in enumerate(zip(_ROUNDS, cases, strict=True)):
        await _check(station, moment, case, kills=len(_ROUNDS) - round_)


async def _killed_at(station: Station, moment: Moment, reference: str) -> LiveCase:
    """A case whose first effect reached its receiver in the moment both were killed; both are back."""
    # By the case: what an earlier round is told again may come first.
    identity = station.case(reference).id
    station.mail.keeps_its_answer_to = identity if moment is Moment.MAIL_HERE else None
    station.hooks.keeps_its_answer_to = f'"{identity}"' if moment is Moment.HOOK_HERE else None
    case = await station.hand_in(reference, actor=ANA if moment in _BY_MAIL else KIM)
    await eventually(_arrival(station, moment, case))
    station.kill_both()
    station.hooks.keeps_its_answer_to = station.mail.keeps_its_answer_to = None
    await station.start_server()
    station.start_worker()
    return case


def _arrival(station: Station, moment: Moment, case: LiveCase) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(station.mails(case) if moment in _BY_MAIL else _hooks(station, case))

    return look


def _hooks(station: Station, case: LiveCase) -> list[Any]:
    return [taken for taken in station.hooks.received if f'"{case.id}"' in taken.body]


async def _check(station: Station, moment: Moment, case: LiveCase, kills: int) -> None:
    """See that everything was told, by contents of one kind; there were so many kills, its own included."""
    rows = await case.told()
    expected = {"acknowledgement", "new_case"}
    assert {row.kind for row in rows} == expected
    assert {row.status for row in rows} == {"delivered"}
    mails = _by_id((mail.message["Message-ID"], mail.bytes) for mail in station.mails(case))
    hooks = _by_id((taken.headers["webhook-id"], taken.body) for taken in _hooks(station, case))
    assert len(mails) == 1
    assert len(hooks) == len(expected) - 1
    for identity, contents in (mails | hooks).items():
        assert len(set(contents)) == 1, identity
    if moment in _UNANSWERED:  # else the kill has missed its moment
        (arrivals,) = (mails if moment in _BY_MAIL else hooks).values()
        assert 2 <= len(arrivals) <= 1 + kills  # a later kill may have met the next attempt, too
    if any(len(contents) > 1 for contents in mails.values()):
        assert any(_DOUBTFUL in (entry.text or "") for entry in await case.entries(EntryKind.NOTED))


def _by_id(arrivals: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for identity, content in arrivals:
        found.setdefault(identity, []).append(content)
    return found
