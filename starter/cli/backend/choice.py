"""Who answers a command: the API its user has signed in to, or the core at hand."""

from typing import TYPE_CHECKING

from starter.cli import core
from starter.cli.backend.protocol import Backend

if TYPE_CHECKING:
    from starter.cli.command import Door


def backend_of(door: "Door") -> Backend:
    """Return who answers; nothing is opened before it is needed. Raises: Fault."""
    if (api := door.api) is not None:
        return Backend(
            core.ApiCases(api, door.actor), core.ApiIncidents(api), core.ApiDrafts(api), core.ApiFiles(api)
        )
    session, actor = door.session, door.actor
    return Backend(
        core.CoreCases(session, actor),
        core.CoreIncidents(session, actor),
        core.CoreDrafts(session, actor),
        core.CoreFiles(session, actor),
    )
