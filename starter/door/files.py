"""Files somebody gives with a case, and who may have them: kept whole first, then named by the case itself.

What the case names, its timeline tells of; what it does not name within a day is removed. Who may read one is
whoever may see the case and whom the case shows it: of what our own people gave each other, nobody else.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from activities.contents.folder import is_id
from activities.contents.records import STORE, KeptFile, KeptFiles, NoRoom
from activities.contents.sniffed import kind_of, media_type
from domain.actor import Actor
from domain.decision import Refused
from domain.files import in_bytes
from domain.phase import Phase
from domain.uploads import Taken, Upload, faults_of, shown_name
from domain.verbs import Verb
from domain.views.staff import CaseView
from starter.door.case_reader import Seen, reach, see, see_as_customer, see_stored
from starter.door.engine import refusal
from starter.door.faults import Fault, Faults, Kind
from starter.door.orphans import sweep
from starter.door.permission import is_customer_view, may_open
from starter.door.reception import Received
from starter.door.session import Session
from starter.door.speak import Answer, Said, speak

_MAYBE_SAID = frozenset({Kind.UNKNOWN, Kind.UNREACHABLE, Kind.FAULT})
_FORM_LASTS = timedelta(days=1)
_MOST_WORDS = 2000  # characters of what is said where nobody said anything


class Given(NamedTuple):
    """What is said with files: words, whether for our own people alone, and the sender's own request id."""

    text: str | None = None
    internal: bool | None = None
    request_id: str | None = None


class Kept(NamedTuple):
    """Files a case names from now on, what it answered, and by which verb they were given."""

    files: tuple[KeptFile, ...]
    answer: Answer
    verb: Verb


class Found(NamedTuple):
    """A file somebody may have, and where its bytes lie."""

    file: KeptFile
    place: Path


async def take(
    session: Session, actor: Actor, case_id: str, received: Sequence[Received], given: Given
) -> Kept:
    """Keep files and have the case name them, both or neither. Raises: Fault, for all that is wrong at once.

    The same request again gives them once: the case knows it, and what was kept for it is kept already.
    """
    await reach(session, actor, case_id)
    seen = await _seen(session, actor, case_id)
    given = given._replace(request_id=given.request_id or str(uuid4()))
    await sweep(session)
    files = await _again(session, case_id, given, received)
    if files is None:
        files = await _keep(
            session, actor, _Owner(seen.view.tenant, case_id, None), received, given.request_id
        )
    said = _said(seen.view, actor, files, given)
    try:
        answer = await speak(session, actor, case_id, said)
    except Fault as fault:
        if fault.kind not in _MAYBE_SAID:
            await remove(session, files)
        raise
    await bound(session, case_id, files)
    return Kept(files, answer, said.verb)


async def hold(
    session: Session,
    actor: Actor,
    tenant: str,
    form: str,
    received: Sequence[Received],
    case_id: str | None = None,
) -> tuple[KeptFile, ...]:
    """Keep files for a case that is not open yet, under the secret of a form. Raises: Fault, for all at once.

    Return all that the form has; the opening names them (`named_by`), then `bind` makes them the case's.
    Where it is known which case that will be, what it names is kept even if nobody comes to `bind`.
    """
    may_open(actor, tenant)
    await sweep(session)
    await _keep(session, actor, _Owner(tenant, case_id, _digest(form)), received, None)
    return await held(session, actor, tenant, form)


async def held(session: Session, actor: Actor, tenant: str, form: str) -> tuple[KeptFile, ...]:
    """List what a tenant gave with a form within a day, also once that opened its case. Raises: Fault."""
    may_open(actor, tenant)
    found = await session.read(lambda store: KeptFiles(store).of_form(_digest(form)))
    oldest = session.now() - _FORM_LASTS
    return tuple(file for file in found if file.tenant == tenant and file.given_at > oldest)


async def bind(session: Session, actor: Actor, tenant: str, form: str, case_id: str) -> None:
    """Make what a form has the case's that was opened with it; again it changes nothing. Raises: Fault."""
    if files := await held(session, actor, tenant, form):
        await bound(session, case_id, files)


def named_by(files: Sequence[KeptFile]) -> list[dict[str, object]]:
    """Return files as a request or a word names them."""
    return [{"reference": file.reference, "name": file.name, "size": file.size} for file in files]


async def find_file(session: Session, actor: Actor, case_id: str, file_id: str) -> Found:
    """Return a file of a case, for who may have it. Raises: Fault: one for foreign, internal and missing."""
    seen = await _seen(session, actor, case_id)
    reference = f"{STORE}:{file_id}"
    if not is_id(file_id) or reference not in await _shown(session, actor, seen):
        seen = await see(session, actor, case_id)  # our store may be a moment behind
        if not is_id(file_id) or reference not in await _shown(session, actor, seen):
            raise _no_file(file_id)
    kept = await session.read(lambda store: KeptFiles(store).file(file_id))
    if kept is None or kept.tenant != seen.view.tenant:
        raise _no_file(file_id)
    place = await asyncio.to_thread(session.contents().folder.place_of, file_id)
    if place is None:
        reason, remedy = f"the contents of {kept.name} are not where they were kept", "tell our staff"
        raise Fault(Kind.FAULT, "ContentsUnusable", reason, remedy)
    return Found(kept, place)


async def _seen(session: Session, actor: Actor, case_id: str) -> Seen:
    return await see_stored(session, actor, case_id) or await see(session, actor, case_id)


async def _shown(session: Session, actor: Actor, seen: Seen) -> frozenset[str]:
    """Name the files a case shows somebody."""
    files = seen.view.files
    if is_customer_view(actor):
        files = (await see_as_customer(session, actor, seen)).files
    return frozenset(file.reference for file in files)


def _no_file(file_id: str) -> Fault:
    reason = f"there is no file {file_id[:40]!r} of this case"
    return Fault(Kind.NOT_FOUND, "FileNotFound", reason, "look at the files the case names")


class _Owner(NamedTuple):
    """Whose files are kept: a case's, or a form's that will open one."""

    tenant: str
    case_id: str | None
    form: str | None


async def _keep(
    session: Session, actor: Actor, owner: _Owner, received: Sequence[Received], request_id: str | None
) -> tuple[KeptFile, ...]:
    """Keep bytes and rows, all or none. Raises: Fault."""
    uploads = [Upload(one.name, one.written.size, kind_of(one.written.head)) for one in received]
    contents = session.contents()

    def faults(taken: Taken) -> tuple[Refused, ...]:
        return faults_of(uploads, taken)

    taken = await session.read(lambda store: KeptFiles(store).taken(*owner))
    if found := faults(Taken(*taken, contents.per_tenant)):
        raise _refused(found)
    files = tuple(
        [
            _row(session, actor, owner, one, await one.finish(), place, request_id)
            for place, one in enumerate(received)
        ]
    )
    try:
        async with session.write_store() as store:
            await KeptFiles(store).keep(files, contents.per_tenant, faults)
    except NoRoom as full:
        raise _refused(full.faults) from None
    try:
        for one in received:
            await one.put()
    except Fault:
        await remove(session, files)
        raise
    return files


def _row(
    session: Session,
    actor: Actor,
    owner: _Owner,
    one: Received,
    file_id: str,
    position: int,
    request_id: str | None,
) -> KeptFile:
    return KeptFile(
        file_id=file_id,
        case_id=owner.case_id,
        form=owner.form,
        tenant=owner.tenant,
        name=shown_name(one.name) or "file",
        media_type=media_type(one.written.head),
        claimed_type=one.claimed_type[:200] if one.claimed_type else None,
        size=one.written.size,
        sha256=one.written.sha256,
        given_by=actor.label,
        by_kind=actor.kind,
        by_role=actor.role,
        door=actor.door,
        request_id=request_id,
        position=position,
        given_at=session.now(),
    )


async def _again(
    session: Session, case_id: str, given: Given, received: Sequence[Received]
) -> tuple[KeptFile, ...] | None:
    """Return what was kept for this request before, None where nothing was. Raises: Fault for other files."""
    request_id = given.request_id or ""
    kept = await session.read(lambda store: KeptFiles(store).of_request(case_id, request_id))
    if not kept:
        return None
    if [file.sha256 for file in kept] != [one.written.sha256 for one in received]:
        reason = f"the request id {request_id} was used before, for something else"
        remedy = "use a new request id; what was taken under this one stands"
        raise Fault(Kind.CONFLICT, "DuplicateRequestConflict", reason, remedy, ("request_id",))
    return kept


def _said(view: CaseView, actor: Actor, files: Sequence[KeptFile], given: Given) -> Said:
    """Choose the verb that names the files: what is missing is provided, else they come with a word.

    Of ours they are a note, which the customer may read where it is not internal: no letter goes with it.
    """
    attached = ", ".join(f"{one.name} ({in_bytes(one.size)})" for one in files)
    fields: dict[str, object] = {"attachments": named_by(files)}
    if actor.is_requester and view.phase is Phase.AWAITING_INFORMATION and not given.text:
        return Said(Verb.PROVIDE_INFORMATION, fields, given.request_id)
    fields["text"] = given.text or f"Attached: {attached}"[:_MOST_WORDS]
    if actor.is_requester:
        return Said(Verb.REPLY, fields, given.request_id)
    return Said(Verb.ADD_NOTE, {**fields, "internal": given.internal is not False}, given.request_id)


async def bound(session: Session, case_id: str, files: Sequence[KeptFile]) -> None:
    """Note that a case names files. Where the store is away just now, the next sweep notes it."""
    ids = [file.file_id for file in files]
    try:
        async with session.write_store() as store:
            await KeptFiles(store).named(ids, case_id, session.now())
    except Fault:
        return


async def remove(session: Session, files: Sequence[KeptFile]) -> None:
    """Leave nothing of files no case names: first their bytes, for a row without them is found again."""
    folder = session.contents().folder
    for file in files:
        folder.remove(file.file_id)
    async with session.write_store() as store:
        await KeptFiles(store).forget([file.file_id for file in files])


def _refused(found: Sequence[Refused]) -> Fault:
    faults = [refusal(one) for one in found]
    return faults[0] if len(faults) == 1 else Faults(faults)


def _digest(form: str) -> str:
    return hashlib.sha256(form.encode()).hexdigest()
