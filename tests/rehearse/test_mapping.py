"""A mapping with an error is refused in one line that names the file and every field."""

from importlib.resources import files
from pathlib import Path

import pytest

from starter.door.faults import Fault, Kind
from starter.rehearse.mapping_choice import fitting_mapping, load_mapping, mapping_names, parse_mapping
from tests.rehearse.logs import HEADER

_OURS = files("starter.rehearse").joinpath("mappings", "desk-log.toml").read_text(encoding="utf-8")


def test_every_mapping_we_ship_is_valid() -> None:
    assert mapping_names() == ("desk-log", "servicenow-uci", "vinst-incidents")
    assert tuple(load_mapping(name).name for name in mapping_names()) == mapping_names()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('case = "ticket"\n', "", "columns.case: Field required"),
        ('case = "ticket"', "case = 7", "columns.case: Input should be a valid string"),
        ('enter = "work"', 'enter = "dance"', "states.working.enter: Input should be"),
        ('leave = "answer"', 'leave = "resolve"', "states.with customer.leave: Input should be"),
        ('leaves_quietly_for = ["done"]', 'leaves_quietly_for = ["dine"]', "unknown state 'dine'"),
        ('1 = "high"', '1 = "huge"', "ratings.impact.1: Input should be 'high', 'medium' or 'low'"),
        ('zone = "Australia/Sydney"', 'zone = "AEST"', "zone: a zone is an IANA name"),
        ('zone = "Australia/Sydney"', 'zone = "Australia/Atlantis"', "zone: 'Australia/Atlantis' is no zone"),
        ('by = "customer"', 'by = "robot"', "channels.mail.by: Input should be 'staff' or 'customer'"),
        ('tenant = "acme"\n', "", "intake.tenant: Field required"),
        ("[columns]\n", '[columns]\nmood = "sad"\n', "columns.mood: Extra inputs are not permitted"),
        ('opened = ["opened"]', 'opened = ["solved_on"]', "columns: solved_on tells the future"),
        ("[columns]\n", "[columns\n", "not TOML: "),
    ],
)
def test_an_error_names_file_and_field(before: str, after: str, told: str) -> None:
    assert before in _OURS
    with pytest.raises(Fault) as fault:
        parse_mapping(_OURS.replace(before, after), "mine.toml")
    assert fault.value.kind is Kind.USAGE
    assert str(fault.value).startswith("mine.toml: ")
    assert told in str(fault.value)
    assert "\n" not in str(fault.value).partition("not TOML")[0]


def test_several_errors_are_told_together() -> None:
    text = _OURS.replace('tenant = "acme"\n', "").replace('case = "ticket"\n', "")
    with pytest.raises(Fault, match=r"columns\.case: .*intake\.tenant: "):
        parse_mapping(text, "mine.toml")


def test_a_mapping_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(_OURS.replace('name = "desk-log"', 'name = "own"'), encoding="utf-8")
    assert load_mapping(str(own)).name == "own"


def test_an_unknown_name_and_a_missing_file_are_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="there is no mapping 'nothing'"):
        load_mapping("nothing")
    with pytest.raises(Fault, match="No such file"):
        load_mapping(str(tmp_path / "gone.toml"))


def test_the_one_mapping_that_fits_the_header_is_chosen() -> None:
    assert fitting_mapping(HEADER.split(","), "x.csv").name == "desk-log"
    with pytest.raises(Fault, match=r"x\.csv: its header fits no mapping of ours"):
        fitting_mapping(["a", "b"], "x.csv")
