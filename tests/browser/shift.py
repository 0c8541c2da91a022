"""A desk on which a shift can be played at any hour, and its people, each in windows of their own.

It is `sunrelay run` with a policy by which Sydney and Manila never close. Cases come in by its commands.
"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.always_open import ALWAYS_OPEN
from tests.browser.chromium import Window, window
from tests.running_desk import running_desk
from tests.starter.conftest import Commands, complete, eventually

P1 = ("--urgency", "high")
P1_RESPONSE = timedelta(hours=1)
_NUMBERS = count(1)


@dataclass
class Shift:
    """The desk and its people; `links` are what it printed, each good for one sign-in."""

    browser: Browser
    base: str
    links: dict[str, str]
    home: Path
    process: int
    settings: dict[str, str]
    _known: dict[str, Any] = field(default_factory=dict)

    def case(self, title: str, *flags: str, ago: timedelta = timedelta(0), policy: str = "relay") -> str:
        """Open a case, which another system received a while ago, and return its number."""
        received = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
        came = ("--imported", "--received-at", received) if ago else ()
        named = ("--title", title, "--policy", policy, "--region", "sydney")
        return str(self.run("open", *complete(f"INC-{next(_NUMBERS)}"), *named, *came, *flags)["number"])

    def run(self, *arguments: str) -> Any:
        """What a command prints; it has a loop of its own, for this thread has Playwright's."""
        commands = Commands(self.home, None)
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(commands.as_json, *arguments, **self.settings).result()

    @contextmanager
    def window_of(self, whose: str, **how: Any) -> Iterator[Window]:
        """Open a window of somebody who is signed in, by their link when they first come."""
        with window(self.browser, self.base, storage_state=self._known.get(whose), **how) as found:
            if whose not in self._known:
                found.page.goto(self.link_of(whose))
                found.page.get_by_role("button", name="Sign in").click()
                found.page.get_by_role("button", name="Sign out").wait_for()
                self._known[whose] = found.context.storage_state()
            yield found

    def link_of(self, whose: str) -> str:
        """The link printed for somebody; it opens once."""
        return next(link for name, link in self.links.items() if name.startswith(whose))


@contextmanager
def shift_on(
    browser: Browser, place: Path, more_policies: Mapping[str, str] | None = None, **more: str
) -> Iterator[Shift]:
    """Run the desk for as long as the block lasts, with more policies by name."""
    policies, shown = place / "policies", place / "shown.txt"
    policies.mkdir()
    for name, text in {"relay": ALWAYS_OPEN, **(more_policies or {})}.items():
        (policies / f"{name}.toml").write_text(text, encoding="utf-8")
    settings = {"SUNRELAY_POLICY_DIR": str(policies), "SUNRELAY_DIGEST_SECONDS": "0", **more}
    with shown.open("w", encoding="utf-8") as file:
        running = running_desk(place / "home", "-o", "json", shown=file, **settings)
        with running as (process, _):
            said = eventually(lambda: _printed(shown.read_text(encoding="utf-8")))
            yield Shift(browser, said["web"], said["links"], place / "home", process.pid, settings)


def _printed(text: str) -> Any:
    """The first record a desk prints, once it is whole; None before."""
    try:
        return json.JSONDecoder().raw_decode(text, text.index("{"))[0]
    except ValueError:
        return None
