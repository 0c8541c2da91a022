"""What the directory answers about one request: results of comparisons, never what was compared."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.policy import LicenceSource, RequesterKind
from domain.tenants import (
    NOTHING_KNOWN,
    UNREAD,
    Access,
    Enquiry,
    NamedContact,
    TenantFacts,
    TenantRecord,
    Verification,
    facts_of,
)

ITEMS = Verification(
    admin_name="Zoë Nair",
    company_name="Harbour Foods",
    company_address="1 Quay Street, Sydney",
    alternate_email="zoe@home.example",
)
ZOE, KIM = NamedContact(name="Zoë Nair", access_id="A-1"), NamedContact(name="Kim Ng", access_id="A-2")
RECORD = TenantRecord(
    tenant="acme",
    kind=RequesterKind.PARTNER,
    requesters=("Zoë Nair", "kim@acme.example"),
    named_contacts=(ZOE, KIM),
    verification=ITEMS,
)


def asked(record: TenantRecord | None = RECORD, **enquiry: object) -> TenantFacts:
    return facts_of(record, Enquiry.model_validate({"tenant": "acme", **enquiry}), None)


SPELLINGS = [
    "Zoë Nair",
    "zoë nair",
    "ZOË NAIR",
    "  Zoë   Nair ",
    "Zoë\N{NO-BREAK SPACE}Nair",
    unicodedata.normalize("NFD", "Zoë Nair"),
    unicodedata.normalize("NFD", "ZOË NAIR"),
    "Zoë Nair",
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_another_spelling_of_a_name_is_the_same_person(name: str) -> None:
    assert asked(requester=name).entitled is True
    assert asked(requester=name, access_id="A-1").access is Access.HIS
    assert asked(verification=ITEMS.model_copy(update={"admin_name": name})).is_verified is True


@pytest.mark.parametrize("name", ["Zoe Nair", "Zoë", "Zoë-Nair", "Nair Zoë", "ZoëNair"])
def test_another_name_is_another_person(name: str) -> None:
    assert asked(requester=name).entitled is False
    assert asked(requester=name, access_id="A-1").access is Access.ANOTHERS
    assert asked(verification=ITEMS.model_copy(update={"admin_name": name})).is_verified is False


def test_folding_makes_one_spelling_of_what_unicode_calls_one() -> None:
    record = RECORD.model_copy(update={"requesters": ("Straße ͅ Ω",)})
    assert asked(record, requester="STRASSE ͅ Ω".upper()).entitled is True


def test_a_requester_is_known_by_name_or_by_mail_address() -> None:
    assert asked(requester="Kim", email="KIM@acme.example").entitled is True
    assert asked(requester="Zoë Nair", email="zoe@elsewhere.example").entitled is True
    assert asked(requester="Kim", email="kim@acme.example.org").entitled is False
    assert asked().entitled is False


@pytest.mark.parametrize("entitled", [True, False, None])
def test_where_nobody_is_listed_anybody_of_the_tenant_may_ask(entitled: bool | None) -> None:
    record = TenantRecord(tenant="acme", entitled=entitled)
    assert asked(record, requester="Anybody").entitled is entitled


def test_a_tenant_who_is_not_entitled_has_no_person_who_is() -> None:
    assert asked(RECORD.model_copy(update={"entitled": False}), requester="Zoë Nair").entitled is False


def test_an_access_id_is_its_holders_alone() -> None:
    assert asked(requester="Kim Ng", access_id="A-2").access is Access.HIS
    assert asked(requester="Kim Ng", access_id="A-1").access is Access.ANOTHERS
    assert asked(access_id="A-1").access is Access.ANOTHERS
    assert asked(requester="Kim Ng", access_id="A-3").access is Access.UNKNOWN
    assert asked(requester="Kim Ng", access_id="a-2").access is Access.UNKNOWN
    assert asked(requester="Kim Ng").access is None


def test_an_id_two_people_share_is_both_s() -> None:
    both = RECORD.model_copy(update={"named_contacts": (ZOE, NamedContact(name="Kim Ng", access_id="A-1"))})
    for name in ("Zoë Nair", "Kim Ng"):
        assert asked(both, requester=name, access_id="A-1").access is Access.HIS


@pytest.mark.parametrize("name", Verification.model_fields)
def test_four_items_verify_and_one_that_differs_does_not(name: str) -> None:
    assert asked(verification=ITEMS).is_verified is True
    assert asked(verification=ITEMS.model_copy(update={name: "other"})).is_verified is False


@pytest.mark.parametrize("name", Verification.model_fields)
def test_an_item_that_is_missing_leaves_it_open_and_one_we_do_not_have_denies(name: str) -> None:
    three = ITEMS.model_copy(update={name: None})
    assert three.missing == (name,)
    assert asked(verification=three).is_verified is None
    assert asked(RECORD.model_copy(update={"verification": three}), verification=ITEMS).is_verified is False


def test_an_unlisted_tenant_is_unknown_and_proves_nothing() -> None:
    assert asked(None) == NOTHING_KNOWN
    given_ = asked(None, requester="Zoë Nair", access_id="A-1", verification=ITEMS)
    assert (given_.read, given_.listed, given_.entitled) == (True, False, None)
    assert (given_.access, given_.is_verified) == (Access.UNKNOWN, False)
    assert facts_of(None, Enquiry(tenant="x"), True).reference_exists is True


def test_a_directory_that_was_not_read_is_not_one_that_knows_nothing() -> None:
    assert UNREAD.read is False
    assert NOTHING_KNOWN.read is True


KEYS = st.from_regex(r"[A-Za-z0-9][a-z]{0,8}", fullmatch=True)
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
# Told apart from whatever else a fact may say.
SECRETS = NAMES.map(lambda text: f"§{text}§")
VERIFICATIONS = st.builds(Verification, **{name: st.none() | SECRETS for name in Verification.model_fields})
RECORDS = st.builds(
    TenantRecord,
    tenant=NAMES,
    kind=st.none() | st.sampled_from(RequesterKind),
    plan=st.none() | KEYS,
    region=st.none() | KEYS,
    zone=st.sampled_from([None, "UTC", "Australia/Sydney"]),
    calendar=st.none() | KEYS,
    entitled=st.none() | st.booleans(),
    requesters=st.lists(NAMES, max_size=3).map(tuple),
    licence_source=st.none() | st.sampled_from(LicenceSource),
    addons=st.lists(KEYS, max_size=3).map(tuple),
    named_contacts=st.lists(st.builds(NamedContact, name=NAMES, access_id=SECRETS), max_size=3).map(tuple),
    verification=st.none() | VERIFICATIONS,
    authorised_contacts=st.lists(SECRETS, max_size=2).map(tuple),
    audiences=st.dictionaries(KEYS, st.lists(SECRETS, max_size=2).map(tuple), max_size=2),
)


@st.composite
def enquiries(draw: st.DrawFn, record: TenantRecord) -> Enquiry:
    """As somebody asks who knows much of the record, or nothing."""
    holder = draw(st.sampled_from(record.named_contacts)) if record.named_contacts else None
    return Enquiry(
        tenant=record.tenant,
        requester=draw(st.none() | NAMES | st.just(holder.name if holder else "Nobody")),
        access_id=draw(st.none() | SECRETS | st.just(holder.access_id if holder else "§none§")),
        verification=draw(st.none() | VERIFICATIONS | st.just(record.verification)),
        case_reference=draw(st.none() | SECRETS),
    )


@pytest.mark.covers("O365-10")
@given(st.data(), RECORDS, st.booleans())
def test_no_item_and_no_access_id_is_ever_in_the_facts(
    data: st.DataObject, record: TenantRecord, is_listed: bool
) -> None:
    enquiry = data.draw(enquiries(record))
    facts = facts_of(record if is_listed else None, enquiry, None)
    told = json.dumps(facts.model_dump(mode="json"), ensure_ascii=False)
    assert "§" not in told
    assert TenantFacts.model_validate_json(facts.model_dump_json()) == facts
    if enquiry.verification is not None and not enquiry.verification.missing:
        assert facts.is_verified is (is_listed and facts.is_verified)
        if is_listed and record.verification == enquiry.verification:
            assert facts.is_verified is True


@given(RECORDS)
def test_no_representation_shows_a_secret(record: TenantRecord) -> None:
    for secret in (*record.named_contacts, record.verification):
        assert "§" not in repr(secret)


def test_no_error_repeats_what_was_given() -> None:
    wrong = {"tenant": "acme", "verification": {"admin_name": "s3cret\x07"}, "access": "s3cret"}
    for model in (TenantRecord, Enquiry):
        with pytest.raises(ValidationError) as caught:
            model.model_validate(wrong)
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("zone", ["AEST", "UTC+10", "Etc/GMT-10", "+10:00"])
def test_a_zone_that_is_no_place_is_no_tenants(zone: str) -> None:
    with pytest.raises(ValidationError, match="IANA"):
        TenantRecord(tenant="acme", zone=zone)


def test_lists_have_an_end() -> None:
    many = tuple(f"person {number}" for number in range(1001))
    for field in ({"requesters": many}, {"authorised_contacts": many}, {"audiences": {"weekly": many}}):
        with pytest.raises(ValidationError, match="1000"):
            TenantRecord.model_validate({"tenant": "acme", **field})
