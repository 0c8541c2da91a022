"""Which centre has a case, and which takes it next.

A `Roster` is what is known at one instant of every centre: when it is open for the next while, how
many people are there, how many cases it has. It is read anew for each decision that needs it: a centre
that closes today is closed today for every open case.
"""

from datetime import datetime, timedelta

from domain.actor import Tier
from domain.centres.shifts import OpenSpan
from domain.frozen import Frozen


class Centre(Frozen):
    """One centre as of now. `on_shift` counts people who have checked in; None where nobody keeps count.

    `open` are its days from before the instant of reading until the roster's horizon, in order; a centre that
    was closed by hand has none meanwhile; `shut` are the stretches of its days that this takes away. `breaks`
    lie within them: a case stays over a break, and no other
    is given to the centre meanwhile. `engineer` is who would take a case there now: on shift, of the tier and
    with the skill asked for if somebody is, with the fewest open cases. `is_specialist`: they have that
    skill. `contact` is the address customers of its cases write to.
    """

    name: str
    zone: str
    open: tuple[OpenSpan, ...] = ()
    breaks: tuple[OpenSpan, ...] = ()
    shut: tuple[OpenSpan, ...] = ()
    on_shift: int | None = None
    open_cases: int = 0
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    contact: str | None = None
    engineer: str | None = None
    engineer_tier: Tier | None = None
    is_specialist: bool = False

    def span_at(self, at: datetime) -> OpenSpan | None:
        """Return the day an instant (UTC) lies in, breaks too; the closing instant is in none."""
        return next((span for span in self.open if span.has(at)), None)

    def is_at_break(self, at: datetime) -> bool:
        """Tell whether an instant (UTC) lies in a break; a break's last instant does not."""
        return any(span.has(at) for span in self.breaks)

    def is_shut_at(self, at: datetime) -> bool:
        """Tell whether it would be open at an instant (UTC), had nobody closed it by hand."""
        return any(span.has(at) for span in self.shut)

    def is_staffed_at(self, at: datetime) -> bool:
        """Tell whether it is open at an instant (UTC) and, where a rota is kept, somebody is there."""
        return self.span_at(at) is not None and self.on_shift != 0

    def would_open_after(self, at: datetime) -> datetime | None:
        """Name the next instant after `at` at which it opens, or would, had nobody closed it by hand."""
        starts = (span.opens_at for span in (*self.open, *self.shut) if span.opens_at > at)
        return min(starts, default=None)

    def opens_after(self, at: datetime) -> datetime | None:
        """Name the next instant after `at` at which the centre opens."""
        return next((span.opens_at for span in self.open if span.opens_at > at), None)

    def takes_after(self, at: datetime) -> datetime | None:
        """Name the next instant after `at` at which it opens, or comes back from a break."""
        back = (one.closes_at for one in self.breaks if one.closes_at > at and self.span_at(one.closes_at))
        return min(filter(None, (self.opens_after(at), next(back, None))), default=None)


class RosterRequest(Frozen):
    """What the reader of rosters is asked: the centres of a policy as of an instant (UTC).

    For a case of which `tier`, and with which `skill` wanted: who would take it at each centre. `wanted_for`
    is the instant (UTC) from which on the case wants an owner.
    """

    policy: str
    at: datetime
    skill: str | None = None
    tier: Tier | None = None
    wanted_for: datetime | None = None


class Roster(Frozen):
    """Every centre in the policy's order, which breaks ties; known until `until` (UTC).

    `asked` is what it was read for: who takes a case of one tier is not who takes one of another.
    """

    read_at: datetime
    until: datetime
    centres: tuple[Centre, ...]
    asked: RosterRequest | None = None

    def centre(self, name: str) -> Centre | None:
        """Return the centre of that name, if there is one."""
        return next((centre for centre in self.centres if centre.name == name), None)


HORIZON = timedelta(hours=48)
"""How far ahead a roster knows when centres open: over a night, a weekend day and a holiday (ours)."""


class Wanted(Frozen):
    """What a case wants of the centre that takes it: law (`within`, empty for anywhere) and preferences."""

    home: str | None = None
    within: tuple[str, ...] = ()
    language: str | None = None
    skill: str | None = None


def next_centre(
    roster: Roster, at: datetime, wanted: Wanted, without: tuple[str, ...] = (), *, empty: bool = False
) -> Centre | None:
    """Choose who takes a case at `at` (UTC), or return None: nobody who may is open then.

    The home centre if it is open, else who speaks the language and has the skill, then whose shift ends last,
    then who has the fewest open cases, then the policy's order (GAP-11, RHIPE-25). Nobody outside an export
    boundary is ever chosen (DED-10), nor a centre at its break, nor one where nobody has checked in unless
    `empty` ones are asked too.
    """
    best: Centre | None = None
    best_key: tuple[bool, bool, bool, float, int] | None = None
    for centre in roster.centres:
        span = centre.span_at(at)
        if span is None or centre.name in without or centre.is_at_break(at):
            continue
        if centre.on_shift == 0 and not empty:
            continue
        if wanted.within and centre.name not in wanted.within:
            continue
        key = (
            centre.name == wanted.home,
            wanted.language in centre.languages,
            wanted.skill in centre.skills,
            span.closes_at.timestamp(),
            -centre.open_cases,
        )
        if best_key is None or key > best_key:
            best, best_key = centre, key
    return best


def next_opening(roster: Roster, at: datetime, wanted: Wanted) -> datetime | None:
    """Name the next instant after `at` at which a centre that may take the case opens for it."""
    openings = [
        opens_at
        for centre in roster.centres
        if (not wanted.within or centre.name in wanted.within)
        and (opens_at := centre.takes_after(at)) is not None
    ]
    return min(openings, default=None)
