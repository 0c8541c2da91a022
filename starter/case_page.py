"""What one case looks like: to our own people, and to its customer.

Part of the doors. Pure drawing.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.clock_page import breaches, deadlines, promised
from starter.handoff_page import handing_on
from starter.output import moment
from starter.showing import facts, heading, of_rank, plain, words
from starter.special_page import agreed, special
from starter.timeline_page import entries
from starter.vendor_page import at_the_vendor

if TYPE_CHECKING:
    from domain.case import ScopeFinding
    from domain.customer_view import CustomerView
    from domain.outage import OutageSpan
    from domain.views import CaseView


Rows = list[tuple[str, str | None]]
"""Labels and what stands behind them; None where there is nothing to say."""

_VERIFIED = {True: "the four items match", False: "the four items do not match"}


def staff(view: "CaseView", source: str) -> RenderableType:
    """This will show a case to our own people."""
    now = datetime.now(UTC)
    head = Text.assemble((view.number, "bold"), "  ", of_rank(f"{view.level} {view.level_name}", view.rank))
    head.append(f"  {words(view.phase)}  ")
    head.append_text(plain(view.title, "bold"))
    rows = [
        *_whose(view),
        *handing_on(view),
        *at_the_vendor(view),
        *_asked(view),
        *_promised(view),
        *special(view),
        *_so_far(view),
        ("read from", source),
    ]
    return Group(
        head,
        facts(_given(rows)),
        heading("Deadlines"),
        deadlines(view.deadlines, now),
        *_breached(view),
        heading(f"Timeline, last {len(view.timeline)} of {view.entries}"),
        entries(view.timeline),
    )


def _given(rows: Rows) -> list[tuple[str, Text]]:
    return [(label, plain(text)) for label, text in rows if text is not None]


def _whose(view: "CaseView") -> Rows:
    contact = view.contact
    reached = (contact.name, contact.phone, contact.email, contact.webhook) if contact else ()
    elsewhere = view.external_tracking
    return [
        ("case", f"{view.case_id}, reference {view.reference} of {view.tenant}"),
        ("owner", f"{view.assignee or 'nobody yet'}, {view.region}"),
        ("contact", ", ".join(filter(None, reached)) or None),
        ("main contact", words(view.main_contact) if view.main_contact else None),
        ("elsewhere", f"tracked in {elsewhere.system} as {elsewhere.reference}" if elsewhere else None),
        ("incident", view.incident.number if view.incident else None),
        ("earlier", view.parent),
        ("linked", ", ".join(view.linked_cases) or None),
    ]


def _asked(view: "CaseView") -> Rows:
    verified = (
        f"{_VERIFIED[view.verified]}, {moment(view.verified_at)}" if view.verified is not None else None
    )
    return [
        ("received", f"{moment(view.received_at)} by {view.route}"),
        ("impact", view.business_impact),
        ("missing", ", ".join(view.missing) or None),
        ("verified", verified),
        ("scope", scope_line(view.scope)),
    ]


def scope_line(found: "ScopeFinding | None") -> str | None:
    """This will say what the rules of scope make of a case, where they do not simply accept it."""
    if found is None or (found.rule is None and found.disposition == "accept"):
        return None
    by = f"by the rule {words(found.rule)}" if found.rule else "no rule matched"
    refer_to = f"refer to {words(found.refer_to)}" if found.refer_to else None
    stays = None if found.vendor_escalation else "never to the vendor"
    return ", ".join(filter(None, (words(found.disposition), by, refer_to, stays)))


def _promised(view: "CaseView") -> Rows:
    lapses = f"{view.customer_lapses} updates of the customer did not come" if view.customer_lapses else None
    return [
        ("policy", f"{view.policy}, plan {view.plan}, calendar {view.calendar} in {view.zone}"),
        ("promised", promised(view.promises)),
        ("service level", None if view.has_sla else "none applies to this case"),
        ("lapses", lapses),
        *outage_rows(view.outage),
    ]


def outage_rows(outage: "OutageSpan | None") -> Rows:
    """This will say since when an outage is counted, what was told of it, and how long it lasted (DED-28)."""
    if outage is None:
        return []
    ended = f", {words(outage.ended_by)} {moment(outage.ended_at)}" if outage.ended_at else ", goes on"
    told = f"{outage.notices}, the last {moment(outage.noticed_at)}" if outage.notices else "none yet"
    minutes = f"{outage.minutes} min" if outage.minutes is not None else None
    if outage.earlier_minutes:
        minutes = f"{minutes or 'not measured yet'}, and {outage.earlier_minutes} min of earlier outages"
    expected = outage.expected_resolution_at
    return [
        ("outage", f"counted from {moment(outage.began_at)}, declared {moment(outage.declared_at)}{ended}"),
        ("notices", told),
        ("expected", moment(expected) if expected and outage.is_running else None),
        ("minutes", minutes),
    ]


def _so_far(view: "CaseView") -> Rows:
    score = view.score
    waits = f"{view.waiting_for} since {moment(view.waiting_since)}" if view.waiting_since else None
    return [
        ("response", moment(view.responded_at)),
        ("updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        ("waits for", waits),
        ("validated", moment(view.validated_at) if view.validated_at else None),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", f"{moment(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("reopened", f"{view.reopens} times" if view.reopens else None),
        ("untold", f"{view.undelivered} notices on their way" if view.undelivered else None),
    ]


def _breached(view: "CaseView") -> list[RenderableType]:
    if not view.breach_count:
        return []
    return [heading(f"Breaches, {view.breach_count}"), breaches(view.breaches)]


def customer(view: "CustomerView", source: str) -> RenderableType:
    """This will show a case as its customer sees it."""
    rows: Rows = [
        ("reference", view.reference),
        ("received", moment(view.received_at)),
        ("promised", promised(view.promises)),
        ("response", moment(view.responded_at)),
        *outage_rows(view.outage),
        *agreed(view),
        ("elsewhere", "tracked elsewhere too" if view.tracked_elsewhere else None),
        ("incident", view.incident),
        ("waits for", view.waiting_for),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", f"{moment(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("read from", source),
    ]
    head = Text.assemble((view.number, "bold"), f"  {view.level} {view.level_name}  {words(view.phase)}  ")
    head.append_text(plain(view.title, "bold"))
    return Group(
        head,
        facts(_given(rows)),
        heading("Deadlines"),
        deadlines(view.deadlines, datetime.now(UTC)),
        heading("Timeline"),
        entries(view.timeline),
    )
