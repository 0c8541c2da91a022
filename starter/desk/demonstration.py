"""The demonstration case of a desk: opened once, found again by every later start.

Its reference is fixed, so that starting again is the same request; once it is archived
the next one is opened.
"""

from uuid import uuid4

from domain.actor import Actor, ActorKind, Role, Tier
from domain.actor import Door as SpokenThrough
from domain.messages.case import Contact, Requester, Submit
from domain.naming import case_id
from starter.cli.command import Door
from starter.door.faults import Fault
from starter.door.opening import submit
from workflows.messages import Receipt

_MOST = 1000  # demonstrations one desk may archive: far more than anybody will


async def open_demonstration(door: Door) -> "tuple[str, Receipt | None]":
    """Open the demonstration case, or find it; its id, and its receipt. Raises: Fault."""
    for number in range(1, _MOST):
        request = demonstration(number)
        try:
            receipt = await submit(door.session, request)
        except Fault as fault:
            if fault.code == "CaseClosed":
                continue
            if fault.code == "DuplicateRequestConflict":
                return _identity(request), None  # opened by an earlier release, in other words
            raise
        return receipt.case_id, receipt
    raise AssertionError("a thousand demonstrations are archived")


def _identity(request: "Submit") -> str:

    return case_id(request.tenant, request.source, request.reference)


def demonstration(number: int) -> "Submit":
    """Return the request of the demonstration: everything the policy asks for, by telephone, a P2."""
    return Submit(
        actor=Actor(
            kind=ActorKind.STAFF, name="Desk", role=Role.ENGINEER, tier=Tier.L1, door=SpokenThrough.CLI
        ),
        request_id=str(uuid4()),
        tenant="Harbour Foods",
        source="demonstration",
        reference=f"demonstration-{number}",
        country="AU",
        zone="Australia/Sydney",
        channel="phone",
        title="Outlook asks for the password again and again",
        requester=Requester(name="Priya Nair", organisation="Southern Cloud"),
        contact=Contact(name="Priya Nair", email="priya.nair@southerncloud.example", phone="+61 2 5550 0100"),
        impact="high",
        urgency="medium",
        users_affected_percent=40,
        workaround=True,
        partner_legal_name="Southern Cloud Pty Ltd",
        tenant_company="Harbour Foods",
        tenant_domain="harbourfoods.example",
        explanation="Since this morning Outlook asks the warehouse for its password every few minutes.",
        affected_users=("the warehouse team",),
        troubleshooting_steps=("signed out and in again", "checked the service health page"),
    )
