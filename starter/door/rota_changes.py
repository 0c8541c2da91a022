"""A new rota: who leaves it with open cases is named, or their cases find another owner."""

from collections.abc import Iterable
from typing import NamedTuple

from activities.people.rota import Rota, RotaChanges
from domain.actor import Actor
from domain.centres.rota import Engineer
from domain.record import CaseRow
from starter.door.faults import Fault, Kind, Way
from starter.door.plain import counted, printable
from starter.door.session import Session
from starter.door.staffing_news import owned_by, tell_of_engineer

_NAMED = 10
"""Numbers of cases a refusal names of each person; of more it says how many (ours)."""


class NewRota(NamedTuple):
    """What has changed, and how many cases were handed on."""

    changes: RotaChanges
    handed_on: int = 0


class StillOwning(Fault):
    """People who would vanish from the rota own open cases."""

    def __init__(self, owned: dict[str, list[CaseRow]]) -> None:
        self.owned = owned
        cases = counted(sum(map(len, owned.values())), "open case")
        reason = f"{', '.join(map(printable, owned))} would go and own {cases}"
        remedy = "give them to others first, or have them handed on"
        super().__init__(Kind.REFUSED, "StillOwning", reason, remedy, way=Way.HAND_ON)

    @property
    def lines(self) -> list[str]:
        """Who owns which, the most urgent first."""
        return [f"{printable(name)}: {_numbers(rows)}" for name, rows in self.owned.items()]

    @property
    def more(self) -> dict[str, object]:
        """The numbers of all their cases, by name."""
        return {"cases": {name: [row.number for row in rows] for name, rows in self.owned.items()}}


async def put_rota(
    session: Session,
    actor: Actor,
    people: Iterable[Engineer],
    by: str,
    *,
    replace: bool,
    hand_on: bool,
) -> NewRota:
    """Write a rota; with `replace` who is not in it goes, and with `hand_on` their open cases find others.

    Raises: Fault (refused) with StillOwning where somebody would go and leave open cases.
    """
    given = tuple(people)
    owned = await _left_behind(session, {one.name for one in given}) if replace else {}
    if owned and not hand_on:
        raise StillOwning(owned)
    if not owned:
        async with session.write_store() as store:
            return NewRota(await Rota(store).put(given, by, replace=replace))
    await session.client()  # a server that is away is asked before anything is written
    return await _replaced(session, actor, given, by, tuple(owned))


async def _replaced(
    session: Session, actor: Actor, given: tuple[Engineer, ...], by: str, going: tuple[str, ...]
) -> NewRota:
    """Write the rota, have the cases of who goes handed on, and only then take them out of it.

    Until then they are in it as away and get no case: where something fails, the same command goes on.
    """
    now = session.now()
    async with session.write_store() as store:
        rota = Rota(store)
        changes = await rota.put(given, by)
        for name in going:
            await rota.away(name, now, None, by)
    handed_on = 0
    for name in going:
        told = await tell_of_engineer(session, actor, name)
        handed_on += told.in_full(f"the rota is written and {printable(name)} is away")
    async with session.write_store() as store:
        removed = (await Rota(store).put(given, by, replace=True)).removed
    return NewRota(changes.model_copy(update={"removed": removed}), handed_on)


async def _left_behind(session: Session, staying: set[str]) -> dict[str, list[CaseRow]]:
    """Return who goes, by name, with their open cases; nobody goes from a rota that was not made yet."""
    async with session.write_store() as store:
        known = [one.engineer.name for one in await Rota(store).people()]
    going = [name for name in known if name not in staying]
    rows = await owned_by(session, going) if going else []
    found = {name: [row for row in rows if row.assignee == name] for name in going}
    return {name: cases for name, cases in found.items() if cases}


def _numbers(rows: list[CaseRow]) -> str:
    named = ", ".join(f"{row.number} {row.level}" for row in rows[:_NAMED])
    return named if len(rows) <= _NAMED else f"{named} and {len(rows) - _NAMED} more"
