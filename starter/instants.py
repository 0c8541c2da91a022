"""How an instant is given on the command line: so far from now, or written out with its offset.

Part of the doors. A local time without an offset is a guess, and refused.
"""

import re
from datetime import datetime, timedelta

from domain.local_time import as_utc
from starter.faults import usage

_AHEAD = re.compile(r"([1-9]\d{0,3})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def ahead(text: str, flag: str, now: datetime) -> datetime:
    """This will read `30m`, `4h` or `2d` from now, or an instant after now, as UTC. Raises: Fault (usage)."""
    if match := _AHEAD.fullmatch(text):
        return now + timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        at = as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        remedy = "mend it; an instant has its offset, or Z"
        raise usage(f"{flag}: neither 30m, 4h, 2d nor an instant such as 2026-11-22T09:00Z", remedy) from None
    if at <= now:
        raise usage(f"{flag}: {text} has passed", "name an instant that is still to come")
    return at
