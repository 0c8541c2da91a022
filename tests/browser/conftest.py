"""One Chromium and one desk for all tests of a run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import NoChromium, chromium
from tests.browser.shift import Shift, shift_on


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as running:
            yield running
    except NoChromium as error:
        pytest.exit(str(error), 2)


@pytest.fixture(scope="session")
def shift(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shift]:
    with shift_on(browser, tmp_path_factory.mktemp("shift")) as running:
        yield running
