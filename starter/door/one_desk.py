"""One desk at a time: what a door reads of and what it writes to belong together.

The worker notes in the case store which namespace it serves. A door that is about to say something compares;
where one of the two does not tell, nothing is kept from anybody.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.service import RPCError

from activities.store.served_by import noted_server
from starter.door.faults import Fault, Kind, Way

if TYPE_CHECKING:
    from datetime import timedelta

    from temporalio.client import Client

    from starter.door.session import Session

_SECONDS = 1.0
"""How long a door waits for the case store before it goes on (ours)."""


async def check_one_desk(session: "Session", client: "Client") -> None:
    """See that the case store is that of this server. Raises: Fault (usage) with TwoDesks."""
    noted = None
    with suppress(Fault, TimeoutError):
        noted = await asyncio.wait_for(session.read(noted_server), _SECONDS)
    if noted is None:
        return
    here = await namespace_id(client, session.timeout)
    if here in (None, noted.namespace_id):
        return
    store = (await session.store()).address
    raise Fault(
        Kind.USAGE,
        "TwoDesks",
        f"the case store at {store} is that of the desk at {noted.address}, this goes to {session.where()}",
        "name the store and the server of one desk",
        way=Way.NAME_ONE_DESK,
    )


async def namespace_id(client: "Client", timeout: "timedelta") -> str | None:
    """Return the id no other namespace has, or None where the server does not tell."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        answer = await client.workflow_service.describe_namespace(request, timeout=timeout)
    except RPCError:
        return None
    return str(answer.namespace_info.id) or None
