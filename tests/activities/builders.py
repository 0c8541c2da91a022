"""Effects, rows and cases to try the adapters with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from activities.terms import TermsActivities
from domain.actor import Actor, ActorKind, Role
from domain.case import Case
from domain.case_step import open_case
from domain.decision import Accepted
from domain.effects import Address, Channel, Effect, EffectKind, Recipient
from domain.facts import Facts
from domain.messages.case import Contact, Submit
from domain.naming import case_id, case_number
from domain.record import CaseRow, row_of
from domain.terms import TermsRequest
from domain.timeline import EntryKind, TimelineEntry

AT = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CASE = case_id("acme", "desk", "INC-1")
NUMBER = case_number(CASE)
KIM = Address(channel=Channel.EMAIL, to="kim@customer.example")
STAFF = Actor(kind=ActorKind.STAFF, name="Ada", role=Role.ENGINEER)


def effect(cause: str = "r-1", **changes: Any) -> Effect:
    kind = changes.get("kind", EffectKind.STAFF_UPDATE)
    to = changes.get("to", Recipient.CUSTOMER)
    given: dict[str, Any] = {
        "id": f"{CASE}/{cause}/{kind}/{to}",
        "case_id": CASE,
        "case_number": NUMBER,
        "kind": kind,
        "to": to,
        "caused_at": AT,
        "region": "sydney",
        "addresses": (KIM,) if to is Recipient.CUSTOMER else (),
        "zone": "Australia/Sydney",
        "facts": Facts(title="Outlook cannot send", text=f"News {cause}", level="P3", phase="in_progress"),
    }
    return Effect(**given | changes)


async def whole_case(reference: str = "INC-1", **changes: Any) -> tuple[Case, tuple[TimelineEntry, ...]]:
    answer = await TermsActivities().compile_terms(TermsRequest(policy="rhipe-csp", at=AT))
    assert answer.terms is not None
    given: dict[str, Any] = {
        "actor": STAFF,
        "tenant": "acme",
        "reference": reference,
        "contact": Contact(name="Kim Ng", email=KIM.to),
        "impact": "medium",
        "urgency": "medium",
    }
    request = Submit.model_validate(given | changes)
    opened = open_case(request, answer.terms, AT)
    assert isinstance(opened, Accepted), opened
    return opened.case, opened.entries


async def row(reference: str = "INC-1", **changes: Any) -> CaseRow:
    case, _ = await whole_case(reference)
    return row_of(case).model_copy(update=changes)


def entry(number: int, text: str | None = None, **changes: Any) -> TimelineEntry:
    given: dict[str, Any] = {"at": AT + number * HOUR, "kind": EntryKind.UPDATED, "by": "Ada", "text": text}
    return TimelineEntry(number=number, **given | changes)
