"""What local time and rotations promise: every zone as data, exactly, and nothing but real zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.centres.rotation import Rotation, ShiftType, rotation_handoffs, shift_at, shift_end
from domain.time.local_time import LocalZone, OffsetChange, Resolution
from policies.zones import ZoneUnknown, local_zone, tzdata_version

START, END = datetime(2011, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
PLACES = {
    name: local_zone(name, START, END)
    for name in [
        "Australia/Melbourne",
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Sao_Paulo",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "UTC",
    ]
}
places = st.sampled_from(sorted(PLACES))
changes = st.sampled_from([change.at for place in PLACES.values() for change in place.changes[1:]])
moments = st.datetimes(datetime(2011, 1, 3), datetime(2027, 12, 1), timezones=st.just(UTC)) | st.builds(
    lambda at, by: at + by, changes, st.timedeltas(timedelta(days=-1), timedelta(days=1))
)


@given(places, moments)
def test_local_time_is_that_of_the_zone_database(name: str, at: datetime) -> None:
    expected = at.astimezone(ZoneInfo(name))
    assert PLACES[name].to_local(at) == expected.replace(tzinfo=None)
    assert PLACES[name].offset_at(at) == expected.utcoffset()


@given(places, moments)
def test_a_local_time_means_what_the_zone_database_takes_it_for(name: str, at: datetime) -> None:
    local = at.replace(tzinfo=None)
    expected = local.replace(tzinfo=ZoneInfo(name), fold=0).astimezone(UTC)
    assert PLACES[name].to_utc(local) == expected
    assert PLACES[name].to_utc(local, Resolution.FIRST_OCCURRENCE) == expected


@given(places, moments)
def test_the_first_existing_instant_is_the_end_of_the_gap_and_else_the_time_itself(
    name: str, at: datetime
) -> None:
    place, local = PLACES[name], at.replace(tzinfo=None)
    instant = place.to_utc(local, Resolution.FIRST_EXISTING)
    if place.to_local(place.to_utc(local)) == local:
        assert instant == place.to_utc(local)
    else:
        assert instant in [change.at for change in place.changes]
        assert place.to_local(instant - timedelta(microseconds=1)) < local < place.to_local(instant)


def test_each_change_of_the_clocks_is_found_to_the_second() -> None:
    melbourne = local_zone(
        "Australia/Melbourne", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    )
    assert [(change.at.isoformat(), change.seconds // 3600) for change in melbourne.changes] == [
        ("2026-01-01T00:00:00+00:00", 11),
        ("2026-04-04T16:00:00+00:00", 10),
        ("2026-10-03T16:00:00+00:00", 11),
    ]


@given(places, moments)
def test_local_days_follow_each_other_without_a_hole(name: str, at: datetime) -> None:
    days = PLACES[name].days_from(at)
    now = at
    for _ in range(6):
        day = next(days)
        assert day.starts == now < day.ends
        assert PLACES[name].to_local(day.starts).date() == day.on
        assert day.starts - day.midnight == PLACES[name].to_local(day.starts) - datetime.combine(
            day.on, datetime.min.time()
        )
        now = day.ends


@pytest.mark.parametrize(
    "name",
    [
        *[
            "AEST",
            "MYT",
            "EST",
            "CET",
            "GMT",
            "EST5EDT",
            "Singapore",
            "+08:00",
            "UTC+8",
            "Etc/GMT+3",
            "Etc/GMT",
        ],
        *["Factory", "", "Mars/Olympus", "australia/melbourne", "Australia/", "Australia", "/etc/passwd"],
        *["../../etc/passwd", "Australia/../Europe/London", "Europe/London\0", "Europe/London\n"],
    ],
)
def test_what_is_no_place_of_the_zone_database_is_no_zone(name: str) -> None:
    with pytest.raises(ZoneUnknown) as refused:
        local_zone(name, START, END)
    assert repr(name) in str(refused.value)


def test_utc_is_a_zone_and_the_database_has_a_version() -> None:
    assert [change.seconds for change in local_zone("UTC", START, END).changes] == [0]
    assert tzdata_version()[:2] == "20"


def test_a_zone_without_changes_or_with_changes_out_of_order_is_refused() -> None:
    later, earlier = (OffsetChange(at=at, seconds=0) for at in (END, START))
    for wrong in ((), (later, earlier), (later, later)):
        with pytest.raises(ValidationError):
            LocalZone(name="UTC", changes=wrong)
    with pytest.raises(ValidationError):
        OffsetChange(at=datetime(2026, 1, 1), seconds=0)


def test_an_instant_and_a_local_time_are_never_taken_for_each_other() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        PLACES["UTC"].to_local(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="carries no zone"):
        PLACES["UTC"].to_utc(START)


def rotation(shift_type: ShiftType, length: int, start: str) -> Rotation:
    return Rotation(shift_type=shift_type, shift_length=length, start=datetime.fromisoformat(start))


def test_a_monthly_handoff_keeps_its_day_or_takes_the_last_of_a_shorter_month() -> None:
    monthly = rotation(ShiftType.MONTHLY, 1, "2026-01-31T09:00:00Z")
    handoffs = rotation_handoffs(PLACES["UTC"], monthly, datetime(2026, 1, 31, tzinfo=UTC), 4)
    assert [(at.month, at.day) for at in handoffs] == [(1, 31), (2, 28), (3, 31), (4, 30)]


def test_at_a_handoff_the_new_shift_runs() -> None:
    daily = rotation(ShiftType.DAILY, 1, "2026-10-01T09:00:00+10:00")
    at = datetime(2026, 10, 2, 23, tzinfo=UTC)
    assert shift_end(PLACES["Australia/Melbourne"], daily, at) == at + timedelta(hours=23)
    assert shift_end(PLACES["Australia/Melbourne"], daily, at - timedelta(microseconds=1)) == at


def test_an_hourly_rotation_has_as_many_handoffs_as_asked_for_over_two_changes_back() -> None:
    # Each time the clocks go back an hour passes without a handoff, so 9,000 take 9,002 hours.
    hourly = rotation(ShiftType.HOURLY, 1, "2026-04-01T00:00:00Z")
    handoffs = rotation_handoffs(PLACES["Australia/Melbourne"], hourly, hourly.start, 9000)
    assert len(handoffs) == 9000
    assert handoffs[-1] - handoffs[0] == timedelta(hours=8999 + 2)


rotations = st.builds(
    Rotation, shift_type=st.sampled_from(ShiftType), shift_length=st.integers(1, 5), start=moments
)


@given(places, rotations, moments, st.sampled_from(Resolution))
def test_every_instant_lies_in_the_shift_between_two_consecutive_handoffs(
    name: str, duty: Rotation, at: datetime, resolution: Resolution
) -> None:
    begins, ends = shift_at(PLACES[name], duty, at, resolution)
    assert begins <= at < ends
    assert rotation_handoffs(PLACES[name], duty, begins, 2, resolution) == (begins, ends)
