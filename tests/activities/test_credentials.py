"""What the store keeps of people, keys and refusals, in SQLite and PostgreSQL alike."""

from datetime import timedelta

import pytest

from activities.people.credentials import ApiKey, Credentials
from activities.store import audit
from activities.store.audit import Attempt, AuditTrail
from activities.store.case_store import CaseStore
from domain.actor import Door, Role
from domain.people import Person
from tests.activities.builders import AT

MINUTE = timedelta(minutes=1)
KIM = Person(name="Kim Ng", role=Role.CUSTOMER, tenant="acme", email="Kim@Acme.example")
KNOCK = Attempt(
    door=Door.API, credential=None, asked="GET /v1/cases/{id}", code="Unauthenticated", why="unknown"
)


def key(prefix: str = "sr_aaaaaaaa") -> ApiKey:
    return ApiKey(
        prefix=prefix, person=KIM.name, made_at=AT, made_by="Ada", expires_at=AT + timedelta(days=1)
    )


async def test_a_person_is_found_by_name_address_and_subject(store: CaseStore) -> None:
    book = Credentials(store)
    await book.put(KIM, "Ada", AT)
    assert await book.bind(KIM.name, "https://id.example", "k-1")
    assert not await book.bind(KIM.name, "https://id.example", "k-2")
    by_name = await book.person("Kim Ng")
    assert by_name is not None
    assert by_name.person == KIM
    assert by_name == await book.by_email("KIM@acme.EXAMPLE")
    assert by_name == await book.by_subject("https://id.example", "k-1")
    assert await book.by_subject("https://id.example", "k-2") is None
    assert await book.person("kim ng") is None


async def test_the_last_use_of_a_key_is_written_once_a_minute(store: CaseStore) -> None:
    book = Credentials(store)
    await book.put(KIM, "Ada", AT)
    await book.add_key(key(), "d" * 64)
    for later, written in ((0, 0), (59, 0), (60, 60), (61, 60)):
        await book.used("sr_aaaaaaaa", AT + timedelta(seconds=later))
        (kept,) = await book.keys("Kim Ng")
        assert kept.used_at == AT + timedelta(seconds=written)


async def test_a_person_revoked_loses_every_key_and_a_key_revoked_only_that(store: CaseStore) -> None:
    book = Credentials(store)
    await book.put(KIM, "Ada", AT)
    for prefix in ("sr_aaaaaaaa", "sr_bbbbbbbb", "sr_cccccccc"):
        await book.add_key(key(prefix), "d" * 64)
    assert await book.revoke_key("sr_aaaaaaaa", "Ada", AT) == 1
    assert await book.revoke_key("sr_aaaaaaaa", "Ada", AT + MINUTE) == 0
    assert await book.revoke_person("Kim Ng", "Ada", AT + MINUTE) == 2
    assert [one.revoked_at for one in await book.keys()] == [AT, AT + MINUTE, AT + MINUTE]
    await book.put(KIM, "Ada", AT + 2 * MINUTE)
    back = await book.person("Kim Ng")
    assert back is not None
    assert back.revoked_at is None
    assert all(one.revoked_at is not None for one in await book.keys())


async def test_a_new_address_and_a_way_back_in_are_bound_anew(store: CaseStore) -> None:
    book = Credentials(store)
    await book.put(KIM, "Ada", AT)
    await book.bind(KIM.name, "https://id.example", "k-1")
    await book.put(KIM.model_copy(update={"region": None}), "Ada", AT)
    assert await book.by_subject("https://id.example", "k-1") is not None
    await book.put(KIM.model_copy(update={"email": "kim@new.example"}), "Ada", AT)
    assert await book.by_subject("https://id.example", "k-1") is None
    assert await book.bind(KIM.name, "https://id.example", "k-2")
    await book.revoke_person(KIM.name, "Ada", AT)
    await book.put(KIM.model_copy(update={"email": "kim@new.example"}), "Ada", AT)
    assert await book.by_subject("https://id.example", "k-2") is None


async def test_the_same_refusal_within_a_minute_is_one_row_that_counts(store: CaseStore) -> None:
    trail = AuditTrail(store)
    for seconds in (0, 10, 59, 61):
        await trail.note(KNOCK, AT + timedelta(seconds=seconds))
    await trail.note(KNOCK.model_copy(update={"why": "expired"}), AT)
    found = await trail.list(AT - MINUTE)
    assert sorted((one.why, one.count, one.last_at - AT) for one in found) == [
        ("expired", 1, timedelta(0)),
        ("unknown", 1, timedelta(seconds=61)),
        ("unknown", 3, timedelta(seconds=59)),
    ]


async def test_the_audit_keeps_neither_what_is_old_nor_more_than_its_most(store: CaseStore) -> None:
    trail = AuditTrail(store)
    await trail.note(KNOCK, AT - audit.KEPT - MINUTE)
    await trail.note(KNOCK.model_copy(update={"asked": "x" * 5000}), AT)
    (kept,) = await trail.list(AT - timedelta(days=365))
    assert kept.at == AT
    assert len(kept.asked) == 200


async def test_the_oldest_rows_of_the_audit_go_first(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MOST", 3)
    for minutes in range(5):
        await AuditTrail(store).note(KNOCK, AT + minutes * MINUTE)
    assert [one.at - AT for one in await AuditTrail(store).list(AT)] == [4 * MINUTE, 3 * MINUTE, 2 * MINUTE]
