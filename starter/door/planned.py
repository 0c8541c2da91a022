"""When somebody of the rota is planned to work: by their own shifts, else by those of their centre."""

from datetime import datetime

from domain.centres.rota import Engineer
from domain.centres.shifts import OpenSpan
from domain.policy import RegionRule
from policies.opening_hours import planned_hours


def shifts_of(engineer: Engineer, rule: RegionRule, start: datetime, end: datetime) -> tuple[OpenSpan, ...]:
    """Write out when an engineer of a centre works between two instants (UTC); stretches beyond are whole."""
    shifts = engineer.shifts or rule.shifts
    zone = (engineer.zone or rule.zone) if engineer.shifts else rule.zone
    return planned_hours(shifts, zone, start, end)
