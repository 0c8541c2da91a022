"""What handing a case on costs: history events, where the first centre takes it without being asked."""

from datetime import timedelta
from typing import Any

from bench.lifecycle import ENGINEER, start
from bench.presets import request
from bench.stage import at_rest, counts, stage
from domain.messages import Respond
from domain.regions import HORIZON, Centre, Roster, RosterRequest
from domain.shifts import OpenSpan
from workflows.messages import WORKFLOW, CaseFile, Receipt

_FROM, _TO = "sydney", "manila"
_SHIFT = timedelta(minutes=150)  # between two updates of a P2, so that nothing else falls due with its end
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


async def handoff() -> dict[str, Any]:
    """Counts what the end of a shift adds to the history of a case; counts are exact, so once is enough."""
    centres = _TwoCentres()
    async with stage(read_roster=centres.read, centres=(_FROM, _TO)) as on:
        opening = request("rhipe-csp", "handoff").model_copy(update={"region": _FROM})
        case = await start(on, WORKFLOW, CaseFile(), "submit", opening, "bench-handoff")
        answer = Respond(actor=ENGINEER, text="We have begun work on this")
        await case.execute_update("respond", answer, result_type=Receipt)
        await at_rest(case)
        await on.advance(_SHIFT - 10 * _MINUTE, case)
        before = await counts(case)
        await on.advance(20 * _MINUTE, case)
        after = await counts(case)
        view = await case.query("view")
        owner = view["region"]
    added = {key: after[key] - before[key] for key in ("events", "actions", "workflow_tasks", "activities")}
    return {"bench": "handoff", "owner_before": _FROM, "owner_after": owner, **added}
