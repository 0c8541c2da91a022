"""What is said by a form of the case page to a case that runs: once, and never over somebody else's word."""

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from tests.starter.api_client import web_door
from tests.starter.conftest import Commands

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Browser:
    """Somebody signed in at the board of a desk."""

    def __init__(self, run: Commands, base: str, name: str) -> None:
        assert run("people", "add", name, "--role", "engineer").code == 0
        link = run.as_json("people", "link", name)
        self.client = httpx.Client(base_url=base, headers={"Origin": base}, timeout=60)
        path = re.search(r"/link/[\w-]+", str(link))
        assert path is not None
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert self.client.post(path.group(), headers=form).status_code == 303

    def form(self, path: str) -> dict[str, str]:
        """What a form carries unseen."""
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.client.get(path).text)}

    def say(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send a form."""
        return self.client.post(path, data=fields)


@pytest.fixture(scope="module")
def base(run: Commands) -> Iterator[str]:
    run.open("FORM-WARM")
    with web_door(run) as door:
        yield door.base


def test_a_form_sent_twice_is_said_once_and_one_that_was_overtaken_says_by_what(
    run: Commands, base: str
) -> None:
    number = run.open("FORM-1")["number"]
    ana, jun = (Browser(run, base, name) for name in ("Form Ana", "Form Jun"))
    respond, update = (f"/cases/{number}/say/{verb}" for verb in ("respond", "post_update"))
    seen_by_ana, seen_by_jun = ana.form(respond), jun.form(update)
    shown = ana.say(respond, seen_by_ana | {"text": "I have begun."})
    assert "This goes to the customer, now, in English" in shown.text
    sent = seen_by_ana | {"text": "I have begun.", "confirmed": "yes"}
    answers = [ana.say(respond, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    after = ana.client.get(answers[0].headers["location"]).text
    assert after.count("<strong>responded</strong>") == 1
    assert "Said: <strong>respond</strong>" in after
    overtaken = jun.say(update, seen_by_jun | {"text": "My own news", "confirmed": "yes"})
    assert overtaken.status_code == 409
    assert "The case has changed since you opened it. Nothing was sent." in overtaken.text
    assert "I have begun." in overtaken.text
    assert "My own news</textarea>" in overtaken.text
    again = {name: unescape(value) for name, value in _HIDDEN.findall(overtaken.text)}
    taken = jun.say(update, again | {"text": "My own news", "confirmed": "yes"})
    assert taken.status_code == 303
    assert jun.client.get(taken.headers["location"]).text.count("<strong>updated</strong>") == 1


def test_a_case_nobody_knows_is_not_found(run: Commands, base: str) -> None:
    browser = Browser(run, base, "Form Ana")
    for path in (f"/cases/case-{20 * 'a'}", f"/cases/case-{20 * 'a'}/say/respond", "/cases/SR-0000-0000-0"):
        assert browser.client.get(path).status_code == 404
