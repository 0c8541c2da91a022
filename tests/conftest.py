"""One event loop for the asynchronous tests that share a server, and failures told when they happen."""

import os
from pathlib import Path

import pytest
from pytest_asyncio import is_async_test

os.environ["SUNRELAY_DIGEST_SECONDS"] = "0"
"""No notice waits for others, but where a test is about just that; processes that tests start inherit it."""

os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).with_name("no-settings-here"))
"""Whoever runs the tests may have signed in to an API; no test is to speak to it."""

os.environ["SUNRELAY_SANDBOX"] = "true"
"""The sandbox watches over every worker of the tests; where nobody says otherwise a worker does without."""

_SHARED_LOOP = ("workflows", "replay")


class _Failures:
    """Tells each failure and each wait of a minute at once: a run that is cut off has no summary."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self._tell(f"{report.nodeid} failed after {report.duration:.0f} s: {crash or report.longrepr}")
        elif report.duration > _LONG:
            self._tell(f"{report.nodeid} took {report.duration:.0f} s")

    def _tell(self, words: str) -> None:
        self._terminal.ensure_newline()
        self._terminal.line(words)


_LONG = 60  # s


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Failures(terminal), "failures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    rooms = tuple(here / name for name in _SHARED_LOOP)
    one_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if is_async_test(item) and any(item.path.is_relative_to(room) for room in rooms):
            item.add_marker(one_loop, append=False)
