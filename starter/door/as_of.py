"""Any case and list as it stood at an instant, from our store alone: no engine is asked.

Who may see what is asked as for now. What nobody kept then is said to be not known, and never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from activities.store.as_of import RowAsOf, board_as_of, count_as_of, count_unknown, list_as_of
from activities.store.board import BoardRow, Place
from activities.store.case_list import CaseFilter, Cursor
from domain.actor import Actor, ActorKind, Tier
from domain.record import CaseRow
from domain.views.as_of import CaseAsOf, CustomerAsOf, case_as_of, customer_as_of
from domain.views.board_facts import Facts
from starter.door.board import PAGE, Line, Lists, Wanted, asked_of, line_of
from starter.door.board_facts import BoardFacts
from starter.door.case_lists import named_cases
from starter.door.case_reader import reach
from starter.door.faults import Fault, Kind, not_found
from starter.door.past_instant import check_instant
from starter.door.permission import hidden, is_customer_view, may_know, staff_only
from starter.door.plain import moment
from starter.door.policies_in_force import known_region
from starter.door.session import Session


class ListAsOf(NamedTuple):
    """Cases as they stood `at` an instant (UTC); of `unknown` more that were there it is not known how."""

    at: datetime
    rows: tuple[CaseRow, ...]
    unknown: int


class PageAsOf(NamedTuple):
    """A page of the board as it stood `at` an instant (UTC), as `starter.door.board.Page` is of now."""

    at: datetime
    lines: tuple[Line, ...]
    counts: dict[str, int]
    found: int
    unknown: int
    more: Place | None


async def see_as_of(
    session: Session, actor: Actor, case_id: str, at: datetime, *, as_customer: bool = False
) -> CaseAsOf | CustomerAsOf:
    """Read a case as it stood. Raises: Fault (usage, not found, unreachable)."""
    await reach(session, actor, case_id)
    row = await session.read(lambda store: store.case_row(case_id))
    if row is None:
        raise not_found(case_id, "check the case number; a case just opened is there in a moment")
    if actor.kind is not ActorKind.VENDOR and not may_know(actor, row.tenant, is_with_vendor=False):
        raise hidden(case_id)
    await check_instant(session, at)
    if at < row.received_at:
        reason = f"{row.number} was not there at {moment(at)}: it was received at {moment(row.received_at)}"
        raise Fault(Kind.NOT_FOUND, "CaseNotFound", reason, "name a later instant", case=case_id)
    known = await session.read(lambda store: store.moments.at(case_id, at))
    entries = await session.read(lambda store: store.timeline(case_id))
    whole = case_as_of(row, known, entries, at)
    return customer_as_of(whole) if as_customer or is_customer_view(actor) else whole


async def list_cases_as_of(session: Session, actor: Actor, wanted: CaseFilter, at: datetime) -> ListAsOf:
    """List cases as they stood; a requester's list is of their own tenant. Raises: Fault."""
    own = await named_cases(session, actor, wanted)
    await check_instant(session, at)
    return await _listed(session, own, at)


async def list_queue_as_of(
    session: Session,
    actor: Actor,
    region: str,
    at: datetime,
    levels: Sequence[str] = (),
    tier: Tier | None = None,
    limit: int = 50,
    after: Cursor | None = None,
) -> ListAsOf:
    """List what a centre had and was offered. Raises: Fault (refused, usage, unreachable)."""
    staff_only(actor, "the queue of a centre")
    known = known_region(region)
    await check_instant(session, at)
    wanted = CaseFilter(queue=known, levels=tuple(levels), tier=tier, limit=limit, after=after)
    return await _listed(session, wanted, at)


async def _listed(session: Session, wanted: CaseFilter, at: datetime) -> ListAsOf:
    overdue = {"overdue_at": at} if wanted.overdue_at is not None else {}
    asked = wanted.model_copy(update=overdue)
    rows = await session.read(lambda store: list_as_of(store, asked, at))
    return ListAsOf(at, rows, await _unknown(session, at, wanted.tenant, wanted.known_as))


async def kept_since(session: Session) -> datetime | None:
    """Name since when (UTC) it is kept how cases stand. Raises: Fault (unreachable)."""
    return (await session.read(lambda store: store.moments.kept_since())).get("cases")


async def _unknown(
    session: Session, at: datetime, tenant: str | None = None, known_as: tuple[str, ...] | None = None
) -> int:
    """Count what is not known of an instant; nothing is looked for where the past was kept already."""
    kept = await kept_since(session)
    if kept is not None and at >= kept:
        return 0
    return await session.read(lambda store: count_unknown(store, at, tenant, known_as))


async def board_page_as_of(session: Session, actor: Actor, wanted: Wanted, at: datetime) -> PageAsOf:
    """Read a page of a list of the board as it stood. Raises: Fault (refused, usage, unreachable)."""
    staff_only(actor, "the board")
    await check_instant(session, at)
    asked = asked_of(actor, wanted, at)
    page = asked.model_copy(update={"after": wanted.after, "limit": PAGE + 1})
    rows = await session.read(lambda store: board_as_of(store, page, at))
    lists = {one.value: asked_of(actor, Wanted(shown=one, centre=wanted.centre), at) for one in Lists}
    counted = await session.read(lambda store: count_as_of(store, {"found": asked, **lists}, at))
    found = counted.pop("found")
    lines = await _lines(session, rows[:PAGE], at)
    more = Place.of(rows[PAGE - 1].row) if len(rows) > PAGE else None
    return PageAsOf(at, lines, counted, found, await _unknown(session, at, wanted.narrowed.tenant), more)


async def _lines(session: Session, rows: Iterable[RowAsOf], at: datetime) -> tuple[Line, ...]:
    """Say what the board shows of cases."""
    rows = tuple(rows)
    facts = await BoardFacts(session).of([one.now for one in rows])
    return tuple(
        line_of(BoardRow(row=one.row, acted_at=one.acted_at), _as_counted(one, facts), at) for one in rows
    )


def _as_counted(one: RowAsOf, facts: Mapping[str, Facts]) -> Facts | None:
    """Say how what was owed first counted: as it does now, from when it began then.

    Where something else is owed first now, or nothing is known of then, it counts as elapsed time.
    """
    known = facts.get(one.row.case_id)
    if known is None or known.counted is None:
        return known
    began = [run.started_at for run in one.moment.promises or () if run.clock == one.row.owed_clock]
    is_same = bool(began) and one.row.owed_clock == one.now.owed_clock
    counted = known.counted.model_copy(update={"since": began[0]}) if is_same else None
    return known.model_copy(update={"counted": counted})
