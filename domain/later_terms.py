"""Terms that become others: prolonged, compiled anew on purpose, or moved by weeks for a replayed log."""

from datetime import date, timedelta

from domain.terms import Terms, TermsRequest
from domain.time.calendar import BusinessCalendar
from domain.time.local_time import OffsetChange


def prolong(terms: Terms, fresh: Terms) -> Terms:
    """Carry the calendar on beyond its horizon and leave every promise as it is.

    Days before the old horizon keep the holidays and offsets they were promised with; only later ones
    come from `fresh`.
    """
    edge = terms.valid_until
    changes = tuple(change for change in terms.calendar.zone.changes if change.at <= edge) + tuple(
        change for change in fresh.calendar.zone.changes if change.at > edge
    )
    calendar = _spliced(terms.calendar, fresh.calendar, edge.date(), changes)
    return terms.model_copy(update={"calendar": calendar, "valid_until": fresh.valid_until})


def recompiled(terms: Terms, fresh: Terms) -> Terms:
    """Hold a case to fresh terms that remember the days before them.

    From the first day the fresh tables know, theirs count; earlier days keep what the old ones say of them,
    so that a clock that began then is counted as before. The day before the first instant may be the local
    one.
    """
    edge = fresh.known_from or fresh.compiled_for
    zone = fresh.calendar.zone
    earlier = tuple(change for change in terms.calendar.zone.changes if change.at < edge)
    since = OffsetChange(at=edge, seconds=int(zone.offset_at(edge).total_seconds()))
    later = (since, *(change for change in zone.changes if change.at > edge))
    changes = earlier + later[1:] if earlier and earlier[-1].seconds == since.seconds else earlier + later
    old = terms.calendar.model_copy(update={"hours": fresh.calendar.hours, "name": fresh.calendar.name})
    calendar = _spliced(old, fresh.calendar, edge.date() - timedelta(days=2), changes)
    known = min(edge, terms.known_from or terms.compiled_for)
    return fresh.model_copy(update={"calendar": calendar, "known_from": known})


def _spliced(
    old: BusinessCalendar, fresh: BusinessCalendar, last: date, changes: tuple[OffsetChange, ...]
) -> BusinessCalendar:
    """Take the days up to `last` from one calendar and later ones from the other."""
    holidays = [day for day in old.holidays if day <= last] + [day for day in fresh.holidays if day > last]
    special = [day for day in old.special if day.on <= last] + [day for day in fresh.special if day.on > last]
    zone = old.zone.model_copy(update={"changes": changes})
    return old.model_copy(update={"holidays": tuple(holidays), "special": tuple(special), "zone": zone})


def shift_terms(terms: Terms, weeks: int) -> Terms:
    """Move the whole calendar by whole weeks, so that an old log can be replayed later.

    Weekdays stay weekdays; every instant and date of the result is `weeks` later than in `terms`.
    """
    by = timedelta(weeks=weeks)
    zone = terms.calendar.zone
    moved = tuple(change.model_copy(update={"at": change.at + by}) for change in zone.changes)
    calendar = terms.calendar.model_copy(
        update={
            "holidays": tuple(day + by for day in terms.calendar.holidays),
            "special": tuple(day.model_copy(update={"on": day.on + by}) for day in terms.calendar.special),
            "zone": zone.model_copy(update={"changes": moved}),
        }
    )
    return terms.model_copy(
        update={
            "calendar": calendar,
            "compiled_for": terms.compiled_for + by,
            "valid_until": terms.valid_until + by,
            "known_from": terms.known_from + by if terms.known_from else None,
        }
    )


def shift_request(request: TermsRequest, weeks: int) -> TermsRequest:
    """Ask for the terms of another time: every instant of the result is `weeks` later."""
    by = timedelta(weeks=weeks)
    moved = {
        name: at + by if (at := getattr(request, name)) else None
        for name in ("at", "counts_from", "counts_until")
    }
    return request.model_copy(update=moved)
