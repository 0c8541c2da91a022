"""The lists of the board: whose cases, in which order, what is left of each promise, and the next one."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from activities.people.rota import Rota
from activities.store.board import BoardFilter, read_rows
from domain.actor import Actor, ActorKind, Door, Role
from domain.centres.rota import Engineer
from domain.phase import Phase
from domain.record import RecordBatch
from domain.silence import SILENT_AFTER
from domain.timeline import EntryKind
from starter.door.board import COUNTS_HOLD, PAGE, Board, Lists, Narrowed, Wanted, is_shown
from starter.door.faults import Fault
from starter.web.board.cells import cells
from tests.activities.builders import entry, row
from tests.door_session import NOW
from tests.starter.board_pages import Pages, pages_of

HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>{{7*7}}{% raw %}\"'><img src=x onerror=alert(1)>"
ANA = Actor(kind=ActorKind.STAFF, name="Ana Reyes", role=Role.ENGINEER, door=Door.BOARD, region="sydney")
PATHS = ("/", "/centre", "/all", "/silent", "/overdue")
_NUMBERS = re.compile(r'<tr role="row" data-n="([^"]+)"')


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        await found.sign_in(region="sydney")
        yield found


async def listed(pages: Pages, path: str) -> list[str]:
    answer = await pages.get(path)
    assert answer.status_code == 200, answer.text
    return _NUMBERS.findall(answer.text)


async def test_everybody_has_one_order_missed_then_due_then_rank_then_received(pages: Pages) -> None:
    order = [
        ("INC-1", {"owed_at": NOW - 2 * HOUR, "rank": 3}),
        ("INC-2", {"owed_at": NOW - HOUR, "rank": 0}),
        ("INC-3", {"owed_at": NOW + HOUR, "rank": 1}),
        ("INC-4", {"owed_at": NOW + HOUR, "rank": 2, "received_at": NOW - 3 * HOUR}),
        ("INC-5", {"owed_at": NOW + HOUR, "rank": 2}),
        ("INC-6", {"owed_at": None, "owed_clock": None, "rank": 0}),
    ]
    numbers = [await pages.record(reference, changes) for reference, changes in reversed(order)][::-1]
    assert await listed(pages, "/all") == numbers
    assert await listed(pages, "/overdue") == numbers[:2]


async def test_a_promise_that_was_missed_is_owed_until_somebody_keeps_it(pages: Pages) -> None:
    number = await pages.record("INC-1", {"owed_at": NOW - 2 * HOUR, "next_due_at": NOW + HOUR})
    shown = (await pages.get("/overdue")).text
    assert number in shown
    assert "2 h late" in shown


async def test_mine_are_those_given_to_me_and_my_centres_its_own_and_what_it_is_offered(pages: Pages) -> None:
    mine = await pages.record("INC-1", {"assignee": "Ana Reyes", "region": "manila"})
    own = await pages.record("INC-2", {"region": "sydney"})
    offered = await pages.record("INC-3", {"region": "manila", "offered_to": "sydney"})
    await pages.record("INC-4", {"region": "sydney", "phase": Phase.CLOSED})
    assert await listed(pages, "/") == [mine]
    assert set(await listed(pages, "/centre")) == {own, offered}
    assert set(await listed(pages, "/centre?centre=manila")) == {mine, offered}


async def test_silent_is_what_nobody_of_ours_brought_further_for_a_day(pages: Pages) -> None:
    for reference, by, kind, late in (
        ("INC-1", "staff", EntryKind.UPDATED, False),
        ("INC-2", "staff", EntryKind.REASSIGNED, True),
        ("INC-3", "customer", EntryKind.REPLIED, True),
        ("INC-4", "system", EntryKind.STATUS_SENT, True),
    ):
        at = NOW + SILENT_AFTER
        said = entry(1, "x", kind=kind, at=at, by_kind=by)
        await pages.store.record(RecordBatch(row=await row(reference, entries=1), entries=(said,)))
        pages.clock.at = NOW + SILENT_AFTER + HOUR
        await pages.sign_in(region="sydney")
        numbers = await listed(pages, "/silent")
        assert ((await row(reference)).number in numbers) == late, reference


async def test_a_list_is_narrowed_by_level_tenant_centre_and_words(pages: Pages) -> None:
    one = await pages.record("INC-1", {"level": "P1"}, title="Printer jams")
    other = await pages.record("INC-2", {"tenant": "coastal", "region": "manila"}, title="Mail is slow")
    assert await listed(pages, "/all?level=P1") == [one]
    assert await listed(pages, "/all?tenant=coastal") == [other]
    assert await listed(pages, "/all?region=manila") == [other]
    assert await listed(pages, "/all?words=printer") == [one]
    assert await listed(pages, "/all?tenant=nobody") == []


async def test_a_list_of_many_goes_on_page_after_page_each_case_once(pages: Pages) -> None:
    for number in range(PAGE + 20):
        changed = await row(f"INC-{number}", owed_at=NOW + (number // 7) * HOUR)
        await pages.store.record(RecordBatch(row=changed))
    first = await pages.get("/all")
    more = re.search(r'<a href="([^"]+)" rel="next">', first.text)
    assert more is not None
    numbers = _NUMBERS.findall(first.text) + await listed(pages, more[1].replace("&amp;", "&"))
    assert len(numbers) == len(set(numbers)) == PAGE + 20
    assert (await pages.get("/all?after=nonsense")).status_code == 400


async def test_each_row_says_which_promise_due_when_in_both_zones_and_what_is_left(pages: Pages) -> None:
    await Rota(pages.store).put([Engineer(name="Jun Santos", region="manila")], "Mo")
    await pages.sign_in("Jun Santos", region="manila")
    number = await pages.record("INC-1", title="Outlook cannot send", tenant_company="Acme Pty")
    shown = (await pages.get("/all")).text
    for text in ("Outlook cannot send", "Acme Pty", "initial response", "1 business day"):
        assert text in shown, text
    assert "Wed 03 Mar 11:00 Manila" in shown
    assert "Wed 03 Mar 14:00 Sydney" in shown
    assert f'href="/cases/{number}/explain/initial_response"' in shown


async def test_what_changed_is_on_the_lists_that_show_it(pages: Pages) -> None:
    for number, changes in enumerate(
        (
            {"assignee": "Ana Reyes"},
            {"region": "manila", "offered_to": "sydney"},
            {"owed_at": NOW - HOUR},
            {"phase": Phase.RESOLVED, "assignee": "Ana Reyes"},
            {"level": "P1", "region": "manila", "received_at": NOW - 2 * SILENT_AFTER},
        )
    ):
        await pages.store.record(RecordBatch(row=await row(f"INC-{number}", **changes)))
    board, every = Board(pages.session), await read_rows(pages.store, BoardFilter())
    changed = await board.changes(NOW - timedelta(days=10_000))
    assert len(changed) == len(every) + 1
    for shown in Lists:
        for narrowed in (
            Narrowed(),
            Narrowed(level="P1"),
            Narrowed(region="manila"),
            Narrowed(tenant="acme"),
        ):
            wanted = Wanted(shown=shown, narrowed=narrowed, centre="sydney")
            lines = (await board.page(ANA, wanted)).lines
            told = {one.row.number for one in changed if is_shown(ANA, wanted, one, NOW)}
            assert told == {line.number for line in lines}, wanted


async def test_a_row_is_sent_in_a_kilobyte_whatever_is_in_it(pages: Pages) -> None:
    for number, text in enumerate(('"' * 200, "\\" * 200, "名" * 200, HOSTILE * 2)):
        await pages.record(f"INC-{number}", {"assignee": text}, title=text, tenant_company=text)
    for line in (await Board(pages.session).page(ANA, Wanted(shown=Lists.ALL))).lines:
        sent = json.dumps(cells(line, ZoneInfo("Asia/Manila"), NOW)._asdict(), ensure_ascii=False)
        assert len(sent.encode()) <= 1024


async def test_many_who_look_at_once_are_told_one_set_of_counts_however_old_the_kept_ones_get(
    pages: Pages,
) -> None:
    for number in range(3):
        await pages.record(f"INC-{number}", {"assignee": "Ana Reyes", "owed_at": NOW - HOUR})
    board = Board(pages.session)
    await board.page(ANA, Wanted(centre="sydney"))

    def ticking() -> datetime:
        pages.clock.passes(COUNTS_HOLD / 2)
        return pages.clock.at

    pages.session.now = ticking
    wanted = [Wanted(shown=shown, centre="sydney") for shown in Lists] * 4
    for page in await asyncio.gather(*(board.page(ANA, one) for one in wanted)):
        assert page.counts == {"mine": 3, "centre": 3, "all": 3, "silent": 0, "overdue": 3}
        assert page.found == len(page.lines)


@pytest.mark.parametrize("path", [*PATHS, "/search?q=script"])
async def test_hostile_text_stays_text_on_every_list(pages: Pages, path: str) -> None:
    changes = {
        "assignee": HOSTILE,
        "title": f"{HOSTILE}\u202egnp",
        "tenant": HOSTILE,
        "offered_to": "sydney",
        "owed_at": NOW - HOUR,
        "received_at": NOW - 2 * SILENT_AFTER,
    }
    await pages.record("INC-1", changes, title=HOSTILE, tenant_company=HOSTILE, explanation=HOSTILE)
    await pages.sign_in(HOSTILE, region="sydney")
    shown = (await pages.get(path)).text
    assert "{{7*7}}" in shown
    for element in ("<img", "<script>", "\u202e"):
        assert element not in shown


@pytest.mark.parametrize("field", ["level", "tenant", "region", "words", "q", "centre", "after"])
async def test_hostile_text_in_an_address_stays_text(pages: Pages, field: str) -> None:
    for path in (*PATHS, "/search"):
        answer = await pages.client.get(path, params={field: HOSTILE})
        assert answer.status_code in (200, 400, 409), path
        assert "<img" not in answer.text
        assert "<script>" not in answer.text


async def test_a_search_finds_and_a_number_leads_to_its_case(pages: Pages) -> None:
    number = await pages.record("INC-1", title="Printer jams")
    assert number in (await pages.get("/search?q=printer")).text
    led = await pages.get(f"/search?q={number}")
    assert (led.status_code, led.headers["location"]) == (303, f"/cases/{number}")
    assert "0 cases found" in (await pages.get("/search?q=zebra")).text


async def test_a_centre_says_who_is_on_duty_who_is_next_and_what_it_is_offered(pages: Pages) -> None:
    rota = Rota(pages.store)
    people = [Engineer(name=name, region="sydney") for name in ("Ana Reyes", "Liv Berg")]
    await rota.put(people, "Mo")
    await rota.check_in("Ana Reyes", NOW - HOUR, "Ana Reyes", "sydney", NOW + HOUR)
    await pages.record("INC-1", {"region": "manila", "offered_to": "sydney"}, title="Waits for somebody")
    await pages.record("INC-2", {"region": "sydney"})
    shown = (await pages.get("/centre")).text
    assert re.search(r"Ana Reyes</bdi> until <time[^>]*>Tue 02 Mar 15:00 Sydney", shown)
    assert re.search(r"Liv Berg</bdi> from <time", shown)
    assert "Offered to this centre, and not accepted yet" in shown
    assert "not known while the engine does not answer" in shown
    assert re.search(r"Without an owner</dt><dd>\s+1 case", shown)


async def test_since_when_the_engine_is_away_is_said_and_the_same_for_the_whole_outage(pages: Pages) -> None:
    await pages.get("/centre")
    pages.clock.passes(timedelta(minutes=2))
    assert "has not answered since 14:00:00 Sydney" in (await pages.get("/centre")).text
    pages.clock.passes(timedelta(minutes=20))
    assert "has not answered since 14:22:00 Sydney" in (await pages.get("/centre")).text


async def test_a_store_that_is_away_is_said_with_since_when_and_no_more_once_it_is_back(pages: Pages) -> None:
    file = Path(str(pages.store._url.database))
    aside = file.with_suffix(".aside")
    await pages.store.close()
    file.rename(aside)
    file.mkdir()
    lost = await pages.get("/all")
    assert lost.status_code == 503
    assert "Since" in lost.text
    assert "03:00:00 UTC" in lost.text
    pages.clock.passes(timedelta(minutes=1))
    assert "03:00:00 UTC" in (await pages.get("/all")).text
    file.rmdir()
    aside.rename(file)
    assert (await pages.get("/all")).status_code == 200
    await pages.store.close()
    file.rename(aside)
    file.mkdir()
    assert "03:01:00 UTC" in (await pages.get("/all")).text


async def test_who_pulls_where_nothing_waits_is_told_so_and_a_pull_is_a_form_of_ours(pages: Pages) -> None:
    fields = await pages.hidden()
    told = await pages.post("/pull", fields)
    assert (told.status_code, "no case that nobody works on" in told.text) == (409, True)
    assert (await pages.post("/pull", fields, origin="http://evil.example")).status_code == 403
    assert (await pages.post("/pull", {"form": "0"})).status_code == 403
    assert (await pages.get("/pull")).status_code == 405


@pytest.mark.parametrize("path", [*PATHS, "/search?q=x", "/stream/all"])
async def test_no_list_is_for_a_customer_nor_for_who_is_not_signed_in(pages: Pages, path: str) -> None:
    number = await pages.record("INC-1")
    await pages.sign_in("Kim Ng", "customer", tenant="acme")
    refused = await pages.get(path)
    assert (refused.status_code, number in refused.text) == (403, False)
    pages.client.cookies.clear()
    assert (await pages.get(path)).status_code == 401


async def test_the_board_is_for_our_own_people_alone(pages: Pages) -> None:
    kim = Actor(kind=ActorKind.CUSTOMER, name="Kim", role=Role.CUSTOMER, door=Door.BOARD, tenant="acme")
    board = Board(pages.session)
    for asked in (board.page(kim, Wanted()), board.pull(kim), board.offers(kim, "sydney")):
        with pytest.raises(Fault, match="is not for"):
            await asked
