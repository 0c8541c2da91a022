"""The page of one case, and why each of its clocks is due when it is."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.case import LevelSource
from domain.clocks import Clock
from domain.said import in_lines
from domain.views.staff import CaseView
from policies.opening_hours import zone_around
from starter.door.case_reader import see_timeline, see_why
from starter.door.faults import not_found
from starter.door.plain import read_in, words
from starter.reports.sentences import brief_rows, outage_rows, promised, scope_line
from starter.web.board import case_files, case_saying
from starter.web.board.answers import page
from starter.web.board.case_choices import choices_for
from starter.web.board.case_clocks import picture, window
from starter.web.board.case_fields import words_about
from starter.web.board.case_promises import promises_of
from starter.web.board.case_seen import CASE, newest_told, seen_by
from starter.web.board.case_sun import open_centres
from starter.web.board.case_told import told_of
from starter.web.board.case_verbs import offered, verb_named
from starter.web.board.case_writers import writers_of
from starter.web.board.case_written import blank, warnings_in
from starter.web.board.past import Past, asked_instant
from starter.web.board.past_pages import show_case_as_of
from starter.web.board.visitors import session_of, visitor
from starter.web.board.wall_clock import full_day
from starter.web.file_rows import rows_of

_BY = {
    LevelSource.MATRIX: "by impact and urgency",
    LevelSource.CHANNEL_DEFAULT: "by default",
    LevelSource.REQUESTER: "named by the requester",
    LevelSource.STAFF: "set by staff",
    LevelSource.VENDOR: "set by the vendor",
}
"""Who or what set the level."""

_AT_THE_HEAD = frozenset({"title", "tenant", "received_at"})


async def show_case(request: Request) -> Response:
    """Show a case: what was said, what is promised, what happened, and what may be said now."""
    who, session = await visitor(request), session_of(request)
    if (at := asked_instant(request.query_params)) is not None:
        return await show_case_as_of(request, who, at)
    seen, now = await seen_by(request, who), session.now()
    read_in(lambda at: zone_around(who.zone.key, at, at))
    view = seen.view

    def when(at: datetime) -> str:
        return full_day(at, who.zone)

    entries = (await see_timeline(session, who.actor, seen)).entries
    open_at = await open_centres(session, view.policy, *window(view, entries, now))
    may = await offered(session, who, seen)
    return page(
        "case.html",
        visitor=who,
        view=view,
        past=Past(now, now, who.zone, f"{CASE}/{view.number}", {}),
        source=seen.source,
        is_behind=view.version < newest_told(request),
        customers_zone=_zone_of(view),
        facts=_facts(view, when),
        said=in_lines(
            {path: value for path, value in view.said.items() if path not in _AT_THE_HEAD}, (), when
        ),
        files=rows_of(view.files, f"{CASE}/{view.number}/files", when),
        file_words=case_files.WORDS,
        carried=case_files.carried_by(who),
        brief=brief_rows(view.brief),
        entries=told_of(entries, when),
        promises=promises_of(seen, now),
        picture=picture(view, entries, open_at, now, who.zone),
        may=may,
        forms={verb: blank(verb, view) for verb in (*may.everyday, *may.others)},
        about={verb: words_about(verb) for verb in (*may.everyday, *may.others)},
        choices=await choices_for(session, view),
        others=writers_of(request).others(view.case_id, who.actor.label, now),
        just_said=verb_named(request.query_params.get("said", "")),
        warned=warnings_in(request.query_params.getlist("warned")),
    )


async def show_why(request: Request) -> Response:
    """Tell why a clock is due when it is: the rule, its source, and how the time was counted."""
    who = await visitor(request)
    seen = await seen_by(request, who)
    if request.path_params["clock"] not in list(Clock):
        raise not_found(f"with a clock of that name: {seen.view.number}")
    why = await see_why(session_of(request), who.actor, seen, Clock(request.path_params["clock"]))
    return page("explain.html", visitor=who, view=seen.view, why=why, customers_zone=_zone_of(seen.view))


def _zone_of(view: CaseView) -> ZoneInfo:
    return ZoneInfo(view.zone)


def _facts(view: CaseView, when: Callable[[datetime], str]) -> list[tuple[str, str]]:
    """Say where a case stands, label by label; what there is nothing to say of is left out."""
    offer, score, contact = view.handover, view.score, view.contact
    elsewhere = view.external_tracking
    reached = (contact.name, contact.phone, contact.email) if contact else ()
    rows = [
        ("Owner", f"{view.assignee or 'nobody yet'}, {words(view.region)}"),
        ("Offered to", f"{words(offer.to)}, until {when(view.answer_by or offer.until)}" if offer else None),
        ("Next action", "not confirmed yet by whoever took it over" if view.is_unconfirmed else None),
        ("Level", f"{view.level} {view.level_name}, {_BY[LevelSource(view.level_source)]}"),
        ("Contact", ", ".join(filter(None, reached)) or None),
        ("Customer's number", view.customer_reference),
        (
            "Waits for",
            f"{view.waiting_for} since {when(view.waiting_since)}" if view.waiting_since else None,
        ),
        ("Answer owed", f"since {when(view.answer_owed_since)}" if view.answer_owed_since else None),
        ("Missing", ", ".join(words(name) for name in view.missing) or None),
        ("Response", when(view.responded_at) if view.responded_at else None),
        ("Updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        ("Resolved", when(view.resolved_at) if view.resolved_at else None),
        ("Closed", f"{when(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("Scope", scope_line(view.scope)),
        ("Promised", promised(view.promises)),
        ("Policy", f"{view.policy}, plan {view.plan}, calendar {view.calendar}"),
        ("Tracked elsewhere", f"{elsewhere.system}, {elsewhere.reference}" if elsewhere else None),
        ("Incident", view.incident.number if view.incident else None),
        ("Follows case", view.parent),
        ("Linked", ", ".join(view.linked_cases) or None),
        *((label.capitalize(), told) for label, told in outage_rows(view.outage)),
    ]
    return [(label, told) for label, told in rows if told]


ROUTES = [
    Route(f"{CASE}/{{case}}", show_case, methods=["GET"]),
    Route(f"{CASE}/{{case}}/explain/{{clock}}", show_why, methods=["GET"]),
    *case_saying.ROUTES,
    *case_files.ROUTES,
]
