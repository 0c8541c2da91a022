"""Which case is meant: by workflow id, by the number told on the telephone, or by a tenant's reference.

Part of the doors. What goes into a filter of the server is made here from a number that passed its check,
never from somebody's text.
"""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from starter.door import Door
from starter.faults import Exit, Fault, not_found
from starter.output import printable
from starter.store import stored

if TYPE_CHECKING:
    from temporalio.client import Client

Case = Annotated[
    str, typer.Argument(metavar="CASE", help="Number SR-XXXX-XXXX-X, case id, or a reference with --tenant.")
]
Tenant = Annotated[str | None, typer.Option(help="Whose reference CASE is.")]
Source = Annotated[str, typer.Option(help="Which system gave the reference.")]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@=+/-]{0,199}")
_PREFIX = re.compile(r"case-[a-z2-7]{8}")
_NUMBER = re.compile(r"(?i)SR[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


async def find(door: Door, case: str, tenant: str | None, source: str) -> str:
    """This will return the id of the case that is meant. Raises: Fault (not found)."""
    from domain.naming import case_id, id_prefix

    if tenant is not None:
        return case_id(tenant.strip(), source.strip(), case.strip())
    prefix = id_prefix(_spelled_out(case))
    found = await _by_number(door, prefix, case) if prefix is not None else None
    if found is not None:
        return found
    if _NUMBER.fullmatch(case.strip()):
        misheard = "its check character does not fit: ask for the number again"
        raise not_found(case.strip(), misheard if prefix is None else "check the case number")
    if not _ID.fullmatch(case):
        raise not_found(
            printable(case[:60]), "give a number SR-XXXX-XXXX-X, a case id, or a reference with --tenant"
        )
    return case


def _spelled_out(number: str) -> str:
    """This will leave out what a number may be written without: its first letters, dashes and spaces."""
    text = "".join(number.split()).replace("-", "")
    return text[2:] if len(text) == 11 and text.upper().startswith("SR") else text


async def _by_number(door: Door, prefix: str, number: str) -> str | None:
    """This will ask the server's index, and the case store for what it does not have yet or any more."""
    found = await _indexed(door, await door.client(), prefix) if _PREFIX.fullmatch(prefix) else set()
    if not found:
        rows = await stored(door, lambda store: store.find_by_number(_spelled_out(number)))
        found = {row.case_id for row in rows}
    if len(found) > 1:
        raise Fault(
            Exit.NOT_FOUND,
            "CaseNotFound",
            f"{printable(number)} fits {len(found)} cases",
            f"use one id of: {', '.join(sorted(found))}",
        )
    return found.pop() if found else None


async def _indexed(door: Door, client: "Client", prefix: str) -> set[str]:
    from temporalio.service import RPCError, RPCStatusCode

    from starter.sending import away
    from workflows.messages import WORKFLOW

    query = f'WorkflowType = "{WORKFLOW}" AND WorkflowId STARTS_WITH "{prefix}"'
    try:
        return {run.id async for run in client.list_workflows(query, limit=20, rpc_timeout=door.timeout)}
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:
            return set()  # a server without an index: the store knows
        raise away(door, error, prefix) from None
