"""The commands that take a case to the vendor and pass on what they say.

Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from starter.cli.given import given_text
from starter.cli.request_flags import gathered
from starter.cli.say_command import Fields, Text, say
from starter.door.faults import usage

Reason = Annotated[str | None, typer.Option(help="Why.")]
Words = Annotated[str | None, typer.Option(help="In words.")]


def _contact(help_: str, *names: str) -> tuple[Any, None]:
    return Annotated[str | None, typer.Option(*names, help=help_, rich_help_panel="Technical contact")], None


_ESCALATING = {
    "reason": (Reason, None),
    "prerequisites": (
        Annotated[
            list[str] | None,
            typer.Option("--done", help="What was done before, such as provider_review; repeat it."),
        ],
        None,
    ),
    "product": (Annotated[str | None, typer.Option(help="Which product, such as office_365.")], None),
    "vendor_reference": (
        Annotated[str | None, typer.Option(help="The vendor's ticket number, if there is one.")],
        None,
    ),
    "vendor_contact": (Annotated[str | None, typer.Option(help="Who answers at the vendor.")], None),
    "severity": (Annotated[str | None, typer.Option(help="The severity the vendor gave it.")], None),
    "override_reason": (
        Annotated[str | None, typer.Option(help="Why it goes there all the same; for the SDM.")],
        None,
    ),
    "contact__name": _contact("Name.", "--contact"),
    "contact__role": _contact("Such as partner_technical.", "--contact-role"),
    "contact__phone": _contact("Telephone.", "--phone"),
    "contact__email": _contact("Mail address.", "--email"),
    "contact__availability": _contact("When they can be reached, as 09:00-17:00.", "--available"),
    "contact__availability__zone": _contact("The IANA time zone of these hours.", "--contact-zone"),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names, _ESCALATING if function is escalate_to_vendor else None)


def escalate_to_vendor(**given: Any) -> Fields:
    """Take the case to the vendor: handed over for good, or kept open with us."""
    available, zone = given.pop("contact__availability"), given.pop("contact__availability__zone")
    fields = gathered(given, {})
    if available is not None:
        start, dash, end = available.partition("-")
        if not dash or "contact" not in fields:
            raise usage(
                "it is a span of a contact's day",
                "give a contact, and 09:00-17:00",
                "contact.availability",
                "contact.name",
            )
        fields["contact"]["availability"] = {"zone": zone, "start": start.strip(), "end": end.strip()}
    return fields


def request_escalation(reason: Reason = None) -> Fields:
    """Ask our staff to take the case to the vendor; they qualify it first."""
    return {"reason": reason}


def vendor_update(
    text: Text,
    severity: Annotated[str | None, typer.Option(help="The vendor's severity now.")] = None,
    reference: Annotated[str | None, typer.Option(help="The vendor's own number.")] = None,
    contact: Annotated[str | None, typer.Option(help="Who answers at the vendor.")] = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="The vendor has finished with it.")] = False,
) -> Fields:
    """Pass on what the vendor answers, with their own severity and number."""
    said = {"text": given_text(text), "severity": severity, "reference": reference}
    return {**said, "contact": contact, "resolved": resolved}


def vendor_finding(
    boundary: Annotated[str, typer.Argument(metavar="BOUNDARY", help="cloud or on_premises.")],
    text: Words = None,
) -> Fields:
    """Note where the vendor found the cause: in their cloud, or on the premises."""
    return {"boundary": boundary, "text": text}


def vendor_contacted(
    contacted: Annotated[
        bool, typer.Option("--yes/--no", help="Has the vendor called or written to the contact?")
    ] = True,
    text: Words = None,
) -> Fields:
    """Say whether the vendor has called or written to the technical contact."""
    return {"contacted": contacted, "text": text}


def change_main_contact(
    to: Annotated[str, typer.Argument(metavar="NAME", help="Who speaks for the case from now on.")],
) -> Fields:
    """Say who speaks for the case from now on."""
    return {"to": to}


def assign_resolver_group(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="Which group works on it.")],
    communication_owner: Annotated[
        str | None, typer.Option(help="Who tells the customer; that stays with our staff.")
    ] = None,
    reason: Reason = None,
) -> Fields:
    """Have another group of ours work on the case; who tells the customer stays."""
    return {"group": group, "communication_owner": communication_owner, "reason": reason}


def request_vendor_review(
    ground: Annotated[str | None, typer.Option(help="One of the policy's grounds.")] = None,
    vendor_reference: Annotated[
        str | None, typer.Option(help="The vendor's own number, of a case that we did not raise with them.")
    ] = None,
    reply_to: Annotated[str | None, typer.Option(help="Our notice that this answers.")] = None,
    conversation_ref: Annotated[
        str | None, typer.Option("--conversation", help="The last mails with the vendor, as store:name.")
    ] = None,
    status: Annotated[str | None, typer.Option(help="How things stand.")] = None,
    request: Annotated[str | None, typer.Option(help="What you are asking for.")] = None,
    managers_in_copy: Annotated[
        bool, typer.Option("--managers-in-copy", help="The leads of the vendor's engineer were asked.")
    ] = False,
) -> Fields:
    """Ask for a review of how the vendor works on an escalated case."""
    said = {"ground": ground, "vendor_reference": vendor_reference, "reply_to": reply_to}
    said["conversation_ref"] = conversation_ref
    return {**said, "status": status, "request": request, "managers_in_copy": managers_in_copy}


def decide_vendor_review(
    accept: Annotated[bool, typer.Option("--accept/--decline", help="Is it taken up with the vendor?")],
    reason: Reason = None,
) -> Fields:
    """Take a review up with the vendor, or not, and say why."""
    return {"accept": accept, "reason": reason}


def review_externally(
    text: Text,
    vendor_reference: Annotated[str, typer.Option(help="The vendor's own number of the case.")],
) -> Fields:
    """Look into a case of the vendor's that we did not raise; nothing is promised for it."""
    return {"text": given_text(text), "vendor_reference": vendor_reference}


_COMMANDS: tuple[tuple[str, Callable[..., Fields], tuple[str, ...]], ...] = (
    ("request_escalation", request_escalation, ("request-escalation",)),
    ("escalate_to_vendor", escalate_to_vendor, ("to-vendor", "escalate-to-vendor")),
    ("vendor_update", vendor_update, ("vendor-update",)),
    ("vendor_finding", vendor_finding, ("vendor-finding",)),
    ("vendor_contacted", vendor_contacted, ("vendor-contacted",)),
    ("change_main_contact", change_main_contact, ("main-contact", "change-main-contact")),
    ("assign_resolver_group", assign_resolver_group, ("resolver-group", "assign-resolver-group")),
    ("request_vendor_review", request_vendor_review, ("review", "request-vendor-review")),
    ("decide_vendor_review", decide_vendor_review, ("decide-review", "decide-vendor-review")),
    ("review_externally", review_externally, ("review-externally",)),
)
"""Verb, the function that names its fields, and its names here; only the first one is shown in help."""
