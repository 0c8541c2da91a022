"""What handing a case on costs, where the first centre takes it: unasked, or by a person's word."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.lifecycle import ENGINEER, start
from bench.presets import request
from bench.stage import COUNTED, at_rest, counts, stage
from domain.actor import Actor, ActorKind
from domain.centres.regions import HORIZON, Centre, Roster, RosterRequest
from domain.centres.shifts import OpenSpan
from domain.messages.case import AcceptHandoff, Respond
from policies import POLICY_DIR
from workflows.messages import WORKFLOW, Receipt, new_case

_FROM, _TO = "sydney", "manila"
_SHIFT = timedelta(minutes=170)  # between two updates of a P2, so that nothing else falls due with its end
_MINUTE = timedelta(minutes=1)


class _TwoCentres:
    """A roster of two centres: the first closes a shift after it was first read, the second is open."""

    def __init__(self) -> None:
        self._first: OpenSpan | None = None

    async def read(self, asked: RosterRequest) -> Roster:
        if self._first is None:
            self._first = OpenSpan(opens_at=asked.at - _SHIFT, closes_at=asked.at + _SHIFT)
        late = OpenSpan(opens_at=self._first.opens_at, closes_at=self._first.closes_at + 4 * _SHIFT)
        centres = (
            Centre(name=_FROM, zone="Australia/Sydney", open=(self._first,), on_shift=1),
            Centre(name=_TO, zone="Asia/Manila", open=(late,), on_shift=1),
        )
        return Roster(read_at=asked.at, until=asked.at + HORIZON, centres=centres)


_ASKED = """
extends = "rhipe-csp"
name = "asked"
version = "1"
title = "A person accepts"
[organisation.follow_the_sun]
acceptance_otherwise = "person"
"""


async def handoff() -> dict[str, Any]:
    """Count what the end of a shift adds to the history of a case; counts are exact, so once is enough."""
    with _policies():
        automatic, person = await _one("rhipe-csp"), await _one("asked")
    return {"bench": "handoff", "automatic": automatic, "person": person}


async def _one(policy: str) -> dict[str, Any]:
    centres = _TwoCentres()
    async with stage(read_roster=centres.read, centres=(_FROM, _TO)) as on:
        opening = request("rhipe-csp", "handoff").model_copy(update={"region": _FROM, "policy": policy})
        case = await start(on, WORKFLOW, new_case(), "submit", opening, "bench-handoff")
        answer = Respond(actor=ENGINEER, text="We have begun work on this")
        await case.execute_update("respond", answer, result_type=Receipt)
        await at_rest(case)
        await on.advance(_SHIFT - 40 * _MINUTE, case)
        before = await counts(case)
        await on.advance(15 * _MINUTE, case)
        if (await case.query("view"))["handover"]:
            taker = Actor(kind=ActorKind.STAFF, name="Linh", region=_TO)
            await case.execute_update("accept_handoff", AcceptHandoff(actor=taker), result_type=Receipt)
        await on.advance(35 * _MINUTE, case)
        after = await counts(case)
        owner = (await case.query("view"))["region"]
    added = {key: after[key] - before[key] for key in COUNTED}
    return {"owner_before": _FROM, "owner_after": owner, **added}


@contextmanager
def _policies() -> Iterator[None]:
    """Lends the policy under which a person has to accept."""
    before = os.environ.get(POLICY_DIR)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "asked.toml").write_text(_ASKED, encoding="utf-8")
        os.environ[POLICY_DIR] = place
        try:
            yield
        finally:
            os.environ.pop(POLICY_DIR)
            if before is not None:
                os.environ[POLICY_DIR] = before
