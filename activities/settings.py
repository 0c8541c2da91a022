"""What the adapters are told from outside: environment variables that begin with `SUNRELAY_`.

This room reads settings once, at the start of a process. Secrets stay wrapped, so that neither a log nor an
error can show them.
"""

import base64
import binascii
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from activities.addresses import address_of, is_mailbox


def _reachable(value: str) -> str:
    address_of(value)
    return value


def _webhook_key(secret: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_") + "==")
    except binascii.Error:
        key = b""
    if len(key) < 24:
        raise ValueError("a webhook secret is whsec_ and at least 24 bytes in base64")
    return secret


Reachable = Annotated[str, AfterValidator(_reachable)]
"""A mail address or an http(s) URL."""


class AdapterSettings(BaseSettings):
    """Everything the adapters can be told; each field is the variable `SUNRELAY_` and its name in capitals.

    `staff_address`, `tss_address` and `region_addresses` (JSON: region to address) are our own people.
    `allow_http_webhooks` and `webhook_networks` (JSON list) widen what a case's contact may name as his
    webhook, which is public https alone; our own addresses are not bound by them.
    """

    model_config = SettingsConfigDict(
        env_prefix="SUNRELAY_", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    store_url: SecretStr = SecretStr("sqlite+aiosqlite:///.sunrelay/cases.db")
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=1025, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
    smtp_tls: bool = False
    mail_from: str = "Sunrelay Support <support@sunrelay.localhost>"
    mail_domain: str = Field(default="", pattern=r"^[A-Za-z0-9.-]*$")
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_key)] | None = None
    allow_http_webhooks: bool = False
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    staff_address: Reachable | None = None
    tss_address: Reachable | None = None
    region_addresses: dict[str, Reachable] = {}

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not is_mailbox(parseaddr(value)[1]):
            raise ValueError("a sender is a mail address, such as Support <support@example.com>")
        return value

    @field_validator("smtp_tls")
    @classmethod
    def _is_the_only_way(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("smtp_starttls"):
            raise ValueError("either TLS from the first byte, or smtp_starttls")
        return value

    @property
    def message_domain(self) -> str:
        """This will name the domain of our Message-IDs: the one set, or the sender's own."""
        return self.mail_domain or parseaddr(self.mail_from)[1].rpartition("@")[2]
