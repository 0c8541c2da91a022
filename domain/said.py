"""What was said in a request, field by field: what each is called, and who reads it.

Every view, page, report, letter and vendor's ticket is made from this one table. A field is for every reader
but those it is withheld from, each with the reason. RHIPE-46, O365-20, O365-21, CSS-03, DED-05, DED-06.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from domain.actor import Actor
from domain.files import FILES, GivenFile, in_a_line
from domain.messages.request import Availability, Submit
from domain.naming import case_number
from domain.text import excerpt

Value = bool | int | float | str | tuple[str, ...]
"""What a field says; an instant is its ISO form (UTC)."""

Said = dict[str, Value]
"""Values by the path of their field, as in `contact.phone`, in the order of the table."""


class Reader(StrEnum):
    """Who reads: our own people, the customer, whoever of ours takes a case up by a letter, the vendor."""

    STAFF = "staff"
    CUSTOMER = "customer"
    TAKER = "taker"
    VENDOR = "vendor"


class Row(NamedTuple):
    """One field of a request: its label in English, and why it is withheld from whom."""

    path: str
    label: str
    withheld: Mapping[Reader, str]


_CONTACT = "the vendor speaks to the technical contact alone (RHIPE-49)"
_OURS = "between the customer and us; it says nothing of the fault"
_SEVERITY = "the vendor is told the severity that we ask for"
_ROUTING = "how it came to us, which `sunrelay show` says"
_KEY = "a key of our own records"
_PROOF = "it proves who somebody is: compared at the opening, and never shown (O365-10, O365-11)"


def _row(path: str, label: str, *, vendor: str = "", customer: str = "", taker: str = "") -> Row:
    reasons = {Reader.VENDOR: vendor, Reader.CUSTOMER: customer, Reader.TAKER: taker}
    return Row(path, label, MappingProxyType({to: why for to, why in reasons.items() if why}))


def _nobodys(path: str, label: str, why: str) -> Row:
    return Row(path, label, MappingProxyType(dict.fromkeys(Reader, why)))


ROWS: tuple[Row, ...] = (
    _row("title", "title"),
    _row("explanation", "explanation"),
    _row("business_impact", "business impact"),
    _row("error_messages", "error messages"),
    _row("troubleshooting_done", "tried before"),
    _row("troubleshooting_steps", "steps done"),
    _row("support_type", "kind of support", vendor=_OURS),
    _row("category", "category"),
    _row("subscription_family", "subscription"),
    _row("product", "product"),
    _row("service", "service"),
    _row("scope", "scope"),
    _row("functionality", "function affected"),
    _row("service_accessible", "service reachable"),
    _row("onset_at", "began"),
    _row("users_affected", "users affected"),
    _row("users_affected_percent", "share of users"),
    _row("affected_users", "affected users"),
    _row("vip_affected", "VIPs affected"),
    _row("workaround", "workaround known"),
    _row("outage", "outage possible"),
    _row("screenshots", "screenshots"),
    _row("attachments", "attachments"),
    _row("partner_legal_name", "partner"),
    _row("tenant_company", "company"),
    _row("tenant_domain", "domain"),
    _row("end_user_company", "end user's company"),
    _row("onmicrosoft_domain", "onmicrosoft.com domain"),
    _row("partner_centre_account", "Partner Centre account", vendor=_OURS),
    _row("customer_reference", "customer's number", vendor="the vendor knows the case by our number"),
    _row("case_reference", "case it is about", vendor="the vendor knows no other case of ours"),
    _row("linked_to", "follows case", vendor="the vendor knows no other case of ours"),
    _row("requester.name", "requester", vendor=_CONTACT),
    _row("requester.role", "requester's role", vendor=_CONTACT),
    _row("requester.organisation", "requester's company", vendor=_CONTACT),
    _row("contact.name", "contact", vendor=_CONTACT),
    _row("contact.role", "contact's role", vendor=_CONTACT),
    _row("contact.phone", "contact's phone", vendor=_CONTACT),
    _row("contact.email", "contact's email", vendor=_CONTACT),
    _row("contact.webhook", "contact's webhook", vendor=_CONTACT),
    _row("contact.availability", "contact's hours", vendor=_CONTACT),
    _row("update_channel", "wants updates by", vendor=_OURS),
    _row("severity", "severity named", vendor=_SEVERITY),
    _row("priority", "priority named", vendor=_SEVERITY),
    _row("impact", "impact named", vendor=_SEVERITY),
    _row("urgency", "urgency named", vendor=_SEVERITY),
    _row("start_at", "work begins"),
    _row("start_zone", "work begins in"),
    _row("access.kind", "access wanted"),
    _row("access.equipment", "equipment"),
    _row("access.task", "task"),
    _row("access.visitor", "visitor"),
    _row("access.window_start", "visit from"),
    _row("access.window_end", "visit until"),
    _row("received_at", "received"),
    _row("actor", "opened by", vendor=_CONTACT, customer="the timeline names them; the rest is ours"),
    _row("tenant", "tenant", vendor=_KEY, customer=_KEY),
    _row("reference", "reference", vendor="the vendor knows the case by our number"),
    _row("source", "came from", vendor=_OURS, taker=_ROUTING),
    _row("channel", "channel", vendor=_OURS),
    _row("language", "language", vendor="we write to the vendor in English"),
    _row("country", "country", vendor=_CONTACT),
    _row("zone", "time zone", vendor=_CONTACT),
    _row("plan", "plan named", vendor=_OURS),
    _row("plan_reason", "why that plan", vendor=_OURS, customer="a decision of our staff, for our staff"),
    _row("region", "centre named", vendor=_OURS),
    _row("calendar", "calendar named", vendor=_OURS, taker=_ROUTING),
    _row("policy", "policy named", vendor=_OURS, customer=_KEY, taker=_ROUTING),
    _row("test", "only a test"),
    _row("private", "private", vendor=_OURS),
    _row("imported", "imported", vendor=_OURS, customer=_OURS),
    _nobodys("take", "taken at once", "the owner of the case says it"),
    _nobodys(
        "request_id", "request id", "the sender's own key against repetition; it says nothing of the problem"
    ),
    _nobodys(
        "expected_version",
        "version seen",
        "which version of the case the sender had seen; it says nothing of the problem",
    ),
    _nobodys(
        "automatic",
        "automatic",
        "a machine's message changes no field, and the timeline says that it was one",
    ),
    _nobodys("access_id", "access id", _PROOF),
    _nobodys("verification.admin_name", "administrator", _PROOF),
    _nobodys("verification.company_name", "verified company", _PROOF),
    _nobodys("verification.company_address", "verified address", _PROOF),
    _nobodys("verification.alternate_email", "other email", _PROOF),
)
"""What is said of the problem first, then of whom and by whom, then how it came to us."""

_BY_PATH = {row.path: row for row in ROWS}
_LEFT_OUT = {name: field.default for name, field in Submit.model_fields.items()}
"""What a field of a request holds where nothing is said."""

_INSTANTS = frozenset({"onset_at", "start_at", "access.window_start", "access.window_end", "received_at"})
_OUR_WORDS = frozenset({"access.kind", "access.task"})


def for_reader(reader: Reader) -> tuple[Row, ...]:
    """List the rows of one reader."""
    return tuple(row for row in ROWS if reader not in row.withheld)


def read_by(said: Said, reader: Reader) -> Said:
    """Return what one reader may read of what another does."""
    return {path: value for path, value in said.items() if reader not in _BY_PATH[path].withheld}


def said_in(request: Submit, reader: Reader, without: Iterable[str] = ()) -> Said:
    """Return what a request says to a reader; files are apart, and what is not said is left out."""
    left_out, given = {*without, *FILES}, request.model_fields_set
    found = (
        (path, _value(request, path))
        for path, field in _paths_for(reader)
        if field in given and path not in left_out
    )
    return {path: value for path, value in found if value is not None}


@cache
def _paths_for(reader: Reader) -> tuple[tuple[str, str], ...]:
    """List the paths one reader reads, each with the field of the request it begins in."""
    return tuple((row.path, row.path.partition(".")[0]) for row in for_reader(reader))


def shortened(said: Said, limit: int) -> Said:
    """Return it with each text, and each line of a list, in at most `limit` characters."""
    return {path: _short(value, limit) for path, value in said.items()}


def _short(value: Value, limit: int) -> Value:
    if isinstance(value, tuple):
        return tuple(excerpt(one, limit) for one in value)
    return excerpt(value, limit) if isinstance(value, str) else value


def _value(request: Submit, path: str) -> Value | None:
    """Return what a field says; None for what is left out, empty, or as it is where nobody says anything."""
    first, _, inner = path.partition(".")
    value: Any = getattr(request, first, None)
    if inner:
        value = getattr(value, inner, None)
    elif first not in _LEFT_OUT or value == _LEFT_OUT[first]:
        return None
    match value:
        case None | () | "":
            return None
        case Actor():
            return ", ".join(filter(None, (value.name, value.kind, value.role, value.tier, value.region)))
        case Availability():
            return f"{value.start} to {value.end}, {value.zone}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case StrEnum():
            return value.value
        case _:
            return case_number(value) if path == "linked_to" else value


def label_of(path: str) -> str:
    """Return what a field is called, in English."""
    return _BY_PATH[path].label


def in_lines(
    said: Said, files: Iterable[GivenFile], when: Callable[[datetime], str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Write what was said, label by label, each in one line or several; `when` writes an instant."""
    named: dict[str, tuple[str, ...]] = {path: _written(path, value, when) for path, value in said.items()}
    for file in files:
        named[file.field] = (*named.get(file.field, ()), in_a_line(file, when))
    return [(row.label, named[row.path]) for row in ROWS if row.path in named]


def _written(path: str, value: Value, when: Callable[[datetime], str]) -> tuple[str, ...]:
    match value:
        case tuple():
            return value
        case bool():
            return ("yes" if value else "no",)
        case float() | int() if path == "users_affected_percent":
            return (f"{value:g} %",)
        case str() if path in _INSTANTS:
            return (when(datetime.fromisoformat(value)),)
        case str() if path in _OUR_WORDS:
            return (value.replace("_", " "),)
        case _:
            return (str(value),)
