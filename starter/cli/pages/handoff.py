"""What handoffs look like: the steps of a case from centre to centre, and where one stands now."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import RenderableType

from starter.cli.pages.parts import nothing, plain, table
from starter.door.plain import counted, moment, words
from starter.reports.sentences import brief_rows, who

if TYPE_CHECKING:
    from domain.timeline import TimelineEntry
    from domain.views.staff import CaseView


def chain_table(rows: "Iterable[TimelineEntry]") -> RenderableType:
    """List the steps in order; `as of` is when an offer takes effect."""
    found = table("at", "what", "who", "by", "as of", "why")
    for row in rows:
        as_of = moment(row.due_at) if row.due_at else "-"
        found.add_row(
            moment(row.at), words(row.kind), plain(words(row.about)), plain(who(row)), as_of, plain(row.text)
        )
    return found if found.row_count else nothing()


def handing_on(view: "CaseView") -> list[tuple[str, str | None]]:
    """Say how a case follows the sun; what there is nothing to say about is None."""
    away = view.home_region is not None and view.home_region != view.region
    tier = ", ".join(filter(None, (view.tier, view.skill)))
    offer = _offer(view)
    return [
        ("home", f"{words(view.home_region)}, now with {words(view.region)}" if away else None),
        ("tier", tier or None),
        ("offer", offer),
        ("handed on", counted(view.handoffs, "time") if view.handoffs else None),
        ("next action", "not confirmed yet by whoever took it over" if view.is_unconfirmed else None),
        *_brief(view),
        ("next look", f"{moment(view.looks_at)}, who takes it then" if view.looks_at and not offer else None),
    ]


def _brief(view: "CaseView") -> list[tuple[str, str | None]]:
    """Show the brief once somebody wrote it, or is about to take the case over."""
    if view.brief is None or not (view.brief.written_at or view.handover or view.is_unconfirmed):
        return []
    return [("brief", "\n".join(f"{label}: {text}" for label, text in brief_rows(view.brief)))]


def _offer(view: "CaseView") -> str | None:
    offer = view.handover
    if offer is None:
        return None
    if offer.accepted_by is not None:
        return f"{words(offer.to)} takes it at {moment(offer.effective_at)}, accepted by {offer.accepted_by}"
    answer = f", answer by {moment(view.answer_by)}" if view.answer_by else ""
    return f"to {words(offer.to)} from {moment(offer.effective_at)} on{answer}"
