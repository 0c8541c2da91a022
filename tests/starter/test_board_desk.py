"""The board of a desk that works: somebody comes in by a link, and pulls one case after the other."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.starter.api_client import Api, web_door
from tests.starter.conftest import Commands, eventually

NAME = "Pat Lee"  # a TSS is in no rota, and may take cases whoever is in it
_TOKEN = re.compile(r'name="form" value="([0-9a-f]{64})"')


@pytest.fixture(scope="module")
def door(run: Commands) -> Iterator[Api]:
    with web_door(run) as found:
        yield found


@pytest.fixture
def browser(run: Commands, door: Api) -> Iterator[httpx.Client]:
    """Somebody of Sydney, signed in by what the command prints."""
    run("people", "add", NAME, "--role", "tss", "--region", "sydney")
    link = run.as_json("people", "link", NAME, "--url", door.base)["link"]
    assert link.startswith(f"{door.base}/link/")
    with httpx.Client(base_url=door.base, headers={"Origin": door.base}, timeout=60) as client:
        assert client.post(link).status_code == 303
        yield client


def test_pulling_gives_one_case_after_the_other_and_the_lists_say_whose_they_are(
    run: Commands, browser: httpx.Client
) -> None:
    for reference in ("PULL-1", "PULL-2"):
        number = run.open(reference)["number"]
        eventually(lambda number=number: number in browser.get("/all").text)
    token = _TOKEN.search(browser.get("/").text)
    assert token is not None
    pulled = []
    for _ in range(2):
        answer = browser.post("/pull", data={"form": token[1]})
        assert answer.status_code == 303, answer.text
        pulled.append(answer.headers["location"].removeprefix("/cases/"))
    assert len(set(pulled)) == 2
    for number in pulled:
        assert run.as_json("show", number)["assignee"] == NAME
        eventually(lambda number=number: number in browser.get("/").text)


def test_whether_a_centre_has_workers_is_asked_of_the_engine(browser: httpx.Client) -> None:
    shown = browser.get("/centre?centre=sydney").text
    assert re.search(r"Workers</dt><dd>\s+(there|<span class=\"warn\">none)", shown)
