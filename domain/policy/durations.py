"""The smallest words of a policy: durations, targets, zones, names."""

import re
from datetime import time, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.frozen import Frozen

_SHORT_DURATION = re.compile(r"(\d{1,9})(s|m|h|d)")  # longer ones are beyond what a timedelta holds
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_IANA_NAME = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+-]+)+")
NONE = "none"
"""How a policy says in so many words that nothing is promised; TOML has no null."""


def _duration(value: object) -> object:
    """Read `90s`, `30m`, `4h` or `2d`; ISO 8601 durations pass as they are."""
    if not isinstance(value, str) or value.startswith("P"):
        return value
    match = _SHORT_DURATION.fullmatch(value)
    if match is None:
        raise ValueError("a duration is a whole number and s, m, h or d, such as 30m")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _zone(value: object) -> object:
    if isinstance(value, str) and (not _IANA_NAME.fullmatch(value) or value.startswith("Etc/")):
        raise ValueError(
            "a zone is an IANA name such as Australia/Sydney, never an abbreviation or an offset"
        )
    return value


def _nothing(value: object) -> object:
    return None if value == NONE else value


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]
"""A span of time longer than nothing: `90s`, `30m`, `4h`, `2d`."""

MaybeDuration = Annotated[Duration | None, BeforeValidator(_nothing)]
"""A span of time, or `none`: nothing is promised."""

Zone = Annotated[str, BeforeValidator(_zone)]
"""An IANA zone name; abbreviations and fixed offsets are refused (RHIPE-24)."""


def _whole_minute(value: object) -> object:
    """Refuse seconds, which no opening hour has: they would be dropped without a word."""
    try:
        at = time.fromisoformat(value) if isinstance(value, str) and value != MIDNIGHT else value
    except ValueError:
        return value  # told by the type
    if isinstance(at, time) and (at.second or at.microsecond):
        minutes = at.hour * 60 + at.minute + 1
        meant = f"{minutes // 60:02d}:{minutes % 60:02d}"
        raise ValueError(f"times of day have no seconds; did you mean {meant}?")
    return value


MIDNIGHT = "24:00"
"""The end of a day, where a time of day may be that."""

TimeOfDay = Annotated[time, BeforeValidator(_whole_minute)]
"""A local time of day in whole minutes."""

ClosingTime = Annotated[time | Literal["24:00"], BeforeValidator(_whole_minute)]
"""A local time of day in whole minutes, or `24:00`, midnight at its end."""

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]{0,63}$")]
"""A short name other places refer to."""


class Target(Frozen):
    """How soon something is promised: hours of the plan's coverage, or whole business days."""

    within: Duration | None = None
    business_days: int | None = Field(default=None, ge=1, le=60)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.within is None) == (self.business_days is None):
            raise ValueError("give either within or business_days")
        return self

    def __str__(self) -> str:
        """Say the target in words: `4 h` or `2 business days`."""
        if self.business_days is not None:
            return f"{self.business_days} business day{'s' if self.business_days > 1 else ''}"
        assert self.within is not None
        return in_words(self.within)


MaybeTarget = Annotated[Target | None, BeforeValidator(_nothing)]
"""A target, or `none`: no commitment (O365-08)."""


def in_words(span: timedelta) -> str:
    """Say a duration as people do: `45 min`, `4 h`, `3 d 2 h`."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    parts = [(days, "d"), (rest // 60, "h"), (rest % 60, "min")]
    if days > 0 and rest == 0 and days <= 3:
        return f"{days * 24} h"
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
