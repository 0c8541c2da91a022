"""What the adapters are told from outside: variables that begin with `SUNRELAY_`, or secret files.

This room reads settings once, at the start of a process. Secrets stay wrapped, so that neither a log nor an
error can show them.
"""

import base64
import binascii
import os
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import (
    AfterValidator,
    DirectoryPath,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import InitErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

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


def _webhook_keys(secrets: SecretStr) -> SecretStr:
    for key in secrets.get_secret_value().split():
        _webhook_key(SecretStr(key))
    return secrets


def _survey_keys(secrets: SecretStr) -> SecretStr:
    keys = secrets.get_secret_value().split()
    if not keys or min(map(len, keys)) < 32:
        raise ValueError("a survey secret has at least 32 characters that nobody can guess")
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


class SecretFiles(SecretsSettingsSource):
    """This will read a directory that has one file a setting; an empty file is a setting that is not set.

    Raises: ValidationError for a file that may not or cannot be read, naming it and never its content.
    """

    def __call__(self) -> dict[str, Any]:
        """This will be what stands in the files, by the names of the fields."""
        try:
            found = super().__call__()
        except SettingsError as error:
            raise _unreadable(f"{error}: {error.__cause__}") from None
        return {name: value for name, value in found.items() if value != ""}


def _unreadable(reason: str) -> ValidationError:
    # Not the SettingsError itself: those who open settings report one kind of error, in one line.
    told = InitErrorDetails(
        type="value_error", loc=("secrets_dir",), input="", ctx={"error": ValueError(reason)}
    )
    return ValidationError.from_exception_data("secrets", [told])


Reachable = Annotated[str, AfterValidator(_reachable)]
"""A mail address or an http(s) URL."""


class AdapterSettings(BaseSettings):
    """Everything the adapters can be told; each field is the variable `SUNRELAY_` and its name in capitals.

    Where `secrets_dir` names a directory, any of them may be a file in it that has the name of the variable
    in small letters; the variable goes before the file. `store_password` is put into a `store_url` that
    has none, so that the database and we can share one file.

    `follow_the_sun`: cases whose policy says so are handed from centre to centre. Where it is false a new
    case stays with the centre that took it in; what is open already keeps the rules it was opened under.
    `staff_address`, `tss_address`, `sdm_address` and `region_addresses` (JSON: region to address) are our own
    people.
    `allow_http_webhooks` and `webhook_networks` (JSON list) widen what a case's contact may name as his
    webhook, which is public https alone; our own addresses are not bound by them.
    `vendor_config` is a vendor's file, or the name of a shipped one; `vendor_networks` (JSON list) are those
    outside the public Internet where he may be, by http too. Without him `vendor_address` is told, or staff.
    `vendor_webhook_secrets`: the keys he may sign with, one a line; several while one is changed.
    `survey_url` is where customers reach `sunrelay survey listen`; without it a survey is answered by mail.
    `survey_secrets` sign its links: the first one new links, each of them those that are out.
    """

    model_config = SettingsConfigDict(
        env_prefix="SUNRELAY_", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    secrets_dir: DirectoryPath | None = None
    store_password: SecretStr | None = None  # above store_url, which it becomes a part of
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
    follow_the_sun: bool = True
    staff_address: Reachable | None = None
    tss_address: Reachable | None = None
    sdm_address: Reachable | None = None
    region_addresses: dict[str, Reachable] = {}
    vendor_config: str | None = None
    vendor_token: SecretStr | None = None
    vendor_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    vendor_address: Reachable | None = None
    vendor_webhook_secrets: Annotated[SecretStr, AfterValidator(_webhook_keys)] | None = None
    survey_secrets: Annotated[SecretStr, AfterValidator(_survey_keys)] | None = None
    survey_url: Annotated[str, AfterValidator(_web_address)] | None = (
        None  # below what its links are signed with
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """This will add the directory of secret files, if one is named and there."""
        place = os.environ.get("SUNRELAY_SECRETS_DIR")
        files = (SecretFiles(settings_cls, place),) if place and Path(place).is_dir() else ()
        return (init_settings, env_settings, *files)

    @field_validator("store_url")
    @classmethod
    def _has_its_password(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        password: SecretStr | None = info.data.get("store_password")
        if password is None:
            return value
        return SecretStr(_signed_in(value.get_secret_value(), password.get_secret_value()))

    @field_validator("survey_url")
    @classmethod
    def _has_a_key(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("survey_secrets") is None:
            raise ValueError("set SUNRELAY_SURVEY_SECRETS too: it signs the links")
        return value

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

    def read_vendor_token(self) -> str | None:
        """This will read the vendor's token as it is now: tokens that expire are renewed in their file."""
        told = self.vendor_token.get_secret_value().strip() if self.vendor_token else ""
        file = self.secrets_dir / "sunrelay_vendor_token" if self.secrets_dir else None
        if file is not None and not os.environ.get("SUNRELAY_VENDOR_TOKEN"):
            with suppress(OSError, UnicodeDecodeError):
                told = file.read_text(encoding="utf-8").strip() or told
        return told or None

    @property
    def message_domain(self) -> str:
        """This will name the domain of our Message-IDs: the one set, or the sender's own."""
        return self.mail_domain or parseaddr(self.mail_from)[1].rpartition("@")[2]
