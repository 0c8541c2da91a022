"""What the adapters are told from outside: variables that begin with `SUNRELAY_`, or secret files.

This room reads settings once, at the start of a process. Secrets stay wrapped, so that neither a log nor an
error can show them.
"""

import base64
import binascii
import os
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import (
    AfterValidator,
    DirectoryPath,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    SettingsConfigDict,
)

from activities.addresses import AddressInvalid, address_of, named_mailbox
from activities.secret_settings import SecretSettings


def _reachable(value: str) -> str:
    return address_of(value).to


def _mailbox(value: str) -> str:
    try:
        _, address = named_mailbox(value)
    except AddressInvalid as wrong:
        raise ValueError(f"give one mail address, such as Support <support@example.com>: {wrong}") from None
    if not address.isascii():
        raise ValueError("give an address in ASCII: not every mail system takes mail from or for another")
    return value


def _webhook_key(secret: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_") + "==")
    except binascii.Error:
        key = b""
    if len(key) < 24:
        raise ValueError("a webhook secret is whsec_ and at least 24 bytes in base64")
    return secret


def _webhook_keys(secrets: SecretStr) -> SecretStr:
    for key in secrets.get_secret_value().split():
        _webhook_key(SecretStr(key))
    return secrets


def _link_keys(secrets: SecretStr) -> SecretStr:
    keys = secrets.get_secret_value().split()
    if not keys or min(map(len, keys)) < 32:
        raise ValueError("a secret that signs links has at least 32 characters that nobody can guess")
    return secrets


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    is_web = parts.scheme == "https" or (parts.scheme == "http" and is_here)
    if not is_web or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an https address such as https://support.example/survey, without ? and #")
    return url


def _signed_in(url: str, password: str) -> str:
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    if not user or ":" in user:
        raise ValueError("where store_password is set, a store's URL names a user and no password")
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}").geturl()


Reachable = Annotated[str, AfterValidator(_reachable)]
"""A mail address or an http(s) URL."""

OurMailbox = Annotated[str, AfterValidator(_mailbox)]
"""One mail address of ours, bare or as `Name <address>`; the name may be in any script."""


class AdapterSettings(SecretSettings):
    """Everything the adapters can be told; each field is the variable `SUNRELAY_` and its name in capitals.

    Where `secrets_dir` names a directory, any of them may be a file in it that has the name of the variable
    in small letters; the variable goes before the file. What stands below a field is what `sunrelay settings`
    and docs/settings.md say of it.
    """

    model_config = SettingsConfigDict(
        env_prefix="SUNRELAY_",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    secrets_dir: DirectoryPath | None = None
    """A directory with one file a setting, named as the variable in small letters; a variable goes before."""

    store_password: SecretStr | None = None  # above store_url, which it becomes a part of
    """Put into a `store_url` that has none, so that the database and we can share one file."""

    store_url: SecretStr = SecretStr("sqlite+aiosqlite:///.sunrelay/cases.db")
    """The case store, `sqlite:///` or `postgresql://`; a desk keeps its own in its home."""

    smtp_host: str = "127.0.0.1"
    """The mail server that takes our mail."""

    smtp_port: int = Field(default=1025, ge=1, le=65535)
    """Its port; 1025 is the desk's own mail sink."""

    smtp_username: str | None = None
    """Who we are at the mail server."""

    smtp_password: SecretStr | None = None
    """Our password there."""

    smtp_starttls: bool = False
    """Turn the connection into TLS before anything is said."""

    smtp_tls: bool = False
    """TLS from the first byte."""

    mail_from: OurMailbox = "Sunrelay Support <support@sunrelay.localhost>"
    """Whom our mail is from, bare or as `Name <address>`."""

    replies_to: OurMailbox | None = None
    """An address that people read: the Reply-To of every mail. Without it letters say that none are read."""

    mail_domain: str = Field(default="", pattern=r"^[A-Za-z0-9.-]*$")
    """The domain of our Message-IDs; the sender's own if empty."""

    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_key)] | None = None
    """Signs the webhooks we send: `whsec_` and at least 24 bytes in base64."""

    allow_http_webhooks: bool = False
    """Let a case's contact name a webhook that is reached without TLS. Our own addresses are not bound."""

    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks outside the public Internet where a contact's webhook may be, as a JSON list."""

    follow_the_sun: bool = True
    """Hand cases whose policy says so from centre to centre; false keeps new ones where they came in."""

    staff_address: Reachable | None = None
    """Our own people, where no centre has an address: a mail address or an http(s) URL."""

    tss_address: Reachable | None = None
    """The technical support specialists."""

    sdm_address: Reachable | None = None
    """The service delivery managers."""

    region_addresses: dict[str, Reachable] = Field(default_factory=dict)
    """The address of each centre, as JSON: region to address."""

    digest_seconds: float = Field(default=5, ge=0, le=15)
    """Seconds a mail with what a shift end brings one of us waits for more, three times at most; 0: none."""

    vendor_config: str | None = None
    """A vendor's file, or the name of a shipped one; without it `vendor_address` is told, or staff."""

    vendor_token: SecretStr | None = None
    """What we show the vendor; in a secret file it is read anew each time."""

    vendor_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks outside the public Internet where the vendor may be, by http too, as a JSON list."""

    vendor_address: Reachable | None = None
    """Who is told what goes to the vendor, where no interface of theirs is configured."""

    vendor_webhook_secrets: Annotated[SecretStr, AfterValidator(_webhook_keys)] | None = None
    """The keys the vendor may sign with, one a line; several while one is changed."""

    survey_secrets: Annotated[SecretStr, AfterValidator(_link_keys)] | None = None
    """Sign the links of surveys, one a line: the first one new links, each of them those that are out."""

    survey_url: Annotated[str, AfterValidator(_web_address)] | None = (
        None  # below what its links are signed with
    )
    """Where customers reach `sunrelay survey listen`; without it they tell us, and staff enter it."""

    receipt_key: Path | None = None
    """A file with keys in PEM (mode 0600), the newest first: signs what customers are promised."""

    receipt_url: Annotated[str, AfterValidator(_web_address)] | None = None
    """Where anybody reaches the web door: records name it, and letters lead to its page /verify."""

    portal_secrets: Annotated[SecretStr, AfterValidator(_link_keys)] | None = None
    """Sign the links of letters to one case, one a line: the first one new links, each of them those out."""

    portal_url: Annotated[str, AfterValidator(_web_address)] | None = (
        None  # below what its links are signed by
    )
    """Where customers reach the portal: `https://desk.example/portal`; without it no letter leads there."""

    @field_validator("store_url")
    @classmethod
    def _has_its_password(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        password: SecretStr | None = info.data.get("store_password")
        if password is None:
            return value
        return SecretStr(_signed_in(value.get_secret_value(), password.get_secret_value()))

    @field_validator("survey_url", "portal_url")
    @classmethod
    def _has_a_key(cls, value: str | None, info: ValidationInfo) -> str | None:
        key = str(info.field_name).replace("_url", "_secrets")
        if value is not None and info.data.get(key) is None:
            raise ValueError(f"set SUNRELAY_{key.upper()} too: it signs the links")
        return value

    @field_validator("smtp_tls")
    @classmethod
    def _is_the_only_way(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("smtp_starttls"):
            raise ValueError("either TLS from the first byte, or smtp_starttls")
        return value

    def read_vendor_token(self) -> str | None:
        """Read the vendor's token as it is now: tokens that expire are renewed in their file."""
        told = self.vendor_token.get_secret_value().strip() if self.vendor_token else ""
        file = self.secrets_dir / "sunrelay_vendor_token" if self.secrets_dir else None
        if file is not None and not os.environ.get("SUNRELAY_VENDOR_TOKEN"):
            with suppress(OSError, UnicodeDecodeError):
                told = file.read_text(encoding="utf-8").strip() or told
        return told or None

    @property
    def message_domain(self) -> str:
        """Return the domain of our Message-IDs: the one set, or the sender's own."""
        return self.mail_domain or self.sender_address.rpartition("@")[2]

    @property
    def sender_address(self) -> str:
        """The address our mail comes from, without a name; what cannot be delivered comes back to it."""
        return named_mailbox(self.mail_from)[1]

    @property
    def replies_address(self) -> str | None:
        """The address at which people read answers, without a name; None where nobody does."""
        return named_mailbox(self.replies_to)[1] if self.replies_to else None
