"""The page on which a lead tries a policy: sliders for its values, a log, and what would have been kept."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policies import policy_names
from starter.door.faults import Fault, Kind
from starter.door.permission import may_rehearse
from starter.door.policies_in_force import DEFAULT_POLICY, policy_named
from starter.rehearse.apart import MOST_CASES, rehearsed_apart
from starter.rehearse.log import SAMPLE
from starter.web.board.answers import page
from starter.web.board.rehearsal_sliders import Slider, sliders_of
from starter.web.board.visitors import Visitor, speaking, visitor
from starter.web.rehearsal.page import facts_of

REHEARSAL = "/rehearsal"
_FEWEST, _USUAL = 1, 12


class LogHere(NamedTuple):
    """A log that can be chosen: its name in the form, what it is, and where it lies."""

    name: str
    title: str
    path: Path


LOGS = (
    LogHere("desk-log", "a small desk's month: 12 cases", SAMPLE.with_name("desk-log.csv")),
    LogHere("uci", "a real desk's year: 334 incidents (UCI 498)", SAMPLE),
)
"""What comes along. Others are rehearsed by the command, `sunrelay rehearse LOG --html FILE`."""


class Tried(NamedTuple):
    """What the form holds."""

    policy: str
    log: LogHere
    cases: int
    sliders: list[Slider]


async def show_rehearsal(request: Request) -> Response:
    """Show the form, for the policy that is chosen."""
    who = await visitor(request)
    may_rehearse(who.actor)
    return _page(who, _tried(request.query_params))


async def rehearse(request: Request) -> Response:
    """Rehearse what the form says, one at a time, and show what came of it."""
    who, form = await speaking(request)
    may_rehearse(who.actor)
    typed = {name: given[0][:200] for name, given in form.items() if given}
    tried = _tried(typed)
    if not typed.get("log"):
        return _page(who, tried, fault=Fault(Kind.USAGE, "UsageError", "no log was chosen", "choose one"))
    busy: asyncio.Lock = request.app.state.rehearsing
    if busy.locked():
        reason = "somebody's rehearsal is running, and there is one at a time"
        return _page(
            who, tried, fault=Fault(Kind.CONFLICT, "RehearsalRunning", reason, "try again in a minute")
        )
    changes = [one.change for one in tried.sliders if one.change]
    try:
        async with busy:
            found = await rehearsed_apart(tried.log.path, tried.policy, changes, tried.cases)
    except Fault as fault:
        return _page(who, tried, fault=fault)
    return _page(who, tried, facts=facts_of(found))


def _busy() -> Fault:
    reason = "somebody's rehearsal is running, and there is one at a time"
    return Fault(Kind.CONFLICT, "RehearsalRunning", reason, "try again in a minute")


def _tried(typed: Mapping[str, str]) -> Tried:
    """Read a form; what it does not say, or cannot mean, is as it was. Raises: Fault (policy unknown)."""
    policy = typed.get("policy", "") or DEFAULT_POLICY
    cases = typed.get("cases", "")
    many = int(cases) if cases.isascii() and cases.isdigit() and len(cases) < 9 else _USUAL
    return Tried(
        policy=policy,
        log=next((one for one in LOGS if one.name == typed.get("log")), LOGS[0]),
        cases=max(_FEWEST, min(MOST_CASES, many)),
        sliders=sliders_of(policy_named(policy), typed),
    )


def _page(
    who: Visitor, tried: Tried, *, facts: Mapping[str, object] | None = None, fault: Fault | None = None
) -> Response:
    status = 200 if fault is None else 409 if fault.kind is Kind.CONFLICT else 400
    return page(
        "rehearsal_tried.html",
        status,
        visitor=who,
        tried=tried,
        logs=LOGS,
        policies=policy_names(),
        most=MOST_CASES,
        facts=facts,
        fault=fault,
    )


ROUTES = [
    Route(REHEARSAL, show_rehearsal, methods=["GET"]),
    Route(REHEARSAL, rehearse, methods=["POST"]),
]
