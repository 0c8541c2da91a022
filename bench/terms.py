"""What it costs to write down what a case is held to: milliseconds to compile, bytes in history."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter

from activities.terms import TermsActivities
from domain.terms import TermsAnswer, TermsRequest
from policies import load_policy, policy_names

_AT = datetime(2027, 5, 12, 8, tzinfo=UTC)
_ZONE, _CALENDAR = "Australia/Sydney", "MY-KUL"  # two changes of offset a year, and the most holidays


async def terms() -> dict[str, Any]:
    """Compiles terms for 400 days under every plan of every preset, each day afresh."""
    found: dict[str, Any] = {"bench": "terms"}
    for name in policy_names():
        for plan in load_policy(name).plans:
            found[f"{name}/{plan}"] = await _of(name, plan)
    return found


async def _of(name: str, plan: str, rounds: int = 40) -> dict[str, float]:
    compiler = TermsActivities()
    spans, answer = [], TermsAnswer()
    for number in range(rounds):
        asked = TermsRequest(
            policy=name, plan=plan, zone=_ZONE, calendar=_CALENDAR, at=_AT + timedelta(days=number)
        )
        began = time.perf_counter()
        answer = await compiler.compile_terms(asked)
        spans.append((time.perf_counter() - began) * 1000)
    return {
        "first_ms": round(spans[0], 2),
        "median_ms": round(statistics.median(spans[1:]), 2),
        "bytes": await payload_size(answer),
    }


async def payload_size(answer: TermsAnswer) -> int:
    """Count the bytes an answer takes in history, as the product encodes it."""
    payloads = await pydantic_data_converter.encode([answer])
    return sum(payload.ByteSize() for payload in payloads)
