"""Which Temporal server a command talks to, and the client that does.

Part of the doors. A flag wins over the environment, the environment over the profile, a profile over the
desk that runs here, and that over localhost:7233: the conventions of the `temporal` command, and no second
configuration file.
"""

import asyncio
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starter.faults import unreachable, usage
from starter.home import Home

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.runtime import Runtime

DEFAULT_ADDRESS = "localhost:7233"
_CONNECT = timedelta(seconds=4)  # longer than a restart of the embedded server takes to listen again


@dataclass(frozen=True)
class Target:
    """What was asked for on the command line; None where it was not."""

    address: str | None = None
    namespace: str | None = None
    profile: str | None = None
    config_file: str | None = None


@dataclass(frozen=True)
class Place:
    """Where the server is, why we think so, and what else the client needs (TLS, key)."""

    address: str
    namespace: str
    origin: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_configured(self) -> bool:
        """This will be true where somebody named a server, so that the desk starts none of its own."""
        return self.origin in ("--address", "TEMPORAL_ADDRESS", "profile")


def locate(target: Target, home: Home | None = None) -> Place:
    """This will decide which server is meant. Raises: Fault (usage) for a profile that is not there."""
    config = _configured(target)
    found = config.pop("target_host", None)
    namespace = config.pop("namespace", None)
    if found:
        origin = "--address" if target.address else _origin_of(found)
        return Place(found, namespace or "default", origin, config)
    desk = (home or Home.current()).desk()
    if desk is not None:
        return Place(desk.address, namespace or desk.namespace, "the desk running here", config)
    return Place(DEFAULT_ADDRESS, namespace or "default", "default", config)


def _origin_of(address: str) -> str:
    return "TEMPORAL_ADDRESS" if os.environ.get("TEMPORAL_ADDRESS") == address else "profile"


def _configured(target: Target) -> dict[str, Any]:
    from temporalio.envconfig import ClientConfig

    file = target.config_file or os.environ.get("TEMPORAL_CONFIG_FILE")
    if file and not Path(file).is_file():
        raise usage(f"there is no configuration file {file}", "give --config-file an existing file")
    flags = {"TEMPORAL_ADDRESS": target.address, "TEMPORAL_NAMESPACE": target.namespace}
    environment = {**os.environ, **{name: value for name, value in flags.items() if value}}
    try:
        config = ClientConfig.load_client_connect_config(
            profile=target.profile, config_file=target.config_file, override_env_vars=environment
        )
    except Exception as error:
        raise usage(f"Temporal configuration: {_first_line(error)}", "mend the profile or its file") from None
    return {key: value for key, value in config.items() if value is not None}


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


async def connect(place: Place, runtime: "Runtime | None" = None) -> "Client":
    """This will connect, or give up after 5 s at most. Raises: Fault (unreachable) with the address tried."""
    from temporalio.client import Client
    from temporalio.contrib.pydantic import pydantic_data_converter

    try:
        return await asyncio.wait_for(
            Client.connect(
                place.address,
                namespace=place.namespace,
                data_converter=pydantic_data_converter,
                connect_timeout=_CONNECT,
                runtime=runtime,
                **place.more,
            ),
            _CONNECT.total_seconds() + 1,
        )
    except (RuntimeError, OSError, TimeoutError, ValueError):
        raise unreachable(place.address, place.origin) from None
