"""The five guides as the tests use them: who asks under each, a complete request, and what our records know.

The requests and the records are the defaults of the acceptance scenarios, so that a test and a scenario mean
the same by "complete". Whose they are is the tests' own: every asker is of Harbour Foods.
"""

import json
from functools import lru_cache
from typing import Any

from domain.actor import Actor, ActorKind, Role
from domain.messages.case import Submit
from domain.tenants import NamedContact, TenantRecord
from tests.activities.mail_system import Mail
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.scenarios.files import SHIPPED

PRESETS = ("rhipe-csp", "o365-overview", "o365-dedicated", "distributor-css", "westcoast")
TENANT = "Harbour Foods"
ONSET = "2024-01-08T09:00:00Z"
"""When the problem began: before any test runs, for a request knows no later onset than its receipt."""

INCIDENTS = Actor(kind=ActorKind.VENDOR, name="Incident management", role=Role.INCIDENT_MANAGEMENT)
"""The vendor's own people, who alone declare a Severity 1 (DED-22)."""

_PLANS = {"o365-overview": "premier-o365"}
"""What the tenant bought, where the complete request is not one of the policy's default plan."""

_KINDS = {"o365-overview": ActorKind.CUSTOMER, "o365-dedicated": ActorKind.CUSTOMER}


@lru_cache
def _defaults() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))["defaults"]
    return found


def asker(policy: str, role: str | None = None) -> Actor:
    """Who asks for help under a preset: the requester of its complete request, as the door knows him."""
    requester = _defaults()[policy]["submit"]["requester"]
    return Actor(
        kind=_KINDS.get(policy, ActorKind.PARTNER),
        name=requester["name"],
        role=Role(role or requester["role"]),
        tenant=TENANT,
    )


def mail_of(policy: str) -> str:
    """Where mails of a case under a preset go."""
    address: str = _defaults()[policy]["submit"]["contact"]["email"]
    return address


def request_under(policy: str, reference: str, /, **changes: Any) -> Submit:
    """The complete request of a preset; a change to None leaves a field out."""
    given = {
        **_defaults()[policy]["submit"],
        "actor": asker(policy),
        "tenant": TENANT,
        "reference": reference,
        "policy": policy,
    }
    if "onset_at" in given:
        given["onset_at"] = ONSET
    fields = {name: value for name, value in (given | changes).items() if value is not None}
    return Submit.model_validate(fields)


def records_under(policy: str, /, **changes: Any) -> TenantRecord:
    """What the tenant directory has to know for the complete request to be taken."""
    kept = _defaults()[policy]["records"]
    known = {
        "tenant": TENANT,
        "plan": _PLANS.get(policy),
        "entitled": kept.get("requester_entitled"),
        "licence_source": kept.get("licence_source"),
        "addons": tuple(kept.get("addons", ())),
        "phase": kept.get("phase"),
        "named_contacts": tuple(
            NamedContact(name=one["contact"], access_id=one["id"]) for one in kept.get("access_ids", ())
        ),
    }
    return TenantRecord.model_validate(known | changes)


async def listed(desk: Desk, record: TenantRecord) -> None:
    """The directory of this desk knows a tenant, by this record alone."""
    await desk.adapters.tenants.put([record], "the test")


def asked(desk: Desk, policy: str, reference: str = "G-1", /, **changes: Any) -> tuple[LiveCase, Submit]:
    """A request no other test makes, and its case, which nobody has opened yet."""
    submit = request_under(policy, f"{desk.number}/{reference}", **changes)
    return desk.case(submit), submit


async def taken(desk: Desk, policy: str, reference: str = "G-1", /, **changes: Any) -> LiveCase:
    """A case that is open, or closed with an explanation; its tenant is listed unless he is already."""
    if await desk.adapters.tenants.record(TENANT) is None:
        await listed(desk, records_under(policy))
    case, submit = asked(desk, policy, reference, **changes)
    await case.submit(submit)
    await desk.rest()
    return case


async def kinds_told(case: LiveCase, to: str = "customer") -> list[str]:
    """What a recipient was told, in order, as the ledger has it."""
    return [row.kind for row in await case.told() if row.recipient == to]


async def mails_about(desk: Desk, case: LiveCase, policy: str) -> list[str]:
    """What the mails to the requester say, each in one line; every one of them is of this case."""
    mails = desk.mails_to(mail_of(policy))
    assert {mail.message["X-Sunrelay-Case"] for mail in mails} <= {case.id}
    assert len(mails) == len(await kinds_told(case))
    return [said(mail) for mail in mails]


def said(mail: Mail) -> str:
    """The text of a mail in one line."""
    return " ".join(mail.part("plain").split())
