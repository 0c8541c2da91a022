"""A shift at the board: Sydney answers and hands over, Manila goes on, and what goes wrong is seen."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE
from tests.browser.shift import P1, P1_RESPONSE, Shift

ANA, JUN = "Ana Reyes", "Jun Santos"
expect.set_options(timeout=PATIENCE)


def test_sydney_answers_a_case_having_seen_the_letter_and_hands_it_to_manila_which_goes_on(
    shift: Shift,
) -> None:
    number = shift.case("Nobody can sign in", *P1)
    with shift.window_of(ANA) as ana, shift.window_of(JUN) as jun:
        ana.page.goto("/all")
        ana.page.get_by_role("link", name=number).first.click()
        form = ana.page.locator("details.verb", has=ana.page.locator("[data-draft=respond]"))
        form.locator("summary").first.click()
        form.get_by_label("Text (needed)").fill("We have begun to look into it.")
        form.get_by_role("button").click()
        expect(ana.page.get_by_role("heading", level=1)).to_have_text(
            "This goes to the customer, now, in English"
        )
        expect(ana.page.get_by_label("The letter")).to_contain_text("We have begun to look into it.")
        ana.page.get_by_role("button", name="Send it").click()
        expect(ana.page.locator(".done")).to_contain_text("Said: respond.")
        assert any("We have begun to look into it." in mail for mail in _mails(shift.home))
        ana.page.goto(f"/cases/{number}/say/hand_off")
        ana.page.get_by_label("To (needed)").select_option("manila")
        ana.page.get_by_label("Reason").fill("Our day ends")
        ana.page.locator("#hand_off-next_action").fill("Call Priya at nine")
        ana.page.get_by_role("button", name="Hand off").click()
        ana.page.get_by_role("button", name="Send it").click()
        expect(ana.page.locator(".done")).to_contain_text("Said: hand off")
        jun.page.goto("/centre")
        expect(jun.page.locator("#rows").get_by_role("link", name=number).first).to_be_visible()
        jun.page.get_by_role("button", name="Pull the next case").click()
        expect(jun.page.get_by_role("heading", level=1)).to_contain_text(number)
        expect(jun.page.get_by_label("For whoever takes it over")).to_contain_text("Call Priya at nine")
        says = jun.page.locator("details.verb", has=jun.page.locator("[data-draft=confirm_next_action]"))
        says.locator("summary").first.click()
        says.get_by_role("button").click()
        expect(jun.page.locator(".done")).to_contain_text("Said: confirm next action.")
        expect(jun.page.locator(".timeline")).to_contain_text("Call Priya at nine")
    assert ana.complaints + jun.complaints == []


def test_a_promise_that_is_missed_is_seen_without_loading_the_page_again(shift: Shift) -> None:
    with shift.window_of(ANA) as ana:
        ana.page.goto("/overdue")
        ana.page.evaluate("document.body.dataset.kept = 'yes'")
        number = shift.case("Mail is late", *P1, ago=P1_RESPONSE - timedelta(seconds=10))
        row = ana.page.locator(f"#rows tr[data-n={number}]")
        expect(row).to_contain_text("missed")
        expect(row.locator("[data-slot=says]")).to_have_text(re.compile(r"\d+ (s|min) late"))
        assert ana.page.evaluate("document.body.dataset.kept") == "yes"
        shift.run("respond", number, "We are on it")
        expect(row).to_have_count(0)
    assert ana.complaints == []


def test_a_page_that_hears_nothing_for_five_seconds_says_as_of_when_it_is(shift: Shift) -> None:
    with shift.window_of(ANA) as ana:
        ana.page.clock.install()
        ana.page.goto("/all")
        lost = ana.page.locator("#lost")
        with _silent(_web_door(shift.process)):
            ana.page.clock.run_for(5000)
            expect(lost).to_have_text(
                re.compile(r"The desk is not heard. This list is as of \d\d:\d\d:\d\d"), timeout=1000
            )
        expect(lost).to_be_hidden()
    assert ana.complaints == []


def test_keys_go_from_case_to_case_open_one_search_and_are_listed(shift: Shift) -> None:
    for title in ("Keyboard one", "Keyboard two"):
        shift.case(title)
    with shift.window_of(ANA) as ana:
        page = ana.page
        page.goto("/all")
        links = page.locator("#rows tbody th a")
        for key, place in (("j", 0), ("j", 1), ("k", 0)):
            page.keyboard.press(key)
            expect(links.nth(place)).to_be_focused()
        page.keyboard.press("?")
        expect(page.get_by_text("next case, the one before")).to_be_visible()
        page.keyboard.press("/")
        expect(page.get_by_label("Search cases")).to_be_focused()
        page.keyboard.type("j?")
        expect(page.get_by_label("Search cases")).to_have_value("j?")
        page.goto("/all")
        number = links.first.locator(".number").inner_text()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"/cases/{number}$"))
    assert ana.complaints == []


def test_without_scripts_a_case_is_found_and_answered(shift: Shift) -> None:
    number = shift.case("Scripts are off")
    with shift.window_of(ANA, java_script_enabled=False) as ana:
        page = ana.page
        page.goto("/all")
        page.get_by_label("Search cases").fill(number)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        page.goto(f"/cases/{number}/say/respond")
        page.get_by_label("Text (needed)").fill("Without a script")
        page.get_by_role("button", name="Respond").click()
        page.get_by_role("button", name="Send it").click()
        expect(page.locator(".done")).to_contain_text("Said: respond.")
        expect(page.locator(".timeline")).to_contain_text("Without a script")


@contextmanager
def _silent(process: int) -> Iterator[None]:
    """A process stands still."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def _web_door(desk: int) -> int:
    """The web door among the processes of a desk."""
    children = Path(f"/proc/{desk}/task/{desk}/children").read_text().split()
    return next(int(one) for one in children if b"\0web\0" in Path(f"/proc/{one}/cmdline").read_bytes())


def _mails(home: Path) -> list[str]:
    return [mail.read_text(errors="replace") for mail in (home / "mail").glob("*.eml")]
