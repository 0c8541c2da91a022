"""What is swept: both ends, by steps of one kind, and never more values than anybody waits for."""

import pytest

from starter.door.faults import Fault
from starter.rehearse.value_range import MOST, read_range


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("levels.P2.update_every=1h..4h/1h", ("1h", "2h", "3h", "4h")),
        ("levels.P2.update_every=1h..4h", ("1h", "2h", "3h", "4h")),
        ("levels.P2.update_every=1h..2h/30m", ("60m", "90m", "120m")),
        ("levels.P2.update_every=30m..1d/12h", ("30m", "750m")),
        ("a.b=1..3", ("1", "2", "3")),
        ("a.b=0.5..0.9/0.2", ("0.5", "0.7", "0.9")),
        ("a.b=4h..4h", ("4h",)),
    ],
)
def test_both_ends_count_as_far_as_the_step_meets_them(text: str, values: tuple[str, ...]) -> None:
    assert read_range(text).values == values


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("levels.P2.update_every", "is no range of values"),
        ("levels.P2.update_every=4h", "is no range of values"),
        ("a=1h..4", "all whole durations"),
        ("a=1..4h", "all whole durations"),
        ("a=0.5..0.9", "all numbers"),
        ("a=soon..later", "all numbers"),
        ("a=4h..1h", "leads nowhere"),
        ("a=1h..4h/0h", "leads nowhere"),
        ("a=1m..10d", f"at most {MOST}"),
        ("a=1..999999999999", f"at most {MOST}"),
    ],
)
def test_what_is_no_range_is_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(Fault, match="a") as refused:
        read_range(text)
    assert told in refused.value.reason
    assert refused.value.remedy


def test_the_most_values_are_taken_and_one_more_is_not() -> None:
    assert len(read_range(f"a=1..{MOST}").values) == MOST
    with pytest.raises(Fault):
        read_range(f"a=1..{MOST + 1}")
