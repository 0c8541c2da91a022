"""The commands of a case's working life, from triage to reopening.

Part of the doors. Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from starter.saying import Fields, Text, say
from starter.sending import given_text

Rating = Annotated[str, typer.Option(help="high, medium or low.")]
MaybeRating = Annotated[str | None, typer.Option(help="high, medium or low.")]
Reason = Annotated[str | None, typer.Option(help="Why.")]
Listed = list[str] | None


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names)


def respond(
    text: Text, assignee: Annotated[str | None, typer.Option(help="Who takes the case.")] = None
) -> Fields:
    """Give the initial response: a person has begun to work and says so."""
    return {"text": given_text(text), "assignee": assignee}


def update(text: Text) -> Fields:
    """Post news for the customer; the update cadence starts anew."""
    return {"text": given_text(text)}


def wait(text: Text) -> Fields:
    """Ask the customer something; the case waits for the answer."""
    return {"text": given_text(text)}


def note(
    text: Text,
    public: Annotated[bool, typer.Option("--public", help="The customer may read it.")] = False,
) -> Fields:
    """Add a note for our own people."""
    return {"text": given_text(text), "internal": not public}


def reply(
    text: Text,
    accepts: Annotated[
        bool | None,
        typer.Option("--accepts/--rejects", help="Does it solve the problem, where it is resolved?"),
    ] = None,
    message_id: Annotated[str | None, typer.Option(help="Message-ID of the mail it came in.")] = None,
) -> Fields:
    """Pass on what the customer says."""
    return {"text": given_text(text), "accepts": accepts, "message_id": message_id}


def provide(
    partner: Annotated[str | None, typer.Option(help="The partner's legal name.")] = None,
    company: Annotated[str | None, typer.Option(help="The customer's company.")] = None,
    domain: Annotated[str | None, typer.Option(help="The customer's domain.")] = None,
    explanation: Annotated[str | None, typer.Option(help="The problem; - reads standard input.")] = None,
    affected_user: Annotated[Listed, typer.Option(help="A user affected; repeat it, or say all.")] = None,
    step: Annotated[Listed, typer.Option(help="What was tried; repeat it.")] = None,
    screenshot: Annotated[Listed, typer.Option(help="The name of an image; repeat it.")] = None,
    error_message: Annotated[Listed, typer.Option(help="An error message; repeat it.")] = None,
    contact: Annotated[str | None, typer.Option(help="Name of the contact.")] = None,
    email: Annotated[str | None, typer.Option(help="Mail address of the contact.")] = None,
    phone: Annotated[str | None, typer.Option(help="Telephone of the contact.")] = None,
) -> Fields:
    """Provide what was missing at intake; what is not given stays as it is."""
    reached = {"name": contact, "email": email, "phone": phone}
    return {
        "partner_legal_name": partner,
        "tenant_company": company,
        "tenant_domain": domain,
        "explanation": given_text(explanation) if explanation else None,
        "affected_users": "all" if affected_user == ["all"] else affected_user or None,
        "troubleshooting_steps": step or None,
        "screenshots": screenshot or None,
        "error_messages": error_message or None,
        "contact": {key: value for key, value in reached.items() if value} or None,
    }


def triage(
    impact: Rating,
    urgency: Rating,
    reason: Reason = None,
    users_affected: Annotated[float | None, typer.Option(help="Share of users affected, 0 to 100.")] = None,
    workaround: Annotated[bool | None, typer.Option(help="Is there a way around it?")] = None,
) -> Fields:
    """Rate a case that has its channel's default level."""
    rating = {"impact": impact, "urgency": urgency, "reason": reason}
    return {**rating, "users_affected_percent": users_affected, "workaround": workaround}


def priority(
    level: Annotated[
        str | None, typer.Argument(metavar="[LEVEL]", help="Such as P2; or give impact and urgency.")
    ] = None,
    impact: MaybeRating = None,
    urgency: MaybeRating = None,
    reason: Reason = None,
    business_impact: Annotated[
        str | None, typer.Option(help="What it does to the customer's business.")
    ] = None,
) -> Fields:
    """Change the level of a case."""
    rating = {"level": level, "impact": impact, "urgency": urgency}
    return {**rating, "reason": reason, "business_impact": business_impact}


def resolve(
    text: Text, kind: Annotated[str | None, typer.Option(help="resolution or workaround.")] = None
) -> Fields:
    """Resolve the case; without an answer it closes by itself later."""
    return {"text": given_text(text), "kind": kind}


def close(
    reason: Annotated[
        str | None, typer.Option(help="resolved, requested or no_further_troubleshooting.")
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="A last word to the customer; - reads standard input.")
    ] = None,
) -> Fields:
    """Close the case."""
    return {"reason": reason, "text": given_text(text) if text else None}


def reopen(reason: Annotated[str, typer.Option(help="Why.")]) -> Fields:
    """Reopen a closed case; after its window a new, linked case is opened instead."""
    return {"reason": reason}


def recompute_terms(reason: Annotated[str, typer.Option(help="Why.")]) -> Fields:
    """Hold the case to the policy and calendar of today, on purpose."""
    return {"reason": reason}


_COMMANDS: tuple[tuple[str, Callable[..., Fields], tuple[str, ...]], ...] = (
    ("triage", triage, ("triage",)),
    ("respond", respond, ("respond",)),
    ("post_update", update, ("update", "post-update")),
    ("wait_for_customer", wait, ("wait", "wait-for-customer")),
    ("reply", reply, ("reply",)),
    ("provide_information", provide, ("provide", "provide-information")),
    ("change_level", priority, ("priority", "change-level")),
    ("add_note", note, ("note", "add-note")),
    ("resolve", resolve, ("resolve",)),
    ("close", close, ("close",)),
    ("reopen", reopen, ("reopen",)),
    ("recompute_terms", recompute_terms, ("recompute-terms",)),
)
"""Verb, the function that names its fields, and its names here; only the first one is shown in help."""
