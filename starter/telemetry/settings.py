"""What processes that serve are told about being watched."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from starter.door.faults import usage

_MOST_PORT = 65535


class LogForm(StrEnum):
    """For whom a log is written."""

    TEXT = "text"
    JSON = "json"


def split_address(address: str) -> tuple[str, int]:
    """Part an address, `host:port` or `[::1]:port`. Raises: ValueError."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) <= _MOST_PORT:
        raise ValueError("an address to listen on is host:port, such as 127.0.0.1:9464")
    return host.strip("[]"), int(port)


def _listening(address: str) -> str:
    split_address(address)
    return address


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("an address such as http://127.0.0.1:4318/v1/traces")
    return url


Listening = Annotated[str, AfterValidator(_listening)]
"""Where something listens, host:port."""


class TelemetrySettings(BaseSettings):
    """What a serving process can be told: SUNRELAY_LOG, _WEB_METRICS_ADDRESS, _TRACES_TO."""

    model_config = SettingsConfigDict(env_prefix="SUNRELAY_", env_ignore_empty=True)

    log: LogForm = LogForm.TEXT
    """How workers and web doors write their log: `text`, or `json`, one object a line."""

    web_metrics_address: Listening | None = None
    """Where the web door shows the metrics of the desk and of its calls, host:port; never its own port."""

    traces_to: Annotated[str, AfterValidator(_web_address)] | None = None
    """Where traces are sent, by OTLP over HTTP; needs the extra `traces`."""


def telemetry_settings() -> TelemetrySettings:
    """Read how this process is watched. Raises: Fault (usage), for all that is wrong."""
    try:
        return TelemetrySettings()
    except ValidationError as error:
        wrong = [f"SUNRELAY_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise usage("; ".join(wrong), "fix the environment of this process") from None
