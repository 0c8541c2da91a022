"""`sunrelay lateness`: by clock and centre, for who leads the desk; what is not known is said."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.store.case_store import CaseStore
from domain.clocks import Clock, FiredClock
from domain.record import RecordBatch
from starter.home import Home
from tests.activities.builders import row
from tests.starter.conftest import Answer, Commands


async def _fill(url: str) -> None:
    store = await CaseStore.open(url)
    due_at = datetime.now(UTC) - timedelta(hours=1)
    kinds = [(Clock.UPDATE, "sydney", 12), (Clock.UPDATE, "manila", 40), (Clock.AUTO_CLOSE, "sydney", 7)]
    fired = tuple(
        FiredClock(clock=clock, due_at=due_at + timedelta(seconds=number), late_ms=late, region=region)
        for number, (clock, region, late) in enumerate(kinds)
    )
    await store.record(RecordBatch(row=await row(version=1), fired=fired))
    await store.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    place: Path = tmp_path_factory.mktemp("late")
    Home(place / "home").prepare()
    url = f"sqlite:///{place / 'cases.db'}"
    asyncio.run(_fill(url))
    typed = Commands(place / "home", "127.0.0.1:1")

    def run(*arguments: str, **more: str) -> Answer:
        return typed("lateness", *arguments, **{"SUNRELAY_STORE_URL": url, **more})

    return run


def test_each_clock_of_each_centre_has_its_figures_and_so_have_all(desk: Any) -> None:
    found = desk("--since", "7d", "-o", "json").record
    assert [(one["clock"], one["centre"], one["p99_ms"]) for one in found["rows"]] == [
        ("update", "manila", 40),
        ("update", "sydney", 12),
        ("auto_close", "sydney", 7),
    ]
    assert {name: found["all"][name] for name in ("count", "p50_ms", "max_ms")} == {
        "count": 3,
        "p50_ms": 12,
        "max_ms": 40,
    }
    page = desk()
    assert page.code == 0
    assert "auto close" in page.out
    assert "all clocks" in page.out
    assert "3 clocks fired" in page.err
    assert "not known before" in page.err  # the store was made just now
    only = desk("--clock", "auto-close", "--centre", "sydney", "-o", "json").record
    assert (only["all"]["count"], len(only["rows"])) == (1, 1)


def test_what_nobody_knows_is_told_all_at_once(desk: Any) -> None:
    wrong = desk("--clock", "tea", "--centre", "atlantis", "-o", "json")
    assert wrong.code in (2, 3)
    assert [one["code"] for one in wrong.fault["problems"]] == ["UsageError", "RegionUnknown"]
    for since in ("yesterday", "2026-11-30T09:00", "2999-01-01T00:00Z"):
        answer = desk("--since", since, "-o", "json")
        assert (answer.code, answer.fault["code"]) == (2, "UsageError"), since


def test_it_is_for_who_leads_the_desk(desk: Any) -> None:
    customer = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "acme"}
    refused = desk("-o", "json", **customer)
    assert (refused.code, refused.fault["code"]) == (3, "RoleNotPermitted")
