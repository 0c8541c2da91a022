"""What is read from a log that says where owners sit: centres, lines, queues; without a server."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from domain.actor import Tier
from domain.messages.case import Escalate
from domain.timeline import EntryKind
from policies import load_policy
from starter.door.faults import Fault
from starter.rehearse.centre_of_country import placed
from starter.rehearse.mapping_choice import load_mapping, mapping_names, parse_mapping
from starter.rehearse.ownership import Owned, OwnerStep, closed_meanwhile, stretches
from starter.rehearse.problems import Mended
from tests.rehearse.logs import DESK_LOG, spoken
from tests.rehearse.logs import read as read_desk
from tests.rehearse.vinst import CLOSED, IN_CALL, QUEUED, RESOLVED, WORKING, change, read, written

_DAY = "2012-04-10"
_TUESDAY = datetime(2012, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "centre"),
    [
        ("Australia/Melbourne", "melbourne"),  # its own zone, though Sydney's day is the same
        ("Asia/Bangkok", "kuala_lumpur"),  # its customers call there
        ("Europe/Warsaw", "kuala_lumpur"),  # its shift is Europe's day
        ("Asia/Kolkata", "kuala_lumpur"),
        ("Asia/Shanghai", "sydney"),
        ("America/New_York", "manila"),
    ],
)
def test_a_country_stands_for_the_centre_whose_shifts_lie_over_its_working_day(
    zone: str, centre: str
) -> None:
    assert placed({"there": zone}, load_policy("rhipe-csp"), _TUESDAY) == {"there": centre}


def test_a_policy_of_one_centre_has_only_that_one() -> None:
    assert placed({"usa": "America/New_York"}, load_policy("distributor-css"), _TUESDAY) == {"usa": "central"}


def test_changes_of_hands_are_counted_and_an_unknown_country_is_left_out(tmp_path: Path) -> None:
    log = written(
        tmp_path / "x.csv",
        [
            change("A", f"{_DAY} 06:30"),
            change("A", f"{_DAY} 07:00", QUEUED, team="T2", line=2),
            change("A", f"{_DAY} 09:00", country="INDIA", team="T2", line=2),
            change("A", f"{_DAY} 10:00", country="0", team="T3", line=3),
            change("A", f"{_DAY} 11:00", country="india", team="T3", line=3),
            change("A", f"{_DAY} 17:00", country="USA", team="T1", line=1),
        ],
    )
    script = read(log)
    (hands,) = script.hands
    assert (hands.countries, hands.centres) == (2, 1)  # Poland and India are one centre's day
    assert (hands.teams, hands.came_back) == (3, 1)
    assert (hands.raised, hands.lowered) == (2, 1)
    assert hands.queued_seconds == 2 * 3600
    assert (hands.rows, hands.rows_without_country) == (6, 1)
    (mended,) = script.rows.mended
    assert (mended.reason, mended.count) == (Mended.UNKNOWN_COUNTRY.value, 1)


def test_the_first_owner_s_country_is_the_home_and_a_raised_line_is_an_escalation(tmp_path: Path) -> None:
    log = written(
        tmp_path / "x.csv",
        [
            change("A", f"{_DAY} 06:30", country="USA"),
            change("A", f"{_DAY} 07:00", QUEUED, line=2),
            change("A", f"{_DAY} 08:00", ("Accepted", "Wait - Vendor"), line=3),
            change("A", f"{_DAY} 09:00", ("Accepted", "Wait - User"), line=3),
            change("A", f"{_DAY} 10:00", RESOLVED, line=3),
            change("A", f"{_DAY} 12:00", ("Unmatched", "Unmatched"), line=3),
            change("A", f"{_DAY} 13:00", WORKING, line=3),
            change("A", f"{_DAY} 14:00", IN_CALL, line=3),
            change("A", "2012-04-17 14:00", CLOSED, line=3, owner="Siebel"),
            change("B", f"{_DAY} 06:30", country="0", impact="Major"),
        ],
    )
    script = read(log)
    assert [story.submit.region for story in script.stories] == ["manila", None]
    assert [(story.submit.impact, story.submit.urgency) for story in script.stories] == [
        ("medium", "medium"),
        ("high", "high"),
    ]
    assert spoken(script, "A") == [
        ["post_update"],
        ["escalate", "add_note"],
        ["post_update"],
        ["wait_for_customer"],
        ["resolve"],
        ["reopen"],
        ["post_update"],
        ["resolve"],
    ]
    escalation = script.stories[0].turns[1].sayings[0].words[0].message
    assert isinstance(escalation, Escalate)
    assert (escalation.classification, escalation.actor.tier) == ("Line X", Tier.L1)
    assert script.stories[0].turns[2].sayings[0].words[0].message.actor.region == "kuala_lumpur"


def test_other_logs_do_not_follow_the_sun() -> None:
    assert [name for name in mapping_names() if load_mapping(name).follows_the_sun] == ["vinst-incidents"]
    assert read_desk(DESK_LOG).hands == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('country = "owner_country"', "", "columns.country: it is needed where cases follow the sun"),
        ('usa = "America/New_York"', 'USA = "America/New_York"', "countries.USA: write it in small letters"),
        ('usa = "America/New_York"', 'usa = "EST"', "countries.usa: a zone is an IANA name"),
        ('usa = "America/New_York"', 'usa = "America/Atlantis"', "countries.usa: 'America/Atlantis' is no"),
        ('1 = "L1"', '1 = "L9"', "lines.1: "),
    ],
)
def test_an_error_in_where_owners_sit_is_named(before: str, after: str, told: str) -> None:
    text = _mapping_text()
    assert before in text
    with pytest.raises(Fault) as fault:
        parse_mapping(text.replace(before, after), "mine.toml")
    assert told in str(fault.value)


def _mapping_text() -> str:
    return files("starter.rehearse").joinpath("mappings", "vinst-incidents.toml").read_text(encoding="utf-8")


def _at(hour: float) -> datetime:
    return _TUESDAY + timedelta(hours=hour)


def test_who_has_a_case_when_and_how_long_that_centre_was_closed() -> None:
    """Kuala Lumpur works from 06:00 to 15:00 UTC, Manila from 14:00 to 23:00, Sydney from 23:00 to 08:00."""
    case = Owned(
        case="A",
        received_at=_at(7),
        home="kuala_lumpur",
        first="kuala_lumpur",
        steps=(
            OwnerStep(at=_at(15.5), kind=EntryKind.HANDED_OVER, about="kuala_lumpur -> manila"),
            OwnerStep(at=_at(20), kind=EntryKind.CLOSED),
            OwnerStep(at=_at(22), kind=EntryKind.REOPENED),
            OwnerStep(
                at=_at(23) + timedelta(seconds=3), kind=EntryKind.HANDED_OVER, about="manila -> sydney"
            ),
        ),
    )
    parts = list(stretches(case, _at(33)))
    assert [(part.region, part.begins_at, part.ends_at) for part in parts] == [
        ("kuala_lumpur", _at(7), _at(15.5)),
        ("manila", _at(15.5), _at(20)),
        ("manila", _at(22), _at(23) + timedelta(seconds=3)),
        ("sydney", _at(23) + timedelta(seconds=3), _at(33)),
    ]
    closed = closed_meanwhile(parts, load_policy("rhipe-csp"))
    assert closed == timedelta(minutes=30) + timedelta(hours=1)  # three seconds are a handover, not a gap
    assert list(stretches(case, _at(8)))[-1].ends_at == _at(8)
