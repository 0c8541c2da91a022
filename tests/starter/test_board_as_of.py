"""The board as it stood: lists, a centre and a case of an earlier minute, to look at and not to act on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from activities.people.closures import Closures
from activities.people.past import CentrePast
from activities.people.rota import Rota
from domain.centres.rota import Engineer
from domain.clocks import Clock
from domain.phase import Phase
from domain.record import CaseRow, RecordBatch, row_of
from domain.views.as_of import moment_of
from starter.door.policies_in_force import regions_by_policy
from tests.activities.builders import entry, whole_case
from tests.door_session import NOW
from tests.starter.board_pages import Pages, pages_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>{{7*7}}\"'><img src=x onerror=alert(1)>"
AT = "2027-03-02T02:00:00Z"
"""An hour before now; 13:00 in Sydney."""


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        await found.sign_in(region="sydney")
        yield found


async def lived(pages: Pages, *stood: tuple[timedelta, dict[str, Any]], **said: Any) -> CaseRow:
    """Keep a case that has stood like this, each since so long ago."""
    case, _ = await whole_case("INC-1", **said)
    row, moments = row_of(case), []
    for version, (ago, changes) in enumerate(stood, 1):
        own = {"version": version, "at": NOW - ago}
        moments.append(moment_of(case, NOW - ago).model_copy(update=changes | own))
        row = row.model_copy(update=changes | {"version": version, "received_at": NOW - stood[0][0]})
    told = tuple(
        entry(number, f"word {number}", at=NOW - 2 * HOUR + number * 45 * MINUTE) for number in (1, 2)
    )
    await pages.store.record(RecordBatch(row=row, entries=told, moments=tuple(moments)))
    return row


async def test_a_queue_is_shown_as_it_stood_at_the_minute(pages: Pages) -> None:
    row = await lived(
        pages,
        (2 * HOUR, {"region": "sydney", "assignee": "Bea", "owed_at": NOW - 90 * MINUTE}),
        (30 * MINUTE, {"region": "manila", "assignee": "Cai", "owed_at": NOW + HOUR}),
    )
    now, then = await pages.get("/centre"), await pages.get(f"/centre?as_of={AT}")
    assert row.number not in now.text
    assert row.number in then.text
    assert "Bea" in then.text
    assert "30 min late" in then.text  # then; an hour and a half by now
    assert row.number in (await pages.get(f"/overdue?as_of={AT}")).text
    assert row.number not in (await pages.get("/overdue")).text
    assert f"/cases/{row.number}?as_of={AT}" in unescape(then.text)


async def test_a_page_of_the_past_says_so_leads_back_and_has_nothing_to_act_by(pages: Pages) -> None:
    row = await lived(pages, (2 * HOUR, {"region": "sydney"}))
    for path in ("/", "/centre", "/all", "/silent", "/overdue", f"/cases/{row.number}"):
        text = (await pages.get(f"{path}?as_of={AT}")).text
        assert "As it stood at <time" in text
        assert "2027-03-02 13:00 (Sydney)" in text
        assert f'<a href="{path}">now</a>' in text.replace("?centre=sydney", "")
        assert text.count('method="post"') == text.count('action="/sign-out"') == 1, path
        assert "data-stream" not in text
        assert "<script" not in text


async def test_the_time_is_typed_by_the_clock_of_who_looks_or_moved_along_its_day(pages: Pages) -> None:
    typed = {"as_of": "2027-03-02T13:00", "zone": "Australia/Sydney"}
    moved = {"day": "2027-03-02", "minute": "780", "zone": "Australia/Sydney"}
    for asked in (typed, moved):
        answer = await pages.client.get("/all", params=asked)
        assert "2027-03-02 13:00 (Sydney)" in answer.text, answer.text
    form = (await pages.get("/all")).text
    assert 'type="datetime-local" name="as_of" value="2027-03-02T14:00" max="2027-03-02T14:00"' in form
    past = (await pages.get(f"/all?as_of={AT}")).text
    assert 'type="range" name="minute" min="0" max="840" value="780"' in past


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2027-03-02T03:00:01Z", "is still to come"),
        ("2026-01-01T00:00Z", "the desk was not there"),
        ("2027-03-02T13:00", "has no zone"),
        (HOSTILE, "is no instant"),
        ("0001-01-01T00:00+14:00", "is no instant"),
    ],
)
async def test_an_instant_without_a_past_is_refused_with_what_to_do(
    pages: Pages, asked: str, told: str
) -> None:
    await lived(pages, (2 * HOUR, {}))
    for path in ("/all", "/cases/SR-0000-0000-0"):
        answer = await pages.client.get(path, params={"as_of": asked})
        assert "<script>alert" not in answer.text
        if path == "/all":
            assert (answer.status_code, told in unescape(answer.text)) == (400, True), answer.text


async def test_a_case_shows_how_it_stood_and_nothing_of_after(pages: Pages) -> None:
    row = await lived(
        pages,
        (2 * HOUR, {"phase": Phase.IN_PROGRESS, "title": "As it was called", "level": "P3"}),
        (30 * MINUTE, {"phase": Phase.RESOLVED, "title": "As it is called", "level": "P1"}),
    )
    text = (await pages.get(f"/cases/{row.number}?as_of={AT}")).text
    assert "As it was called" in text
    assert "in progress" in text
    assert "As it is called" not in text
    assert "word 1" in text
    assert "word 2" not in text
    early = await pages.get(f"/cases/{row.number}?as_of=2027-03-02T00:59:00Z")
    assert early.status_code == 404
    assert "was not there" in early.text


async def test_a_promise_is_late_by_what_was_due_then(pages: Pages) -> None:
    row = await lived(pages, (2 * HOUR, {}))
    (stands,) = await pages.store.moments.of(row.case_id)
    promises = [one.model_copy(update={"due_at": NOW - 90 * MINUTE}) for one in stands.promises or ()]
    assert [one.clock for one in promises] == [Clock.INITIAL_RESPONSE]
    moment = stands.model_copy(update={"promises": tuple(promises)})
    await pages.store.record(RecordBatch(row=row, moments=(moment,)))
    late = (await pages.get(f"/cases/{row.number}?as_of={AT}")).text
    due = (await pages.get(f"/cases/{row.number}?as_of=2027-03-02T01:20:00Z")).text
    assert "30 min late, and not kept by then" in late
    assert "10 min left" in due


async def test_a_centre_says_who_was_on_duty_and_whether_it_was_open(pages: Pages) -> None:
    rota, past = Rota(pages.store), CentrePast(pages.store)
    await rota.put([Engineer(name="Bea", region="sydney"), Engineer(name="Cai", region="sydney")], "Mo")
    await past.keep_regions(regions_by_policy(), "worker")
    await rota.check_in("Bea", NOW - 2 * HOUR, "Mo")
    await rota.check_in("Cai", NOW - 2 * HOUR, "Mo")
    await rota.away("Cai", NOW - 90 * MINUTE, None, "Mo")
    await rota.check_out("Bea", NOW - 30 * MINUTE, "Mo")
    await Closures(pages.store).close("sydney", NOW - 20 * MINUTE, None, "flooded", "Mo")

    async def centre(at: str) -> str:
        return (await pages.get(f"/centre?as_of={at}")).text.partition("How the centre stood")[2]

    before, open_, shut = [await centre(f"2027-03-02T{at}:00Z") for at in ("00:30", "02:00", "02:50")]
    assert "nobody had checked in" in before
    assert "Bea" in open_
    assert "until " in open_
    assert "<dt>Away</dt>" in open_
    assert "flooded" not in open_
    assert "closed by hand" in shut
    assert "flooded" in shut
    assert "Bea" not in shut


async def test_what_nobody_kept_is_said_to_be_not_known(pages: Pages) -> None:
    row = await lived(pages, (2 * HOUR, {}))
    async with pages.store.writing() as connection:
        await connection.exec_driver_sql("delete from case_moments")
        await connection.exec_driver_sql("update past_kept set since = '2027-03-02 02:30:00.000000'")
    listed = (await pages.get(f"/all?as_of={AT}")).text
    assert "How 1 more case stood then is not known: it is kept since" in listed
    case = (await pages.get(f"/cases/{row.number}?as_of={AT}")).text
    assert "How it stood then is not known" in case
    assert "word 1" in case
    centre = (await pages.get(f"/centre?as_of={AT}")).text
    assert "not known: nobody kept then who was there" in centre
    assert "not known: nobody kept its hours then" in centre


async def test_hostile_text_of_the_past_is_text(pages: Pages) -> None:
    row = await lived(pages, (2 * HOUR, {"title": HOSTILE, "assignee": HOSTILE, "waiting_for": HOSTILE}))
    for path in ("/all", f"/cases/{row.number}"):
        text = (await pages.get(f"{path}?as_of={AT}")).text
        assert "<img src=x" not in text
        assert "{{7*7}}" in text


async def test_nobody_of_a_tenant_sees_a_page_of_the_past(pages: Pages) -> None:
    row = await lived(pages, (2 * HOUR, {}))
    await pages.sign_in("Kim Ng", "customer", tenant="acme")
    for path in ("/all", "/centre", f"/cases/{row.number}"):
        assert (await pages.get(f"{path}?as_of={AT}")).status_code == 403
