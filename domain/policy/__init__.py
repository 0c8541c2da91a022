"""The rules one support organisation gives its customers, as data.

Pure. A policy is a TOML file validated by these models: unknown keys are refused, zones are IANA names
only, and every error names its field. Which file and which tables of holidays it needs is the business
of the room `policies/`; what one case is held to is compiled from here into `domain.terms.Terms`.
"""

import re
from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.frozen import Frozen

_SHORT_DURATION = re.compile(r"(\d+)(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_IANA_NAME = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+-]+)+")


def _duration(value: object) -> object:
    """This will read `90s`, `30m`, `4h` or `2d`; ISO 8601 durations pass as they are."""
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


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]
Zone = Annotated[str, BeforeValidator(_zone)]
"""An IANA zone name; abbreviations and fixed offsets are refused (RHIPE-24)."""

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]{0,63}$")]
Rating = Literal["high", "medium", "low"]


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
        """This will say the target in words: `4 h` or `2 business days`."""
        if self.business_days is not None:
            return f"{self.business_days} business day{'s' if self.business_days > 1 else ''}"
        assert self.within is not None
        return in_words(self.within)


def in_words(span: timedelta) -> str:
    """This will say a duration as people do: `45 min`, `4 h`, `3 d 2 h`."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    parts = [(days, "d"), (rest // 60, "h"), (rest % 60, "min")]
    if days > 0 and rest == 0 and days <= 3:
        return f"{days * 24} h"
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


class LevelRule(Frozen):
    """One level of urgency: its promises, and how staff tell it from the others."""

    id: Key
    rank: int = Field(ge=0, le=99)
    name: str
    initial_response: Target | None = None
    update_every: Duration | None = None
    above_percent: int | None = Field(default=None, ge=0, le=100)
    at_least_percent: int | None = Field(default=None, ge=0, le=100)
    up_to_percent: int | None = Field(default=None, ge=0, le=100)
    below_percent: int | None = Field(default=None, ge=0, le=100)
    no_workaround: bool | None = None
    definition: str = ""
    examples: tuple[str, ...] = ()


class MatrixCell(Frozen):
    """One cell of impact x urgency."""

    impact: Rating
    urgency: Rating
    level: Key


class IntakeRules(Frozen):
    """How a request comes in and what must be in it."""

    channels: tuple[Key, ...]
    unsupported_channel: Literal["refuse", "accept_without_sla"]
    default_level: Key
    default_level_channels: tuple[Key, ...]
    triage_within: Duration | None = None
    phone_first_levels: tuple[Key, ...] = ()
    required: tuple[Key, ...]
    on_incomplete: Literal["refuse", "await_information", "close_with_explanation"]
    forbidden_attachments: tuple[str, ...] = ()
    languages: tuple[Key, ...] = ()
    languages_mode: Literal["strict", "best_effort", "unset"] = "unset"


class InformingRules(Frozen):
    """How the customer is kept informed and staff are warned."""

    warn_at_share: float = Field(gt=0, lt=1)
    warn_before_at_least: Duration
    waiting_update_every: Duration
    stale_updates_before_notice: int = Field(ge=1, le=10)
    late_after: Duration


class ClosingRules(Frozen):
    """When a resolved case closes by itself, and until when a closed one may be reopened."""

    auto_close_business_days: int | None = Field(default=None, ge=1, le=60)
    reopen_business_days: int | None = Field(default=None, ge=1, le=365)
    archive_margin: Duration
    survey: bool


class Rules(Frozen):
    """Everything a case is held to, whatever its plan."""

    levels: tuple[LevelRule, ...] = Field(min_length=1)
    matrix: tuple[MatrixCell, ...]
    intake: IntakeRules
    informing: InformingRules
    closing: ClosingRules

    @model_validator(mode="after")
    def _names_only_its_own_levels(self) -> Self:
        known = {level.id for level in self.levels}
        if len(known) < len(self.levels) or len({level.rank for level in self.levels}) < len(known):
            raise ValueError("levels: ids and ranks must be unique")
        named = {cell.level for cell in self.matrix} | {self.intake.default_level}
        if unknown := sorted((named | set(self.intake.phone_first_levels)) - known):
            raise ValueError(f"unknown level {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        if len({(cell.impact, cell.urgency) for cell in self.matrix}) not in (0, 9):
            raise ValueError("matrix: give all nine cells of impact x urgency, or none")
        return self


class OpenHours(Frozen):
    """From when to when a plan covers one weekday, in the case's own zone; `24:00` is midnight at the end."""

    opens: time
    closes: time | Literal["24:00"]


class Weekday(StrEnum):
    """Monday to Sunday, in the order of the calendar."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Plan(Frozen):
    """What a customer bought: whether the clocks run always, or only in these hours."""

    title: str
    around_the_clock: bool
    hours: dict[Weekday, tuple[OpenHours, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hours_only_where_needed(self) -> Self:
        if self.around_the_clock == bool(self.hours):
            raise ValueError("hours: give them exactly where around_the_clock is false")
        return self


class RegionRule(Frozen):
    """A support centre: where it is, and by which calendar its customers count business days."""

    zone: Zone
    calendar: Key
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()


class SupportPolicy(Frozen):
    """One support guide as data.

    `name@version` is pinned in every case opened under it. `contractual` is false where the guide calls
    itself a guide (CONF-06).
    """

    name: Key
    version: Key
    title: str
    contractual: bool = False
    default_plan: Key
    default_region: Key
    plans: dict[Key, Plan]
    regions: dict[Key, RegionRule]
    rules: Rules
    self_help: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _defaults_exist(self) -> Self:
        if self.default_plan not in self.plans:
            raise ValueError(f"default_plan: unknown plan {self.default_plan}")
        if self.default_region not in self.regions:
            raise ValueError(f"default_region: unknown region {self.default_region}")
        return self
