"""What a case may be found by: what its customer may read of it, and nothing that proves who somebody is.

`Findable` reads as much of a case as that takes, out of the record or of any file a case was carried in, so
that what is read leniently here never keeps a case from being recorded.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class FoundBy(StrEnum):
    """The kinds of things somebody who looks for a case may know."""

    NUMBER = "number"
    REFERENCE = "reference"
    TELEPHONE = "telephone"
    MAIL = "mail"
    COMPANY = "company"
    PERSON = "person"
    TITLE = "title"
    SUBJECT = "subject"
    TEXT = "text"


class Fact(NamedTuple):
    """One thing a case may be found by, as it was written."""

    by: FoundBy
    text: str


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", from_attributes=True, frozen=True, defer_build=True)


class _Person(_Part):
    name: str | None = None
    organisation: str | None = None
    phone: str | None = None
    email: str | None = None


class _Request(_Part):
    tenant: str
    reference: str
    customer_reference: str | None = None
    case_reference: str | None = None
    title: str | None = None
    explanation: str | None = None
    contact: _Person | None = None
    requester: _Person | None = None
    partner_legal_name: str | None = None
    tenant_company: str | None = None
    tenant_domain: str | None = None
    end_user_company: str | None = None
    onmicrosoft_domain: str | None = None
    category: str | None = None
    product: str | None = None
    service: str | None = None
    functionality: str | None = None
    scope: str | None = None
    business_impact: str | None = None
    troubleshooting_done: str | None = None
    troubleshooting_steps: tuple[str, ...] | None = None
    error_messages: tuple[str, ...] | None = None


class _Vendor(_Part):
    reference: str | None = None
    contact: _Person | None = None


class _Tracking(_Part):
    reference: str | None = None


class Findable(_Part):
    """As much of a case as it may be found by."""

    id: str
    number: str
    request: _Request
    vendor: _Vendor | None = None
    external_tracking: _Tracking | None = None


class CarriedCase(_Part):
    """A file in which a case was carried on, read for what the case may be found by."""

    case: Findable | None = None


def facts_of(case: Findable) -> tuple[Fact, ...]:
    """List what a case may be found by; what proves who somebody is (O365-10, O365-11) is not among it."""
    return _told(
        [
            *_named(FoundBy.NUMBER, case.number, case.id),
            *_references(case),
            *_people(case),
            *_companies(case.request),
            *_words(case.request),
        ]
    )


def facts_of_row(number: str, case_id: str, tenant: str, reference: str, title: str) -> tuple[Fact, ...]:
    """List what a case may be found by of which only the row in the lists is known."""
    return _told(
        [
            *_named(FoundBy.NUMBER, number, case_id),
            *_named(FoundBy.REFERENCE, reference),
            *_named(FoundBy.COMPANY, tenant),
            *_named(FoundBy.TITLE, title),
        ]
    )


def _told(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(facts))


def _named(by: FoundBy, *texts: str | None) -> Iterator[Fact]:
    return (Fact(by, text) for text in texts if text)


def _references(case: Findable) -> Iterator[Fact]:
    request = case.request
    yield from _named(
        FoundBy.REFERENCE, request.reference, request.customer_reference, request.case_reference
    )
    for elsewhere in (case.vendor, case.external_tracking):
        yield from _named(FoundBy.REFERENCE, elsewhere.reference if elsewhere else None)


def _people(case: Findable) -> Iterator[Fact]:
    at_vendor = case.vendor.contact if case.vendor else None
    for one in filter(None, (case.request.contact, case.request.requester, at_vendor)):
        yield from _named(FoundBy.TELEPHONE, one.phone)
        yield from _named(FoundBy.MAIL, one.email)
        yield from _named(FoundBy.PERSON, one.name)
        yield from _named(FoundBy.COMPANY, one.organisation)


def _companies(request: _Request) -> Iterator[Fact]:
    companies = (request.tenant, request.tenant_company, request.end_user_company, request.partner_legal_name)
    return _named(FoundBy.COMPANY, *companies, request.tenant_domain, request.onmicrosoft_domain)


def _words(request: _Request) -> Iterator[Fact]:
    first = (request.explanation or "").strip().split("\n", 1)[0]
    yield from _named(FoundBy.TITLE, request.title or first[:120])
    about = (request.category, request.product, request.service, request.functionality, request.scope)
    yield from _named(FoundBy.SUBJECT, *about)
    yield from _named(FoundBy.TEXT, request.explanation, request.business_impact)
    yield from _named(FoundBy.TEXT, request.troubleshooting_done, *(request.error_messages or ()))
    yield from _named(FoundBy.TEXT, *(request.troubleshooting_steps or ()))
