"""Rosters: the policy's own shifts, what was closed by hand, who is there; and an outage drops nothing."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from temporalio.testing import ActivityEnvironment

from activities.people.closures import Closures
from activities.people.read_roster import RosterActivities
from activities.people.rosters import READ_WITHIN, Rosters
from activities.people.rota import Rota, RotaChanges
from activities.store.case_store import CaseStore
from activities.store.database import Database
from domain.actor import Tier
from domain.centres.regions import HORIZON, Centre, Roster, RosterRequest
from domain.centres.rota import Engineer
from domain.centres.shifts import OpenSpan
from domain.naming import case_id, case_number
from domain.phase import Phase
from domain.policy import SupportPolicy, Weekday
from domain.record import CaseRow, RecordBatch
from policies import CalendarUnknown, HolidayTable, load_policy

# A Tuesday, 14:30 in Sydney and Melbourne, 16:30 in Auckland, 11:30 in Kuala Lumpur and Manila.
AT = datetime(2027, 3, 2, 3, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
UNHURRIED = timedelta(minutes=1)  # a busy machine is no store that is away
RHIPE = load_policy("rhipe-csp")


def engineer(name: str, region: str = "sydney", **more: Any) -> Engineer:
    return Engineer(name=name, region=region, **more)


def case(
    reference: str, region: str, phase: Phase = Phase.IN_PROGRESS, assignee: str | None = None
) -> CaseRow:
    identity = case_id("acme", "desk", reference)
    counts = (
        "updates_by_staff",
        "updates_by_system",
        "updates_missed",
        "breaches",
        "reopens",
        "rank",
        "entries",
    )
    return CaseRow.model_validate(
        dict.fromkeys(CaseRow.model_fields)
        | dict.fromkeys(counts, 0)
        | dict.fromkeys(("policy", "plan", "title", "level", "tenant", "reference"), "any")
        | {"case_id": identity, "number": case_number(identity), "region": region, "assignee": assignee}
        | {"phase": phase, "received_at": AT, "version": 1}
    )


async def recorded(store: CaseStore, *rows: CaseRow) -> None:
    for row in rows:
        await store.record(RecordBatch(row=row))


async def read(store: Database | None, at: datetime = AT, **more: Any) -> Roster:
    asked = {key: more.pop(key) for key in ("skill", "tier") if key in more}
    rosters = Rosters(store, patience=UNHURRIED, **more)
    found = await rosters.read(RosterRequest(policy="rhipe-csp", at=at, **asked))
    await rosters.close()
    return found


async def centre(store: Database | None, name: str, **more: Any) -> Centre:
    found = (await read(store, **more)).centre(name)
    assert found is not None
    return found


def spans(found: Centre) -> list[str]:
    return [f"{span.opens_at:%dT%H:%M} {span.closes_at:%dT%H:%M}" for span in found.open]


def with_region(name: str, **more: Any) -> SupportPolicy:
    plain = RHIPE.model_dump(mode="json")
    plain["regions"][name] |= more
    return SupportPolicy.model_validate(plain)


@pytest.mark.covers("RHIPE-22")
async def test_a_roster_has_every_centre_in_the_policys_order(store: CaseStore) -> None:
    found = await read(store)
    assert [one.name for one in found.centres] == [
        "auckland",
        "sydney",
        "melbourne",
        "kuala_lumpur",
        "manila",
    ]
    assert (found.read_at, found.until) == (AT, AT + HORIZON)
    assert [one.name for one in found.centres if one.span_at(AT)] == ["auckland", "sydney", "melbourne"]


async def test_stretches_reach_from_yesterday_to_the_horizon_and_are_whole(store: CaseStore) -> None:
    assert spans(await centre(store, "manila", at=datetime(2027, 3, 2, 18, tzinfo=UTC))) == [
        "01T14:00 01T23:00",
        "02T14:00 02T23:00",
        "03T14:00 03T23:00",
        "04T14:00 04T23:00",
    ]


async def test_a_desk_without_a_rota_counts_nobody_and_works(store: CaseStore) -> None:
    found = await centre(store, "sydney")
    assert (found.on_shift, found.engineer, found.open_cases) == (None, None, 0)


async def test_who_has_checked_in_and_is_not_away_is_counted(store: CaseStore) -> None:
    rota = Rota(store)
    await rota.put([engineer("Ana"), engineer("Ben"), engineer("Cai"), engineer("Dee", "manila")], "Ada")
    assert (await centre(store, "sydney")).on_shift == 0
    assert (await centre(store, "melbourne")).on_shift is None
    for name in ("Ana", "Ben", "Cai"):
        await rota.check_in(name, AT - HOUR, "Ada")
    assert (await centre(store, "sydney")).on_shift == 3
    await rota.check_out("Ana", AT, "Mo")
    await rota.away("Ben", AT - HOUR, AT, "Ada")
    await rota.away("Cai", AT - HOUR, None, "Ada")
    found = await centre(store, "sydney")
    assert (found.on_shift, found.engineer) == (1, "Ben")
    assert (await centre(store, "sydney", at=AT - timedelta(minutes=1))).on_shift == 0
    await rota.check_in("Cai", AT, "Ada")
    assert (await centre(store, "sydney")).on_shift == 2
    assert (await centre(store, "manila")).on_shift == 0


async def test_a_check_in_ends_by_itself_and_counts_where_it_was_made(store: CaseStore) -> None:
    rota = Rota(store)
    await rota.put([engineer("Ana")], "Ada")
    kept = await rota.check_in("Ana", AT - HOUR, "Ada", "melbourne", AT + HOUR)
    assert kept is not None
    assert (kept.region, kept.until) == ("melbourne", AT + HOUR)
    assert (await centre(store, "melbourne")).on_shift == 1
    assert (await centre(store, "sydney")).on_shift == 0
    assert (await centre(store, "melbourne", at=AT + HOUR)).on_shift == 0


async def test_only_open_cases_are_counted_by_centre_and_by_person(store: CaseStore) -> None:
    await Rota(store).put([engineer("Ana"), engineer("Ben")], "Ada")
    for name in ("Ana", "Ben"):
        await Rota(store).check_in(name, AT - HOUR, "Ada")
    over = (Phase.RESOLVED, Phase.CLOSED, Phase.ARCHIVED)
    await recorded(
        store,
        case("1", "sydney", assignee="Ana"),
        case("2", "sydney", Phase.RECEIVED),
        case("3", "manila", Phase.VENDOR_ESCALATED, assignee="Ana"),
        *(case(f"over-{phase}", "sydney", phase, assignee="Ben") for phase in over),
    )
    found = await centre(store, "sydney")
    assert (found.open_cases, found.engineer) == (2, "Ben")
    assert (await centre(store, "manila")).open_cases == 1
    assert {one.engineer.name: one.open_cases for one in await Rota(store).people()} == {"Ana": 2, "Ben": 0}


async def test_the_skill_asked_for_goes_before_few_cases(store: CaseStore) -> None:
    people = [engineer("Ana"), engineer("Ben", skills=("tax",)), engineer("Cai", skills=("tax",))]
    await Rota(store).put(people, "Ada")
    for one in people:
        await Rota(store).check_in(one.name, AT - HOUR, "Ada")
    await recorded(store, case("1", "sydney", assignee="Ben"))
    assert (await centre(store, "sydney")).engineer == "Ana"
    assert (await centre(store, "sydney", skill="tax")).engineer == "Cai"
    assert (await centre(store, "sydney", skill="dns")).engineer == "Ana"


@pytest.mark.covers("RHIPE-40")
async def test_the_tier_asked_for_goes_before_the_skill_and_it_is_told_whether_he_has_it(
    store: CaseStore,
) -> None:
    people = [
        engineer("Ana", skills=("azure",)),
        engineer("Ben", tier=Tier.L2),
        engineer("Cai", tier=Tier.L2, skills=("azure",)),
    ]
    await Rota(store).put(people, "Ada")
    for one in people:
        await Rota(store).check_in(one.name, AT - HOUR, "Ada")

    async def who(**asked: Any) -> tuple[str | None, Tier | None, bool]:
        found = await centre(store, "sydney", **asked)
        return found.engineer, found.engineer_tier, found.is_specialist

    assert await who() == ("Ana", Tier.L1, False)
    assert await who(skill="azure") == ("Ana", Tier.L1, True)
    assert await who(skill="azure", tier=Tier.L2) == ("Cai", Tier.L2, True)
    await Rota(store).check_out("Cai", AT, "Mo")
    assert await who(skill="azure", tier=Tier.L2) == ("Ben", Tier.L2, False)
    asked = (await read(store, skill="azure", tier=Tier.L2)).asked
    assert asked == RosterRequest(policy="rhipe-csp", at=AT, skill="azure", tier=Tier.L2)


async def test_a_lunch_hour_is_a_break_of_the_day_and_an_hour_closed_by_hand_is_none(
    store: CaseStore,
) -> None:
    def of_sydney(start: str, end: str) -> dict[str, Any]:
        return {"days": list(Weekday), "start": start, "end": end}

    own = with_region("sydney", shifts=[of_sydney("09:00", "12:00"), of_sydney("13:00", "18:00")])
    found = await centre(store, "sydney", policies=lambda name: own)
    assert spans(found)[1] == "01T22:00 02T07:00"
    assert OpenSpan(opens_at=AT - 2.5 * HOUR, closes_at=AT - 1.5 * HOUR) in found.breaks
    await Closures(store).close("sydney", AT, AT + HOUR, "Drill", "Ada")
    shut = await centre(store, "sydney", policies=lambda name: own)
    assert spans(shut)[1:3] == ["01T22:00 02T03:30", "02T04:30 02T07:00"]
    assert not shut.is_at_break(AT)


async def test_languages_and_skills_are_the_centres_and_those_of_the_people_there(store: CaseStore) -> None:
    own = with_region("sydney", languages=["en"], skills=["mail"], contact="sydney@desk.example")
    people = [engineer("Ana", languages=("es", "en"), skills=("tax",)), engineer("Ben", languages=("ja",))]
    await Rota(store).put(people, "Ada")
    await Rota(store).check_in("Ana", AT - HOUR, "Ada")
    found = await centre(store, "sydney", policies=lambda name: own)
    assert (found.languages, found.skills, found.contact) == (
        ("en", "es"),
        ("mail", "tax"),
        "sydney@desk.example",
    )


async def test_a_centre_closed_by_hand_is_closed_from_that_instant_until_it_is_opened(
    store: CaseStore,
) -> None:
    closures = Closures(store)
    await closures.close("sydney", AT, None, "Flood", "Ada")
    found = await centre(store, "sydney", at=AT + HOUR)
    assert spans(found) == ["28T22:00 01T07:00", "01T22:00 02T03:30"]
    assert found.span_at(AT - HOUR) is not None
    assert found.span_at(AT) is None
    assert found.opens_after(AT) is None
    assert (await centre(store, "melbourne")).span_at(AT) is not None
    assert await closures.open("sydney", AT + HOUR, "Bo") is True
    assert spans(await centre(store, "sydney", at=AT + HOUR))[1:3] == [
        "01T22:00 02T03:30",
        "02T04:30 02T07:00",
    ]
    assert await closures.open("sydney", AT + HOUR, "Bo") is False


async def test_a_closure_with_an_end_opens_by_the_clock_and_another_takes_its_place(store: CaseStore) -> None:
    closures = Closures(store)
    await closures.close("sydney", AT, AT + HOUR, "Drill", "Ada")
    assert (await centre(store, "sydney")).opens_after(AT) == AT + HOUR
    assert (await centre(store, "sydney", at=AT + HOUR)).span_at(AT + HOUR) is not None
    await closures.close("sydney", AT + HOUR / 2, AT + 2 * HOUR, "No drill", "Bo")
    assert (await centre(store, "sydney")).opens_after(AT) == AT + 2 * HOUR
    kept = await closures.closed(["sydney"], AT, AT + HOUR)
    assert [(one.reason, one.closed_from, one.closed_until, one.changed_by) for one in kept] == [
        ("Drill", AT, AT + HOUR / 2, "Bo"),
        ("No drill", AT + HOUR / 2, AT + 2 * HOUR, "Bo"),
    ]
    assert await closures.open("sydney", AT + 3 * HOUR, "Bo") is False


@pytest.mark.covers("GAP-12")
async def test_holidays_close_only_the_centres_that_say_so(store: CaseStore) -> None:
    waitangi_day = date(2027, 2, 8)  # the Monday it is kept on
    assert waitangi_day in load_holidays("NZ-AUK").dates
    morning = datetime(2027, 2, 7, 20, tzinfo=UTC)
    closing = with_region("auckland", closed_on_holidays=True)
    assert (await centre(store, "auckland", at=morning)).span_at(morning) is not None
    found = await centre(store, "auckland", at=morning, policies=lambda name: closing)
    assert found.span_at(morning) is None
    assert found.opens_after(morning) == datetime(2027, 2, 8, 19, tzinfo=UTC)


def load_holidays(name: str) -> HolidayTable:
    from policies import holiday_table

    return holiday_table(name)


async def test_a_calendar_that_cannot_be_read_closes_no_centre(caplog: pytest.LogCaptureFixture) -> None:
    def gone(name: str) -> HolidayTable:
        raise CalendarUnknown(f"unknown calendar {name!r}")

    closing = with_region("auckland", closed_on_holidays=True)
    found = await centre(None, "auckland", policies=lambda name: closing, holidays=gone)
    assert found.span_at(AT) is not None
    assert "NZ-AUK" in caplog.text


async def test_a_guide_without_shifts_leaves_its_centres_open() -> None:
    found = await Rosters(None).read(RosterRequest(policy="westcoast", at=AT))
    assert all(one.span_at(AT) is not None and one.on_shift is None for one in found.centres)


async def test_a_rota_is_written_whole_or_not_at_all(store: CaseStore) -> None:
    rota, ana, ben = Rota(store), engineer("Ana"), engineer("Ben", skills=("tax",))
    assert await rota.put([ana, ben], "Ada") == RotaChanges(new=2, changed=0, unchanged=0, removed=0)
    await rota.check_in("Ana", AT, "Ada")
    moved = ana.model_copy(update={"region": "manila"})
    broken = Engineer.model_construct(**engineer("Zoe").__dict__ | {"tier": object()})
    with pytest.raises(Exception, match=r"tier|object"):
        await rota.put([moved, broken], "Bo")
    assert await rota.put([moved, ben], "Bo") == RotaChanges(new=0, changed=1, unchanged=1, removed=0)
    assert [(one.engineer.region, one.region) for one in await rota.people()] == [
        ("manila", "sydney"),
        ("sydney", None),
    ]
    assert await rota.put([ben], "Bo", replace=True) == RotaChanges(new=0, changed=0, unchanged=1, removed=1)
    async with store.reading() as connection:
        assert (await connection.execute(text("select count(*) from check_ins"))).scalar_one() == 0


async def test_a_list_of_one_centre_has_its_guests(store: CaseStore) -> None:
    rota = Rota(store)
    await rota.put([engineer("Ana"), engineer("Ben", "manila"), engineer("Cai", "manila")], "Ada")
    await rota.check_in("Ben", AT, "Ada", "sydney")
    assert [one.engineer.name for one in await rota.people("sydney")] == ["Ana", "Ben"]
    assert [one.engineer.name for one in await rota.people()] == ["Ana", "Ben", "Cai"]


@pytest.mark.parametrize("name", ["nobody", "ana", "' OR '1'='1", "%"])
async def test_nobody_of_that_name_is_checked_in(store: CaseStore, name: str) -> None:
    rota = Rota(store)
    await rota.put([engineer("Ana")], "Ada")
    assert await rota.check_in(name, AT, "Ada") is None
    assert await rota.check_out(name, AT, "Mo") is None
    assert await rota.away(name, AT, None, "Ada") is None
    assert (await centre(store, "sydney")).on_shift == 0


async def test_who_checks_out_twice_was_not_there_the_second_time(store: CaseStore) -> None:
    rota = Rota(store)
    await rota.put([engineer("Ana")], "Ada")
    assert await rota.check_out("Ana", AT, "Mo") is False
    await rota.check_in("Ana", AT, "Ada")
    assert await rota.check_out("Ana", AT, "Mo") is True
    assert await rota.check_out("Ana", AT, "Mo") is False


async def test_all_at_once_leave_one_check_in_a_person(store: CaseStore) -> None:
    rota = Rota(store)
    await rota.put([engineer("Ana"), engineer("Ben")], "Ada")
    await asyncio.gather(*(rota.check_in(name, AT, "Ada") for name in ("Ana", "Ben") * 4))
    assert (await centre(store, "sydney")).on_shift == 2


async def test_counting_open_cases_reads_an_index_alone(own_store: CaseStore) -> None:
    query = (
        "select region, count(*) from cases where phase in ('received') and region in ('a') group by region"
    )
    async with own_store.reading() as connection:
        plan = await connection.execute(text(f"explain query plan {query}"))
        assert "COVERING INDEX ix_cases_board" in str(plan.all())


@asynccontextmanager
async def rosters_at(url: str) -> AsyncIterator[Rosters]:
    store = Database(url)
    rosters = Rosters(store)
    yield rosters
    await rosters.close()
    await store.close()


async def the_policys_own(rosters: Rosters) -> None:
    found = await rosters.read(RosterRequest(policy="rhipe-csp", at=AT))
    assert found == await read(None)
    assert [one.on_shift for one in found.centres] == [None] * 5
    assert [one.name for one in found.centres if one.span_at(AT)] == ["auckland", "sydney", "melbourne"]


async def test_a_reading_has_a_second() -> None:
    assert timedelta(seconds=1) == READ_WITHIN


async def test_a_store_that_is_away_closes_no_centre(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with rosters_at(f"postgresql://desk:open-sesame@127.0.0.1:{unused_tcp_port}/cases") as rosters:
        await the_policys_own(rosters)
    assert f"127.0.0.1:{unused_tcp_port}" in caplog.text
    assert "open-sesame" not in caplog.text


async def test_a_store_that_says_nothing_is_given_up_and_not_asked_again_and_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with rosters_at(f"postgresql://desk:x@127.0.0.1:{server.getsockname()[1]}/cases") as rosters:
            await asyncio.gather(*(the_policys_own(rosters) for _ in range(4)))
            assert "does not answer" in caplog.text  # said before a driver has waited long enough to say why
            with pytest.raises(StopIteration) as answered:
                rosters.read(RosterRequest(policy="rhipe-csp", at=AT)).send(None)
            assert answered.value.value == await read(None)
            server.close()  # whoever still waits for it need not


async def test_a_record_of_another_version_closes_no_centre(
    store: CaseStore, caplog: pytest.LogCaptureFixture
) -> None:
    await Rota(store).put([engineer("Ana")], "Ada")
    await Rota(store).check_in("Ana", AT - HOUR, "Ada")
    async with store.writing() as connection:
        await connection.execute(text('update engineers set record = \'{"name": "Ana", "since": 1}\''))
    assert (await centre(store, "sydney")).on_shift is None
    assert "errors" in caplog.text


async def test_a_store_not_yet_brought_up_to_date_closes_no_centre(store: CaseStore) -> None:
    async with store.writing() as connection:
        await connection.execute(text("drop table region_closures"))
    assert (await centre(store, "sydney")).on_shift is None


async def test_the_activity_answers_with_the_roster_and_of_no_policy_with_no_centre(
    own_store: CaseStore,
) -> None:
    reader = RosterActivities(Rosters(own_store, patience=UNHURRIED)).read_roster
    request = RosterRequest(policy="rhipe-csp@1", at=AT)
    assert (await ActivityEnvironment().run(reader, request)).centres == (await read(own_store)).centres
    gone = request.model_copy(update={"policy": "no-such-policy"})
    assert await ActivityEnvironment().run(reader, gone) == Roster(read_at=AT, until=AT + HORIZON, centres=())


async def test_a_thousand_cases_at_once_are_two_reads(own_store: CaseStore) -> None:
    rosters, reads = Rosters(own_store, patience=UNHURRIED), 0

    def counted(statement: Any) -> None:
        nonlocal reads
        reads += "region_closures" in str(statement)

    event.listen(
        own_store._engine.sync_engine, "before_cursor_execute", lambda *given: counted(given[2])
    )  # counts what reaches the database
    first = asyncio.create_task(rosters.read(RosterRequest(policy="rhipe-csp", at=AT)))
    while not reads:
        await asyncio.sleep(0)
    await Closures(own_store).close("sydney", AT, None, "Flood", "Ada")
    before = reads
    later = [
        RosterRequest(policy="rhipe-csp", at=AT + number * timedelta(seconds=1)) for number in range(1000)
    ]
    found = await asyncio.gather(*map(rosters.read, later))
    assert reads - before <= 2
    assert [one.read_at for one in found] == [request.at for request in later]
    assert not any(one.centres[1].span_at(one.read_at) for one in found)
    await first
    await rosters.close()


async def test_cases_that_ask_together_are_spread_over_the_people_by_what_each_has(
    own_store: CaseStore,
) -> None:
    await Rota(own_store).put([engineer("Ana"), engineer("Ben")], "Ada")
    for name in ("Ana", "Ben"):
        await Rota(own_store).check_in(name, AT - HOUR, "Ada")
    await recorded(own_store, *(case(str(number), "sydney", assignee="Ben") for number in range(3)))
    rosters = Rosters(own_store, patience=UNHURRIED)
    asked = [RosterRequest(policy="rhipe-csp", at=AT + number * timedelta(seconds=1)) for number in range(9)]
    found = await asyncio.gather(*map(rosters.read, asked))
    assert Counter(one.centres[1].engineer for one in found) == {"Ana": 6, "Ben": 3}
    await rosters.close()


async def test_a_closure_of_yesterday_is_seen_early_and_one_to_come_late_in_the_day(store: CaseStore) -> None:
    early, late = datetime(2027, 3, 2, 1, tzinfo=UTC), datetime(2027, 3, 2, 23, tzinfo=UTC)
    await Closures(store).close("melbourne", early - 2 * HOUR, early - HOUR, "Drill", "Ada")
    assert spans(await centre(store, "melbourne", at=early))[1:3] == [
        "01T22:00 01T23:00",
        "02T00:00 02T07:00",
    ]
    await Closures(store).close("sydney", late + 47.5 * HOUR, None, "Moving", "Ada")
    assert spans(await centre(store, "sydney", at=late))[-1] == "04T22:00 04T22:30"
    assert await Closures(store).open("sydney", late, "Bo") is True
    assert spans(await centre(store, "sydney", at=late))[-1] == "04T22:00 05T07:00"


async def test_a_closure_of_no_length_cuts_no_shift_in_two(store: CaseStore) -> None:
    whole = await centre(store, "sydney")
    await Closures(store).close("sydney", AT, None, "Slip", "Ada")
    assert await Closures(store).open("sydney", AT, "Ada") is True
    assert await centre(store, "sydney") == whole
