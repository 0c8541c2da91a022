"""An identity provider, as OpenID Connect describes it: where its doors are and which keys it signs with.

The issuer is the operator's own setting. Everything else is learned from it, by our own client of HTTP: no
redirect, nothing but public addresses unless a network is named, a bounded answer. What it publishes is
remembered for an hour; a key nobody knows is looked for anew, once a minute at most.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from activities.channels.attempt import NeverWorks, TryAgain
from activities.channels.http import NoAnswer, Outgoing, Poster
from activities.channels.public_address import PublicAddresses
from starter.door.faults import Fault, Kind, unauthenticated

Algorithm = Literal["RS256", "ES256", "EdDSA", "Ed25519"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
"""With a pair of keys alone: a public key would else be a secret everybody has. `none` is not among them."""

REMEMBERED = timedelta(hours=1)
"""How long keys are believed (ours): a key the provider takes back is out of use within it."""

ASKED_AGAIN = timedelta(minutes=1)
"""How soon the provider is asked again for a key nobody knows (ours), whoever sends us such tokens."""


def _origin(url: str) -> str:
    """Return an address without a path, as browsers have it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("an address such as https://desk.example is wanted")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("the board is at the root of its host: leave the path out")
    return f"{parts.scheme}://{parts.netloc}"


BoardUrl = Annotated[str, AfterValidator(_origin)]


class ProviderSettings(BaseModel):
    """One provider, as the operator names it.

    `audience` is what its access tokens are for: our API, never the name of a client, or what was made to
    tell a web application who somebody is would open the API. Browsers sign in where there are a `client_id`
    and `board_url`, the address at which they reach the board; their button says `name`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    audience: str
    client_id: str | None = None
    client_secret: SecretStr | None = None
    board_url: BoardUrl | None = None
    name: str | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ALGORITHMS

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.audience == self.client_id:
            raise ValueError("the audience is the API's name, and another than the client's")
        if self.board_url is not None and self.client_id is None:
            raise ValueError("board_url needs a client_id")
        return self

    @property
    def called(self) -> str:
        """What people call it: its name, else its host."""
        return self.name or urlsplit(self.issuer).hostname or self.issuer


class Published(BaseModel):
    """What we use of a discovery document (OpenID Connect Discovery 1.0, section 3)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    authorization_response_iss_parameter_supported: bool = False


@dataclass
class Provider:
    """Asks one provider, and remembers what it said."""

    settings: ProviderSettings
    poster: Poster
    addresses: PublicAddresses
    _published: Published | None = field(default=None, init=False)
    _keys: KeySet | None = field(default=None, init=False)
    _read_at: datetime | None = field(default=None, init=False)
    _asked_at: datetime | None = field(default=None, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def published(self) -> Published:
        """Return what the provider publishes of itself. Raises: Fault (unreachable)."""
        if self._published is None:
            where = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                found = Published.model_validate(await self.fetch(Outgoing("GET", where, {})))
            except ValidationError:
                raise _away("its discovery document is not one") from None
            if found.issuer != self.settings.issuer:
                raise _away("its discovery document is another issuer's")
            self._published = found
        return self._published

    async def key_set(self, kid: str | None, now: datetime) -> KeySet:
        """Return the keys, fetched anew where they are old or do not have this one. Raises: Fault."""
        async with self._turn:
            await self._look(kid, now)
        assert self._keys is not None
        return self._keys

    async def _look(self, kid: str | None, now: datetime) -> None:
        is_old = self._keys is None or self._read_at is None or now - self._read_at >= REMEMBERED
        is_new = self._keys is not None and kid not in {key.kid for key in self._keys}
        may_ask = self._asked_at is None or now - self._asked_at >= ASKED_AGAIN
        if may_ask and (is_old or is_new):
            self._asked_at = now
            await self._read_keys(now)
        elif is_old:
            raise _away("a moment ago it gave no keys")

    async def _read_keys(self, now: datetime) -> None:
        self._published = None
        where = (await self.published()).jwks_uri
        document = await self.fetch(Outgoing("GET", where, {}))
        try:
            rows = [row for row in document["keys"] if row.get("use", "sig") == "sig" and row["kty"] != "oct"]
            self._keys = KeySet.import_key_set({"keys": rows})
        except (JoseError, KeyError, TypeError, AttributeError, ValueError):
            raise _away("its keys cannot be read") from None
        self._read_at = now

    async def fetch(self, outgoing: Outgoing) -> dict[str, Any]:
        """Ask the provider for a JSON object. Raises: Fault (unreachable, or unauthenticated for a code)."""
        try:
            at = await self.addresses.find(outgoing.url)
            answer = await self.poster.send(outgoing, at)
        except (NeverWorks, TryAgain, NoAnswer) as error:
            raise _away(str(error)) from None
        if outgoing.method == "POST" and answer.status in (400, 401):
            raise unauthenticated("sign-in: refused by the provider")
        if answer.status != 200 or not answer.is_whole:
            raise _away(f"it answered {answer.status}{'' if answer.is_whole else ' and no end'}")
        try:
            found = json.loads(answer.text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise _away("it answered no JSON object")
        return found


def _away(reason: str) -> Fault:
    words = f"the identity provider cannot be used: {reason}"
    return Fault(Kind.UNREACHABLE, "ProviderUnreachable", words, "try again; a key of ours works meanwhile")
