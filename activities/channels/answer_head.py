"""What the head of an HTTP answer says: its status in words, and when to come back."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

LONGEST_WAIT = timedelta(hours=1)


def named(status: int) -> str:
    """Name a status as people do."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def wished(retry_after: str | None) -> timedelta | None:
    """Read Retry-After, seconds or a date, and keep it between a second and an hour.

    A date in any of the three forms of RFC 9110, section 5.6.7; without a zone it is UTC, as that says.
    """
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            wish = timedelta(seconds=min(int(retry_after.strip()[:9]), LONGEST_WAIT.total_seconds()))
        else:
            wish = _instant(parsedate_to_datetime(retry_after)) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return None
    return min(max(wish, timedelta(seconds=1)), LONGEST_WAIT)


def _instant(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
