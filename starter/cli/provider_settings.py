"""The identity provider as this machine's settings name it; without an issuer there is none."""

from ipaddress import IPv4Network, IPv6Network
from typing import Self

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from activities.channels.http import Poster
from activities.channels.public_address import PublicAddresses
from activities.secret_settings import SecretSettings
from starter.cli.settings import wrong_settings
from starter.door.provider import ALGORITHMS, Algorithm, BoardUrl, Provider, ProviderSettings

_PREFIX = "SUNRELAY_OIDC_"


class OidcSettings(SecretSettings):
    """Whose tokens the web door takes beside our own keys; each is `SUNRELAY_OIDC_` and its name."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    issuer: str | None = None
    """The provider, to the letter as its tokens have it in `iss`: https, or http in a network named below."""

    audience: str | None = None
    """What its access tokens for us have in `aud`: the name of our API there, never a client's."""

    client_id: str | None = None
    """Who we are there when a browser signs in."""

    client_secret: SecretStr | None = None
    """Our secret there, if the provider gave one."""

    board_url: BoardUrl | None = None
    """Where browsers reach the board, such as https://desk.example; people sign in there by the provider."""

    name: str | None = None
    """What people call the provider, for the button there; its host by default."""

    algorithms: tuple[Algorithm, ...] = ALGORITHMS
    """What tokens may be signed with, as a JSON list; `none` and HS256 cannot be set."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks outside the public Internet where the provider may be, by http too, as a JSON list."""

    @model_validator(mode="after")
    def _are_whole(self) -> Self:
        if (self.issuer is None) != (self.audience is None):
            raise ValueError("issuer and audience are set together")
        return self


def provider_here() -> Provider | None:
    """Return the provider of the settings, or None where none is set. Raises: Fault (usage)."""
    try:
        said = OidcSettings()
        if said.issuer is None:
            return None
        settings = ProviderSettings.model_validate(said.model_dump(exclude={"networks"}))
    except ValidationError as error:
        raise wrong_settings(error, _PREFIX) from None
    addresses = PublicAddresses(http_within=True, what="identity provider", networks=said.networks)
    return Provider(settings, Poster(), addresses)
