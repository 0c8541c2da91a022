"""`sunrelay handoff`: accept or decline what another centre offers, hand a case on by hand.

Whether it may be said is the domain's to decide; how a whole list is accepted is said in
`starter.cli.accept_offers`.
"""

from typing import Annotated, Any

import typer

from starter.cli.accept_offers import accept_list
from starter.cli.case_argument import Source, Tenant
from starter.cli.command import Door, register
from starter.cli.flags import Options
from starter.cli.given import RequestId
from starter.cli.panels import SAY
from starter.cli.say_command import NEEDED, Fields, NoWait, say, say_one
from starter.door.faults import all_at_once, usage

Reason = Annotated[str | None, typer.Option(help="Why.")]
To = Annotated[str, typer.Argument(metavar="REGION", help="The centre that takes it, at once.")]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Also where it is closed: the case may go straight on.")
]
NextAction = Annotated[str | None, typer.Option(help="What is done next.")]

_BRIEF: Options = {
    "impact": (Annotated[str | None, typer.Option(help="What is hurt, and how badly.")], None),
    "hypothesis": (Annotated[str | None, typer.Option(help="What you think it is.")], None),
    "tried": (Annotated[str | None, typer.Option(help="What was done, and what came of it.")], None),
    "next_action": (NextAction, None),
    "next_action_owner": (Annotated[str | None, typer.Option(help="Who does it.")], None),
    "waiting_for": (Annotated[str | None, typer.Option(help="What or whom the case waits for.")], None),
}
_HAND_OFF: Options = {
    "to": (To, NEEDED),
    "reason": (Reason, None),
    **_BRIEF,
    "anyway": (Anyway, False),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands, and those of the verbs' full names, which help does not show."""
    group = typer.Typer(no_args_is_help=True, help="Handoffs: take a case over, decline it, hand it on.")
    register(group, "accept", rich_help_panel=SAY)(accept)
    say(group, "decline_handoff", decline, ("decline",))
    say(group, "hand_off", hand_off, ("to",), _HAND_OFF)
    say(group, "write_brief", brief, ("brief",), _BRIEF)
    say(group, "confirm_next_action", confirm, ("confirm",))
    app.add_typer(group, name="handoff", rich_help_panel=SAY)
    register(app, "accept-handoff", hidden=True)(accept)
    say(app, "decline_handoff", decline, ("decline-handoff",), hidden=True)
    say(app, "hand_off", hand_off, ("hand-off",), _HAND_OFF, hidden=True)
    say(app, "write_brief", brief, ("write-brief",), _BRIEF, hidden=True)
    say(app, "confirm_next_action", confirm, ("confirm-next-action",), hidden=True)
    say(app, "staffing_news", staffing_news, ("staffing-news",), hidden=True)


async def accept(
    door: Door,
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="One case; or a whole list with --region.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="The cases offered to this centre.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    level: Annotated[list[str] | None, typer.Option(help="Those of this level; repeat it.")] = None,
    assignee: Annotated[
        str | None, typer.Option(help="Who gets it; without it, you, or for a lead whom the roster names.")
    ] = None,
    next_action: Annotated[
        str | None, typer.Option(help="What you do next; so you confirm what the brief says, or correct it.")
    ] = None,
    tenant: Tenant = None,
    source: Source = "desk",
    request_id: RequestId = None,
    no_wait: NoWait = False,
) -> None:
    """Accept a case that is offered to your centre, or as its lead the whole list."""
    if case is not None:
        _not_both(region is not None or all_ or bool(level))
        given = {"case": case, "tenant": tenant, "source": source, "request_id": request_id}
        said = {"assignee": assignee, "next_action": next_action}
        await say_one(door, "accept_handoff", said, {**given, "no_wait": no_wait})
        return
    with all_at_once() as look:
        listed = look.at(_list_of, region, all_, level)
        look.at(_not_for_one, no_wait, tenant, next_action)
    await accept_list(door, listed, tuple(level or ()), assignee, request_id)


def _list_of(region: str | None, all_: bool, level: list[str] | None) -> str:
    """Return whose list is meant. Raises: Fault (usage)."""
    if region is None or all_ == bool(level):
        remedy = "name one, or a centre and all, or levels"
        raise usage("which cases?", remedy, "case", "region", "all_", "level")
    return region


def _not_for_one(no_wait: bool, tenant: str | None, next_action: str | None) -> None:
    if no_wait or tenant is not None or next_action is not None:
        remedy = "leave it out of a list"
        raise usage("some of it is for one case", remedy, "no_wait", "tenant", "next_action")


def _not_both(is_both: bool) -> None:
    if is_both:
        raise usage("one case, or a list", "leave one of them out", "case", "region", "all_", "level")


def decline(reason: Reason = None) -> Fields:
    """Decline a case that is offered to your centre; the next one is asked."""
    return {"reason": reason}


def hand_off(**given: Any) -> Fields:
    """Hand a case to another centre, now and without an offer; a brief may come along."""
    return given


def brief(**lines: Any) -> Fields:
    """Write down what whoever takes the case over has to know; what you leave out stays as it was."""
    return lines


def confirm(next_action: NextAction = None) -> Fields:
    """Say what you do next with a case you have taken over; without words, what the brief says."""
    return {"next_action": next_action}


def staffing_news(
    region: Annotated[str | None, typer.Option(help="A centre that was closed or opened.")] = None,
    engineer: Annotated[str | None, typer.Option(help="Who has left the rota.")] = None,
) -> Fields:
    """Tell a case that a centre was closed or opened, or that somebody left the rota."""
    return {"region": region, "engineer": engineer}
