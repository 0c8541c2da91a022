"""What our own records know of a tenant, and what they answer about one request.

A `TenantRecord` is the truth the tenant directory keeps; `TenantFacts` is all a case learns of it:
results of comparisons, never the values compared (O365-10). What was issued to a person or proves who they
are stays out of every `repr` and error text too.
"""

import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from domain.frozen import Frozen
from domain.mailbox import MailboxInvalid, NameOrAddress, mailbox
from domain.policy import Key, LicenceSource, RequesterKind, Zone
from domain.text import Identifier, Line

People = Annotated[tuple[NameOrAddress, ...], Field(max_length=1000)]
"""Names or mail addresses."""

TenantPhase = Literal["deployment", "pilot", "operate"]
"""How far a tenant has come (DED-40)."""


class NamedContact(Frozen):
    """Who may open premier requests, with the access id issued to them (O365-11)."""

    name: Line
    access_id: Identifier = Field(repr=False)


class Verification(Frozen):
    """The four items by which an administrator shows who they are before we touch billing data (O365-10)."""

    admin_name: Line | None = Field(default=None, repr=False)
    company_name: Line | None = Field(default=None, repr=False)
    company_address: Line | None = Field(default=None, repr=False)
    alternate_email: Line | None = Field(default=None, repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The items that are not given."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is None)


class TenantRecord(Frozen):
    """One tenant as the directory keeps them. What is not said is not known, and denies nothing.

    `requesters` are the people who may ask for help, by name or mail address; empty means anybody of the
    tenant. `zone` and `calendar` are the tenant's own and go before those of a region. `authorised_contacts`
    may be told and asked things only they may, `audiences` are lists of people by name.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    tenant: Identifier
    kind: RequesterKind | None = None
    plan: Key | None = None
    region: Key | None = None
    zone: Zone | None = None
    calendar: Key | None = None
    entitled: bool | None = None
    requesters: People = ()
    licence_source: LicenceSource | None = None
    addons: tuple[Key, ...] = Field(default=(), max_length=100)
    phase: TenantPhase | None = None
    named_contacts: tuple[NamedContact, ...] = Field(default=(), max_length=1000)
    verification: Verification | None = None
    authorised_contacts: People = ()
    audiences: dict[Key, People] = Field(default_factory=dict, max_length=100)


class Enquiry(Frozen):
    """What the directory is asked about one request.

    `case_reference` names another case: its number, its id, or the requester's own reference.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    tenant: Line
    requester: Line | None = None
    email: Line | None = None
    access_id: Line | None = Field(default=None, repr=False)
    verification: Verification | None = None
    case_reference: Line | None = None


class Access(StrEnum):
    """What the directory says of an access id (O365-11)."""

    HIS = "his"
    ANOTHERS = "anothers"
    UNKNOWN = "unknown"


class TenantFacts(Frozen):
    """What the directory answered. None is "not known"; `read` is false where it could not be asked at all.

    `is_verified` is None where the request does not give all four items. `audiences` names the lists that
    have somebody on them; who that is stays in the directory. `is_authorised_contact`: whoever asks is one
    (DED-37).
    """

    read: bool = True
    listed: bool = False
    kind: RequesterKind | None = None
    plan: str | None = None
    region: str | None = None
    zone: str | None = None
    calendar: str | None = None
    entitled: bool | None = None
    licence_source: LicenceSource | None = None
    addons: tuple[str, ...] = ()
    phase: str | None = None
    access: Access | None = None
    is_verified: bool | None = None
    is_authorised_contact: bool | None = None
    reference_exists: bool | None = None
    audiences: tuple[str, ...] = ()


NOTHING_KNOWN = TenantFacts()
UNREAD = TenantFacts(read=False)
"""The directory could not be asked; nobody is turned away for that."""


def has_addon(bought: Iterable[str], addon: str) -> bool:
    """Tell whether an add-on is among what was bought, however it is spelled: `On-Premises add-on` is one."""
    return _bare(addon) in map(_bare, bought)


def _bare(addon: str) -> str:
    letters = "".join(char for char in addon.casefold() if char.isalnum())
    return letters.removesuffix("addon").removesuffix("s")


def facts_of(record: TenantRecord | None, enquiry: Enquiry, reference_exists: bool | None) -> TenantFacts:
    """Answer an enquiry from the record kept, or say that there is none.

    `reference_exists`: whether the case the request refers to is one of this tenant's; None where it
    refers to none. Where there is no record, no access id was issued and no item can match.
    """
    asked = {
        "access": _access(record.named_contacts if record else (), enquiry),
        "is_verified": _is_verified(record.verification if record else None, enquiry.verification),
        "reference_exists": reference_exists,
        "is_authorised_contact": _is_one_of(record.authorised_contacts, enquiry) if record else None,
    }
    if record is None:
        return NOTHING_KNOWN.model_copy(update=asked)
    known = {name: getattr(record, name) for name in _TOLD}
    lists = tuple(sorted(name for name, people in record.audiences.items() if people))
    return TenantFacts(listed=True, entitled=_entitled(record, enquiry), audiences=lists, **known | asked)


_TOLD = ("kind", "plan", "region", "zone", "calendar", "licence_source", "addons", "phase")
"""Fields of a record that a case learns as they are."""


def _entitled(record: TenantRecord, enquiry: Enquiry) -> bool | None:
    if record.entitled is False or not record.requesters:
        return record.entitled
    return _is_one_of(record.requesters, enquiry)


def _is_one_of(people: People, enquiry: Enquiry) -> bool:
    """Tell whether whoever asks is among them, by name or mail address."""
    known = {_same(name) for name in people}
    return any(_same(name) in known for name in (enquiry.requester, enquiry.email) if name)


def _access(contacts: tuple[NamedContact, ...], enquiry: Enquiry) -> Access | None:
    if enquiry.access_id is None:
        return None
    holders = [contact.name for contact in contacts if contact.access_id == enquiry.access_id]
    if not holders:
        return Access.UNKNOWN
    asking = _same(enquiry.requester or "")
    return Access.HIS if asking in map(_same, holders) else Access.ANOTHERS


def _is_verified(kept: Verification | None, given: Verification | None) -> bool | None:
    """Compare all four items; which one differs is nobody's business (O365-10)."""
    if given is None or given.missing:
        return None
    if kept is None or kept.missing:
        return False
    return all(
        _same(getattr(kept, name)) == _same(getattr(given, name)) for name in Verification.model_fields
    )


def _same(text: str) -> str:
    """Make spellings of one name equal: capitals, blanks and how accents are encoded do not count.

    What folding makes is normalised again, as Unicode wants it for comparisons without regard to capitals.
    """
    if "@" in text and not text.isascii():
        with suppress(MailboxInvalid):
            text = mailbox(text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
