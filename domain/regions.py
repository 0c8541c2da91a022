"""Which centre has a case, and which takes it next.

Pure. A `Roster` is what is known at one instant of every centre: when it is open for the next while, how
many people are there, how many cases it has. It is read anew for each decision that needs it: a centre
that closes today is closed today for every open case.
"""

from datetime import datetime, timedelta

from domain.frozen import Frozen
from domain.shifts import OpenSpan


class Centre(Frozen):
    """One centre as of now. `on_shift` counts people who have checked in; None where nobody keeps count.

    `open` are its stretches from before the instant of reading until the roster's horizon, in order; a centre
    that was closed by hand has none meanwhile. `engineer` is who would take a case there now: on shift, with
    the fewest open cases. `contact` is the address customers of its cases write to.
    """

    name: str
    zone: str
    open: tuple[OpenSpan, ...] = ()
    on_shift: int | None = None
    open_cases: int = 0
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    contact: str | None = None
    engineer: str | None = None

    def span_at(self, at: datetime) -> OpenSpan | None:
        """This will return the stretch an instant (UTC) lies in; the closing instant lies in none."""
        for span in self.open:
            if span.opens_at <= at < span.closes_at:
                return span
        return None

    def opens_after(self, at: datetime) -> datetime | None:
        """This will name the next instant after `at` at which the centre opens."""
        return next((span.opens_at for span in self.open if span.opens_at > at), None)


class RosterRequest(Frozen):
    """What the reader of rosters is asked: the centres of a policy as of an instant (UTC)."""

    policy: str
    at: datetime
    skill: str | None = None


class Roster(Frozen):
    """Every centre in the policy's order, which breaks ties; known until `until` (UTC)."""

    read_at: datetime
    until: datetime
    centres: tuple[Centre, ...]

    def centre(self, name: str) -> Centre | None:
        """This will return the centre of that name, if there is one."""
        return next((centre for centre in self.centres if centre.name == name), None)


HORIZON = timedelta(hours=48)
"""How far ahead a roster knows when centres open: over a night, a weekend day and a holiday (ours)."""


class Wanted(Frozen):
    """What a case wants of the centre that takes it: law (`within`, empty for anywhere) and preferences."""

    home: str | None = None
    within: tuple[str, ...] = ()
    language: str | None = None
    skill: str | None = None


def next_centre(roster: Roster, at: datetime, wanted: Wanted, without: tuple[str, ...] = ()) -> Centre | None:
    """This will choose who takes a case at `at` (UTC), or return None: nobody who may is open then.

    The home centre if it is open, else who speaks the language and has the skill, then whose shift ends last,
    then who has the fewest open cases, then the policy's order (GAP-11, RHIPE-25). Nobody outside an export
    boundary is ever chosen (DED-10), nor a centre where nobody has checked in.
    """
    best: Centre | None = None
    best_key: tuple[bool, bool, bool, float, int] | None = None
    for centre in roster.centres:
        span = centre.span_at(at)
        if span is None or centre.on_shift == 0 or centre.name in without:
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
    """This will name the next instant after `at` at which a centre that may take the case opens."""
    openings = [
        opens_at
        for centre in roster.centres
        if (not wanted.within or centre.name in wanted.within)
        and (opens_at := centre.opens_after(at)) is not None
    ]
    return min(openings, default=None)
