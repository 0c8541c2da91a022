"""What a customer bought: when their clocks run, which targets they have, and where they may call."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.actor import Role
from domain.frozen import Frozen
from domain.policy.durations import ClosingTime, Key, MaybeDuration, MaybeTarget, TimeOfDay
from domain.text import Line


class OpenHours(Frozen):
    """From when to when a plan covers one weekday, in the case's own zone; `24:00` is midnight at the end."""

    opens: TimeOfDay
    closes: ClosingTime


class Weekday(StrEnum):
    """Monday to Sunday, in the order of the calendar."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class PlanTarget(Frozen):
    """What a plan promises at one level, in place of what the level promises by itself."""

    initial_response: MaybeTarget = None
    update_every: MaybeDuration = None


class PlanRules(Frozen):
    """What a case needs of its plan once it is opened.

    `roles` are those who may ask, with whom to `refer_to` and an `explanation` for others; without them the
    policy's count. `offers` are the services in it (O365-16); empty means all. `named_contacts`: only they,
    with their access id, may ask (O365-11). `attachment_stores`: where attachments may lie, empty means
    anywhere, and `regions` where the case may be worked on (DED-10). `service_level` false: nothing is
    promised.
    """

    service_level: bool = True
    named_contacts: bool = False
    offers: tuple[Key, ...] = ()
    channels: tuple[Key, ...] = ()
    roles: tuple[Role, ...] = ()
    refer_to: Line | None = None
    explanation: str = ""
    attachment_stores: tuple[Key, ...] = ()
    regions: tuple[Key, ...] = ()


class Plan(PlanRules):
    """What a customer bought: whether the clocks run always, or only in these hours."""

    title: str
    around_the_clock: bool
    hours: dict[Weekday, tuple[OpenHours, ...]] = Field(default_factory=dict)
    targets: dict[Key, PlanTarget] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hours_only_where_needed(self) -> Self:
        if self.around_the_clock == bool(self.hours):
            raise ValueError("hours: give them exactly where around_the_clock is false")
        return self
