from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from activities.terms import TermsActivities
from domain.policy import SupportPolicy
from domain.terms import HORIZON, Terms, TermsRefused, TermsRequest
from policies import HolidayTable, load_policy, parse_policy, policy_names
from policies.zones import tzdata_version
from tests.activities.builders import AT


async def answered(terms: TermsActivities | None = None, **request: object) -> Terms | TermsRefused:
    given = TermsRequest.model_validate({"policy": "rhipe-csp", "at": AT} | request)
    answer = await (terms or TermsActivities()).compile_terms(given)
    found = answer.terms or answer.refused
    assert found is not None
    return found


async def compiled(terms: TermsActivities | None = None, **request: object) -> Terms:
    found = await answered(terms, **request)
    assert isinstance(found, Terms), found
    return found


async def refused(**request: object) -> TermsRefused:
    found = await answered(**request)
    assert isinstance(found, TermsRefused), found
    return found


@pytest.mark.covers("RHIPE-22", "RHIPE-23")
async def test_the_region_is_the_one_named_or_the_one_the_country_calls_or_the_default() -> None:
    assert (await compiled(region="auckland", country="PH")).region == "auckland"
    for country, region in {
        "NZ": "auckland",
        "AU": "sydney",
        "MY": "kuala_lumpur",
        "SG": "kuala_lumpur",
    }.items():
        assert (await compiled(country=country)).region == region
    assert (await compiled(country="PH")).calendar.name == "PH"
    assert (await compiled(country="DE")).region == "sydney"
    assert (await compiled()).region == "sydney"
    refusal = await refused(region="atlantis")
    assert refusal.code == "RegionUnknown"
    assert "kuala_lumpur" in refusal.reason


@pytest.mark.covers("RHIPE-05")
async def test_the_plan_decides_whether_hours_count_in_coverage_only() -> None:
    around, covered = await compiled(), await compiled(plan="saas-12x5")
    assert (around.plan, around.hours_in_coverage) == ("partner-24x7", False)
    assert (covered.plan, covered.hours_in_coverage) == ("saas-12x5", True)
    assert covered.calendar.hours[0] == ((7 * 60, 19 * 60),)
    refusal = await refused(plan="gold")
    assert refusal.code == "PlanUnknown"
    assert "saas-12x5" in refusal.reason


async def test_the_request_s_own_zone_and_calendar_win() -> None:
    terms = await compiled(region="auckland", zone="Europe/London", calendar="GB-ENG")
    assert (terms.region, terms.calendar.zone.name, terms.calendar.name) == (
        "auckland",
        "Europe/London",
        "GB-ENG",
    )
    assert date(2027, 8, 30) in terms.calendar.holidays
    assert (await compiled(calendar="none")).calendar.holidays == ()


@pytest.mark.parametrize("zone", ["AEST", "UTC+8", "Mars/Olympus", "../etc/passwd", "Asia/Manila\x00"])
async def test_a_zone_that_is_no_place_is_refused(zone: str) -> None:
    refusal = await refused(zone=zone)
    assert refusal.code == "ValidationError"
    assert refusal.reason.startswith("zone: ")


async def test_what_is_unknown_is_refused_with_what_is_known() -> None:
    calendar, policy = await refused(calendar="MARS"), await refused(policy="gold")
    assert calendar.code == "ValidationError"
    assert calendar.reason.startswith("calendar: ")
    assert "AU-NSW" in calendar.reason
    assert policy.code == "PolicyValueUnknown"
    assert "rhipe-csp" in policy.reason


async def test_a_policy_with_an_error_is_an_answer_too() -> None:
    def broken(name: str) -> SupportPolicy:
        return parse_policy("name = 1", f"{name}.toml")

    found = await answered(TermsActivities(policies=broken), policy="own")
    assert isinstance(found, TermsRefused)
    assert found.code == "PolicyInvalid"
    assert "own.toml: name" in found.reason


async def test_the_calendar_reaches_from_before_receipt_to_beyond_the_horizon() -> None:
    terms = await compiled(region="sydney")
    assert terms.valid_until == AT + HORIZON
    first = terms.calendar.zone.changes[0]
    assert first.at <= AT - timedelta(days=2)
    assert [change.at.isoformat() for change in terms.calendar.zone.changes[1:]] == [
        "2027-04-03T16:00:00+00:00",
        "2027-10-02T16:00:00+00:00",
        "2028-04-01T16:00:00+00:00",
    ]
    assert min(terms.calendar.holidays) == date(2027, 3, 26)
    assert max(terms.calendar.holidays) == date(2028, 1, 26)
    assert (AT + HORIZON).date() == date(2028, 4, 5)


async def test_the_terms_say_which_tables_made_them() -> None:
    terms = await compiled(region="manila")
    assert terms.sources.startswith("holidays 0.109, sha256 ")
    assert terms.sources.endswith(f"; tzdata {tzdata_version()}")
    beyond = await compiled(region="manila", at=datetime(2035, 6, 1, tzinfo=UTC))
    assert ", 2015 to 2035 only; " in beyond.sources


async def test_other_tables_can_be_put_in_place_of_ours() -> None:
    def holidays(name: str) -> HolidayTable:
        return HolidayTable(name=name, dates=(date(2027, 3, 3),), years=(2027, 2028), source="a log")

    terms = await compiled(TermsActivities(holidays=holidays))
    assert terms.calendar.holidays == (date(2027, 3, 3),)
    assert terms.sources.startswith("a log")


async def test_each_table_is_read_once() -> None:
    asked: list[str] = []

    def counting(name: str) -> SupportPolicy:
        asked.append(name)
        return load_policy(name)

    terms = TermsActivities(policies=counting)
    for hour in range(5):
        await compiled(terms, at=AT + timedelta(hours=hour))
    assert asked == ["rhipe-csp"]


@pytest.mark.parametrize("name", policy_names())
@pytest.mark.parametrize("at", [AT, datetime(2016, 2, 29, 23, 59, 59, tzinfo=UTC)])
async def test_every_plan_of_every_region_compiles(name: str, at: datetime) -> None:
    policy = load_policy(name)
    every: Callable[..., object] = compiled
    for plan in policy.plans:
        for region in policy.regions:
            assert await every(policy=name, plan=plan, region=region, at=at)
