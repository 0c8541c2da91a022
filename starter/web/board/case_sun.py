"""When the centres behind a case are open: by their shifts and holidays, and what was closed by hand."""

from datetime import datetime

from activities.people.closures import Closures
from domain.centres.shifts import OpenSpan, without
from policies import CalendarUnknown, HolidayTableInvalid
from policies.opening_hours import opening_hours
from starter.door.faults import Fault
from starter.door.policies_in_force import policy_named
from starter.door.session import Session


async def open_centres(
    session: Session, policy_name: str, start: datetime, end: datetime
) -> dict[str, tuple[OpenSpan, ...]]:
    """Return when each centre of a policy is open between two instants (UTC); none without the policy."""
    try:
        policy = policy_named(policy_name)
        planned = {name: opening_hours(policy, name, start, end) for name in policy.regions}
    except (Fault, CalendarUnknown, HolidayTableInvalid):
        return {}
    closed = await session.read(lambda store: Closures(store).closed(tuple(planned), start, end))
    return {
        name: without(spans, tuple(one.span for one in closed if one.region == name))
        for name, spans in planned.items()
    }
