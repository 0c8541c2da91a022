"""What a provider supports, and what becomes of a request for anything else."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from domain.frozen import Frozen
from domain.phase import CloseReason
from domain.policy.durations import Key
from domain.text import Line


class LicenceSource(StrEnum):
    """Where the licences in question were bought (RHIPE-57, WEST-02)."""

    PROVIDER = "provider"
    ELSEWHERE = "elsewhere"


class Disposition(StrEnum):
    """What becomes of a request that a rule of scope matches; `triage`: a person decides (WEST-01)."""

    ACCEPT = "accept"
    BEST_EFFORT = "best_effort"
    REFER = "refer"
    REFER_INTERNAL = "refer_internal"
    LOG_ON_BEHALF = "log_on_behalf"
    DECLINE = "decline"
    TRIAGE = "triage"


_REFERRALS = (Disposition.REFER, Disposition.REFER_INTERNAL, Disposition.LOG_ON_BEHALF)


class ScopeRule(Frozen):
    """One rule of scope; every condition given must hold, and the first rule that matches decides.

    `name` is told with `OutOfScope`. `service_unknown`: the service is none of the policy's (DED-03).
    `after_diagnosis`: only staff find out, so it does not count at intake (WEST-03). `service_level` false:
    no clock runs on such a case (WEST-13). `vendor_escalation` false: it never goes to the vendor (WEST-12).
    `link` may be empty, whom a referral is to may not (WEST-17). `steps` to find the fault go with a referral
    (WEST-03); `outcomes` are further ends of a best effort (WEST-05).
    """

    name: Key
    categories: tuple[Key, ...] = ()
    service_unknown: bool = False
    licence_source: LicenceSource | None = None
    partner_centre_account: bool | None = None
    without_addon: Key | None = None
    after_diagnosis: bool = False
    disposition: Disposition
    refer_to: Key | None = None
    how: str = ""
    link: str = ""
    explanation: str = ""
    steps: tuple[Line, ...] = ()
    outcomes: tuple[CloseReason, ...] = ()
    service_level: bool = True
    vendor_escalation: bool = True

    @model_validator(mode="after")
    def _says_what_is_needed(self) -> Self:
        if self.disposition in _REFERRALS and self.refer_to is None:
            raise ValueError("refer_to: a referral names whom it is to (WEST-17)")
        if self.disposition is Disposition.DECLINE and not self.explanation.strip():
            raise ValueError("explanation: say why support cannot be given (CSS-04)")
        return self

    @property
    def has_condition(self) -> bool:
        """Whether the rule does not match every request."""
        conditions = (self.licence_source, self.partner_centre_account, self.without_addon)
        return bool(self.categories) or self.service_unknown or any(one is not None for one in conditions)


class ScopeRules(Frozen):
    """The rules in order, and what becomes of a request that none of them matches (WEST-01)."""

    rules: tuple[ScopeRule, ...] = ()
    otherwise: Literal["accept", "triage"] = "accept"
    root_cause_analysis: Literal["included", "chargeable", "unset"] = "unset"

    @model_validator(mode="after")
    def _are_told_apart(self) -> Self:
        names = [rule.name for rule in self.rules]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"rules: {', '.join(twice)} is there twice")
        if endless := [rule.name for rule in self.rules[:-1] if not rule.has_condition]:
            raise ValueError(f"rules: {endless[0]} matches every request, so no later rule is ever asked")
        return self


NO_SCOPE_RULES = ScopeRules()
