"""Moves a roster by whole weeks, so that centres open for an old case as they did in its own time.

Part of the rehearsals. What `shift_terms` of the domain is for the promises of a case, for who is open.
"""

from datetime import timedelta

from domain.centres.regions import Centre, Roster
from domain.centres.shifts import OpenSpan


def moved(roster: Roster, weeks: int) -> Roster:
    """Make every instant of a roster `weeks` later; weekdays stay weekdays."""
    by = timedelta(weeks=weeks)
    return Roster(
        read_at=roster.read_at + by,
        until=roster.until + by,
        centres=tuple(_moved(centre, by) for centre in roster.centres),
    )


def _moved(centre: Centre, by: timedelta) -> Centre:
    spans = tuple(OpenSpan(opens_at=one.opens_at + by, closes_at=one.closes_at + by) for one in centre.open)
    return centre.model_copy(update={"open": spans})
