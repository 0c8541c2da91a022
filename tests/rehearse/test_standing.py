"""The skipping server's clock is freed where nothing holds it, and left alone where a case has work to do."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.testservice.v1 import LockTimeSkippingRequest
from temporalio.testing import WorkflowEnvironment

from starter.rehearse.server import skipping_server
from starter.rehearse.standing import sleep

pytestmark = pytest.mark.timeout(120)

_DAY = timedelta(days=1)
_LOOKS = 0.2  # s; short, so that several go by in a second


async def _forget_to_unlock(env: WorkflowEnvironment) -> None:
    """As the server does itself now and then."""
    await env.client.test_service.lock_time_skipping(LockTimeSkippingRequest())


async def test_a_clock_that_nothing_holds_goes_on() -> None:
    async with skipping_server((), 1) as env:
        before = await env.get_current_time()
        await _forget_to_unlock(env)
        await sleep(env, _DAY, list, look_every=_LOOKS)
        assert await env.get_current_time() - before >= _DAY


async def test_a_case_that_waits_for_its_worker_holds_the_clock_until_it_is_ended() -> None:
    async with skipping_server((), 1) as env:
        case = await env.client.start_workflow("SupportCase", id="waits", task_queue="nobody-works-here")
        before = await env.get_current_time()
        sleeping = asyncio.create_task(sleep(env, _DAY, lambda: ["waits", "unknown"], look_every=_LOOKS))
        await asyncio.wait({sleeping}, timeout=10 * _LOOKS)
        assert not sleeping.done()
        assert await env.get_current_time() - before < _DAY
        await case.terminate()
        await sleeping
        assert await env.get_current_time() - before >= _DAY
