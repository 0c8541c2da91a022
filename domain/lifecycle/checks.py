"""What must be in a request, and what must not: the checks of intake, in the order of GAP-28.

Pure. RHIPE-02, RHIPE-12, RHIPE-45, RHIPE-46, RHIPE-64, O365-01 to O365-04, O365-21, DED-13, DED-16.
"""

import hashlib
import json
import re
from datetime import datetime

from domain.actor import Verb, may_say, speakers
from domain.decision import refuse
from domain.policy import IntakeRules
from domain.request import MAX_LINKED_BYTES, MAX_REQUEST_BYTES, ProvideInformation, Submit

_DOMAIN_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:-]{1,120}")
_RATINGS = ("high", "medium", "low")


def request_digest(request: Submit) -> str:
    """This will tell two requests of one reference apart by content; who sent it and when do not count.

    What is not said is left out, so that a field this version does not know yet changes no digest later.
    """
    said = request.model_dump(mode="json", exclude={"actor", "received_at", "request_id"}, exclude_none=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]


def size_of(request: Submit) -> int:
    """This will return the size of a request as it is kept, in bytes."""
    return len(request.model_dump_json().encode())


def is_too_large(request: Submit) -> bool:
    """This will tell whether a request is larger than a case may carry along."""
    return size_of(request) > (MAX_LINKED_BYTES if request.linked_to else MAX_REQUEST_BYTES)


def check_opening(request: Submit) -> None:
    """This will check what can be checked before there are terms: who speaks, and the size of it all.

    Raises: Refusal with `RoleNotPermitted`, `Forbidden` or `ValidationError`.
    """
    actor = request.actor
    if not may_say(actor, Verb.SUBMIT):
        refuse(
            "RoleNotPermitted",
            f"a {actor.kind} cannot open a case",
            f"let one of these do it: {speakers(Verb.SUBMIT)}",
        )
    if actor.is_requester and actor.tenant is not None and actor.tenant != request.tenant:
        refuse("Forbidden", "the request names another tenant than yours", "open it for your own tenant")
    if is_too_large(request):
        refuse(
            "ValidationError",
            f"the request is larger than {MAX_REQUEST_BYTES // 1024} KiB",
            "shorten the texts, and send the rest as attachment references",
        )


def check_identity(identity: str) -> None:
    """This will refuse an id that could not be written into a header or a file name. Raises: Refusal."""
    if not _PLAIN_ID.fullmatch(identity):
        refuse(
            "ValidationError",
            "the workflow id of a case is at most 120 plain characters",
            "use letters, digits, dot, dash, underscore or colon, or let the door derive the id",
            ("workflow_id",),
        )


def has_service_level(request: Submit, intake: IntakeRules, *, plan_is_guessed: bool = False) -> bool:
    """This will tell whether the channel has a service level; improper ones have none (RHIPE-64).

    Where nobody knows the plan, any channel may be one of its own.
    """
    if request.channel in intake.channels or plan_is_guessed:
        return True
    if intake.unsupported_channel == "refuse":
        refuse(
            "ChannelNotPermitted",
            f"the channel {request.channel} is not offered",
            f"use {with_or(intake.channels)}",
        )
    return False


def with_or(words: tuple[str, ...]) -> str:
    """This will join words for a sentence: `phone, email or portal`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def check_values(request: Submit | ProvideInformation, intake: IntakeRules, at: datetime) -> None:
    """This will check the values of what was given, received at `at` (UTC). Raises: Refusal."""
    if isinstance(request, Submit):
        _check_rating(request)
        _check_language(request, intake)
    _check_listed(request, intake)
    _check_category(request, intake)
    _check_details(request, intake)
    if request.onset_at is not None and request.onset_at > at:
        reason = "onset_at lies after the request"
        refuse("ValidationError", reason, "say when the problem began", ("onset_at",))


def _check_rating(request: Submit) -> None:
    for field, value in (("impact", request.impact), ("urgency", request.urgency)):
        if value is not None and value not in _RATINGS:
            refuse("ValidationError", f"{field}: {value} is no rating", f"use {with_or(_RATINGS)}", (field,))
    percent = request.users_affected_percent
    if percent is not None and not 0 <= percent <= 100:
        field = "users_affected_pct"
        refuse("ValidationError", f"{field}: a share of users is 0 to 100 percent", missing=(field,))


def _check_language(request: Submit, intake: IntakeRules) -> None:
    if intake.languages_mode == "strict" and not speaks(request.language, intake.languages):
        refuse(
            "LanguageNotSupported",
            f"no support in {request.language}",
            f"write in {with_or(intake.languages)}",
        )


def speaks(language: str, languages: tuple[str, ...]) -> bool:
    """This will tell whether a language is one of these; `en-GB` is English too."""
    return language in languages or language.partition("-")[0].lower() in languages


def _check_listed(request: Submit | ProvideInformation, intake: IntakeRules) -> None:
    """This will check what must be one of the policy's words (O365-01, O365-02, DED-16)."""
    for field, value, allowed, code in (
        ("support_type", request.support_type, intake.support_types, "ValidationError"),
        ("update_channel", request.update_channel, intake.update_channels, "ValidationError"),
        (
            "subscription_family",
            request.subscription_family,
            intake.subscription_families,
            "PolicyValueUnknown",
        ),
    ):
        if value is not None and allowed and value not in allowed:
            refuse(code, f"{field}: {value} is none of this policy", f"use {with_or(allowed)}", (field,))


def _check_category(request: Submit | ProvideInformation, intake: IntakeRules) -> None:
    """This will check the category against the list and the support type (O365-03, O365-04)."""
    if request.category is None:
        return
    rule = intake.categories.get(request.category)
    if rule is None and intake.other_categories == "accept":
        return
    fitting = tuple(
        name
        for name, one in intake.categories.items()
        if None in (one.support_type, request.support_type) or one.support_type == request.support_type
    )
    if request.category not in fitting:
        refuse(
            "ValidationError",
            f"category: {request.category} is no category of {request.support_type or 'this'} support",
            f"use {with_or(fitting)}",
            ("category",),
        )


def _check_details(request: Submit | ProvideInformation, intake: IntakeRules) -> None:
    domain = request.tenant_domain
    if domain is not None and not _DOMAIN_NAME.fullmatch(domain):
        refuse(
            "ValidationError",
            f"tenant_domain: {domain} is no domain name",
            "give it as in tenant.example",
            ("tenant_domain",),
        )
    for name in request.screenshots or ():
        if name.lower().endswith(intake.forbidden_attachments):
            refuse(
                "AttachmentTypeNotPermitted",
                f"screenshots: {name} is a text document",
                "send unscaled image files, such as PNG",
                ("screenshots",),
            )
    if isinstance(request.affected_users, str) and request.affected_users != "all":
        refuse("ValidationError", "affected_users is `all` or a list of names", missing=("affected_users",))
    waits = intake.on_incomplete == "await_information"  # elsewhere it is named with all that is missing
    if waits and request.troubleshooting_steps == () and "troubleshooting_steps" in intake.required:
        refuse(
            "TroubleshootingRequired",
            "no troubleshooting was done",
            "work through the self-help list first and say which steps you took",
            ("troubleshooting_steps",),
        )


def is_onmicrosoft(domain: str) -> bool:
    """This will tell whether a domain is one of the vendor's own, `*.onmicrosoft.com` (CSS-03)."""
    return bool(_DOMAIN_NAME.fullmatch(domain)) and domain.lower().endswith(".onmicrosoft.com")
