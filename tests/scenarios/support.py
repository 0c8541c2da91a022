"""What a scenario needs that Sunrelay does not do yet; decided before anything runs, each with its reason."""

from collections.abc import Iterator

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.messages.case import Submit
from tests.scenarios.files import Scenario, Step
from tests.scenarios.overrides import CannotLay, policy_of

POLICIES = frozenset({"rhipe-csp", "o365-overview", "o365-dedicated", "distributor-css", "westcoast"})

_VERBS = frozenset(
    {"submit", "triage", "change_level", "respond", "post_update", "resolve", "reply", "close", "reopen"}
    | {"escalate_to_vendor", "vendor_finding"}
    | {"wait_for_customer", "validate_resolution", "agree_interval", "update_scope"}
    | {"outage_notification", "start_bridge", "outage_resolution_notification", "withdraw_outage"}
)
_CHECKS = frozenset(
    {"deadline", "no_deadline", "state", "closed", "level", "breach", "effects", "linked_case"}
    | {"scope", "contact", "owner", "vendor", "mail"}
)
_CLOCKS = frozenset(Clock) - {Clock.TERMS_RENEWAL}
CODES = frozenset(
    {
        "AccessIdInvalid",
        "AccessIdRequired",
        "AttachmentLocationNotPermitted",
        "AttachmentTypeNotPermitted",
        "BridgeInfoIncomplete",
        "BusinessImpactStatementRequired",
        "CaseClosed",
        "CaseNotClosed",
        "CaseNotFound",
        "CaseReferenceRequired",
        "ChannelNotPermitted",
        "ConfirmationRequired",
        "ContactRequired",
        "DuplicateRequestConflict",
        "EscalationContactIncomplete",
        "EscalationContactInvalid",
        "EscalationContactRequired",
        "EscalationNotValid",
        "EscalationPrerequisiteMissing",
        "Forbidden",
        "InvalidTransition",
        "LanguageNotSupported",
        "NoChange",
        "NotInPlan",
        "OutageNotificationIncomplete",
        "OutageSeverityRequired",
        "PlanUnknown",
        "PolicyOverrideNotPermitted",
        "PolicyValueUnknown",
        "PriorityNotPermitted",
        "ReasonRequired",
        "RegionNotPermitted",
        "RegionUnknown",
        "ReopenNotPermitted",
        "ReopenWindowExpired",
        "RequesterNotEntitled",
        "ResolutionKindRequired",
        "ResolutionNotValidated",
        "RoleNotPermitted",
        "SeverityNotPermitted",
        "SeverityUnknown",
        "TierNotPermitted",
        "TroubleshootingRequired",
        "ValidationError",
        "VendorReferenceRequired",
        "VerificationFailed",
        "VerificationIncomplete",
    }
)
"""The codes the case as built so far can answer with."""


def lacking(scenario: Scenario) -> list[str]:
    """The reasons why a scenario cannot be run yet, each once; none when it can."""
    if scenario.policy not in POLICIES:
        return [f"policy {scenario.policy}"]
    return list(
        dict.fromkeys(
            [
                *_of_policy(scenario),
                *_of_records(scenario),
                *(reason for step in scenario.steps for reason in _of_step(scenario, step)),
                *_of_checks(scenario),
            ]
        )
    )


def _of_policy(scenario: Scenario) -> Iterator[str]:
    try:
        policy_of(scenario)
    except CannotLay as error:
        yield str(error)


def _of_records(scenario: Scenario) -> Iterator[str]:
    for case in scenario.cases.values():
        records = scenario.records | case.get("records", {})
        if records.get("phase", "operate") != "operate":
            yield "records.phase"


def _of_step(scenario: Scenario, step: Step) -> Iterator[str]:
    if step.do not in _VERBS:
        yield f"step {step.do}"
        return
    if step.expect.get("code", "ValidationError") not in CODES:
        yield f"code {step.expect['code']}"
    given = {key: value for key, value in step.fields.items() if value is not None}
    if step.do == "submit":
        known = set(Submit.model_fields)
        yield from (f"submit field {key}" for key in sorted(given.keys() - known))


def _of_checks(scenario: Scenario) -> Iterator[str]:
    for check in scenario.checks:
        if check.kind not in _CHECKS:
            yield f"check {check.kind}"
        if (clock := check.body.get("clock")) is not None and clock not in _CLOCKS:
            yield f"clock {clock}"
        if check.kind == "effects":
            yield from _of_effects(check.body["kind"], check.body["to"])


def _of_effects(kind: str, to: str) -> Iterator[str]:
    if kind not in set(EffectKind):
        yield f"effect {kind}"
    if to not in set(Recipient):
        yield f"recipient {to}"
