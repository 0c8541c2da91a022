"""The pages of the board, each with the way there, in a window of somebody who is signed in or of nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.chromium import window
from tests.browser.shift import Shift
from tests.starter.api_client import web_door
from tests.starter.conftest import Commands

WHO, BOSS = "Ana Reyes", "Mo Tan"
THEIR_OWN = "Priya Nair"
NOWHERE = "127.0.0.1:1"


class Scene(NamedTuple):
    """What a page is looked at with: the desk, and the number of a case that Ana may answer."""

    shift: Shift
    number: str


Way = Callable[[Page, Scene], None]


def _to(path: str) -> Way:
    return lambda page, scene: _ok(page, path.format(number=scene.number))


def _ok(page: Page, path: str) -> None:
    page.goto(path, wait_until="load")


def _written(page: Page, scene: Scene) -> None:
    page.goto(f"/cases/{scene.number}/say/respond")
    page.get_by_label("Text (needed)").fill("We have found the cause and are mending it.")
    page.get_by_role("button", name="Respond").click()
    page.get_by_role("button", name="Send it").wait_for()


def _refused(page: Page, scene: Scene) -> None:
    page.goto(f"/cases/{scene.number}/say/schedule_session")
    page.get_by_role("button", name="Schedule session").click()
    page.get_by_text("Nothing was sent yet").wait_for()


def _rehearsed(page: Page, scene: Scene) -> None:
    page.goto("/rehearsal")
    page.get_by_role("button", name="Rehearse").click()
    page.get_by_role("heading", name="What would have come of it").wait_for(timeout=120_000)


def _not_lodged(page: Page) -> None:
    page.goto("/portal/new")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("alert").wait_for()


def _not_verified(page: Page) -> None:
    page.goto("/verify")
    page.get_by_label("Paste the record here").fill("no record at all")
    page.get_by_role("button", name="Check it").click()
    page.get_by_role("alert").wait_for()


def _signed_out(page: Page, scene: Scene) -> None:
    scene.shift.run("people", "add", "Lou Kim", "--role", "manager")
    page.goto(scene.shift.run("people", "link", "Lou Kim")["link"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out").wait_for()


OF_SOMEBODY: dict[str, Way] = {
    "mine": _to("/"),
    "centre": _to("/centre"),
    "all": _to("/all"),
    "silent": _to("/silent"),
    "overdue": _to("/overdue"),
    "narrowed": _to("/all?level=P1&words=sign"),
    "search": _to("/search?q=harbour"),
    "case": _to("/cases/{number}"),
    "why": _to("/cases/{number}/explain/update"),
    "letter": _written,
    "refused": _refused,
    "coverage": _to("/coverage"),
    "rota": _to("/rota"),
    "incidents": _to("/incidents"),
    "policies": _to("/policies"),
    "policy": _to("/policies/rhipe-csp"),
    "vendors": _to("/vendors"),
    "notice": _to("/nowhere"),
}
OF_A_MANAGER: dict[str, Way] = {
    "statistics": _to("/statistics"),
    "quarter": _to("/statistics?from=2026-06-01&to=2026-08-31"),
    "undelivered": _to("/undelivered"),
    "rehearsal": _to("/rehearsal"),
    "rehearsed": _rehearsed,
}
OF_A_CUSTOMER: dict[str, Way] = {
    "portal": _to("/portal/"),
    "lodging": _to("/portal/new"),
    "lodging-refused": lambda page, scene: _not_lodged(page),
    "case-of-theirs": _to("/portal/cases/{number}"),
    "nowhere-of-theirs": _to("/portal/nowhere"),
}
OF_NOBODY: dict[str, Way] = {
    "portal-sign-in": _to("/portal/"),
    "portal-link": lambda page, scene: _ok(page, scene.shift.link_of("Priya Nair")),
    "verify": _to("/verify"),
    "verified": lambda page, scene: _not_verified(page),
    "sign-in": _to("/"),
    "link": lambda page, scene: _ok(page, scene.shift.link_of("Mo Tan")),
    "used-link": _to("/link/no-such-link"),
    "signed-out": _signed_out,
}
AWAY = "away"
"""The page of a door that does not reach its engine."""


@contextmanager
def place(name: str, scene: Scene) -> Iterator[Page]:
    """Open a page in a window of its own."""
    shift = scene.shift
    if name in OF_NOBODY:
        with window(shift.browser, shift.base) as found:
            OF_NOBODY[name](found.page, scene)
            yield found.page
    elif name == AWAY:
        with web_door(Commands(shift.home, NOWHERE)) as door, shift.window_of(WHO) as found:
            found.page.goto(f"{door.base}/centre")
            found.page.get_by_role("button", name="Pull the next case").click()
            found.page.get_by_role("heading", name="The engine does not answer").wait_for()
            yield found.page
    else:
        whose = {WHO: OF_SOMEBODY, BOSS: OF_A_MANAGER, THEIR_OWN: OF_A_CUSTOMER}
        who, way = next((who, ways[name]) for who, ways in whose.items() if name in ways)
        with shift.window_of(who) as found:
            way(found.page, scene)
            yield found.page
