"""Reading the tokens of an identity provider: signed by it, for us, now, and nothing it was not meant to be.

The keys are those the issuer publishes, never those a token names or brings along (`jku`, `x5u`, `jwk`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jws import extract_compact

from starter.door.faults import unauthenticated
from starter.door.identity import Subject
from starter.door.provider import Provider

SKEW = timedelta(seconds=60)
"""How far the provider's clock may be from ours (ours)."""

LONGEST = 8 * 1024
"""Characters of a token that are looked at (ours)."""

_ACCESS_TYPES = frozenset({None, "JWT", "AT+JWT", "APPLICATION/AT+JWT"})
_OF_ID_TOKENS = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})


class AccessTokens:
    """Reads the access tokens of one provider (RFC 9068, and those of providers older than that)."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def read(self, token: str, now: datetime) -> Subject:
        """Return whom an access token vouches for. Raises: Fault (unauthenticated, unreachable)."""
        claims = await verified(self._provider, token, self._provider.settings.audience, now)
        if _OF_ID_TOKENS & set(claims):
            raise unauthenticated("an ID token is no access token")
        return subject_of(claims)


async def verified(provider: Provider, token: str, audience: str, now: datetime) -> Mapping[str, Any]:
    """Return the claims of a token that the provider signed for this audience, and that counts now.

    Raises: Fault (unauthenticated) that withholds why; unreachable where the keys cannot be had.
    """
    algorithms = provider.settings.algorithms
    header = _header(token, algorithms)
    keys = await provider.key_set(header.get("kid"), now)
    try:
        read = jwt.decode(token, keys, algorithms=list(algorithms))
        _claims(provider.settings.issuer, audience, now).validate(read.claims)
    except ExpiredTokenError:
        raise unauthenticated("token expired") from None
    except (JoseError, ValueError, TypeError) as error:
        raise unauthenticated(f"token: {type(error).__name__}") from None
    return read.claims


def subject_of(claims: Mapping[str, Any]) -> Subject:
    """Return whom claims are about; an address counts where the provider says that it has verified it."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return Subject(claims["iss"], claims["sub"], email if is_verified else None)


def _header(token: str, algorithms: Sequence[str]) -> Mapping[str, Any]:
    """Read the head of a token before anything is fetched for it. Raises: Fault (unauthenticated)."""
    try:
        if len(token) > LONGEST:
            raise ValueError
        header = extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError):
        raise unauthenticated("no token") from None
    if header.get("alg") not in algorithms:
        raise unauthenticated("token: algorithm")
    kind, kid = header.get("typ"), header.get("kid")
    if not isinstance(kid, str) or "crit" in header:
        raise unauthenticated("token: head")
    if (kind.upper() if isinstance(kind, str) else kind) not in _ACCESS_TYPES:
        raise unauthenticated("token: type")
    return header


def _claims(issuer: str, audience: str, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(SKEW.total_seconds()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
