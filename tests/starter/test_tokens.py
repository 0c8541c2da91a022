"""Tokens of an identity provider, and signing in with a browser, against a small provider over real HTTP."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr, ValidationError

from activities.channels.http import Poster
from activities.channels.public_address import PublicAddresses
from activities.store.audit import AuditTrail
from activities.store.case_store import CaseStore
from domain.actor import Actor, ActorKind, Door, Role
from starter.door.browser_sign_in import begin, finish
from starter.door.faults import Fault, Kind
from starter.door.identity import Caller, authenticate
from starter.door.people import add_person, revoke
from starter.door.provider import Provider, ProviderSettings
from starter.door.session import Session
from starter.door.tokens import SKEW, AccessTokens
from tests.door_session import NOW, Clock, session_on
from tests.identity_provider import API, CLIENT, IdentityProvider

BOSS = Actor(kind=ActorKind.STAFF, name="Mo", role=Role.MANAGER, door=Door.API)
PRIYA = {"name": "Priya", "role": "technical_contact", "tenant": "acme", "email": "priya@acme.example"}
BACK = "https://board.example/signed-in"
AT = int(NOW.timestamp())
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def session(tmp_path: Path, clock: Clock) -> AsyncIterator[Session]:
    opened = await CaseStore.open(f"sqlite:///{tmp_path / 'own.db'}")
    yield session_on(opened, clock)
    await opened.close()


@pytest.fixture
async def idp() -> AsyncIterator[IdentityProvider]:
    async with IdentityProvider() as running:
        running.now = AT
        yield running


def provider_of(idp: IdentityProvider, *, guarded: bool = False) -> Provider:
    settings = ProviderSettings(
        issuer=idp.issuer, audience=API, client_id=CLIENT, client_secret=SecretStr("s3cret")
    )
    networks = () if guarded else (ip_network("127.0.0.0/8"),)
    return Provider(settings, Poster(), PublicAddresses(http_within=True, what="provider", networks=networks))


@pytest.fixture
def provider(idp: IdentityProvider) -> Provider:
    return provider_of(idp)


async def come_in(session: Session, provider: Provider, token: str) -> Caller:
    tokens = AccessTokens(provider)
    return await authenticate(session, token, door=Door.API, asked="GET /v1/cases", tokens=tokens)


async def refused(session: Session, provider: Provider, token: str) -> Fault:
    with pytest.raises(Fault) as fault:
        await come_in(session, provider, token)
    return fault.value


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
async def test_a_token_lets_in_the_person_with_its_verified_address(
    session: Session, idp: IdentityProvider, provider: Provider, alg: str
) -> None:
    await add_person(session, BOSS, PRIYA)
    caller = await come_in(session, provider, idp.token(alg))
    assert caller.credential == f"{idp.issuer}/p-1"
    assert (caller.actor.kind, caller.actor.name, caller.actor.tenant) == (
        ActorKind.CUSTOMER,
        "Priya",
        "acme",
    )


async def test_an_address_given_to_somebody_else_later_opens_nothing(
    session: Session, idp: IdentityProvider, provider: Provider
) -> None:
    await add_person(session, BOSS, PRIYA)
    await come_in(session, provider, idp.token())
    await come_in(session, provider, idp.token(email="new@name.example"))  # her subject is what counts
    assert (await refused(session, provider, idp.token(sub="p-2"))).withheld == "nobody of ours"
    await revoke(session, BOSS, "Priya")
    assert (await refused(session, provider, idp.token())).withheld == "revoked"
    rows = await session.read(lambda store: AuditTrail(store).list(NOW - SECOND))
    assert {(one.credential, one.why) for one in rows} == {
        (f"{idp.issuer}/p-2", "nobody of ours"),
        (f"{idp.issuer}/p-1", "revoked"),
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": CLIENT},
        {"aud": None},
        {"aud": [API + "/"]},
        {"sub": None},
        {"exp": AT - int(SKEW.total_seconds())},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": AT + int(SKEW.total_seconds()) + 1},
        {"iat": AT + int(SKEW.total_seconds()) + 1},
        {"iat": None},
        {"nonce": "n"},
        {"at_hash": "h"},
    ],
)
async def test_a_token_with_a_wrong_claim_lets_nobody_in(
    session: Session, idp: IdentityProvider, provider: Provider, claims: dict[str, Any]
) -> None:
    await add_person(session, BOSS, PRIYA)
    fault = await refused(session, provider, idp.token(**claims))
    assert (fault.kind, fault.code) == (Kind.UNAUTHENTICATED, "Unauthenticated")
    assert await come_in(session, provider, idp.token(nbf=AT + 60, iat=AT + 60, exp=AT - 59))


async def test_forged_tokens_let_nobody_in_and_nobody_else_is_asked_for_keys(
    session: Session, idp: IdentityProvider, provider: Provider
) -> None:
    await add_person(session, BOSS, PRIYA)
    good = idp.token()
    head, body, signature = good.split(".")
    public = idp.keys["RS256"].as_pem(private=False)
    symmetric = b'{"alg": "HS256", "kid": "rsa-1"}'
    hashed = f"{_coded(symmetric)}.{body}"
    said = jwt.decode(good, idp.keys["RS256"], algorithms=["RS256"]).claims
    foreign = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    unsigned = _coded(b'{"alg": "none", "kid": "rsa-1"}')
    async with IdentityProvider() as canary:
        elsewhere = {"alg": "RS256", "kid": "rsa-1", "jku": f"{canary.issuer}/keys", "x5u": canary.issuer}
        brought = {"alg": "RS256", "kid": "rsa-1", "jwk": foreign.as_dict(private=False)}
        forged = [
            f"{_coded(b'{}')}.{body}.",
            f"{unsigned}.{body}.",
            f"{head}.{body}.",
            f"{head}.{_coded(b'{}')}.{signature}",
            f"{hashed}.{_coded(hmac.digest(public, hashed.encode(), 'sha256'))}",
            jwt.encode(elsewhere, said, foreign, algorithms=["RS256"]),
            jwt.encode(brought, said, foreign, algorithms=["RS256"]),
            idp.token(header={"kid": "ec-1"}),
            idp.token(header={"kid": None}),
            idp.token(header={"typ": "dpop+jwt"}),
            f"{good}.{good}",
            "a" * 100_000,
            "..",
            "é.é.é",
        ]
        for token in forged:
            assert (await refused(session, provider, token)).kind is Kind.UNAUTHENTICATED, token[:80]
        assert canary.asked == []


def _coded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


async def test_keys_are_remembered_and_a_new_one_is_asked_for_once_a_minute(
    session: Session, idp: IdentityProvider, provider: Provider, clock: Clock
) -> None:
    await add_person(session, BOSS, PRIYA)
    for _ in range(3):
        await come_in(session, provider, idp.token())
    once = ["GET /realm/.well-known/openid-configuration", "GET /realm/keys"]
    assert idp.asked == once
    idp.keys["RS256"] = RSAKey.generate_key(2048, {"kid": "rsa-2"})
    assert (await refused(session, provider, idp.token())).kind is Kind.UNAUTHENTICATED
    clock.passes(timedelta(minutes=1))
    await come_in(session, provider, idp.token())
    for _ in range(3):
        await refused(session, provider, idp.token(header={"kid": "rsa-3"}))
    assert idp.asked == once * 2


@pytest.mark.parametrize(
    "document", [{"issuer": "https://evil.example"}, {"jwks_uri": None}, {"jwks_uri": "file:///etc/passwd"}]
)
async def test_a_discovery_document_that_is_anothers_is_not_believed(
    session: Session, idp: IdentityProvider, provider: Provider, document: dict[str, Any]
) -> None:
    idp.document = document
    assert (await refused(session, provider, idp.token())).kind is Kind.UNREACHABLE


PUBLISHED = {
    "issuer": "https://accounts.google.com",
    "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
    "device_authorization_endpoint": "https://oauth2.googleapis.com/device/code",
    "token_endpoint": "https://oauth2.googleapis.com/token",
    "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
    "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
    "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
    "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "none"],
    "response_modes_supported": ["query", "fragment", "form_post"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "scopes_supported": ["openid", "email", "profile"],
    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    "claims_supported": ["aud", "email", "email_verified", "exp", "iat", "iss", "name", "sub"],
    "code_challenge_methods_supported": ["plain", "S256"],
    "grant_types_supported": ["authorization_code", "refresh_token"],
}
"""The discovery document of a large provider, as it is published."""


async def test_a_discovery_document_as_providers_publish_it_leads_to_tokens_and_sign_in(
    session: Session, idp: IdentityProvider
) -> None:
    await add_person(session, BOSS, PRIYA)
    here = {name: f"{idp.issuer}/{path}" for name, path in _WHERE.items()}
    idp.whole = {**PUBLISHED, **here, "issuer": idp.issuer}
    provider = provider_of(idp)
    assert (await come_in(session, provider, idp.token())).actor.name == "Priya"
    address, pending = await begin(provider, BACK)
    assert (
        await finish(session, provider, pending, await browse(address), Door.PORTAL)
    ).actor.name == "Priya"


_WHERE = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}


async def test_a_provider_inside_is_not_asked_unless_its_network_is_named(
    session: Session, idp: IdentityProvider
) -> None:
    assert (await refused(session, provider_of(idp, guarded=True), idp.token())).kind is Kind.UNREACHABLE
    assert idp.asked == []


def test_the_audience_of_access_tokens_is_not_the_client_of_browsers() -> None:
    with pytest.raises(ValidationError, match="another than the client's"):
        ProviderSettings(issuer="https://id.example", audience=CLIENT, client_id=CLIENT)


async def browse(address: str) -> str:
    """What a browser does: goes where it is sent, and comes back with what it was given."""
    async with httpx.AsyncClient(follow_redirects=False) as browser:
        return (await browser.get(address)).headers["location"]


async def test_a_browser_signs_in(session: Session, idp: IdentityProvider, provider: Provider) -> None:
    await add_person(session, BOSS, PRIYA)
    address, pending = await begin(provider, BACK)
    assert pending.verifier not in address
    came_back = await browse(address)
    caller = await finish(session, provider, pending, came_back, Door.PORTAL)
    assert (caller.actor.name, caller.actor.tenant, caller.actor.door) == ("Priya", "acme", Door.PORTAL)
    with pytest.raises(Fault) as again:  # a code is of use once
        await finish(session, provider, pending, came_back, Door.PORTAL)
    assert again.value.kind is Kind.UNAUTHENTICATED


async def test_a_browser_that_comes_back_with_anything_else_is_nobody(
    session: Session, idp: IdentityProvider, provider: Provider
) -> None:
    await add_person(session, BOSS, PRIYA)
    address, pending = await begin(provider, BACK)
    _, other = await begin(provider, BACK)
    came_back = await browse(address)
    for mine, where in (
        (other, came_back),  # the session of somebody else: another state
        (pending, came_back.replace("iss=", "was=")),
        (pending, f"{BACK}?error=access_denied&state={pending.state}&iss={idp.issuer}"),
        (pending, BACK),
        (pending.__class__(pending.state, pending.nonce, other.verifier, BACK), came_back),
    ):
        with pytest.raises(Fault) as fault:
            await finish(session, provider, mine, where, Door.PORTAL)
        assert fault.value.kind is Kind.UNAUTHENTICATED
    rows = await session.read(lambda store: AuditTrail(store).list(NOW - SECOND))
    assert {one.why for one in rows} == {
        "sign-in: state",
        "sign-in: issuer",
        "sign-in: refused by the provider",
    }


@pytest.mark.parametrize("spoil", [{"nonce": "other"}, {"nonce": None}, {"aud": API}, {"azp": "another"}])
async def test_an_id_token_of_another_sign_in_is_nobodys(
    session: Session, idp: IdentityProvider, provider: Provider, spoil: dict[str, Any]
) -> None:
    await add_person(session, BOSS, PRIYA)
    idp.spoil = spoil
    address, pending = await begin(provider, BACK)
    with pytest.raises(Fault) as fault:
        await finish(session, provider, pending, await browse(address), Door.PORTAL)
    assert fault.value.kind is Kind.UNAUTHENTICATED
