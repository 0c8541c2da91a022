"""Changes of a list, sent to a page that is open as long as somebody looks (server-sent events).

A stream ends after some minutes and the browser opens another, so that whoever was signed out sees no more.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import monotonic
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from starter.door.board import Lists, Wanted, counts_for, is_shown
from starter.web.board.board_page import board_of
from starter.web.board.cells import cells
from starter.web.board.feed import Beat, Change, Feed
from starter.web.board.visitors import Visitor, session_of, visitor
from starter.web.board.wall_clock import second
from starter.web.board.wanted import read_wanted

MOST_STREAMS = 2_000
"""Pages that are sent changes at a time (ours); more are as of when they were loaded."""

LASTS = 300.0
"""Seconds a stream lasts (ours): so long may somebody look on who was signed out."""

_GONE_FOR = timedelta(minutes=10)
"""How long a page may have heard nothing, and still be brought up to date; else it is loaded anew."""

_DIGITS = 11
_DRAWN = 1_024  # rows: those of one look, by some clocks
_STALE = b"event: stale\ndata: {}\n\n"
_HEADERS = {"X-Accel-Buffering": "no"}  # a proxy that collects would send minutes of it at once


async def send_changes(request: Request) -> Response:
    """Send what changes on a list."""
    who = await visitor(request)
    feed: Feed = request.app.state.feed
    shown = request.path_params["shown"]
    if shown not in list(Lists) or feed.listeners >= MOST_STREAMS:
        return Response(status_code=404 if shown not in list(Lists) else 503)
    wanted = read_wanted(Lists(shown), request.query_params)
    wanted = wanted.model_copy(update={"centre": await board_of(request).centre_of(who.actor, wanted.centre)})
    since = _since(request, session_of(request).now())
    return StreamingResponse(
        _sent(feed, who, wanted, since), media_type="text/event-stream", headers=_HEADERS
    )


async def _sent(feed: Feed, who: Visitor, wanted: Wanted, since: datetime | None) -> AsyncIterator[bytes]:
    ends_at = monotonic() + LASTS
    async with feed.listening() as listener:
        if since is None:
            yield _STALE
            return
        yield b"retry: 1000\n\n" + _event(await feed.since(since), who, wanted)
        told: dict[str, int] = {}
        while (beat := await listener.get()) is not None and monotonic() < ends_at:
            counts = counts_for(beat.tally, who.actor, wanted.centre) if beat.tally else told
            yield _event(beat, who, wanted, counts if counts != told else None)
            told = counts


def _event(beat: Beat, who: Visitor, wanted: Wanted, counts: dict[str, int] | None = None) -> bytes:
    said: dict[str, object] = {"now": int(beat.at.timestamp() * 1000)}
    if beat.away is not None:
        said["away"] = second(beat.away, who.zone)
    if beat.engine is not None:
        said["engine"] = beat.engine.says(who.zone)
    if counts:
        said["counts"] = counts
    # A stream after this one begins here; while the store is away, where it was heard last.
    place = "" if beat.away else f"id: {int(beat.at.timestamp())}\n"
    rows = _changed(beat, who, wanted) if beat.changes else ""
    return f"{place}data: {_json(said)[:-1]}{rows}}}\n\n".encode()


def _changed(beat: Beat, who: Visitor, wanted: Wanted) -> str:
    rows, gone = [], []
    for change in beat.changes:
        if is_shown(who.actor, wanted, change.row, beat.at):
            rows.append(drawn(change, who.zone, beat.at))
        else:
            gone.append(change.line.number)
    return f',"rows":[{",".join(rows)}],"gone":{_json(gone)}'


@lru_cache(maxsize=_DRAWN)
def drawn(change: Change, zone: ZoneInfo, at: datetime) -> str:
    """Write the row of a change as it is sent: once for all who read one clock."""
    return _json(cells(change.line, zone, at)._asdict())


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _since(request: Request, now: datetime) -> datetime | None:
    """Read since when a page has heard nothing, of which it is told; None where it is to be loaded anew.

    The browser says it where it had a stream before, else the page.
    """
    text = request.headers.get("last-event-id") or request.query_params.get("since", "")
    if not text.isdigit() or len(text) > _DIGITS:
        return None
    since = datetime.fromtimestamp(int(text), UTC)
    return since if abs(now - since) < _GONE_FOR else None


ROUTES = [Route("/stream/{shown}", send_changes, methods=["GET"])]
