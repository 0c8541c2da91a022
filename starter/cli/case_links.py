"""`sunrelay case revoke-links`: the links of letters to a case, taken back."""

import typer

from starter.cli import core
from starter.cli.case_argument import Case
from starter.cli.command import Door, register
from starter.cli.panels import SAY
from starter.door.plain import printable


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "revoke-links", rich_help_panel=SAY)(revoke_links)


async def revoke_links(door: Door, case: Case) -> None:
    """Take back every link to a case that is in a letter; the next letter has a new one."""
    case_id = await core.revoke_case_links(door.session, door.actor, case)
    if not door.output.is_text:
        door.output.record({"case_id": case_id, "code": "LinksRevoked"})
    else:
        door.output.say(f"links to {printable(core.case_number(case_id))} that are out open nothing any more")
