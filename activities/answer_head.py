"""What the head of an HTTP answer says: its status in words, and when to come back. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

LONGEST_WAIT = timedelta(hours=1)


def named(status: int) -> str:
    """This will name a status as people do."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def wished(retry_after: str | None) -> timedelta | None:
    """This will read Retry-After, seconds or a date, and keep it between a second and an hour."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdigit():
            wish = timedelta(seconds=min(int(retry_after.strip()[:9]), LONGEST_WAIT.total_seconds()))
        else:
            wish = parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return None
    return min(max(wish, timedelta(seconds=1)), LONGEST_WAIT)
