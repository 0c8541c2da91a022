"""The page of the statistics, and the same as files that a program or a spreadsheet reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from policies import policy_names
from starter.door.days import Days
from starter.door.figures import DeskFigures, see_figures
from starter.reports.spreadsheet import as_csv
from starter.web.board.answers import page
from starter.web.board.statistics_charts import charts_of
from starter.web.board.visitors import Visitor, session_of, visitor

STATISTICS = "/statistics"
_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """What an address asks for, as it was typed."""

    first: str
    last: str
    tenant: str
    policy: str

    def over(self, days: Days) -> str:
        """Write the address of other days of the same."""
        return self._query({"from": days.first.isoformat(), "to": days.last.isoformat()})

    @property
    def query(self) -> str:
        """The same again."""
        return self._query({"from": self.first, "to": self.last})

    def _query(self, days: dict[str, str]) -> str:
        given = {**days, "tenant": self.tenant, "policy": self.policy}
        told = urlencode({name: value for name, value in given.items() if value})
        return f"?{told}" if told else ""


async def show_statistics(request: Request) -> Response:
    """Show what the cases of some days add up to, as charts and tables."""
    who, asked, found = await _found(request)
    return page(
        "statistics.html",
        visitor=who,
        asked=asked,
        found=found,
        before=f"{STATISTICS}{asked.over(found.days.moved(-1))}",
        after=f"{STATISTICS}{asked.over(found.days.moved(1))}",
        csv=f"{STATISTICS}.csv{asked.query}",
        json=f"{STATISTICS}.json{asked.query}",
        policies=policy_names(),
        charts=charts_of(found),
    )


async def send_json(request: Request) -> Response:
    """Send the figures as they are."""
    _, _, found = await _found(request)
    return _file(JSONResponse(found.model_dump(mode="json")), found, "json")


async def send_csv(request: Request) -> Response:
    """Send the figures for a spreadsheet: one a line, with what it is of."""
    _, _, found = await _found(request)
    body = as_csv(("figure", "of", "part", "value", "unit"), figure_rows(found))
    return _file(Response(body, media_type="text/csv"), found, "csv")


def figure_rows(found: DeskFigures) -> Iterator[tuple[str, str, str, float, str]]:
    """Write every figure in a line of its own: what it is, of what, which part, how much, of which unit."""
    received = found.received
    for name in ("cases", "still_open", "closed", "reopened", "reopenings"):
        yield "received", "all", name, getattr(received, name), "cases"
    levels = [
        ("all", received.targets),
        *((f"{one.policy} {one.level}", one.targets) for one in received.levels),
    ]
    for label, targets in levels:
        for target in targets:
            for part in ("by_staff", "met", "missed"):
                yield f"kept {target.clock}", label, part, getattr(target, part), "promises"
    for name, times in (("response", found.responses), ("resolution", found.resolutions)):
        for one in times:
            label = f"{one.policy} {one.level}" if one.level else "all"
            yield f"{name} time", label, "cases", one.cases, "cases"
            yield f"{name} time", label, "median", one.median.total_seconds(), "s"
            yield f"{name} time", label, "p90", one.p90.total_seconds(), "s"
    for score, count in received.satisfaction.scores.items():
        yield "satisfaction", "all", str(score), count, "answers"
    for kind, count in received.escalations.items():
        yield "escalations", "all", kind, count, "entries"
    yield from _happened(found)


def _happened(found: DeskFigures) -> Iterator[tuple[str, str, str, float, str]]:
    for day in found.flow:
        if day.since <= found.at:
            for part in ("opened", "ended", "open_at_end"):
                yield "flow", day.since.isoformat(), part, getattr(day, part), "cases"
    for one in found.missed:
        for hour, count in enumerate(one.hours):
            yield "missed", one.centre, f"{hour:02}:00 {one.zone}", count, "promises"
        for clock, count in one.clocks.items():
            yield "missed", one.centre, clock, count, "promises"
    for way in found.ways:
        yield "handoffs", way.giver, way.taker, way.count, "handoffs"
    cost = found.cost
    for name, length in (("median", cost.median), ("p90", cost.p90)):
        if length is not None:
            yield "handoff tax", f"the latest {cost.read}", name, length.total_seconds(), "s"
    yield "handoff tax", f"the latest {cost.read}", "asked_again", cost.asked_again, "questions"
    yield from _lateness(found)


def _lateness(found: DeskFigures) -> Iterator[tuple[str, str, str, float, str]]:
    for one in found.lateness.rows:
        label = f"{one.clock} {one.centre}"
        yield "lateness", label, "count", one.count, "clocks"
        for name, late in (("p50", one.p50_ms), ("p99", one.p99_ms), ("max", one.max_ms)):
            yield "lateness", label, name, late, "ms"


async def _found(request: Request) -> tuple[Visitor, Asked, DeskFigures]:
    """Read who looks, what they ask for, and the figures. Raises: Fault."""
    who = await visitor(request)
    given = {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in _ASKED}
    asked = Asked(given["from"], given["to"], given["tenant"], given["policy"])
    found = await see_figures(
        session_of(request),
        who.actor,
        asked.first,
        asked.last,
        who.zone,
        asked.tenant or None,
        asked.policy or None,
    )
    return who, asked, found


_ASKED = ("from", "to", "tenant", "policy")


def _file(answer: Response, found: DeskFigures, kind: str) -> Response:
    name = f"sunrelay-statistics-{found.days.first}-{found.days.last}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


ROUTES = [
    Route(STATISTICS, show_statistics, methods=["GET"]),
    Route(f"{STATISTICS}.csv", send_csv, methods=["GET"]),
    Route(f"{STATISTICS}.json", send_json, methods=["GET"]),
]
