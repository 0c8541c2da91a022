"""Instants on the command line by the clock of whoever reads them."""

from contextvars import copy_context
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from policies.zones import local_zone
from starter.cli.application import app
from starter.door.plain import moment, read_in

AT = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Australia/Sydney", "2027-03-02 14:00+11:00"),
        ("America/St_Johns", "2027-03-01 23:30-03:30"),
        ("UTC", "2027-03-02 03:00+00:00"),
    ],
)
def test_an_instant_is_shown_by_the_reader_s_clock_with_its_offset(zone: str, shown: str) -> None:
    def told() -> str:
        read_in(lambda at: local_zone(zone, at, at))
        return moment(AT)

    assert copy_context().run(told) == shown
    assert moment(AT) == "2027-03-02 03:00Z"


@pytest.mark.parametrize("given", [["--zone", "AEST"], []])
def test_a_reader_s_zone_nobody_knows_is_refused_by_flag_and_by_setting(given: list[str]) -> None:
    answer = CliRunner().invoke(
        app(), ["policy", "list", *given], env={} if given else {"SUNRELAY_ZONE": "AEST"}
    )
    assert answer.exit_code == 2
    assert "abbreviation" in answer.output


def _help(*command: str) -> str:
    return CliRunner().invoke(app(), [*command, "--help"], env={"COLUMNS": "120"}).output


@pytest.mark.parametrize(
    ("command", "flag"), [(("show",), "--zone"), (("list",), "--zone"), (("open",), "--shown-in")]
)
def test_the_flag_is_zone_but_where_that_is_the_case_s(command: tuple[str, ...], flag: str) -> None:
    assert flag in _help(*command)
