"""The vendor of `sunrelay run`: however he fails, a case has one ticket with him, and hears from him."""

from pathlib import Path

import pytest

from tests.running_desk import running_desk
from tests.starter.conftest import Commands, eventually
from tests.starter.vendor_caller import taken_there

pytestmark = pytest.mark.e2e


def test_a_vendor_who_takes_it_and_fails_has_one_ticket_and_calls_back(tmp_path: Path) -> None:
    with running_desk(tmp_path):
        run = Commands(tmp_path, None)
        run.as_json("vendor", "mood", "takes-then-hangs-up")
        number = taken_there(run, "VP-1", None)
        kinds = eventually(
            lambda: (
                (found := [one["kind"] for one in run.as_json("timeline", number)["entries"]])
                and "vendor_answered" in found
                and found
            ),
            60,
        )
        assert kinds.count("vendor_ticket_opened") == 1
        assert kinds.count("vendor_answered") == 1
    assert "Traceback" not in (tmp_path / "web-door.log").read_text()
