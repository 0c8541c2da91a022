"""What people see of an outage: on the page of a case, the customer's own, and in the report."""

from typing import Any

import pytest
from rich.console import Console

from domain.views.customer import customer_view
from domain.views.staff import view
from starter.cli.pages import case as case_page
from starter.cli.pages import report as report_page
from starter.cli.pages.timeline import entries
from starter.door.case_reader import Seen
from starter.reports import incident_report
from tests.domain.cases import HOUR, MINUTE, Story
from tests.domain.dedicated_desk import INCIDENTS, MORNING
from tests.domain.outage_desk import declared_outage, told_outage
from tests.people import ANA


def shown(page: Any) -> str:
    console = Console(width=200, record=True)
    with console.capture() as captured:
        console.print(page)
    return " ".join(captured.get().split())


def restored() -> Story:
    story = told_outage(audience=("site@customer.example",))
    story.say("validate_resolution", MORNING + HOUR, text="He can send", validated=True)
    story.say("outage_resolution_notification", MORNING + HOUR + MINUTE, INCIDENTS, text="Mail flows")
    return story


@pytest.mark.covers("DED-28")
def test_the_pages_say_how_long_an_outage_lasted_and_how_it_ended() -> None:
    story = restored()
    for page in (
        case_page.staff(view(story.case), "the case"),
        case_page.customer(customer_view(story.case), "it"),
    ):
        text = shown(page)
        assert "outage counted from 2027-05-12 09:00" in text
        assert "restored 2027-05-12 10:00" in text
        assert "minutes 60 min" in text
        assert "site@customer.example" not in text


@pytest.mark.covers("DED-28", "DED-30")
def test_while_it_goes_on_the_page_says_what_was_told_and_when_service_is_expected() -> None:
    silent = shown(case_page.staff(view(declared_outage().case), "the case"))
    assert "goes on" in silent
    assert "notices none yet" in silent
    told = shown(case_page.staff(view(told_outage().case), "the case"))
    assert "notices 1, the last 2027-05-12 09:20" in told
    assert "expected 2027-05-12 13:00" in told


@pytest.mark.covers("DED-28", "RHIPE-28")
def test_the_report_has_the_measures_for_the_requester_too_and_no_address() -> None:
    story = restored()
    for whole in (True, False):
        seen = Seen(view=view(story.case), source="workflow")
        made = incident_report.make_report(seen, tuple(story.entries), (), whole=whole)
        assert made.outage is not None
        assert made.outage.minutes == 60
        assert "minutes 60 min" in shown(report_page.report_lines(made))
        assert "site@customer.example" not in made.model_dump_json()


def test_an_outage_that_ended_says_its_minutes_and_not_how_often() -> None:
    text = shown(entries(restored().case.timeline))
    assert "60 min" in text
    assert "60 times" not in text


def test_earlier_outages_of_a_case_are_counted_beside_the_last() -> None:
    story = restored()
    story.say("change_level", MORNING + 2 * HOUR, ANA, level="A", reason="Again")
    story.say("change_level", MORNING + 3 * HOUR, ANA, level="A", reason="Down again", outage=True)
    text = shown(case_page.staff(view(story.case), "the case"))
    assert "minutes not measured yet, and 60 min of earlier outages" in text
