"""How a request comes in, what must be in it, and who may ask."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.actor import Role
from domain.frozen import Frozen
from domain.policy.durations import Duration, Key
from domain.text import Line

OnIncomplete = Literal["refuse", "await_information", "close_with_explanation"]


FileEnding = Annotated[str, Field(pattern=r"^\.[a-z0-9]{1,15}$")]
"""How the name of a file ends, in small letters: `.png`."""


class RequesterKind(StrEnum):
    """What a tenant is to us (RHIPE-01); an end tenant bought licences, and no support from us."""

    PARTNER = "partner"
    SAAS_CUSTOMER = "saas_customer"
    INTERNAL = "internal"
    CUSTOMER = "customer"
    END_TENANT = "end_tenant"


class CategoryRule(Frozen):
    """One kind of request. `highest_level` caps how urgent it can be (WEST-10), `offer` is what must be in
    the plan (O365-16), `needs_case`: it is about a case that is there already (O365-04).
    """

    title: Line
    support_type: Key | None = None
    highest_level: Key | None = None
    offer: Key | None = None
    needs_case: bool = False


class EntitlementRules(Frozen):
    """Who may ask for help, and what becomes of a request by somebody who may not.

    `roles` and `kinds` are those who may; empty means anybody. `unlisted`: a tenant the directory does not
    have. `refer_to` names whom they should ask instead.
    """

    roles: tuple[Role, ...] = ()
    kinds: tuple[RequesterKind, ...] = ()
    unlisted: Literal["accept", "deny"] = "accept"
    on_failure: Literal["refuse", "close_with_explanation"] = "refuse"
    refer_to: Line | None = None
    explanation: str = ""

    @model_validator(mode="after")
    def _closing_is_explained(self) -> Self:
        if self.on_failure == "close_with_explanation" and not self.explanation.strip():
            raise ValueError(
                "explanation: say why support cannot be given, where a request is closed (CSS-04)"
            )
        return self


class IntakeRules(Frozen):
    """How a request comes in and what must be in it.

    Empty lists of `support_types`, `subscription_families`, `services` and `update_channels` allow any; a
    category that is not listed is allowed where `other_categories` says so. `welcome` is asked for and not
    awaited; screenshots end in one of the `image_types`, where there are any, and in none of the
    `forbidden_attachments` (RHIPE-46). `required_by_type` adds to `required`; whoever is awaited for it is
    asked again `reminder_every` (unset: asked once, GAP-08). `verified_types` are the support types for which
    the requester has to show who they are (O365-10).
    """

    channels: tuple[Key, ...]
    unsupported_channel: Literal["refuse", "accept_without_sla"]
    default_level: Key
    default_level_channels: tuple[Key, ...] = ()
    triage_within: Duration | None = None
    phone_first_levels: tuple[Key, ...] = ()
    support_types: tuple[Key, ...] = ()
    subscription_families: tuple[Key, ...] = ()
    services: tuple[Key, ...] = ()
    update_channels: tuple[Key, ...] = ()
    categories: dict[Key, CategoryRule] = Field(default_factory=dict)
    other_categories: Literal["accept", "refuse"] = "accept"
    required: tuple[Key, ...]
    required_by_type: dict[Key, tuple[Key, ...]] = Field(default_factory=dict)
    reminder_every: Duration | None = None
    verified_types: tuple[Key, ...] = ()
    on_incomplete: OnIncomplete
    incomplete_explanation: str = ""
    entitlement: EntitlementRules = EntitlementRules()
    welcome: tuple[Key, ...] = ()
    image_types: tuple[FileEnding, ...] = ()
    forbidden_attachments: tuple[FileEnding, ...] = ()
    languages: tuple[Key, ...] = ()
    languages_mode: Literal["strict", "best_effort", "unset"] = "unset"

    @model_validator(mode="after")
    def _closing_is_explained(self) -> Self:
        if self.on_incomplete == "close_with_explanation" and not self.incomplete_explanation.strip():
            raise ValueError(
                "incomplete_explanation: say why, where an incomplete request is closed (CSS-04)"
            )
        return self

    @model_validator(mode="after")
    def _verifies_before_it_opens(self) -> Self:
        if self.verified_types and self.on_incomplete == "await_information":
            raise ValueError(
                "verified_types: items that come later are never compared; refuse or close instead"
            )
        return self

    @model_validator(mode="after")
    def _names_only_its_own_types(self) -> Self:
        named = {*self.required_by_type, *self.verified_types}
        named |= {rule.support_type for rule in self.categories.values() if rule.support_type}
        if self.support_types and (unknown := sorted(named - set(self.support_types))):
            raise ValueError(f"unknown support type {', '.join(unknown)}")
        return self
