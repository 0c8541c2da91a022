"""Which survey page a desk has, and what it keeps of it: its links have to open after a restart."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from starter.cli.command import Door
from starter.cli.output import Output
from starter.desk.surveys import SurveyPage, plan_page
from starter.door.faults import Fault
from starter.door.place import Target
from starter.home import Home
from tests.servers import free_port

HIS_KEY = "a-key-of-his-own-that-nobody-could-guess"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A desk's directory whose survey page has a free port, with nothing else set."""
    for name in ("URL", "SECRETS"):
        monkeypatch.delenv(f"SUNRELAY_SURVEY_{name}", raising=False)
    monkeypatch.setattr("starter.desk.surveys.PORT", free_port())
    yield tmp_path
    assert not list(tmp_path.glob("*.new"))


def _plan(home: Path, *, mails_stay: bool = True) -> SurveyPage:
    door = Door(Output(), Target(None, None, None, None), timedelta(seconds=1), Home(home))
    return plan_page(door, mails_stay=mails_stay)


def test_port_and_key_are_those_of_the_earlier_run_and_the_key_is_for_its_owner_alone(home: Path) -> None:
    first = _plan(home)
    assert _plan(home) == first
    assert first.told["SUNRELAY_SURVEY_URL"] == first.url == f"http://127.0.0.1:{first.port}/survey"
    assert len(first.told["SUNRELAY_SURVEY_SECRETS"]) >= 32
    assert (home / "survey-key").stat().st_mode & 0o777 == 0o600


def test_two_desks_have_keys_of_their_own(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = _plan(tmp_path_factory.mktemp("other"))
    assert _plan(home).told["SUNRELAY_SURVEY_SECRETS"] != other.told["SUNRELAY_SURVEY_SECRETS"]


def test_a_key_that_is_changed_by_hand_may_have_the_old_one_below_it(home: Path) -> None:
    old = _plan(home).told["SUNRELAY_SURVEY_SECRETS"]
    (home / "survey-key").write_text(f"{HIS_KEY}\n{old}\n")
    assert _plan(home).told["SUNRELAY_SURVEY_SECRETS"].split() == [HIS_KEY, old]


def test_a_port_that_is_taken_is_replaced_kept_and_said_aloud(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = _plan(home).port
    assert first is not None
    with socket.create_server(("127.0.0.1", first)):
        second = _plan(home).port
    assert second != first
    said = capsys.readouterr().err
    assert f"port {first} is taken; the survey page listens on {second}" in said
    assert f"earlier mails lead to port {first}" in said
    assert _plan(home).port == second


def test_an_address_that_is_set_wins_and_the_desk_has_no_page_of_its_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNRELAY_SURVEY_URL", "https://support.example/survey")
    monkeypatch.setenv("SUNRELAY_SURVEY_SECRETS", HIS_KEY)
    assert _plan(home) == SurveyPage("https://support.example/survey", {})
    assert list(home.iterdir()) == []


def test_an_address_without_a_key_is_a_fault_that_names_the_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNRELAY_SURVEY_URL", "https://support.example/survey")
    with pytest.raises(Fault, match="SUNRELAY_SURVEY_SECRETS"):
        _plan(home)


def test_a_key_that_is_set_signs_the_links_of_the_desk_s_own_page(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNRELAY_SURVEY_SECRETS", HIS_KEY)
    page = _plan(home)
    assert page.told == {"SUNRELAY_SURVEY_URL": page.url}  # his key reaches worker and page by itself
    assert not (home / "survey-key").exists()


def test_mails_that_leave_this_computer_have_no_link_that_opens_only_here(home: Path) -> None:
    assert _plan(home, mails_stay=False) == SurveyPage(None, {})
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("kept", ["", "0", "65536", "no port", "9" * 5000])
def test_a_port_that_makes_no_sense_is_the_usual_one(home: Path, kept: str) -> None:
    usual = _plan(home).port
    (home / "survey-port").write_text(kept)
    assert _plan(home).port == usual


def test_a_key_that_cannot_be_read_is_said_in_one_line(home: Path) -> None:
    (home / "survey-key").write_bytes(b"\xff" * 40)
    with pytest.raises(Fault) as told:
        _plan(home)
    assert told.value.code == "HomeUnusable"
    assert "survey-key" in told.value.remedy
    assert "\n" not in str(told.value)
