"""Who is at the door is told by a credential; one answer for all we do not know."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.people.credentials import Credentials
from activities.store.audit import AuditRow, AuditTrail
from activities.store.case_store import CaseStore
from domain.actor import Actor, ActorKind, Door, Role
from starter.door.faults import Fault, Kind
from starter.door.identity import Caller, authenticate
from starter.door.people import add_person, give_key, revoke
from starter.door.session import Session
from tests.door_session import NOW, Clock, session_on

BOSS = Actor(kind=ActorKind.STAFF, name="Mo", role=Role.MANAGER, door=Door.API)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CaseStore]:
    opened = await CaseStore.open(f"sqlite:///{tmp_path / 'own.db'}")
    yield opened
    await opened.close()


@pytest.fixture
def session(store: CaseStore, clock: Clock) -> Session:
    return session_on(store, clock)


async def key_for(session: Session, name: str = "Kim", **fields: str) -> str:
    given = {"name": name, "role": "customer", "tenant": "acme", **fields}
    await add_person(session, BOSS, {key: value for key, value in given.items() if value})
    return (await give_key(session, BOSS, name, session.now() + DAY)).secret


async def come_in(session: Session, bearer: str) -> Caller:
    return await authenticate(session, bearer, door=Door.API, asked="GET /v1/cases")


async def refused(session: Session, bearer: str) -> Fault:
    with pytest.raises(Fault) as fault:
        await come_in(session, bearer)
    return fault.value


async def audited(session: Session) -> list[AuditRow]:
    return list(await session.read(lambda store: AuditTrail(store).list(NOW - DAY)))


async def test_the_actor_comes_from_the_credential(session: Session) -> None:
    key = await key_for(session)
    caller = await come_in(session, key)
    assert caller.credential == key[:11]
    assert caller.actor == Actor(
        kind=ActorKind.CUSTOMER, name="Kim", role=Role.CUSTOMER, tenant="acme", door=Door.API
    )
    assert key[12:] not in repr(caller)


async def test_one_answer_for_unknown_expired_revoked_and_the_audit_tells_them_apart(
    session: Session, clock: Clock
) -> None:
    expired = await key_for(session)
    clock.passes(DAY)
    taken = (await give_key(session, BOSS, "Kim", session.now() + DAY)).secret
    await revoke(session, BOSS, taken[:11])
    gone = await key_for(session, "Lou")
    await revoke(session, BOSS, "Lou")
    wrong = f"{expired[:-1]}{'a' if expired[-1] != 'a' else 'q'}"
    nobodys = f"sr_aaaaaaaa_{52 * 'a'}"
    presented = [expired, taken, gone, wrong, nobodys, "", "sr_", "é" * 99, "x.y.z", "sr_" + "a" * 9999]
    faults = [await refused(session, one) for one in presented]
    told = {(one.kind, one.code, one.reason, one.remedy, one.case, str(one.more)) for one in faults}
    assert len(told) == 1
    assert faults[0].kind is Kind.UNAUTHENTICATED
    rows = await audited(session)
    assert {(one.credential, one.why) for one in rows} == {
        (expired[:11], "expired"),
        (taken[:11], "revoked"),
        (gone[:11], "revoked"),
        (expired[:11], "unknown"),
        (None, "unknown"),
        (None, "missing"),
    }
    assert all(one.door is Door.API and one.asked == "GET /v1/cases" for one in rows)


async def test_a_key_ends_at_the_instant_it_expires(session: Session, clock: Clock) -> None:
    key = await key_for(session)
    clock.passes(DAY - timedelta(microseconds=1))
    await come_in(session, key)
    clock.passes(timedelta(microseconds=1))
    assert (await refused(session, key)).withheld == "expired"


async def test_no_secret_is_in_the_store_and_the_last_use_is_written_once_a_minute(
    session: Session, clock: Clock, tmp_path: Path
) -> None:
    key = await key_for(session)
    for _ in range(3):
        await come_in(session, key)
        clock.passes(timedelta(seconds=29))
    kept = await session.read(lambda store: Credentials(store).keys())
    assert [one.used_at for one in kept] == [NOW]
    await refused(session, f"{key}x")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert key[:11].encode() in written
    assert key[12:].encode() not in written


async def test_keys_have_256_random_bits_and_are_all_different(session: Session) -> None:
    await key_for(session)
    keys = {(await give_key(session, BOSS, "Kim", session.now() + DAY)).secret for _ in range(20)}
    assert len({key[12:] for key in keys}) == len({key[:11] for key in keys}) == 20
    assert {len(key[12:]) for key in keys} == {52}  # base32: 5 bits a letter, 260 for 256


async def test_a_store_that_is_away_lets_nobody_in(store: CaseStore, clock: Clock) -> None:
    def away() -> CaseStore:
        raise Fault(Kind.UNREACHABLE, "StoreUnreachable", "it is away")

    session = session_on(store, clock)
    session.open_store = away
    assert (await refused(session, f"sr_aaaaaaaa_{52 * 'a'}")).kind is Kind.UNREACHABLE


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
async def test_managers_alone_give_credentials_through_other_doors(session: Session, role: Role) -> None:
    actor = Actor(kind=ActorKind.STAFF, name="Ana", role=role, door=Door.API)
    for act in (
        add_person(session, actor, {"name": "Ana", "role": "manager"}),
        give_key(session, actor, "Ana", NOW + DAY),
        revoke(session, actor, "Ana"),
    ):
        with pytest.raises(Fault) as fault:
            await act
        assert fault.value.code == "RoleNotPermitted"


async def test_who_is_there_is_changed_on_purpose_and_an_address_is_one_persons(session: Session) -> None:
    given = {"name": "Kim", "role": "customer", "tenant": "acme", "email": "kim@acme.example"}
    await add_person(session, BOSS, given)
    await add_person(session, BOSS, given)  # said again, it changes nothing
    for changed, code in (
        ({**given, "tenant": "globex"}, "PersonExists"),
        ({**given, "name": "Kim N"}, "AddressTaken"),
        ({"name": "Lou", "role": "customer"}, "ValidationError"),
        ({"name": "Lou", "role": "engineer", "email": "no address"}, "UsageError"),
        ({"name": "Lou", "role": "engineer", "region": "sydny"}, "RegionUnknown"),
    ):
        with pytest.raises(Fault) as fault:
            await add_person(session, BOSS, changed)
        assert fault.value.code == code
    await add_person(session, BOSS, {**given, "tenant": "globex"}, replace=True)
    key = (await give_key(session, BOSS, "Kim", NOW + DAY)).secret
    assert (await come_in(session, key)).actor.tenant == "globex"
