"""Files that come with the form a case is lodged by: kept under the form, and the case's once it is open."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from starlette.requests import Request

from activities.contents.records import KeptFile
from domain.policy import SupportPolicy
from starter.door.faults import Fault
from starter.door.files import held, hold
from starter.door.reception import Received
from starter.web.board.case_files import unsent
from starter.web.board.visitors import FORM_TOKEN, Visitor, from_here, session_of, with_token
from starter.web.portal.visitors import customer, customer_speaking
from starter.web.request_bytes import Unread
from starter.web.uploads import uploaded


class Sent(NamedTuple):
    """A form as it came in: who sends it, its fields, and its files, which are gone afterwards."""

    who: Visitor
    form: Mapping[str, list[str]]
    files: Sequence[Received] = ()


@asynccontextmanager
async def sent(request: Request) -> AsyncIterator[Sent]:
    """Read a form, with files where it has some. Raises: as `customer_speaking`; Fault."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        yield Sent(*await customer_speaking(request))
        return
    from_here(request)
    who = await customer(request)
    try:
        async with uploaded(request, session_of(request)) as came:
            form = {name: [value] for name, value in came.fields.items()}
            request.state.form = form
            with_token(came.fields.get(FORM_TOKEN, ""), who)
            yield Sent(who, form, came.files.files)
    except Unread as error:
        raise unsent(error) from None


class OfForm(NamedTuple):
    """What a form has kept, and why what came last was not."""

    files: tuple[KeptFile, ...]
    fault: Fault | None = None


async def files_with(request: Request, came: Sent, secret: str, case_id: str) -> OfForm:
    """Keep what came with a form, under its secret, for the case it opens; once, however often it comes.

    Raises: Fault (unreachable).
    """
    session, actor = session_of(request), came.who.actor
    tenant = str(actor.tenant)
    kept = await held(session, actor, tenant, secret)
    known = {file.sha256 for file in kept}
    new = [one for one in came.files if one.written.sha256 not in known]
    if not new:
        return OfForm(kept)
    try:
        return OfForm(await hold(session, actor, tenant, secret, new, case_id))
    except Fault as fault:
        return OfForm(kept, fault)


def named_as(policy: SupportPolicy) -> str:
    """Return the field a policy asks files in: screenshots where it wants these, else attachments."""
    return "screenshots" if "screenshots" in policy.rules.intake.required else "attachments"
