"""The skipping server's clock is freed where nothing holds it, and left alone where a case has work to do."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

from temporalio.api.testservice.v1 import LockTimeSkippingRequest
from temporalio.testing import WorkflowEnvironment

from starter.rehearse.idle_clock import sleep
from starter.rehearse.server import skipping_server

_DAY = timedelta(days=1)
_LOOKS = 0.2  # s; short, so that several go by in a second


_ROOT = Path(__file__).parents[2]
_IMPATIENT = re.compile(r"\benv(?:ironment)?\.sleep\(|\.start_time_skipping\(")
"""The ways of the SDK that give up on a busy machine: after 30 s of a sleep, after 5 s of a start."""


def test_everybody_starts_the_server_and_lets_its_time_pass_with_the_same_patience() -> None:
    rooms = (_ROOT / name for name in ("starter", "bench", "tests"))
    files = (path for room in rooms for path in room.rglob("*.py") if path != Path(__file__))
    found = {
        str(path.relative_to(_ROOT)): hits
        for path in files
        if (hits := _IMPATIENT.findall(path.read_text(encoding="utf-8")))
    }
    assert found == {"starter/rehearse/server.py": [".start_time_skipping("]}


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
