"""When a receiver wants to be asked again, in each of the three forms a date may have (RFC 9110, 5.6.7)."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from activities.channels.answer_head import LONGEST_WAIT, wished


@pytest.mark.parametrize(
    "form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
)
@pytest.mark.parametrize("zone", ["Asia/Manila", "America/New_York", "UTC"])
def test_a_date_is_utc_wherever_our_machine_stands(
    form: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        wish = wished((datetime.now(UTC) + timedelta(minutes=30)).strftime(form))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert wish is not None
    assert timedelta(minutes=20) < wish <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        (" 120 ", timedelta(minutes=2)),
        ("0", timedelta(seconds=1)),
        ("9" * 400, LONGEST_WAIT),
        ("Sun Nov  6 08:49:37 1994", timedelta(seconds=1)),
    ],
)
def test_what_is_said_is_kept_within_bounds(said: str | None, wish: timedelta | None) -> None:
    assert wished(said) == wish
