"""What the board has to know of a case beside its row; kept until the case changes."""

from collections import OrderedDict
from collections.abc import Iterable

from domain.record import CaseRow
from domain.time.calendar import BusinessCalendar
from domain.views.board_facts import Facts
from starter.door.session import Session

_KEPT = 20_000  # cases, of some 500 bytes each (ours)

_Key = tuple[str, int, str | None]


class BoardFacts:
    """Reads what is not known yet, and forgets what nobody asked for the longest."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: OrderedDict[_Key, Facts] = OrderedDict()
        self._calendars: dict[BusinessCalendar, BusinessCalendar] = {}

    async def of(self, rows: Iterable[CaseRow]) -> dict[str, Facts]:
        """Return the facts of cases by their ids; of some the store may have none. Raises: Fault."""
        rows = tuple(rows)
        unknown = {row.case_id: row for row in rows if _key(row) not in self._known}
        if unknown:
            read = await self._session.read(lambda store: store.files.facts(unknown.values()))
            for case_id, facts in read.items():
                self._known[_key(unknown[case_id])] = self._shared(facts)
        found = {row.case_id: self._known[_key(row)] for row in rows if _key(row) in self._known}
        for row in rows:
            if row.case_id in found:
                self._known.move_to_end(_key(row))
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    def _shared(self, facts: Facts) -> Facts:
        """Let cases share their calendar: many have the same, and it is the largest part of what is kept."""
        by = facts.counted
        if by is None:
            return facts
        same = self._calendars.setdefault(by.calendar, by.calendar)
        return facts.model_copy(update={"counted": by.model_copy(update={"calendar": same})})


def _key(row: CaseRow) -> _Key:
    return row.case_id, row.version, row.owed_clock
