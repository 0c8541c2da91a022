"""The rules one support organisation gives its customers, as data.

A policy is a TOML file validated by these models: unknown keys are refused, zones are IANA names
only, and every error names its field. Which file and which tables of holidays it needs is the business
of the room `policies/`; what one case is held to is compiled from here into `domain.terms.Terms`.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.frozen import Frozen
from domain.policy.durations import (
    Duration,
    Key,
    MaybeDuration,
    MaybeTarget,
    Target,
    Zone,
    in_words,
)
from domain.policy.intake import CategoryRule, EntitlementRules, IntakeRules, RequesterKind
from domain.policy.levels import LevelRule, MatrixCell, Rating, RatingRules
from domain.policy.marks import longest_fit
from domain.policy.notices import NoticeRules, Rung
from domain.policy.operations import (
    Acceptance,
    Department,
    Document,
    FollowTheSun,
    Organisation,
    OutageRules,
    PhysicalAccess,
    RegionRule,
    Shift,
    VendorEscalation,
)
from domain.policy.plans import OpenHours, Plan, PlanRules, PlanTarget, Weekday
from domain.policy.promises import ClosingRules, InformingRules
from domain.policy.scope import Disposition, LicenceSource, ScopeRule, ScopeRules

__all__ = [
    "Acceptance",
    "CategoryRule",
    "ClosingRules",
    "Department",
    "Disposition",
    "Document",
    "Duration",
    "EntitlementRules",
    "FollowTheSun",
    "InformingRules",
    "IntakeRules",
    "Key",
    "LevelRule",
    "LicenceSource",
    "MatrixCell",
    "MaybeDuration",
    "MaybeTarget",
    "NoticeRules",
    "OpenHours",
    "Organisation",
    "OutageRules",
    "PhysicalAccess",
    "Plan",
    "PlanRules",
    "PlanTarget",
    "Rating",
    "RatingRules",
    "RegionRule",
    "RequesterKind",
    "Rules",
    "Rung",
    "ScopeRule",
    "ScopeRules",
    "Shift",
    "SupportPolicy",
    "Target",
    "VendorEscalation",
    "Weekday",
    "Zone",
    "in_words",
]


class Rules(Frozen):
    """Everything a case is held to, whatever its plan."""

    levels: tuple[LevelRule, ...] = Field(min_length=1)
    rating: RatingRules = RatingRules()
    matrix: tuple[MatrixCell, ...] = ()
    intake: IntakeRules
    scope: ScopeRules = ScopeRules()
    informing: InformingRules
    notices: NoticeRules = NoticeRules()
    closing: ClosingRules

    @model_validator(mode="after")
    def _levels_are_told_apart(self) -> Self:
        known = {level.id for level in self.levels}
        if len(known) < len(self.levels) or len({level.rank for level in self.levels}) < len(known):
            raise ValueError("levels: ids and ranks must be unique")
        if unknown := sorted(self._named_levels() - known):
            raise ValueError(f"unknown level {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        return self

    def _named_levels(self) -> set[str]:
        named = {cell.level for cell in self.matrix} | {self.intake.default_level}
        named |= set(self.intake.phone_first_levels)
        named |= {level for rung in self.notices.ladder for level in rung.levels}
        named |= {level.instead for level in self.levels if level.instead}
        return named | {rule.highest_level for rule in self.intake.categories.values() if rule.highest_level}

    @model_validator(mode="after")
    def _rates_whole(self) -> Self:
        cells = len({(cell.impact, cell.urgency) for cell in self.matrix})
        if cells not in (0, 9):
            raise ValueError("matrix: give all nine cells of impact x urgency, or none")
        return self

    @model_validator(mode="after")
    def _scope_names_known_categories(self) -> Self:
        known = set(self.intake.categories)
        named = {category for rule in self.scope.rules for category in rule.categories}
        if self.intake.other_categories == "refuse" and (unknown := sorted(named - known)):
            raise ValueError(f"scope: unknown category {', '.join(unknown)}")
        return self


class SupportPolicy(Frozen):
    """One support guide as data.

    `name@version` is pinned in every case opened under it. `contractual` is false where the guide calls
    itself a guide (CONF-06). `extends` names the policy this one was laid over. `sources` says of each
    value, by the path it begins with, whether the guide states it or we assume it: `stated RHIPE-13`,
    `assumed GAP-10`, or `own`: a company's rule of its own; the longest path that fits a value counts.
    """

    name: Key
    version: Key
    title: str
    extends: str | None = None
    contractual: bool = False
    default_plan: Key
    default_region: Key
    plans: dict[Key, Plan] = Field(min_length=1)
    regions: dict[Key, RegionRule] = Field(min_length=1)
    rules: Rules
    organisation: Organisation = Organisation()
    self_help: tuple[Document, ...] = ()
    documents: tuple[Document, ...] = ()
    sources: dict[str, Annotated[str, Field(pattern=r"^(stated|assumed|own)( .+)?$")]] = Field(
        default_factory=dict
    )

    def mark_of(self, path: str) -> str:
        """Return what `sources` says of a value, by the longest path it lies in; empty where nothing does."""
        return longest_fit(self.sources, path) or ""

    @model_validator(mode="after")
    def _defaults_exist(self) -> Self:
        if self.default_plan not in self.plans:
            raise ValueError(f"default_plan: unknown plan {self.default_plan}")
        if self.default_region not in self.regions:
            raise ValueError(f"default_region: unknown region {self.default_region}")
        return self

    @model_validator(mode="after")
    def _plans_name_what_is_there(self) -> Self:
        levels = {level.id for level in self.rules.levels}
        for name, plan in self.plans.items():
            if unknown := sorted(set(plan.targets) - levels):
                raise ValueError(f"plans.{name}.targets: unknown level {', '.join(unknown)}")
            if unknown := sorted(set(plan.regions) - set(self.regions)):
                raise ValueError(f"plans.{name}.regions: unknown region {', '.join(unknown)}")
            if plan.named_contacts and self.rules.intake.on_incomplete == "await_information":
                raise ValueError(
                    f"plans.{name}.named_contacts: an access id that comes later is never checked"
                )
        return self

    @model_validator(mode="after")
    def _every_target_is_said(self) -> Self:
        """Want a target for every level of every plan, were it `none` (O365-08)."""
        for name, plan in self.plans.items():
            for level in self.rules.levels:
                by_plan = plan.targets.get(level.id)
                said = by_plan is not None and "initial_response" in by_plan.model_fields_set
                if not said and "initial_response" not in level.model_fields_set:
                    raise ValueError(
                        f"plans.{name}.targets.{level.id}.initial_response: give a target, or none"
                    )
        return self
