"""The page behind a survey's link: over real HTTP, from the command that serves it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from activities.words.survey_links import SurveyLinks, SurveyTicket
from starter.web import survey_page
from tests.servers import free_port
from tests.starter.conftest import Commands, eventually

KEY = "a key for the tests that nobody knows".replace(" ", "-")
SOON = timedelta(days=14)

FILLED_IN = {
    "score": "4",
    "wait_time": "2",
    "patience": "",
    "comment": "Schnell,\r\nund 丁寧 <b>x</b>",
    "suggestions": "Plus vite",
}


class Desk:
    """A desk whose surveys can be answered by their links."""

    def __init__(self, run: Commands, address: str) -> None:
        self.run = run
        self.http = httpx.Client(base_url=address, timeout=20)

    def closed(self, reference: str, *more: str) -> Any:
        opened = self.run.open(reference, *more)
        self.run.as_json("close", opened["number"], "--reason", "requested")
        eventually(lambda: self.run.as_json("list", "--phase", "closed"))
        return opened

    def link(self, case_id: str, closure: int = 1, open_for: timedelta = SOON) -> str:
        ticket = SurveyTicket(case_id=case_id, closure=closure, until=datetime.now(UTC) + open_for)
        return f"/survey/{SurveyLinks(None, [KEY]).token(ticket)}"

    def answers(self, number: str) -> Any:
        return self.run.as_json("report", number)["answers"]


@pytest.fixture(scope="module")
def desk(run: Commands) -> Iterator[Desk]:
    port = free_port()
    settings = {
        "PYTHONTZPATH": "",
        "SUNRELAY_HOME": str(run.home),
        "TEMPORAL_ADDRESS": str(run.address),
        "SUNRELAY_SURVEY_SECRETS": KEY,
    }
    command = [sys.executable, "-m", "starter", "survey", "listen", "--port", str(port)]
    listening = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.PIPE)
    found = Desk(run, f"http://127.0.0.1:{port}")
    try:
        eventually(lambda: is_ready(found))
        yield found
    finally:
        found.http.close()
        listening.terminate()
        listening.wait(30)


def is_ready(desk: Desk) -> bool:
    try:
        return desk.http.get("/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.covers("RHIPE-27")
def test_looking_at_a_link_records_nothing_and_sending_the_form_records_one_answer(desk: Desk) -> None:
    case = desk.closed("page-1")
    link = desk.link(case["case_id"])
    for _ in range(3):
        assert desk.http.head(link).status_code == 200
        shown = desk.http.get(link)
    assert shown.status_code == 200
    assert case["number"] in shown.text
    assert '<form method="post">' in shown.text
    assert desk.answers(case["number"]) == []
    sent = desk.http.post(link, data=FILLED_IN)
    assert (sent.status_code, "Thank you" in sent.text) == (200, True)
    (answer,) = eventually(lambda: desk.answers(case["number"]))
    assert (answer["score"], answer["comment"]) == (4, "Schnell,\nund 丁寧 <b>x</b>")
    assert (answer["wait_time"], answer["patience"], answer["suggestions"]) == (2, None, "Plus vite")
    assert answer["answered_by"] == "Priya Nair"
    again = desk.http.post(link, data={"score": "1"})
    assert "Already answered" in again.text
    assert "Already answered" in desk.http.get(link).text
    assert [one["score"] for one in desk.answers(case["number"])] == [4]


@pytest.mark.parametrize("score", ["", "0", "6", "ten", "４", "5 "])
def test_a_form_without_a_score_comes_back_as_it_was(desk: Desk, score: str) -> None:
    case = desk.closed(f"page-bad-{ord(score[0]) if score else 0}-{len(score)}")
    sent = desk.http.post(desk.link(case["case_id"]), data={"score": score, "comment": "<i>Hm</i>"})
    assert sent.status_code == 422
    assert 'role="alert"' in sent.text
    assert "&lt;i&gt;Hm&lt;/i&gt;</textarea>" in sent.text
    assert desk.answers(case["number"]) == []


@pytest.mark.covers("GAP-25")
def test_a_link_that_is_over_or_broken_or_of_no_case_says_so(desk: Desk) -> None:
    case = desk.closed("page-2")
    over = desk.link(case["case_id"], open_for=-timedelta(seconds=1))
    for answer in (desk.http.get(over), desk.http.post(over, data={"score": "5"})):
        assert (answer.status_code, "This survey is closed" in answer.text) == (410, True)
    for link in ("/survey/x.y", desk.link("case-" + "z" * 20), "/survey/", "/other", over[:-3]):
        for answer in (desk.http.get(link), desk.http.post(link, data={"score": "5"})):
            assert answer.status_code == 404
            assert "This link does not work" in answer.text
    assert desk.answers(case["number"]) == []


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "今回の対応は"), ("fil", "Kumusta po"), ("th", "How did it")]
)
def test_the_page_speaks_the_customers_language(desk: Desk, language: str, said: str) -> None:
    case = desk.closed(f"page-{language}", "--language", language)
    page = desk.http.get(desk.link(case["case_id"])).text
    assert said in page
    assert f'<html lang="{language if language != "th" else "en"}">' in page


def test_the_page_loads_nothing_runs_nothing_and_is_kept_nowhere(desk: Desk) -> None:
    case = desk.closed("page-3", "--title", "<script>alert(1)</script>")
    shown = desk.http.get(desk.link(case["case_id"]))
    assert "<script" not in shown.text
    assert not re.search(r"\b(src|href|action)=|url\(|@import", shown.text)
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    large = desk.http.post(desk.link(case["case_id"]), content=b"score=5&comment=" + b"x" * 100_000)
    assert large.status_code == 413
    assert desk.answers(case["number"]) == []


def test_every_language_of_the_page_says_the_same_things() -> None:
    said = survey_page.texts()
    assert {name: set(texts) for name, texts in said.items()} == {key: set(said["en"]) for key in said}
    assert set(said) == {"en", "fil", "ja"}


def test_without_a_key_nothing_is_served(run: Commands) -> None:
    answer = run("survey", "listen")
    assert answer.code == 2
    assert "SUNRELAY_SURVEY_SECRETS" in answer.err
