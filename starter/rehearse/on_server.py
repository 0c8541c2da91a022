"""A rehearsal through the real workflow, on servers that skip time: stories in, the figures out.

Part of the rehearsals; `in_memory` is the other engine.
"""

import math
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from starter.rehearse.beside import Hands, compared, family, hands
from starter.rehearse.figures import Rehearsal, by_level, figures_of, refusals
from starter.rehearse.findings import CaseFinding
from starter.rehearse.lane import Job, LaneResult
from starter.rehearse.lanes import Report, rehearse_all, share_out
from starter.rehearse.problems import EXAMPLES
from starter.rehearse.script import Script
from starter.rehearse.server import server_binary
from starter.rehearse.timelines import CaseTimeline

_AHEAD = timedelta(days=1)  # between the servers' start and the first case, however slowly they start
_WEEK = timedelta(weeks=1)


class Played(NamedTuple):
    """The figures of a rehearsal, and what each case did, where that was asked for."""

    rehearsal: Rehearsal
    timelines: list[CaseTimeline]


async def play_on_server(script: Script, report: Report, *, timelines: bool = False) -> Played:
    """Play a script. Raises: Fault where the server is missing or a lane could not go on."""
    server_binary()
    weeks = math.ceil((datetime.now(UTC) + _AHEAD - script.begins_at) / _WEEK)
    shares = share_out(script.stories, script.policy)
    jobs = [
        Job(
            policy=script.policy.name,
            follows_the_sun=script.mapping.follows_the_sun,
            weeks=weeks,
            log_ends_at=script.ends_at,
            stories=stories,
            timelines=timelines,
        )
        for stories in shares
    ]
    begun = time.monotonic()
    results = await rehearse_all(jobs, report)
    found = _result(script, weeks, results, time.monotonic() - begun)
    return Played(found, [one for lane in results for one in lane.timelines])


def _result(script: Script, weeks: int, results: list[LaneResult], seconds: float) -> Rehearsal:
    findings = _in_log_order(script, results)
    unheard = sorted((one for lane in results for one in lane.unheard), key=lambda one: one.line)
    return Rehearsal(
        log=script.log,
        mapping=script.mapping.name,
        policy=f"{script.policy.name}@{script.policy.version}",
        zone=script.mapping.zone,
        begins_at=script.begins_at,
        ends_at=script.ends_at,
        shift_weeks=weeks,
        cases=len(script.stories),
        linked_cases=sum(one.parent is not None for one in findings),
        rows=script.rows,
        said=_summed(lane.said for lane in results),
        refused=refusals(unheard, EXAMPLES),
        told=_summed(lane.told for lane in results),
        warnings=sum(one.warnings for one in findings),
        clock_instants=sum(one.clock_instants for one in findings),
        seconds=round(seconds, 1),
        servers=len(results),
        levels=by_level(findings, script.policy),
        total=figures_of(findings),
        findings=findings,
        handoffs=_handoffs(script, results, findings),
    )


def _handoffs(script: Script, results: list[LaneResult], findings: tuple[CaseFinding, ...]) -> Hands | None:
    if not script.mapping.follows_the_sun:
        return None
    owned = [one for lane in results for one in lane.owned]
    return hands(compared(script.hands, owned, findings, script.policy), script.centres, script.policy)


def _in_log_order(script: Script, results: list[LaneResult]) -> tuple[CaseFinding, ...]:
    """Put cases back into the order of the log, a linked case behind its parent's."""
    place = {story.case: number for number, story in enumerate(script.stories)}
    found = [one for lane in results for one in lane.findings]
    first = {one.case: place.get(family(one.case), len(place)) for one in found}
    return tuple(sorted(found, key=lambda one: (first[one.case], one.received_at)))


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
