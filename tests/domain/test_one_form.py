"""One form of writing for what names something, and one rule of addresses, wherever they come in."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from activities.addresses import AddressInvalid, address_of
from activities.settings import AdapterSettings
from domain.actor import Actor, ActorKind
from domain.centres.rota import Engineer
from domain.mailbox import _ORDINARY, MAX_CHARS, MailboxInvalid, _library, is_mailbox, mailbox
from domain.messages.case import Reply, Submit
from domain.messages.outage import OutageNotification
from domain.naming import case_id
from domain.tenants import Enquiry, TenantRecord, facts_of
from domain.text import INCOMING, identifier
from tests.people import ANA, request

REFUSED = {
    "kim@example.com.": "cannot end with a period",
    "kim@example..com": "two periods in a row",
    ".kim@example.com": "cannot start with a period",
    "k..im@example.com": "two periods in a row",
    "kim@-example.com": "hyphen",
    "kim@exam_ple.com": "invalid characters",
    "k\u200bim@example.com": "ZERO WIDTH SPACE",
    "kim@exa\u00admple.com": "SOFT HYPHEN",
    "kim\u202e@example.com": "RIGHT-TO-LEFT OVERRIDE",
    "kim@": "after the @-sign",
    "kim": "@-sign",
    "kim@ng@example.com": "@",
    "kim@127.0.0.1": "name of a host",
    "=?utf-8?q?kim?=@example.com": "encoded word",
    f"{'k' * 65}@example.com": "64 characters",
    f"kim@{'a.' * 130}example": "too long",
}
WRITTEN = {
    "Kim.Ng@EXAMPLE.com": "Kim.Ng@example.com",
    "kim@b\u00fccher.example": "kim@xn--bcher-kva.example",
    "kim@bu\u0308cher.example": "kim@xn--bcher-kva.example",
    "kim@xn--bcher-kva.example": "kim@xn--bcher-kva.example",
    "kim@example\u3002com": "kim@example.com",
    "ki\u0301m@example.com": "k\u00edm@example.com",
    "root@localhost": "root@localhost",
    "support@sunrelay.localhost": "support@sunrelay.localhost",
}


def taken(model: Any, **fields: Any) -> Any:
    return model.model_validate(fields, context=INCOMING)


def doors(address: str) -> list[Any]:
    """The same address at every door, each called to take it."""
    plain = request("r").model_dump(exclude_none=True)
    return [
        lambda: taken(Submit, **{**plain, "contact": {"name": "Kim", "email": address}}).contact.email,
        lambda: taken(OutageNotification, actor=ANA, audience=[address]).audience[0],
        lambda: taken(Engineer, name="Kim", region="sydney", address=address).address,
        lambda: taken(TenantRecord, tenant="acme", audiences={"ops": [address]}).audiences["ops"][0],
        lambda: AdapterSettings(staff_address=address).staff_address,
        lambda: address_of(address).to,
    ]


@pytest.mark.parametrize("address", [one for one in REFUSED if "@" in one])
def test_an_address_nobody_could_write_to_is_refused_at_every_door_with_its_reason(address: str) -> None:
    for take in doors(address):
        with pytest.raises((ValidationError, AddressInvalid), match=REFUSED[address]):
            take()


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_wrong_with_an_address_is_said(address: str) -> None:
    assert not is_mailbox(address)
    with pytest.raises(MailboxInvalid, match=REFUSED[address]):
        mailbox(address)


@pytest.mark.parametrize("address", WRITTEN)
def test_an_address_is_written_in_one_way_at_every_door(address: str) -> None:
    assert {take() for take in doors(address)} == {WRITTEN[address]}
    assert mailbox(WRITTEN[address]) == WRITTEN[address]


@given(st.emails())
def test_an_address_that_is_taken_is_taken_again_unchanged(address: str) -> None:
    if is_mailbox(address):
        assert mailbox(mailbox(address)) == mailbox(address)


ATOMS = st.sampled_from(["kim", "K9", "_", "+", "-", "a-b", "0", "x" * 30, "xn-a", "a" * 29 + "-" + "b" * 30])


@given(
    st.lists(ATOMS, min_size=1, max_size=4),
    st.lists(ATOMS, min_size=1, max_size=4),
    st.sampled_from(["com", "net", "org", "example", "localhost"]),
)
@settings(deadline=None)
def test_an_ordinary_address_is_what_the_library_would_say(
    name: list[str], host: list[str], top: str
) -> None:
    address = f"{'.'.join(name)}@{'.'.join(host)}.{top}"
    if len(address) > MAX_CHARS or not _ORDINARY.fullmatch(address):
        return
    found = _library().validate_email(address, check_deliverability=False, globally_deliverable=False)
    assert mailbox(address) == f"{found.local_part}@{found.ascii_domain}" == address


@pytest.mark.parametrize("old", ["kim@example.com.", "kim@example..com", "ki\u0301m@example.com"])
def test_an_address_that_was_taken_once_is_read_for_ever(old: str) -> None:
    written = request("r").model_dump(mode="json", exclude_none=True) | {
        "contact": {"name": "Kim", "email": old}
    }
    case = Submit.model_validate(written)
    assert case.contact is not None
    assert Submit.model_validate_json(case.model_dump_json()) == case
    assert case.contact.email == old
    assert Engineer(name="Kim", region="sydney", address=old).address == old


@pytest.mark.parametrize(
    "hidden",
    ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u180e", "\u3164", "\ufe0f", "\u034f", "\U000e0041"],
)
def test_nothing_invisible_makes_two_cases_of_one_reference(hidden: str) -> None:
    plain = taken(Submit, **request("4711").model_dump(exclude_none=True))
    given = {
        "tenant": f"Harbour{hidden} Foods",
        "reference": f"47{hidden}11{hidden}",
        "access_id": f"A{hidden}1",
    }
    odd = taken(Submit, **{**request("4711").model_dump(exclude_none=True), **given})
    assert (odd.tenant, odd.reference, odd.access_id) == (plain.tenant, "4711", "A1")
    assert case_id(odd.tenant, odd.source, odd.reference) == case_id(
        plain.tenant, plain.source, plain.reference
    )


def test_what_looks_the_same_is_the_same() -> None:
    composed, apart = "M\u00fcller 4711", "Mu\u0308ller 4711"
    fields = request("r").model_dump(exclude_none=True) | {
        "reference": apart,
        "explanation": apart,
        "tenant": apart,
    }
    odd = taken(Submit, **fields)
    assert odd.reference == odd.explanation == odd.tenant == composed
    assert Submit.model_validate(fields).reference == apart, "an old record stays as it is"


def test_a_requester_of_a_tenant_written_in_another_form_has_access() -> None:
    kim = Actor(kind=ActorKind.PARTNER, name="Kim", tenant="M\u00fcller")
    assert kim.has_access_to("Mu\u0308ller\u200b")
    assert not kim.has_access_to("Muller")


def test_the_directory_knows_an_address_in_each_of_its_forms() -> None:
    kept = TenantRecord(tenant="acme", requesters=("kim@b\u00fccher.example",))
    asked = Enquiry(tenant="acme", email="kim@xn--bcher-kva.example")
    assert facts_of(kept, asked, None).entitled is True


def test_a_bidirectional_override_in_a_reference_is_refused_and_not_dropped() -> None:
    with pytest.raises(ValidationError, match="202E"):
        taken(Submit, **{**request("r").model_dump(exclude_none=True), "reference": "47\u202e11"})


@given(st.text())
def test_an_identifier_is_in_one_form_once_it_is_written(text: str) -> None:
    assert identifier(identifier(text)) == identifier(text)
    assert unicodedata.is_normalized("NFC", identifier(text))


@pytest.mark.parametrize("odd", ["<a b@c>", "no brackets", "", "<" + "x" * 300 + ">", "<\u00fc@x>", 7])
def test_a_reply_is_taken_without_a_message_id_that_is_none(odd: object) -> None:
    said = {"actor": ANA, "text": "It works."}
    assert taken(Reply, **said, message_id=odd).message_id is None
    assert taken(Reply, **said, message_id=" <a@b.example> ").message_id == "<a@b.example>"
    with pytest.raises(ValidationError):
        Reply.model_validate({**said, "message_id": odd})
