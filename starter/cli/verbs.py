"""The commands of a case's working life, from triage to reopening.

Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from starter.cli.given import given_text
from starter.cli.request_flags import PROVIDING, gathered
from starter.cli.say_command import Fields, Text, say

Rating = Annotated[str, typer.Option(help="high, medium or low.")]
MaybeRating = Annotated[str | None, typer.Option(help="high, medium or low.")]
Reason = Annotated[str | None, typer.Option(help="Why.")]
Impact = Annotated[str | None, typer.Option(help="What it does to the customer's business.")]
Automatic = Annotated[
    bool, typer.Option("--automatic", help="A machine wrote it: kept, and nothing else happens.")
]
Outage = Annotated[bool, typer.Option("--outage", help="Availability may suffer.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names, PROVIDING if function is provide else None)


def respond(
    text: Text,
    assignee: Annotated[str | None, typer.Option(help="Who takes the case.")] = None,
    take: Annotated[bool, typer.Option("--take", help="Take it, though somebody else has it.")] = False,
) -> Fields:
    """Give the initial response: a person has started work and says so."""
    return {"text": given_text(text), "assignee": assignee, "take": take}


def update(text: Text) -> Fields:
    """Post news for the customer; the update cadence starts anew."""
    return {"text": given_text(text)}


def wait(text: Text) -> Fields:
    """Ask the customer something; the case waits for the answer."""
    return {"text": given_text(text)}


def note(
    text: Text,
    internal: Annotated[
        bool, typer.Option(" /--public", help="The customer may read it.", show_default=False)
    ] = True,
    automatic: Automatic = False,
) -> Fields:
    """Add a note for our own people."""
    return {"text": given_text(text), "internal": internal, "automatic": automatic}


def reply(
    text: Text,
    accepts: Annotated[
        bool | None,
        typer.Option("--accepts/--rejects", help="Does it solve the problem, where it is resolved?"),
    ] = None,
    message_id: Annotated[str | None, typer.Option(help="Message-ID of the mail it came in.")] = None,
    automatic: Automatic = False,
) -> Fields:
    """Pass on what the customer says."""
    said = {"text": given_text(text), "accepts": accepts, "message_id": message_id}
    return {**said, "automatic": automatic}


def provide(**given: Any) -> Fields:
    """Provide what was missing at intake; what is not given stays as it is."""
    if given["explanation"] is not None:
        given["explanation"] = given_text(given["explanation"])
    return gathered(given, {})


def triage(
    impact: Rating,
    urgency: Rating,
    reason: Reason = None,
    users_affected_percent: Annotated[
        float | None, typer.Option(help="Share of users affected, 0 to 100.")
    ] = None,
    workaround: Annotated[bool | None, typer.Option(help="Is there a way around it?")] = None,
    outage: Outage = False,
) -> Fields:
    """Rate a case that has its channel's default level."""
    said = {"users_affected_percent": users_affected_percent, "workaround": workaround, "outage": outage}
    return {"impact": impact, "urgency": urgency, "reason": reason, **said}


def priority(
    level: Annotated[
        str | None, typer.Argument(metavar="[LEVEL]", help="Such as P2; otherwise give impact and urgency.")
    ] = None,
    impact: MaybeRating = None,
    urgency: MaybeRating = None,
    reason: Reason = None,
    business_impact: Impact = None,
    channel: Annotated[
        str | None, typer.Option(help="How the requester asked, if not as for the request.")
    ] = None,
    outage: Outage = False,
) -> Fields:
    """Change the level of a case."""
    rating = {"level": level, "impact": impact, "urgency": urgency, "channel": channel}
    return {**rating, "reason": reason, "business_impact": business_impact, "outage": outage}


def agree_interval(
    every: Annotated[str, typer.Option("--every", help="Such as 24h, 90m or 2d.")],
) -> Fields:
    """Agree with the customer how often they get updates on an advisory case."""
    return {"every": every}


def scope(
    text: Text,
    business_impact: Impact = None,
    users_affected: Annotated[int | None, typer.Option(help="How many people are affected now.")] = None,
    worse: Annotated[bool, typer.Option("--worse", help="Ask for a look at the level.")] = False,
    automatic: Automatic = False,
) -> Fields:
    """Say that the problem has grown, or that its impact has changed."""
    said = {"text": given_text(text), "business_impact": business_impact, "automatic": automatic}
    return {**said, "users_affected": users_affected, "worse": worse}


def track(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="Which other system.")],
    external_ref: Annotated[str, typer.Argument(metavar="REFERENCE", help="The case's name there.")],
) -> Fields:
    """Note where else the case is tracked; its own clocks run on."""
    return {"system": system, "external_ref": external_ref}


def validate(
    text: Text,
    validated: Annotated[
        bool, typer.Option("--validated", help="The customer has already said that it works.")
    ] = False,
) -> Fields:
    """Ask the customer whether the solution works, before the case is resolved."""
    return {"text": given_text(text), "validated": validated}


def resolve(
    text: Text,
    kind: Annotated[str | None, typer.Option(help="resolution or workaround.")] = None,
    root_cause: Annotated[str | None, typer.Option(help="What caused it, if known.")] = None,
) -> Fields:
    """Resolve the case; without an answer it closes automatically later."""
    return {"text": given_text(text), "kind": kind, "root_cause": root_cause}


def close(
    reason: Annotated[
        str | None, typer.Option(help="One of the policy's reasons: resolved, restored, requested ...")
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
    ("change_level", priority, ("priority", "severity", "change-level")),
    ("agree_interval", agree_interval, ("agree-interval",)),
    ("update_scope", scope, ("scope", "update-scope")),
    ("track_elsewhere", track, ("track", "track-elsewhere")),
    ("add_note", note, ("note", "add-note")),
    ("validate_resolution", validate, ("validate", "validate-resolution")),
    ("resolve", resolve, ("resolve",)),
    ("close", close, ("close",)),
    ("reopen", reopen, ("reopen",)),
    ("recompute_terms", recompute_terms, ("recompute-terms",)),
)
"""Verb, the function that names its fields, and its names here; only the first one is shown in help."""
