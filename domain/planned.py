"""Requests planned ahead: what is promised of them counts from the start that was asked for.

WEST-10.
"""

from datetime import datetime

from domain.case import Case


def work_begins_at(case: Case, at: datetime) -> datetime:
    """Name the instant from which a promise made at `at` counts: a planned start, if later."""
    start_at = case.request.start_at
    return at if start_at is None else max(at, start_at)


def start_zone(case: Case) -> str:
    """Name the IANA zone of a planned start: the one asked for, else the case's own."""
    return case.request.start_zone or case.terms.calendar.zone.name
