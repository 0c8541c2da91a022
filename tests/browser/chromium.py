"""The system's own Chromium, led by hand; everything it complains of is kept."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # ms until something must be there; on an idle machine it is a second


class NoChromium(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium for as long as the block lasts. Raises: NoChromium."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise NoChromium("there is no Chromium here; on Debian: apt-get install chromium")
    with TemporaryDirectory() as place, sync_playwright() as playwright:
        own = {"XDG_CONFIG_HOME": place, "XDG_CACHE_HOME": place}
        browser = playwright.chromium.launch(executable_path=program, env={**os.environ, **own})
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Window:
    """One window of the browser, with what went wrong in it: errors of scripts, refusals, boxes that open."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)


@contextmanager
def window(browser: Browser, base: str, **how: Any) -> Iterator[Window]:
    """Open a window of its own, which knows nothing of the others; paths are those of `base`."""
    context = browser.new_context(base_url=base, **how)
    context.set_default_timeout(PATIENCE)
    found = Window(context, context.new_page())
    page, complaints = found.page, found.complaints
    page.on("pageerror", lambda error: complaints.append(f"a script failed: {error}"))
    page.on("dialog", lambda box: _close(box, complaints))
    page.on("console", lambda said: complaints.append(said.text) if _is_ours(said.text) else None)
    try:
        yield found
    finally:
        context.close()


def _close(box: Dialog, complaints: list[str]) -> None:
    complaints.append(f"a box opened: {box.message}")
    box.dismiss()


def _is_ours(text: str) -> bool:
    """What the page refused by its own policy; that a page was not found is not said of it."""
    return "Content Security Policy" in text or "Trusted" in text
