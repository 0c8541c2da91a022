"""What must be in a request, and what must not: the checks of intake, in the order of GAP-28.

RHIPE-02, RHIPE-12, RHIPE-45, RHIPE-46, RHIPE-64, O365-01 to O365-04, O365-21, DED-13, DED-16.
"""

import hashlib
import json
import re
from datetime import datetime

from domain.actor import Actor
from domain.decision import refuse
from domain.messages.request import (
    MAX_LINKED_BYTES,
    MAX_REQUEST_BYTES,
    ProvideInformation,
    Submit,
    names_of,
)
from domain.naming import case_id, is_derived
from domain.policy import IntakeRules
from domain.rules import CURRENT_RULES, RULES_0_3

_DOMAIN_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:-]{1,120}")
_NO_CONTENT = {"actor", "received_at", "request_id", "take"}
_RATINGS = ("high", "medium", "low")


def request_digest(request: Submit) -> str:
    """Tell two requests of one reference apart by content; who sends it or takes it, and when, do not count.

    What is not said is left out, so that a field this version does not know yet changes no digest later.
    """
    said = request.model_dump(mode="json", exclude=_NO_CONTENT, exclude_none=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]


def size_of(request: Submit) -> int:
    """Return the size of what a request says, in bytes; a field that says nothing counts for nothing."""
    return len(request.model_dump_json(exclude_none=True).encode())


def is_too_large(request: Submit) -> bool:
    """Tell whether a request is larger than a case may carry along."""
    return size_of(request) > (MAX_LINKED_BYTES if request.linked_to else MAX_REQUEST_BYTES)


def check_opening(request: Submit, rules: int = CURRENT_RULES) -> None:
    """Check what can be checked before there are terms: whose case it is, who imports, the size of it all.

    Raises: Refusal with `Forbidden`, `RoleNotPermitted` or `ValidationError`.
    """
    actor = request.actor
    if is_barred(actor, request.tenant, rules):
        _check_has_tenant(actor)
        refuse("Forbidden", "the request names a tenant other than yours", "open it for your own tenant")
    if request.imported and not actor.is_staff:
        refuse("RoleNotPermitted", "only our staff import a case", "open it without imported", ("imported",))
    if is_too_large(request):
        refuse(
            "ValidationError",
            f"the request is larger than {MAX_REQUEST_BYTES // 1024} KiB",
            "shorten the texts, and send the rest as attachment references",
        )


def check_access(actor: Actor, tenant: str, rules: int = CURRENT_RULES) -> None:
    """Refuse whoever has nothing to do with a case of this tenant. Raises: Refusal with `Forbidden`."""
    if is_barred(actor, tenant, rules):
        _check_has_tenant(actor)
        refuse("Forbidden", "this is not your case", "check the case number")


def is_barred(actor: Actor, tenant: str, rules: int) -> bool:
    """Tell whether the tenant's cases are closed to the actor.

    A run from before 0.3 lets a requester of no tenant in, for its history may say that it did.
    """
    if rules < RULES_0_3 and actor.tenant is None:
        return False
    return not actor.has_access_to(tenant)


def _check_has_tenant(actor: Actor) -> None:
    if actor.tenant is None:
        reason = f"a {actor.kind} who names no tenant cannot see any case"
        refuse("Forbidden", reason, "give the actor's tenant", ("actor.tenant",))


def check_identity(identity: str) -> None:
    """Refuse an id that could not be written into a header or a file name. Raises: Refusal."""
    if not _PLAIN_ID.fullmatch(identity):
        refuse(
            "ValidationError",
            "the workflow id of a case is at most 120 plain characters",
            "use letters, digits, dot, dash, underscore or colon, or let the door derive the id",
            ("workflow_id",),
        )


def check_own_identity(identity: str, request: Submit) -> None:
    """Refuse an id that stands for another reference, whose case it would block. Raises: Refusal."""
    if is_derived(identity) and identity != case_id(request.tenant, request.source, request.reference):
        refuse(
            "ValidationError",
            "the workflow id belongs to a reference other than the request's",
            "let the door derive the id, or use one of your own",
            ("workflow_id",),
        )


def has_service_level(request: Submit, intake: IntakeRules, *, plan_is_guessed: bool = False) -> bool:
    """Tell whether the channel has a service level; improper ones have none (RHIPE-64).

    Where nobody knows the plan, any channel may be one of its own.
    """
    if request.channel in intake.channels or plan_is_guessed:
        return True
    if intake.unsupported_channel == "refuse":
        refuse(
            "ChannelNotPermitted",
            f"the channel {request.channel} is not offered",
            f"use {with_or(intake.channels) or 'none: the policy offers no channel'}",
        )
    return False


def with_or(words: tuple[str, ...]) -> str:
    """Join words for a sentence: `phone, email or portal`; of none nothing."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def check_values(request: Submit | ProvideInformation, intake: IntakeRules, at: datetime) -> None:
    """Check the values of what was given, received at `at` (UTC). Raises: Refusal."""
    if isinstance(request, Submit):
        _check_rating(request)
        _check_language(request, intake)
    _check_listed(request, intake)
    _check_category(request, intake)
    _check_details(request, intake)
    if request.onset_at is not None and request.onset_at > at:
        reason = "onset_at is later than the request"
        refuse("ValidationError", reason, "say when the problem began", ("onset_at",))


def _check_rating(request: Submit) -> None:
    for field, value in (("impact", request.impact), ("urgency", request.urgency)):
        if value is not None and value not in _RATINGS:
            refuse(
                "ValidationError", f"{field}: {value} is not a rating", f"use {with_or(_RATINGS)}", (field,)
            )
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
    """Tell whether a language is one of these; `en-GB` is English too."""
    return language in languages or language.partition("-")[0].lower() in languages


def _check_listed(request: Submit | ProvideInformation, intake: IntakeRules) -> None:
    """Check what must be one of the policy's words (O365-01, O365-02, DED-16)."""
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
            refuse(code, f"{field}: {value} is not in this policy", f"use {with_or(allowed)}", (field,))


def _check_category(request: Submit | ProvideInformation, intake: IntakeRules) -> None:
    """Check the category against the list and the support type (O365-03, O365-04)."""
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
            f"category: {request.category} is not a category of {request.support_type or 'this'} support",
            f"use {with_or(fitting)}",
            ("category",),
        )


def _check_details(request: Submit | ProvideInformation, intake: IntakeRules) -> None:
    domain = request.tenant_domain
    if domain is not None and not _DOMAIN_NAME.fullmatch(domain):
        refuse(
            "ValidationError",
            f"tenant_domain: {domain} is not a domain name",
            "write it like tenant.example",
            ("tenant_domain",),
        )
    named = tuple(name for file in request.screenshots or () for name in names_of(file))
    _check_screenshots(named, intake)
    if isinstance(request.affected_users, str) and request.affected_users != "all":
        refuse("ValidationError", "affected_users is `all` or a list of names", missing=("affected_users",))
    waits = intake.on_incomplete == "await_information"  # elsewhere it is named with all that is missing
    if waits and request.troubleshooting_steps == () and "troubleshooting_steps" in intake.required:
        refuse(
            "TroubleshootingRequired",
            "no troubleshooting has been done",
            "work through the self-help list first and say which steps you took",
            ("troubleshooting_steps",),
        )


def _check_screenshots(names: tuple[str, ...], intake: IntakeRules) -> None:
    """Want image files, not what pictures are embedded in (RHIPE-46). Raises: Refusal naming all others.

    A name without an ending says nothing of its kind.
    """
    endings = {name: _ending(name) for name in names}
    wrong = [
        name
        for name, ending in endings.items()
        if ending in intake.forbidden_attachments
        or (intake.image_types and ending and ending not in intake.image_types)
    ]
    if wrong:
        are = "is no image file" if len(wrong) == 1 else "are no image files"
        kinds = with_or(tuple(one.removeprefix(".").upper() for one in intake.image_types[:2])) or "PNG"
        refuse(
            "AttachmentTypeNotPermitted",
            f"screenshots: {', '.join(name[:80] for name in wrong)} {are}",
            f"send the pictures themselves, clear and unscaled, as image files such as {kinds}",
            ("screenshots",),
        )


def _ending(name: str) -> str:
    """Return how a file's name ends, in small letters; empty where it has no ending."""
    found = re.search(r"\.[a-z0-9]{1,15}$", name.lower().rstrip(". "))
    return found[0] if found else ""


def is_onmicrosoft(domain: str) -> bool:
    """Tell whether a domain is one of the vendor's own, `*.onmicrosoft.com` (CSS-03)."""
    return bool(_DOMAIN_NAME.fullmatch(domain)) and domain.lower().endswith(".onmicrosoft.com")
