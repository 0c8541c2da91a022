"""The board of our own people: which open cases are whose, in one order for everybody, and what is left.

One board serves all who look at it: what it has read of a case it keeps until the case changes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from activities.store.board import (
    BoardFilter,
    BoardRow,
    Place,
    count_groups,
    count_list,
    count_rows,
    read_changes,
    read_rows,
)
from activities.store.case_list import CaseFilter
from domain.actor import Actor
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.phase import OPEN, WORKED_ON, Phase
from domain.record import CaseRow
from domain.silence import SILENT_AFTER, is_silent
from domain.verbs import Verb
from domain.views.board_facts import Facts
from domain.views.remaining import Remaining, elapsed, remaining
from starter.door import rota
from starter.door.board_facts import BoardFacts
from starter.door.board_tally import Tally
from starter.door.faults import Fault, Kind
from starter.door.permission import staff_only
from starter.door.policies_in_force import known_region, known_regions
from starter.door.session import Session
from starter.door.speak import Said, speak

PAGE = 100
"""Rows of a page (ours)."""

COUNTS_HOLD = timedelta(seconds=2)
"""How long the count of a list that is not shown is good enough (ours): to count costs more than a page."""

_PULLED_FROM = 5  # cases offered to who pulls, when others are quicker
_TAKEN = "AlreadyClaimed"


class Lists(StrEnum):
    """The lists of the board."""

    MINE = "mine"
    CENTRE = "centre"
    ALL = "all"
    SILENT = "silent"
    OVERDUE = "overdue"


_Counted = tuple[Lists, str | None]
"""A list, and whose."""


_FOR_ALL = (Lists.ALL, Lists.SILENT, Lists.OVERDUE)
"""The lists that have the same cases whoever looks."""


class Narrowed(Frozen):
    """What a list is narrowed to; what is not given does not narrow."""

    level: str | None = None
    tenant: str | None = None
    region: str | None = None
    words: str | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return any((self.level, self.tenant, self.region, self.words))


class Wanted(Frozen):
    """A list as somebody looks at it; `centre` is that of the list of a centre, their own unless they say."""

    shown: Lists = Lists.MINE
    narrowed: Narrowed = Narrowed()
    centre: str | None = None
    after: Place | None = None


class Line(Frozen):
    """One case on the board; instants UTC. `zone` is the customer's, where it is known.

    `promise` is what is owed first, due at `due_at`, with what is `left` of it. `acted_at` is when somebody
    of ours last brought it further.
    """

    number: str
    title: str
    company: str
    level: str
    rank: int
    phase: Phase
    owner: str | None
    centre: str
    offered_to: str | None
    promise: Clock | None
    due_at: datetime | None
    left: Remaining | None
    zone: str | None
    acted_at: datetime | None
    place: Place


class Page(Frozen):
    """A page of the board as it was `at` an instant: its lines, and how many cases each list has.

    `found` is how many the list has as it is narrowed, `more` the place where its next page begins.
    """

    at: datetime
    lines: tuple[Line, ...]
    counts: dict[str, int]
    found: int
    more: Place | None


class Board:
    """Reads the board for whoever asks."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._facts = BoardFacts(session)
        self._counted: dict[_Counted, tuple[datetime, int]] = {}

    async def page(self, actor: Actor, wanted: Wanted) -> Page:
        """Read a page of a list. Raises: Fault (refused, unreachable)."""
        staff_only(actor, "the board")
        now = self._session.now()
        asked = asked_of(actor, wanted, now).model_copy(update={"after": wanted.after, "limit": PAGE + 1})
        rows = await self._session.read(lambda store: read_rows(store, asked))
        found = await self._session.read(lambda store: count_list(store, asked_of(actor, wanted, now)))
        shown = {} if wanted.narrowed.is_narrow else {wanted.shown: found}
        counts = await self._counts(actor, wanted.centre, now, shown)
        lines = await self.lines(rows[:PAGE], now)
        more = Place.of(rows[PAGE - 1].row) if len(rows) > PAGE else None
        return Page(at=now, lines=lines, counts=counts, found=found, more=more)

    async def lines(self, rows: Iterable[BoardRow], now: datetime) -> tuple[Line, ...]:
        """Say of cases what the board shows of them. Raises: Fault (unreachable)."""
        rows = tuple(rows)
        facts = await self._facts.of([one.row for one in rows])
        return tuple(line_of(one, facts.get(one.row.case_id), now) for one in rows)

    async def changes(self, since: datetime) -> tuple[BoardRow, ...]:
        """Read what was written since an instant (UTC). Raises: Fault (unreachable)."""
        return await self._session.read(lambda store: read_changes(store, since))

    async def tally(self) -> Tally:
        """Count every list for everybody. Raises: Fault (unreachable)."""
        now = self._session.now()
        lists = {one.value: asked_of(None, Wanted(shown=one), now) for one in _FOR_ALL}
        return Tally.of(await self._session.read(lambda store: count_groups(store, lists)))

    async def offers(self, actor: Actor, centre: str) -> tuple[tuple[Line, datetime | None], ...]:
        """List what is offered to a centre and waits for a person there, with since when. Raises: Fault."""
        staff_only(actor, "the board")
        now = self._session.now()
        asked = BoardFilter(cases=CaseFilter(offered_to=centre), limit=PAGE)
        rows = await self._session.read(lambda store: read_rows(store, asked))
        waiting = [one for one in rows if one.row.accepted_by is None]
        facts = await self._facts.of([one.row for one in waiting])
        found = [(one, facts.get(one.row.case_id)) for one in waiting]
        return tuple((line_of(one, fact, now), fact.offered_at if fact else None) for one, fact in found)

    async def unowned(self, centre: str) -> int:
        """Count the open cases of a centre that nobody has. Raises: Fault (unreachable)."""
        lists = {"unowned": BoardFilter(cases=CaseFilter(region=centre, unassigned=True))}
        return (await self._session.read(lambda store: count_rows(store, lists)))["unowned"]

    async def pull(self, actor: Actor) -> str:
        """Give somebody the first case of the order in their centre that nobody has; return its number.

        Raises: Fault (refused; conflict where there is none).
        """
        staff_only(actor, "the board")
        centre = await self.centre_of(actor)
        waiting = CaseFilter(region=centre, unassigned=True, phases=tuple(sorted(WORKED_ON)))
        asked = BoardFilter(cases=waiting, limit=_PULLED_FROM)
        for one in await self._session.read(lambda store: read_rows(store, asked)):
            try:
                await speak(self._session, actor, one.row.case_id, Said(Verb.CLAIM, {}))
            except Fault as fault:
                if fault.code != _TAKEN:
                    raise
            else:
                return one.row.number
        reason = f"{centre} has no case that nobody works on"
        raise Fault(Kind.CONFLICT, "NothingToPull", reason, "look at the other lists")

    async def centre_of(self, actor: Actor, named: str | None = None) -> str:
        """Return the centre somebody means: the one they name, else where they work.

        Raises: Fault (refused) with RegionUnknown.
        """
        if named:
            return known_region(named)
        theirs = (await rota.at_their_centre(self._session, actor)).region
        return theirs if theirs in known_regions() else next(iter(known_regions()))

    async def _counts(
        self, actor: Actor, centre: str | None, now: datetime, known: Mapping[Lists, int]
    ) -> dict[str, int]:
        """Count every list of which the count is neither known nor kept."""
        theirs = {Lists.MINE: actor.name, Lists.CENTRE: centre}
        keys = {one: (one, theirs.get(one)) for one in Lists}
        kept = {one: self._counted[key][1] for one, key in keys.items() if self._is_good(key, now)}
        missing = [one for one in Lists if one not in {*kept, *known}]
        lists = {one.value: asked_of(actor, Wanted(shown=one, centre=centre), now) for one in missing}
        read = await self._session.read(lambda store: count_rows(store, lists)) if lists else {}
        fresh = {**known, **{Lists(name): count for name, count in read.items()}}
        # Others have counted meanwhile: only what is too old is forgotten.
        self._counted = {key: old for key, old in self._counted.items() if self._is_good(key, now)}
        self._counted |= {keys[one]: (now, count) for one, count in fresh.items()}
        return {one.value: count for one, count in {**kept, **fresh}.items()}

    def _is_good(self, key: _Counted, now: datetime) -> bool:
        return key in self._counted and self._counted[key][0] > now - COUNTS_HOLD


def counts_for(tally: Tally, actor: Actor, centre: str | None) -> dict[str, int]:
    """Say how many cases each list has for somebody; as the lists are in `is_shown`."""
    theirs = {Lists.MINE: tally.owners.get(actor.name or "", 0), Lists.CENTRE: tally.centres.get(centre, 0)}
    return {one.value: theirs[one] if one in theirs else tally.lists.get(one, 0) for one in Lists}


def is_shown(actor: Actor, wanted: Wanted, one: BoardRow, now: datetime) -> bool:
    """Tell whether a case that has changed is on a list now; words of a filter are the store's to find."""
    row, narrowed = one.row, wanted.narrowed
    if row.phase not in OPEN or not _is_narrowed_to(row, narrowed):
        return False
    match wanted.shown:
        case Lists.MINE:
            return row.assignee == actor.name
        case Lists.CENTRE:
            return wanted.centre in (row.region, row.offered_to)
        case Lists.ALL:
            return True
        case Lists.SILENT:
            return is_silent(row, one.acted_at, now)
        case Lists.OVERDUE:
            return row.owed_at is not None and row.owed_at < now


def _is_narrowed_to(row: CaseRow, narrowed: Narrowed) -> bool:
    wanted = ((narrowed.level, row.level), (narrowed.tenant, row.tenant), (narrowed.region, row.region))
    return all(one in (None, theirs) for one, theirs in wanted)


def asked_of(actor: Actor | None, wanted: Wanted, now: datetime) -> BoardFilter:
    """Say which cases a list is of; the lists are here and in `is_shown`, which a test compares."""
    narrowed = wanted.narrowed
    cases = CaseFilter(
        tenant=narrowed.tenant,
        region=narrowed.region,
        levels=(narrowed.level,) if narrowed.level else (),
        text=narrowed.words,
        assignee=((actor and actor.name) or "") if wanted.shown is Lists.MINE else None,
        queue=wanted.centre if wanted.shown is Lists.CENTRE else None,
    )
    return BoardFilter(
        cases=cases,
        missed_by=now if wanted.shown is Lists.OVERDUE else None,
        silent_since=now - SILENT_AFTER if wanted.shown is Lists.SILENT else None,
    )


def line_of(one: BoardRow, facts: Facts | None, now: datetime) -> Line:
    """Say what the board shows of a case at an instant (UTC)."""
    row = one.row
    left = None
    if row.owed_at is not None:
        by = facts.counted if facts else None
        left = remaining(by, row.owed_at, now) if by else elapsed(row.received_at, row.owed_at, now)
    return Line(
        number=row.number,
        title=row.title,
        company=(facts and facts.company) or row.tenant,
        level=row.level,
        rank=row.rank,
        phase=row.phase,
        owner=row.assignee,
        centre=row.region,
        offered_to=row.offered_to,
        promise=Clock(row.owed_clock) if row.owed_clock else None,
        due_at=row.owed_at,
        left=left,
        zone=facts.zone if facts else None,
        acted_at=one.acted_at,
        place=Place.of(row),
    )
