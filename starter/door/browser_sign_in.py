"""How a person signs in with a browser: the code flow of OpenID Connect, with PKCE, state and nonce.

A web application sends the browser where `begin` says and keeps `Pending` in a session of its own, signed and
bound to that browser, until the browser comes back: `finish` says who it is, once.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from activities.channels.http import Outgoing
from domain.actor import Door
from starter.door.audit import note_refusal
from starter.door.faults import Fault, Kind, unauthenticated
from starter.door.identity import Caller, Subject, admitted
from starter.door.provider import Provider
from starter.door.session import Session
from starter.door.tokens import subject_of, verified

_LONG = 48
"""Characters of state, nonce and verifier: more than 256 bits each (RFC 7636 asks for 43 to 128)."""

_ASKED = "sign-in"


@dataclass(frozen=True)
class Pending:
    """What has to be the same when the browser comes back; secret, and of use once."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


async def begin(provider: Provider, redirect_uri: str) -> tuple[str, Pending]:
    """Return where to send a browser, and what to keep until it comes back. Raises: Fault (unreachable)."""
    pending = Pending(generate_token(_LONG), generate_token(_LONG), generate_token(_LONG), redirect_uri)
    address = prepare_grant_uri(
        _endpoint((await provider.published()).authorization_endpoint),
        client_id=provider.settings.client_id,
        response_type="code",
        redirect_uri=redirect_uri,
        scope="openid email",
        state=pending.state,
        nonce=pending.nonce,
        code_challenge=create_s256_code_challenge(pending.verifier),
        code_challenge_method="S256",
    )
    return str(address), pending


async def finish(
    session: Session, provider: Provider, pending: Pending, came_back_to: str, door: Door
) -> Caller:
    """Return who came back, by the address their browser came back to.

    Raises: Fault (unauthenticated, one answer for all; unreachable).
    """
    return await let_in(session, await who_came_back(session, provider, pending, came_back_to, door), door)


async def who_came_back(
    session: Session, provider: Provider, pending: Pending, came_back_to: str, door: Door
) -> Subject:
    """Return whom the provider vouches for, who may be nobody of ours (`let_in`). Raises: as `finish`."""
    try:
        return subject_of(await _vouched(session, provider, pending, came_back_to))
    except Fault as fault:
        await note_refusal(session, fault, door=door, asked=_ASKED, credential=None, actor=None)
        raise


async def let_in(session: Session, subject: Subject, door: Door) -> Caller:
    """Return the person of the store a provider vouches for; nobody is made. Raises: as `finish`."""
    return await admitted(session, subject, door, asked=_ASKED)


async def _vouched(
    session: Session, provider: Provider, pending: Pending, came_back_to: str
) -> Mapping[str, Any]:
    code = await _code(provider, pending, came_back_to)
    where = _endpoint((await provider.published()).token_endpoint)
    token = (await provider.fetch(_exchange(provider, pending, code, where))).get("id_token")
    client = provider.settings.client_id or ""
    claims = await verified(provider, token if isinstance(token, str) else "", client, session.now())
    if not _is_same(claims.get("nonce"), pending.nonce) or claims.get("azp", client) != client:
        raise unauthenticated("sign-in: nonce")
    return claims


async def _code(provider: Provider, pending: Pending, came_back_to: str) -> str:
    """Read the code, once state and issuer (RFC 9207) are those we sent the browser to."""
    given = dict(parse_qsl(urlsplit(came_back_to).query))
    published = await provider.published()
    if not _is_same(given.get("state"), pending.state):
        raise unauthenticated("sign-in: state")
    is_named = "iss" in given or published.authorization_response_iss_parameter_supported
    if is_named and given.get("iss") != published.issuer:
        raise unauthenticated("sign-in: issuer")
    if "error" in given or not given.get("code"):
        raise unauthenticated("sign-in: refused by the provider")
    return given["code"]


def _exchange(provider: Provider, pending: Pending, code: str, where: str) -> Outgoing:
    """Make the request that turns a code into tokens; only who began can, by the verifier."""
    settings = provider.settings
    body = prepare_token_request(
        "authorization_code",
        code=code,
        redirect_uri=pending.redirect_uri,
        client_id=settings.client_id,
        code_verifier=pending.verifier,
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if settings.client_secret is not None:
        secret = settings.client_secret.get_secret_value()
        pair = f"{quote(settings.client_id or '', safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return Outgoing("POST", where, headers, str(body))


def _endpoint(address: str | None) -> str:
    if address is None:
        reason = "the identity provider publishes no flow for browsers"
        raise Fault(Kind.UNREACHABLE, "ProviderUnreachable", reason, "use a key, or another provider")
    return address


def _is_same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and compare_digest(given.encode(), wanted.encode())
