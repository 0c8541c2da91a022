"""A list, a centre and a case as they stood at an instant: to look at, with nothing to be said to them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from domain.views.as_of import CaseAsOf
from starter.door.as_of import board_page_as_of, kept_since, see_as_of
from starter.door.board import Lists, Wanted
from starter.door.case_lookup import find_stored
from starter.door.case_reader import find_for
from starter.door.centre_as_of import see_centre_as_of
from starter.door.plain import span, words
from starter.door.policies_in_force import known_regions
from starter.web.board.answers import page
from starter.web.board.case_told import told_of
from starter.web.board.cells import cells
from starter.web.board.past import Past
from starter.web.board.visitors import Visitor, session_of
from starter.web.board.wall_clock import full_day
from starter.web.board.wanted import PATHS, TITLES, address, query_of


async def show_list_as_of(request: Request, who: Visitor, wanted: Wanted, at: datetime) -> Response:
    """Show a list as it stood."""
    session, shown = session_of(request), wanted.shown
    found = await board_page_as_of(session, who.actor, wanted, at)
    centre = None
    if shown is Lists.CENTRE:
        centre = await see_centre_as_of(session, who.actor, wanted.centre or "", at)
    past = Past(at, session.now(), who.zone, PATHS[shown], query_of(wanted))
    last = found.lines[-1].place if found.more else None
    return page(
        "board_as_of.html",
        visitor=who,
        tab=shown,
        title=TITLES[shown],
        tabs=[(one, TITLES[one], address(_beside(wanted, one), None, past.query)) for one in Lists],
        past=past,
        wanted=wanted,
        found=found,
        rows=[cells(line, who.zone, at) for line in found.lines],
        centre=centre,
        centres=sorted(known_regions()),
        zone=ZoneInfo(centre.hours.zone) if centre and centre.hours else who.zone,
        kept=await kept_since(session),
        first=address(wanted, None, past.query) if wanted.after else "",
        more=address(wanted, last, past.query) if last else "",
    )


def _beside(wanted: Wanted, shown: Lists) -> Wanted:
    return Wanted(shown=shown, centre=wanted.centre)


async def show_case_as_of(request: Request, who: Visitor, at: datetime) -> Response:
    """Show a case as it stood."""
    session, named = session_of(request), request.path_params["case"]
    case_id = await find_for(session, who.actor, await find_stored(session, named) or named)
    view = await see_as_of(session, who.actor, case_id, at)
    assert isinstance(view, CaseAsOf)

    def when(instant: datetime) -> str:
        return full_day(instant, who.zone)

    return page(
        "case_as_of.html",
        visitor=who,
        view=view,
        past=Past(at, session.now(), who.zone, f"/cases/{view.number}", {}),
        facts=_facts(view, at),
        promises=[
            (one, _left(one.due_at or one.missed_at or one.started_at, at)) for one in view.promises or ()
        ],
        entries=told_of(view.timeline, when),
        kept=await kept_since(session),
    )


def _facts(view: CaseAsOf, at: datetime) -> list[tuple[str, str]]:
    """Say where a case stood, label by label; what there is nothing to say of is left out."""
    row = view.row
    if row is None:
        return []
    offer = f"{words(row.offered_to)}{', accepted by ' + row.accepted_by if row.accepted_by else ''}"
    waits = f"{view.waiting_for}, {span(at - view.waiting_since)} already" if view.waiting_since else None
    rows = [
        ("Phase", words(row.phase)),
        ("Owner", f"{row.assignee or 'nobody yet'}, {words(row.region)}"),
        ("Offered to", offer if row.offered_to else None),
        ("Tier", row.tier),
        ("Policy", f"{row.policy}, plan {row.plan}"),
        ("Waiting for", waits),
        ("Breaches", str(row.breaches) if row.breaches else None),
        ("Reopened", f"{row.reopens} times" if row.reopens else None),
        ("Closed", words(row.close_reason) if row.close_reason else None),
    ]
    return [(label, told) for label, told in rows if told]


def _left(due_at: datetime, at: datetime) -> str:
    """Say how far off a promise was, or how late."""
    return f"{span(due_at - at)} left" if due_at >= at else f"{span(at - due_at)} late"
