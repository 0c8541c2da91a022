"""How the customer is kept informed, and how a case ends."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.frozen import Frozen
from domain.phase import CloseReason
from domain.policy.durations import Duration

BY_PEOPLE = (CloseReason.RESOLVED, CloseReason.REQUESTED, CloseReason.NO_FURTHER_TROUBLESHOOTING)
"""The reasons people may close a case for (RHIPE-34)."""


class InformingRules(Frozen):
    """How the customer is kept informed and staff are warned.

    `appointment_notice`: how long before a remote session people are reminded of it, and before a planned
    start an engineer is found (CSS-07, WEST-10). `cadence_counts`: under a plan with hours cadences,
    reminders and their warnings run in its `coverage`, or `elapsed`, day and night (assumed); a plan around
    the clock covers all the time.
    """

    warn_at_share: float = Field(gt=0, lt=1)
    warn_before_at_least: Duration
    waiting_update_every: Duration
    stale_updates_before_notice: int = Field(ge=1, le=10)
    late_after: Duration
    appointment_notice: Duration = timedelta(hours=1)
    cadence_counts: Literal["coverage", "elapsed"] = "coverage"


class ClosingRules(Frozen):
    """When a resolved case closes, and until when a closed one may be reopened.

    `confirmation`: silence for some business days is one (`implied`), only the requester's word is one
    (`required`), or staff simply close (`none`; CONF-09). `reminder_every` asks again for the word that is
    required. A reopening is the same case within `reopen_business_days` or `reopen_within`; without
    either it is always a new, linked one (GAP-08). A survey is `survey_open` from the closure (GAP-25).
    A reply to a resolution that is neither yes nor no stops auto-close and asks for our answer (`ask`), or
    only lets it begin anew (`restart`): house rule.
    """

    confirmation: Literal["implied", "required", "none"] | None = None
    auto_close_business_days: int | None = Field(default=None, ge=1, le=60)
    reminder_every: Duration | None = None
    unclear_reply: Literal["ask", "restart"] = "ask"
    reopen_business_days: int | None = Field(default=None, ge=1, le=365)
    reopen_within: Duration | None = None
    archive_margin: Duration
    survey: bool
    survey_open: Duration = timedelta(days=14)
    reasons: tuple[CloseReason, ...] = BY_PEOPLE

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.confirmation == "implied" and self.auto_close_business_days is None:
            raise ValueError("auto_close_business_days: say after how many silence is a confirmation")
        if self.confirmation in ("required", "none") and self.auto_close_business_days is not None:
            raise ValueError(f"auto_close_business_days: not with confirmation = {self.confirmation}")
        if self.reopen_business_days is not None and self.reopen_within is not None:
            raise ValueError("reopen_within: give either it or reopen_business_days")
        return self

    @property
    def awaits_confirmation(self) -> bool:
        """Whether only the requester's word closes a resolved case (CSS-13)."""
        return self.confirmation == "required"
