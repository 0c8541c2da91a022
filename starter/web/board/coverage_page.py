"""The page of the coverage: one day as bars of every centre, and the same as tables."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.centres.coverage import ClockChange
from policies import policy_names
from starter.door.coverage_day import CentreHours, DaysCovered, see_coverage
from starter.door.days import Days, read_day
from starter.door.faults import all_at_once
from starter.door.plain import span, words
from starter.door.policies_in_force import DEFAULT_POLICY, policy_named
from starter.web.board.answers import page
from starter.web.board.visitors import session_of, visitor
from starter.web.board.wall_clock import city, day
from starter.web.charts import LEFT, ROW, WIDTH, Box, Chart, Text

COVERAGE = "/coverage"
_TOP = 30  # units for the hours of the viewer
_DAY = timedelta(days=1)
_LEGEND = (
    ("open", "open"),
    ("shut", "closed by hand"),
    ("gap", "no centre is open"),
    ("hatch", "more than one is open"),
)


async def show_coverage(request: Request) -> Response:
    """Show who is open, and who is on, in the 24 hours of a day by the viewer's clock."""
    who, session = await visitor(request), session_of(request)
    asked = request.query_params.get("policy", "").strip()[:200] or DEFAULT_POLICY
    with all_at_once() as look:
        named = look.at(read_day, request.query_params.get("day", "")[:200], "day")
        policy = look.at(policy_named, asked)
    now = session.now()
    on = named or now.astimezone(who.zone).date()
    found = await see_coverage(session, who.actor, policy, Days(first=on, last=on, zone=who.zone.key))
    return page(
        "coverage.html",
        visitor=who,
        on=on,
        before=(on - _DAY).isoformat(),
        after=(on + _DAY).isoformat(),
        asked=asked,
        policies=policy_names(),
        found=found,
        is_now=found.start <= now < found.end,
        at=now,
        chart=drawn(found, who.zone, now),
        zone_of=ZoneInfo,
        changes=[change_in_words(one, who.zone) for one in found.changes],
    )


def drawn(found: DaysCovered, zone: ZoneInfo, now: datetime) -> Chart:
    """Draw a row for each centre and one for all, along the hours of the viewer's clock."""
    axis = _Axis(found.start, found.end)
    boxes, texts = [], list(_hours(axis, zone))
    for number, centre in enumerate(found.centres):
        y = _TOP + 2 * ROW * number
        texts.append(Text(LEFT - 10, y + 16, words(centre.name), "end", "name"))
        texts.append(Text(LEFT - 10, y + 33, city(ZoneInfo(centre.zone)), "end", "hour"))
        boxes.append(Box(LEFT, y + 4, WIDTH - LEFT, ROW, "free"))
        boxes += _open(centre, axis, y)
        texts += _local_hours(centre, axis, y)
    y = _TOP + 2 * ROW * len(found.centres)
    texts.append(Text(LEFT - 10, y + 18, "all together", "end", "name"))
    for one in (*found.gaps, *found.overlaps):
        said = ", ".join(map(words, one.open)) or "no centre is open"
        mark = "gap" if one.is_gap else "hatch"
        x = axis.x(one.since)
        boxes.append(Box(x, y + 2, round(axis.x(one.until) - x, 1), 20, mark, f"{span(one.length)}: {said}"))
    if found.start <= now < found.end:
        boxes.append(Box(axis.x(now) - 1, 6, 2, y + 18, "now", "now"))
    heads = ("Centre", "From", "To", "There", "Length")
    return Chart(
        key="coverage",
        title="Who is open when",
        about=f"{len(found.centres)} centres along 24 hours. The tables below say the same.",
        height=y + ROW,
        boxes=tuple(boxes),
        texts=tuple(texts),
        headings=heads,
        rows=tuple(row for centre in found.centres for row in _rows(centre, found, zone)),
        legend=_LEGEND,
    )


def change_in_words(change: ClockChange, zone: ZoneInfo) -> str:
    """Say which clock goes on or back, by how much and when."""
    way = "on" if change.seconds > 0 else "back"
    place = city(ZoneInfo(change.zone))
    by = span(timedelta(seconds=change.seconds))
    return f"The clocks of {place} go {way} by {by} at {day(change.at, zone)}"


class _Axis:
    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._length = start, end - start
        self.end = end

    def x(self, at: datetime) -> float:
        at = min(max(at, self._start), self.end)
        return round(LEFT + (WIDTH - LEFT) * ((at - self._start) / self._length), 1)


def _hours(axis: _Axis, zone: ZoneInfo) -> list[Text]:
    found, at = [], axis.end - axis._length
    while at < axis.end:
        local = at.astimezone(zone)
        if local.hour % 2 == 0:
            found.append(Text(axis.x(at), 18, f"{local:%H}", "middle", "hour"))
        at += timedelta(hours=1)
    return found


def _open(centre: CentreHours, axis: _Axis, y: float) -> list[Box]:
    spans = [(one.opens_at, one.closes_at, "open", "open") for one in centre.open]
    spans += [(one.span.opens_at, one.span.closes_at, "shut", one.reason) for one in centre.closures]
    return [
        Box(axis.x(since), y + 4, width, ROW, mark, f"{words(centre.name)}: {said}")
        for since, until, mark, said in spans
        if (width := round(axis.x(until) - axis.x(since), 1)) > 0
    ]


def _local_hours(centre: CentreHours, axis: _Axis, y: float) -> list[Text]:
    """Write into each bar from when to when it is by the centre's own clock."""
    zone = ZoneInfo(centre.zone)
    return [
        Text(axis.x(one.opens_at) + 6, y + 24, _times(one.opens_at, one.closes_at, zone))
        for one in centre.open
        if axis.x(one.closes_at) - axis.x(one.opens_at) > 110
    ]


def _times(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    return f"{since.astimezone(zone):%H:%M}–{until.astimezone(zone):%H:%M}"


def _rows(centre: CentreHours, found: DaysCovered, zone: ZoneInfo) -> list[tuple[str, ...]]:
    local, name = ZoneInfo(centre.zone), words(centre.name)
    rows: list[tuple[str, ...]] = [
        (
            name,
            day(one.opens_at, zone),
            day(one.closes_at, zone),
            f"{one.opens_at.astimezone(local):%a %H:%M} to {day(one.closes_at, local)}",
            span(one.closes_at - one.opens_at),
        )
        for one in centre.open
        if one.opens_at < found.end and one.closes_at > found.start
    ]
    return rows or [(name, "not open", "–", "–", "–")]


ROUTES = [Route(COVERAGE, show_coverage, methods=["GET"])]
