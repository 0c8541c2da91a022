"""The real server, in memory: for what a clock that skips cannot show."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from workflows.messages import SEARCH_ATTRIBUTES


@asynccontextmanager
async def dev_server() -> AsyncIterator[Client]:
    """Start the development server, and end it after the block."""
    binary = Path(sys.executable).with_name("temporal")
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(binary), data_converter=pydantic_data_converter
    )
    kinds = {key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=kinds)  # type: ignore[arg-type]
    )
    await asyncio.sleep(2)  # until every part of the server knows them
    yield env.client
    await env.shutdown()
    await asyncio.sleep(0.5)  # the SDK's own threads want a moment before the interpreter goes
