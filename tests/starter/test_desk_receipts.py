"""The key of a desk's records: made once, for its owner alone, and left alone where one is set."""

from datetime import timedelta
from pathlib import Path

import pytest

from activities.receipts.key_file import make_keys, read_keys
from starter.cli.command import Door
from starter.cli.output import Output
from starter.cli.receipt_keys import key_file
from starter.desk.receipts import plan_receipts
from starter.door.faults import Fault
from starter.door.place import Target
from starter.home import Home


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "URL"):
        monkeypatch.delenv(f"SUNRELAY_RECEIPT_{name}", raising=False)


def plan(home: Path, *, mails_stay: bool = True) -> dict[str, str]:
    door = Door(Output(), Target(None, None, None, None), timedelta(seconds=1), Home(home))
    return plan_receipts(door, 8082, mails_stay=mails_stay)


def test_a_desk_makes_its_key_on_first_use_and_keeps_it(tmp_path: Path) -> None:
    told = plan(tmp_path)
    file = tmp_path / "receipt-key"
    assert told == {
        "SUNRELAY_RECEIPT_KEY": str(file),
        "SUNRELAY_RECEIPT_URL": "http://127.0.0.1:8082",
    }
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_bytes()
    assert plan(tmp_path) == told
    assert file.read_bytes() == kept
    assert len(read_keys(file)) == 1
    tmp_path.chmod(0o700)
    assert key_file(Home(tmp_path)) == file


def test_where_mails_leave_the_computer_no_page_is_named_that_nobody_could_open(tmp_path: Path) -> None:
    assert set(plan(tmp_path, mails_stay=False)) == {"SUNRELAY_RECEIPT_KEY"}


def test_what_is_set_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_keys(tmp_path / "own")
    monkeypatch.setenv("SUNRELAY_RECEIPT_KEY", str(tmp_path / "own"))
    monkeypatch.setenv("SUNRELAY_RECEIPT_URL", "https://desk.example")
    assert plan(tmp_path) == {}
    assert not (tmp_path / "receipt-key").exists()
    assert key_file(Home(tmp_path)) == tmp_path / "own"


def test_a_home_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="receipt-key"):
        plan(tmp_path / "nowhere")


def test_without_a_key_there_is_none(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert key_file(Home(tmp_path)) is None
