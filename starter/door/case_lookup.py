"""Which case is meant: by workflow id, by the number told on the phone, or by a tenant's reference.

What goes into a filter of the server is made here from a number that passed its check, never from somebody's
text.
"""

import re

from domain.naming import as_plain_number, case_id, id_prefix
from domain.text import identifier
from starter.door import engine
from starter.door.faults import Fault, Kind, Way, not_found
from starter.door.plain import printable
from starter.door.session import Session
from workflows.messages import WORKFLOW

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@=+/-]{0,199}")
_PREFIX = re.compile(r"case-[a-z2-7]{8}")
_NUMBER = re.compile(r"SR[- ]*[0-9A-Z]{4}[- ]*[0-9A-Z]{4}[- ]*[0-9A-Z]|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")
_IN_A_LINE = re.compile(r"(?<![0-9A-Z])SR[- ][0-9A-Z]{4}[- ][0-9A-Z]{4}[- ][0-9A-Z](?![0-9A-Z])")
_MOST = 20


async def find(session: Session, case: str, tenant: str | None = None, source: str = "desk") -> str:
    """Return the id of the case that is meant. Raises: Fault (not found)."""
    if tenant is not None:
        return id_of_reference(tenant, source, case)
    number = _in_a_line(case)
    prefix = id_prefix(number)
    found = await _by_number(session, prefix, number) if prefix is not None else None
    if found is not None:
        return found
    if _NUMBER.fullmatch(number):
        misheard = "its check character is wrong: ask for the number again"
        raise not_found(case.strip(), misheard if prefix is None else "check the case number")
    if not _ID.fullmatch(case):
        remedy = "give a number SR-XXXX-XXXX-X, a case id, or a reference and its tenant"
        raise not_found(printable(case[:60]), remedy, Way.NAME_CASE)
    return case


def id_of_reference(tenant: str, source: str, reference: str) -> str:
    """Return the id of the case that a tenant's reference makes, however the three are written."""
    return case_id(*(identifier(name).strip() for name in (tenant, source, reference)))


def as_named(case: str) -> str:
    """Return the number that is in what was typed, else what was typed."""
    number = _in_a_line(case)
    return number if _NUMBER.fullmatch(number) else case.strip()


async def find_stored(session: Session, case: str) -> str | None:
    """Return the id of the one case our store knows by a number, without the engine. Raises: Fault (away)."""
    number = _in_a_line(case)
    if id_prefix(number) is None:
        return None
    rows = await session.read(lambda store: store.find_by_number(number))
    return rows[0].case_id if len(rows) == 1 else None


def _in_a_line(text: str) -> str:
    """Return the number in a subject, a sentence or a line of a list that was pasted whole; else the text."""
    plain = as_plain_number(text)
    found = _IN_A_LINE.search(plain)
    return found.group() if found else plain


async def _by_number(session: Session, prefix: str, number: str) -> str | None:
    """Ask the server's index, and the case store for what it does not have yet or any more."""
    found: set[str] = set()
    if _PREFIX.fullmatch(prefix):
        query = f'WorkflowType = "{WORKFLOW}" AND WorkflowId STARTS_WITH "{prefix}"'
        found = {run.id for run in await engine.indexed(session, query, _MOST)}
    if not found:
        rows = await session.read(lambda store: store.find_by_number(number))
        found = {row.case_id for row in rows}
    if len(found) > 1:
        reason = f"{printable(number)} fits {len(found)} cases"
        raise Fault(Kind.NOT_FOUND, "CaseNotFound", reason, f"use one id of: {', '.join(sorted(found))}")
    return found.pop() if found else None


async def workflow_of(session: Session, case_id: str) -> str | None:
    """Return the id of the workflow an open case goes on in, or None where it is the case's own.

    A case that began under the id of an earlier one has an id of its own in our store.
    """
    try:
        return await session.read(lambda store: store.workflow_of(case_id))
    except Fault:
        return None
