"""`sunrelay handoff`: accept or decline what another centre offers, hand a case on by hand.

Part of the doors. Whether it may be said is the domain's to decide; how a whole list is accepted is said in
`starter.accepting`.
"""

from typing import Annotated

import typer

from starter.accepting import accept_list
from starter.asking_rota import assignee_is_known, centre_is_open, speaks_for_his_centre
from starter.door import Door, register
from starter.faults import usage
from starter.finding import Source, Tenant
from starter.receipts import Warnings
from starter.saying import PANEL, Fields, NoWait, say, speak
from starter.sending import RequestId

Reason = Annotated[str | None, typer.Option(help="Why.")]


def add_to(app: typer.Typer) -> None:
    """This will add the commands, and those of the verbs' full names, which help does not show."""
    group = typer.Typer(no_args_is_help=True, help="Handoffs: take a case over, decline it, hand it on.")
    register(group, "accept", rich_help_panel=PANEL)(accept)
    say(group, "decline_handoff", decline, ("decline",), before=speaks_for_his_centre)
    say(group, "hand_off", hand_off, ("to",), before=centre_is_open)
    app.add_typer(group, name="handoff", rich_help_panel=PANEL)
    register(app, "accept-handoff", hidden=True)(accept)
    say(app, "decline_handoff", decline, ("decline-handoff",), hidden=True, before=speaks_for_his_centre)
    say(app, "hand_off", hand_off, ("hand-off",), hidden=True, before=centre_is_open)


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
    tenant: Tenant = None,
    source: Source = "desk",
    request_id: RequestId = None,
    no_wait: NoWait = False,
) -> None:
    """Accept a case that is offered to your centre, or as its lead the whole list."""
    if case is not None:
        _not_both(region is not None or all_ or bool(level))
        given = {"case": case, "tenant": tenant, "source": source, "request_id": request_id}
        said = {"assignee": assignee}
        await speak(door, "accept_handoff", said, {**given, "no_wait": no_wait}, _may_accept)
        return
    if region is None or all_ == bool(level):
        raise usage("which cases?", "name one, or --region with --all or with --level")
    if no_wait or tenant is not None:
        raise usage("--no-wait and --tenant are for one case", "leave them out")
    await _may_accept(door, {"assignee": assignee})
    await accept_list(door, region, tuple(level or ()), assignee, request_id)


async def _may_accept(door: Door, said: Fields) -> Warnings:
    """This will see who accepts and for whom. Raises: Fault (not found) for somebody no rota knows."""
    await assignee_is_known(door, said)
    return await speaks_for_his_centre(door, said)


def _not_both(is_both: bool) -> None:
    if is_both:
        raise usage("one case, or a list", "leave out --region, --all and --level, or the case")


def decline(reason: Reason = None) -> Fields:
    """Decline a case that is offered to your centre; the next one is asked."""
    return {"reason": reason}


def hand_off(
    to: Annotated[str, typer.Argument(metavar="REGION", help="The centre that takes it, at once.")],
    reason: Reason = None,
) -> Fields:
    """Hand a case to another centre, now and without an offer."""
    return {"to": to, "reason": reason}
