"""The pages of centres, policies, vendors and incidents: what is planned, and what became of it."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from activities.people.closures import Closures
from activities.people.rota import Rota
from domain.centres.rota import Engineer
from domain.phase import Phase
from domain.policy import Shift
from domain.record import RecordBatch
from domain.timeline import EntryKind
from starter.door.days import Days, week_of
from starter.door.vendor_list import VendorHere
from tests.activities.builders import entry, row
from tests.door_session import NOW
from tests.starter.board_pages import Pages, pages_of

HOUR = timedelta(hours=1)
MORNING = Shift(days=("mon", "tue"), start=time(9), end=time(12))
HERE = VendorHere("practice", "https://vendor.example", tried_live=False, has_token=True, hears=False)


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path, vendor=HERE) as found:
        await found.sign_in(region="sydney")
        yield found


async def test_coverage_names_gaps_closures_and_who_is_on_by_both_clocks(pages: Pages) -> None:
    rota = Rota(pages.store)
    await rota.put([Engineer(name="Ana Reyes", region="sydney", shifts=(MORNING,))], "Mo")
    await rota.check_in("Ana Reyes", NOW - HOUR, "Ana", until=NOW + HOUR)
    for centre in ("manila", "kuala_lumpur"):
        await Closures(pages.store).close(centre, NOW, NOW + 24 * HOUR, "Storm & flood", "Mo")
    shown = (await pages.get("/coverage?day=2027-03-02")).text
    assert "Coverage, Tuesday 02 March 2027" in shown
    assert ">09:00–18:00</text>" in shown  # by the centre's own clock, in its bar
    assert "Storm &amp; flood" in shown
    assert '<th scope="row">gap</th>' in shown
    assert "nobody holds a case" in shown
    assert "Ana Reyes</bdi> until" in shown  # on duty now
    assert "Tue 02 Mar 12:00 Sydney" in shown  # planned
    assert "manila: Storm &amp; flood</title>" in shown
    assert 'class="now"' in shown
    other = (await pages.get("/coverage?day=2027-03-10")).text
    assert "On duty now" not in other
    assert "Storm" not in other


async def test_coverage_names_the_day_on_which_clocks_change_and_holidays(pages: Pages) -> None:
    shown = (await pages.get("/coverage?day=2027-04-04")).text
    assert "The clocks of Sydney go back by 1 h at Sun 04 Apr 02:00 Sydney" in shown
    assert "clocks of" not in (await pages.get("/coverage?day=2027-04-05")).text
    christmas = (await pages.get("/coverage?day=2027-12-25")).text
    assert "Christmas Day, the centre works" in christmas


async def test_a_week_of_the_rota_shows_who_works_and_when_nobody_does(pages: Pages) -> None:
    await Rota(pages.store).put([Engineer(name="Ana Reyes", region="sydney", shifts=(MORNING,))], "Mo")
    await Rota(pages.store).away("Ana Reyes", NOW, NOW + HOUR, "Ana")
    shown = (await pages.get("/rota")).text  # their own centre
    assert 'Rota of <span class="place">sydney</span>, week from 01 March 2027' in shown
    assert "Ana Reyes</bdi> 09:00 to 12:00" in shown
    assert shown.count('<span class="person warn">12:00 to 18:00') == 2
    assert shown.count('<span class="person warn">09:00 to 18:00') == 5
    assert "away until" in shown
    nobody = (await pages.get("/rota?centre=manila&week=2027-03-10")).text
    assert "week from 08 March 2027" in nobody
    assert "Nobody is in the rota of this centre" in nobody
    assert "person warn" not in nobody


async def test_a_policy_shows_what_each_level_promises_and_where_it_comes_from(pages: Pages) -> None:
    listed = (await pages.get("/policies")).text
    assert 'href="/policies/westcoast"' in listed
    shown = (await pages.get("/policies/rhipe-csp")).text
    for text in ("1 business day", "stated RHIPE-13, RHIPE-14", "assumed RHIPE-38, GAP-10", "no commitment"):
        assert text in shown, text
    missing = await pages.get("/policies/none-such")
    assert (missing.status_code, "no policy in force has that name" in missing.text) == (404, True)


async def test_vendors_are_shown_with_the_cases_and_their_own_numbers_and_no_secret(pages: Pages) -> None:
    told = (entry(1, kind=EntryKind.ESCALATED_TO_VENDOR, about="2704030040001234"),)
    case = await row("INC-1", entries=1, phase=Phase.VENDOR_ESCALATED)
    await pages.store.record(RecordBatch(row=case, entries=told))
    shown = (await pages.get("/vendors")).text
    for text in ("practice", "https://vendor.example", "is set", case.number, "2704030040001234"):
        assert text in shown, text


async def test_a_list_of_incidents_says_that_the_engine_alone_knows_them(pages: Pages) -> None:
    answer = await pages.get("/incidents")
    assert answer.status_code == 200
    assert "the engine&#39;s alone to know" in answer.text or "the engine's alone to know" in answer.text


def test_days_are_whole_by_the_clock_they_are_told_by() -> None:
    week = week_of(NOW.date(), "Australia/Sydney")
    assert (week.first.isoformat(), week.last.isoformat()) == ("2027-03-01", "2027-03-07")
    back = Days(
        first=week.first.replace(month=4, day=4), last=week.last.replace(month=4, day=4), zone=week.zone
    )
    start, end = back.bounds()
    assert end - start == 25 * HOUR
    assert week.moved(-1).last == week.first - timedelta(days=1)
