"""Which Temporal server a command talks to, and the client that does.

A flag wins over the environment, the environment over the profile, a profile over the
desk that runs here, and that over localhost:7233: the conventions of the `temporal` command, and no second
configuration file.
"""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime
from temporalio.service import RetryConfig

from activities.words.reason import reason_of
from starter.door.faults import unreachable, usage
from starter.door.place import Place, Target
from starter.home import Home
from starter.telemetry.traces import tracing

DEFAULT_ADDRESS = "localhost:7233"
_CONNECT = timedelta(seconds=4)  # longer than a restart of the embedded server takes to listen again


def locate(target: Target, home: Home | None = None) -> Place:
    """Decide which server is meant. Raises: Fault (usage) for a profile that is not there."""
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
        raise usage(f"Temporal configuration: {reason_of(error)}", "fix the profile or its file") from None
    return {key: value for key, value in config.items() if value is not None}


async def connect(place: Place, runtime: Runtime | None = None, *, within: timedelta | None = None) -> Client:
    """Connect, or give up after 5 s at most. Raises: Fault (unreachable) with the address tried.

    `within`: the time an answer has. A server that goes away is asked again for two thirds of it, so that
    there is time to say so; else for 10 s, as is the SDK's own way.
    """
    traces = tracing()
    retries = RetryConfig()
    if within is not None:
        retries.max_elapsed_time_millis = int(within * 2 / 3 / timedelta(milliseconds=1))
    try:
        return await asyncio.wait_for(
            Client.connect(
                place.address,
                namespace=place.namespace,
                data_converter=pydantic_data_converter,
                connect_timeout=_CONNECT,
                runtime=runtime,
                interceptors=traces,
                retry_config=retries,
                **place.more,
            ),
            _CONNECT.total_seconds() + 1,
        )
    except (RuntimeError, OSError, TimeoutError, ValueError):
        raise unreachable(f"{place.address} ({place.origin})") from None
