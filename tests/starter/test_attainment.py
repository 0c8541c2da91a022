"""What is shown first of kept updates: those that a person wrote."""

from datetime import UTC, datetime

import pytest
from rich.console import Console

from activities.store.attainment import Target
from activities.store.statistics import Satisfaction, Statistics
from starter.cli.pages.statistics import page

AT = datetime(2027, 6, 15, tzinfo=UTC)


@pytest.mark.covers("GAP-07", "RHIPE-44")
def test_what_people_wrote_is_the_first_figure_and_what_the_system_sent_stands_beside_it() -> None:
    found = Statistics(
        since=AT,
        until=AT,
        tenant=None,
        cases=1,
        still_open=1,
        closed=0,
        reopened=0,
        reopenings=0,
        satisfaction=Satisfaction(answers=0, mean=None, scores={}),
        targets=(Target(clock="update", by_staff=1, met=73, missed=0),),
        updates={},
        breaches={},
        escalations={},
    )
    console = Console(width=120)
    with console.capture() as shown:
        console.print(page(found))
    (line,) = (line.split() for line in shown.get().splitlines() if line.strip().startswith("update"))
    assert line == ["update", "1", "1.4", "%", "0", "73", "100.0", "%"]
