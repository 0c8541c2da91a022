"""The flags that describe a request, by what they tell: one table for `open`, a part of it for `provide`.

Each flag is named for the field of the request it fills; a name with two underscores
reaches into a field. Which of them must be given is the policy's to say.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from starter.cli.flags import Options, typed_by

_CASE = "The case"
_PROBLEM = "The problem"
_YES_OR_NO = "Yes or no"  # a panel of their own: two long names a row leave no room beside them
_URGENCY = "How urgent it is"
_PEOPLE = "Who asks, and for whom"
_CONTACT = "Whom we talk to"
_VERIFICATION = "Verification, before billing data are touched"


def _field(panel: str, help_: str, *names: str, kind: Any = str) -> tuple[Any, None]:
    return Annotated[kind | None, typer.Option(*names, help=help_, rich_help_panel=panel)], None


OPENING: Options = {
    "tenant": _field(_CASE, "Whose case it is."),
    "reference": _field(_CASE, "The requester's own reference; repeated, it finds the same case."),
    "source": _field(_CASE, "Which system gave the reference (desk)."),
    "policy": _field(_CASE, "The support policy (rhipe-csp)."),
    "plan": _field(_CASE, "The plan the customer bought."),
    "plan_reason": _field(_CASE, "Why it is under a plan the directory does not have; our staff alone."),
    "take": _field(_CASE, "Take it as the one who opens it; nobody else is told of it.", "--take", kind=bool),
    "test": _field(_CASE, "Nothing is broken: it is a test.", "--test", kind=bool),
    "private": _field(
        _CASE, "Of the tenant, whoever asks and the contact alone see it.", "--private", kind=bool
    ),
    "automatic": _field(_CASE, "A machine wrote it: no receipt is sent.", "--automatic", kind=bool),
    "region": _field(_CASE, "The centre that takes it; by country where not given."),
    "country": _field(_CASE, "Two letters, as in AU."),
    "zone": _field(_CASE, "The customer's IANA time zone."),
    "calendar": _field(_CASE, "The customer's calendar of holidays, such as AU-NSW."),
    "channel": _field(_CASE, "How the request came, such as phone, email or portal (phone)."),
    "language": _field(_CASE, "The customer's language (en)."),
    "title": _field(_PROBLEM, "The problem in one line."),
    "explanation": _field(_PROBLEM, "The problem in the customer's words; - reads standard input."),
    "support_type": _field(_PROBLEM, "Such as billing or technical."),
    "subscription_family": _field(_PROBLEM, "The family of the subscription.", "--family"),
    "category": _field(_PROBLEM, "What kind of request."),
    "product": _field(_PROBLEM, "Which product."),
    "service": _field(_PROBLEM, "Which service."),
    "scope": _field(_PROBLEM, "What the request is about."),
    "functionality": _field(_PROBLEM, "Which function is lost or impaired."),
    "onset_at": _field(_PROBLEM, "When it began, as in 2026-11-22T09:00+11:00.", "--onset"),
    "service_accessible": _field(
        _YES_OR_NO,
        "Can the service be reached at all?",
        "--service-accessible/--service-not-accessible",
        kind=bool,
    ),
    "workaround": _field(_YES_OR_NO, "Is there a way around it?", "--workaround/--no-workaround", kind=bool),
    "troubleshooting_done": _field(_PROBLEM, "What was tried before asking us."),
    "troubleshooting_steps": _field(_PROBLEM, "A step that was tried; repeat it.", "--step", kind=list[str]),
    "error_messages": _field(_PROBLEM, "An error message; repeat it.", "--error-message", kind=list[str]),
    "screenshots": _field(
        _PROBLEM, "An image, said as an attachment is; repeat it.", "--screenshot", kind=list[str]
    ),
    "attachments": _field(
        _PROBLEM,
        "Where a file lies, as store:name, or store:name;size=BYTES;name=NAME; repeat it.",
        "--attachment",
        kind=list[str],
    ),
    "case_reference": _field(_PROBLEM, "The case of ours it is about."),
    "customer_reference": _field(_PROBLEM, "The customer's own ticket."),
    "start_at": _field(_PROBLEM, "When planned work begins, as in 2026-11-22T09:00+11:00."),
    "imported": _field(
        _CASE, "It began in another system; what was before now is kept in silence.", "--imported", kind=bool
    ),
    "received_at": _field(_CASE, "With --imported: when it was received there."),
    "start_zone": _field(_PROBLEM, "Where it begins, as an IANA zone; an engineer there is wanted."),
    "access__kind": _field(_PROBLEM, "At their own equipment: remote_hands or site_access.", "--access"),
    "access__equipment": _field(_PROBLEM, "Which equipment.", "--equipment"),
    "access__task": _field(_PROBLEM, "What the hands should do, such as power_cycle.", "--task"),
    "access__visitor": _field(_PROBLEM, "Who will come.", "--visitor"),
    "access__window_start": _field(_PROBLEM, "The visitor comes no earlier than this.", "--window-start"),
    "access__window_end": _field(_PROBLEM, "The visitor comes no later than this.", "--window-end"),
    "severity": _field(_URGENCY, "The level the requester names, where their provider says severity."),
    "priority": _field(_URGENCY, "The same, where their provider says priority."),
    "impact": _field(_URGENCY, "high, medium or low, where staff rate."),
    "urgency": _field(_URGENCY, "high, medium or low, where staff rate."),
    "outage": _field(_URGENCY, "Availability may suffer.", "--outage", kind=bool),
    "business_impact": _field(_URGENCY, "What it does to the customer's business."),
    "users_affected": _field(_URGENCY, "How many people are affected.", kind=int),
    "users_affected_percent": _field(_URGENCY, "Their share of all, 0 to 100.", kind=float),
    "affected_users": _field(
        _URGENCY, "One of them; repeat it, or say all.", "--affected-user", kind=list[str]
    ),
    "vip_affected": _field(_URGENCY, "Are heads of the company among them?", "--vip/--no-vip", kind=bool),
    "requester__name": _field(_PEOPLE, "Who asked for help.", "--requester"),
    "requester__role": _field(
        _PEOPLE, "Such as administrator, named_contact or service_desk.", "--requester-role"
    ),
    "requester__organisation": _field(_PEOPLE, "Whom they work for.", "--requester-organisation"),
    "partner_legal_name": _field(_PEOPLE, "The partner's legal name.", "--partner"),
    "tenant_company": _field(_PEOPLE, "The customer's company.", "--company"),
    "tenant_domain": _field(_PEOPLE, "The customer's domain.", "--domain"),
    "end_user_company": _field(_PEOPLE, "The company of the end user."),
    "onmicrosoft_domain": _field(_PEOPLE, "Its tenant, as in example.onmicrosoft.com."),
    "partner_centre_account": _field(
        _YES_OR_NO,
        "Does the requester have one?",
        "--partner-centre-account/--no-partner-centre-account",
        kind=bool,
    ),
    "access_id": _field(_PEOPLE, "The access id issued to the named contact."),
    "contact__name": _field(_CONTACT, "Name.", "--contact"),
    "contact__role": _field(_CONTACT, "What they do.", "--contact-role"),
    "contact__email": _field(_CONTACT, "Mail address.", "--email"),
    "contact__phone": _field(_CONTACT, "Telephone.", "--phone"),
    "contact__webhook": _field(_CONTACT, "An https address for signed webhooks.", "--webhook"),
    "update_channel": _field(_CONTACT, "How they want updates: email or phone."),
    "verification__admin_name": _field(
        _VERIFICATION,
        "The administrator's name; a document keeps all four out of the shell's history.",
        "--verify-name",
    ),
    "verification__company_name": _field(_VERIFICATION, "Their company.", "--verify-company"),
    "verification__company_address": _field(_VERIFICATION, "Its address.", "--verify-address"),
    "verification__alternate_email": _field(_VERIFICATION, "Their other email address.", "--verify-email"),
}
"""What may be said when a case is opened, in the order of the help's panels."""

_NOT_LATER = frozenset(
    {
        "tenant",
        "reference",
        "source",
        "policy",
        "plan",
        "plan_reason",
        "take",
        "test",
        "private",
        "automatic",
        "region",
        "country",
        "zone",
        "calendar",
        "channel",
        "language",
        "title",
        "start_at",
        "start_zone",
        "imported",
        "received_at",
        "access__kind",
        "access__equipment",
        "access__task",
        "access__visitor",
        "access__window_start",
        "access__window_end",
        "severity",
        "priority",
        "impact",
        "urgency",
        "outage",
        "requester__name",
        "requester__role",
        "requester__organisation",
        "access_id",
        "verification__admin_name",
        "verification__company_name",
        "verification__company_address",
        "verification__alternate_email",
    }
)

PROVIDING: Options = {name: flag for name, flag in OPENING.items() if name not in _NOT_LATER}
"""What `provide` may give later; what is compared with our records is compared at the opening or never."""


LATER = {field: f"case provide {flag}" for field, flag in typed_by(PROVIDING).items()}
"""What is typed for a field that was missing at the opening."""


_FILES = frozenset({"screenshots", "attachments"})
_OF_A_FILE = frozenset({"size", "name"})


def _file(typed: str) -> str | dict[str, str]:
    """Read `store:log.zip;size=52428;name=Monday.zip`; what has no such ending is a reference alone."""
    reference, *rest = typed.split(";")
    told = {name.strip(): value for name, sign, value in (one.partition("=") for one in rest) if sign}
    if not rest or len(told) != len(rest) or not told.keys() <= _OF_A_FILE:
        return typed
    return {"reference": reference, **told}


def gathered(fields: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the flags over a document; `affected_users` of one `all` means everybody."""
    request = dict(base)
    for name, value in fields.items():
        if value is None or value == []:
            continue
        outer, _, inner = name.partition("__")
        if inner:
            known = request.get(outer)
            request[outer] = {**(known if isinstance(known, dict) else {}), inner: value}
        else:
            request[outer] = [_file(one) for one in value] if name in _FILES else value
    if request.get("affected_users") == ["all"]:
        request["affected_users"] = "all"
    return request
