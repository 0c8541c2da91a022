"""How urgent a case can be under a policy, what each level promises, and who says which it is."""

from typing import Literal

from pydantic import AliasChoices, Field

from domain.frozen import Frozen
from domain.policy.durations import Key, MaybeDuration, MaybeTarget

Rating = Literal["high", "medium", "low"]


class LevelRule(Frozen):
    """One level of urgency: its promises, and how it is told from the others.

    `initial_response` and the cadences are the level's own where its plan gives no others; `none` is no
    commitment. `update_as_agreed`: no cadence until one is agreed (DED-27). `stale_after`: the TSS hears of a
    case in which neither staff nor customer has said anything for so long (RHIPE-43). `provider_only`:
    requesters and outsiders do not declare it and are pointed to `instead` (DED-22); before 0.4 it was called
    `vendor_only`, and only a vendor could. The shares of users and the flags
    after them only warn (RHIPE-12, CONF-04); `no_workaround` false: there is one.
    """

    id: Key
    rank: int = Field(ge=0, le=99)
    name: str
    initial_response: MaybeTarget = None
    update_every: MaybeDuration = None
    update_as_agreed: bool = False
    customer_update_every: MaybeDuration = None
    stale_after: MaybeDuration = None
    channels: tuple[Key, ...] = ()
    provider_only: bool = Field(default=False, validation_alias=AliasChoices("provider_only", "vendor_only"))
    instead: Key | None = None
    validate_resolution: bool = False
    outage: Literal["possible", "never", "refused"] = "possible"
    above_percent: int | None = Field(default=None, ge=0, le=100)
    at_least_percent: int | None = Field(default=None, ge=0, le=100)
    up_to_percent: int | None = Field(default=None, ge=0, le=100)
    below_percent: int | None = Field(default=None, ge=0, le=100)
    no_workaround: bool | None = None
    expects_workaround: bool = False
    several_users: bool = False
    definition: str = ""
    examples: tuple[str, ...] = ()


class MatrixCell(Frozen):
    """One cell of impact x urgency."""

    impact: Rating
    urgency: Rating
    level: Key


class RatingRules(Frozen):
    """Who says how urgent a case is (CONF-03).

    `by`: staff rate by impact x urgency, or the requester names a level. `requester_change`: what it takes
    from a requester to change it later. `doubt`: the warning where a level does not fit what is said of it.
    """

    by: Literal["staff", "requester"] = "staff"
    requester_change: Literal["not_permitted", "reason", "business_impact"] = "not_permitted"
    doubt: Literal["PriorityBoundsMismatch", "SeverityDoubtful"] = "PriorityBoundsMismatch"
