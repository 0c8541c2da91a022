"""A day of a customer, an engineer and a manager: a promise is broken, told, seen, and can be checked."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import PATIENCE, Window
from tests.browser.shift import Shift, shift_on

PRIYA, ANA, MO = "Priya Nair", "Ana Reyes", "Mo Tan"
A_TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
QUICK = """
name = "day"
version = "1"
extends = "relay@1"

[plans.partner-24x7.targets]
P1 = { initial_response = { within = "20s" }, update_every = "1h" }
P2 = { initial_response = { within = "20s" }, update_every = "2h" }
P3 = { initial_response = { within = "20s" }, update_every = "24h" }
"""
"""An answer within 20 s: nobody keeps that."""
LATE = {"en": re.compile("late"), "fil": re.compile("huli"), "ja": re.compile("遅")}
NAMES = {"en": "English", "fil": "Filipino", "ja": "日本語"}
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def day(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shift]:
    place = tmp_path_factory.mktemp("day")
    with shift_on(browser, place, more_policies={"day": QUICK}) as running:
        running.case("By what their company is held to", policy="day")
        yield running


def test_a_broken_promise_is_told_seen_checked_and_counted(day: Shift, tmp_path: Path) -> None:
    with (
        day.window_of(PRIYA, **A_TELEPHONE) as priya,
        day.window_of(ANA) as ana,
        day.window_of(MO) as mo,
    ):
        number = _lodged(priya.page, tmp_path)
        due = _due_of(day, number)
        _answered_late(ana.page, number)
        _seen_in_three_languages(priya.page, number)
        day.run("resolve", number, "The queue was cleared.", "--kind", "resolution")
        _confirmed(priya.page, number)
        _checked(priya.page, number, tmp_path)
        _surveyed(priya.page, number)
        _counted(mo.page, number, due)
        _all_is_well(priya, ana, mo)


def _lodged(page: Page, place: Path) -> str:
    """Lodge a case with a file, and return its number; what it lacks is said first, all of it at once."""
    log = place / "trace.log"
    log.write_text("09:12 sign-in refused\n", encoding="utf-8")
    page.goto("/portal/new")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    page.get_by_label("What is wrong, in one line").fill("Nobody can print the delivery notes")
    page.get_by_label("What happens, and since when?").fill("Since nine the queue stays empty.")
    page.get_by_label("How much is affected?").select_option("medium")
    page.get_by_label("How soon is it needed?").select_option("medium")
    page.get_by_label("Who is affected: all, or names").fill("the warehouse")
    page.get_by_label("What you have tried").fill("restarted the printer")
    page.get_by_label(re.compile("Files")).set_input_files(log)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("status")).to_contain_text("We have your request")
    expect(page.get_by_role("link", name="trace.log")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a telephone"
    return page.locator("h1 .number").inner_text()


def _due_of(day: Shift, number: str) -> datetime:
    """The instant by which an answer was promised (UTC)."""
    [due] = [
        row["due_at"] for row in day.run("show", number)["deadlines"] if row["clock"] == "initial_response"
    ]
    return datetime.fromisoformat(due)


def _answered_late(page: Page, number: str) -> None:
    """See that it is late on the board, and answer."""
    page.goto("/overdue")
    expect(page.locator(f"#rows tr[data-n={number}]")).to_contain_text("missed")
    page.goto(f"/cases/{number}/say/respond")
    page.get_by_label("Text (needed)").fill("We have found the queue that hangs.")
    page.get_by_role("button", name="Respond").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".done")).to_contain_text("Said: respond.")


def _seen_in_three_languages(page: Page, number: str) -> None:
    """The customer reads that it was late, in each of their languages, on a telephone."""
    for language in ("fil", "ja", "en"):
        page.goto(f"/portal/cases/{number}")
        page.get_by_role("button", name=NAMES[language]).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("section[aria-labelledby=kept]")).to_contain_text(LATE[language])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), language


def _confirmed(page: Page, number: str) -> None:
    page.goto(f"/portal/cases/{number}")
    page.get_by_role("button", name="Yes, it works: close the case").click()
    expect(page.get_by_role("status")).to_contain_text("We have it")
    expect(page.locator("dl.facts")).to_contain_text("Closed")


def _checked(page: Page, number: str, place: Path) -> None:
    """Take the record of the promise that was broken, and have it checked."""
    page.goto(f"/portal/cases/{number}")
    signed = page.locator("section[aria-labelledby=records]").get_by_role("link", name="First answer")
    with page.expect_download() as download:
        signed.last.click()  # the first of all: another took its place when it was broken
    record = place / "promise.jws"
    download.value.save_as(record)
    page.goto("/verify")
    page.get_by_label("or choose the file").set_input_files(record)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("status")).to_contain_text("This record is ours")
    expect(page.locator("dl")).to_contain_text(number)
    expect(page.locator("dl")).to_contain_text("late by")
    text = record.read_text(encoding="ascii").strip()
    page.get_by_label("Paste the record here").fill(text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1])
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("alert")).to_contain_text("The signature does not fit")


def _surveyed(page: Page, number: str) -> None:
    page.goto(f"/portal/cases/{number}")
    page.get_by_role("link", name="Tell us how it went").click()
    page.get_by_role("radio").nth(3).check()
    page.get_by_role("button").last.click()
    expect(page.locator("body")).to_contain_text("Thank you")


def _counted(page: Page, number: str, due: datetime) -> None:
    """The manager sees the week, and the queue as it stood just after the promise was broken."""
    page.goto("/statistics")
    expect(page.locator("main")).to_contain_text(re.compile(r"sydney: initial response \d"))
    page.goto(f"/overdue?as_of={due + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}")
    expect(page.locator("main")).to_contain_text("as it stood")
    expect(page.locator("main")).to_contain_text(number)
    page.goto("/overdue")
    expect(page.locator(f"#rows tr[data-n={number}]")).to_have_count(0)


def _all_is_well(*windows: Window) -> None:
    assert [complaint for one in windows for complaint in one.complaints] == []
