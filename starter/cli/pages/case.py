"""What one case looks like: to our own people, and to its customer."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from domain.views.customer import CustomerView
from starter.cli.flags import all_typed_for, with_flags
from starter.cli.pages.clock import breaches, deadlines
from starter.cli.pages.handoff import handing_on
from starter.cli.pages.parts import facts, heading, of_rank, plain, said
from starter.cli.pages.special import agreed, special
from starter.cli.pages.timeline import entries
from starter.cli.pages.vendor import at_the_vendor
from starter.cli.request_flags import LATER
from starter.door.plain import moment, words
from starter.reports.sentences import Rows, outage_rows, promised, scope_line

if TYPE_CHECKING:
    from domain.views.staff import CaseView


_ABOVE = frozenset(
    {"title", "tenant", "reference", "received_at", "contact.name", "contact.phone", "contact.email"}
    | {"contact.webhook", "business_impact", "channel", "support_type", "start_at", "start_zone"}
    | {"access.task", "access.equipment", "access.window_start", "access.window_end"}
)
"""What was said that stands at the head of the page for staff."""

_ABOVE_FOR_CUSTOMERS = frozenset(
    {"title", "reference", "received_at", "start_at", "start_zone"}
    | {"access.task", "access.equipment", "access.window_start", "access.window_end"}
)

_VERIFIED = {True: "the four items match", False: "the four items do not match"}


def page(view: "CaseView | CustomerView", source: str) -> RenderableType:
    """Show a case to whom this view of it is for."""
    return customer(view, source) if isinstance(view, CustomerView) else staff(view, source)


def staff(view: "CaseView", source: str) -> RenderableType:
    """Show a case to our own people."""
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
        heading("What was said"),
        said(view.said, view.files, _ABOVE),
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
        ("missing", with_flags(view.missing, all_typed_for(view.missing, LATER)) or None),
        ("verified", verified),
        ("scope", scope_line(view.scope)),
    ]


def _promised(view: "CaseView") -> Rows:
    lapses = (
        f"{view.customer_lapses} updates from the customer did not come" if view.customer_lapses else None
    )
    return [
        ("policy", f"{view.policy}, plan {view.plan}, calendar {view.calendar} in {view.zone}"),
        ("promised", promised(view.promises)),
        ("service level", None if view.has_sla else "none applies to this case"),
        ("lapses", lapses),
        *outage_rows(view.outage),
    ]


def _so_far(view: "CaseView") -> Rows:
    score = view.score
    waits = f"{view.waiting_for} since {moment(view.waiting_since)}" if view.waiting_since else None
    return [
        ("response", moment(view.responded_at)),
        ("updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        ("waits for", waits),
        ("answer owed", owed(view.answer_owed_since)),
        ("validated", moment(view.validated_at) if view.validated_at else None),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", f"{moment(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("reopened", f"{view.reopens} times" if view.reopens else None),
        ("untold", f"{view.undelivered} notices on their way" if view.undelivered else None),
    ]


def owed(since: datetime | None) -> str | None:
    """Say since when we owe the customer an answer (UTC), where we do."""
    return f"to the customer, since {moment(since)}" if since else None


def _breached(view: "CaseView") -> list[RenderableType]:
    if not view.breach_count:
        return []
    return [heading(f"Breaches, {view.breach_count}"), breaches(view.breaches)]


def customer(view: CustomerView, source: str) -> RenderableType:
    """Show a case as its customer sees it."""
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
        ("answer owed", owed(view.answer_owed_since)),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", f"{moment(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("read from", source),
    ]
    head = Text.assemble((view.number, "bold"), f"  {view.level} {view.level_name}  {words(view.phase)}  ")
    head.append_text(plain(view.title, "bold"))
    return Group(
        head,
        facts(_given(rows)),
        heading("What you told us"),
        said(view.said, view.files, _ABOVE_FOR_CUSTOMERS),
        heading("Deadlines"),
        deadlines(view.deadlines, datetime.now(UTC)),
        heading("Timeline"),
        entries(view.timeline),
    )
