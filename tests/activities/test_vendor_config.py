"""A vendor's file is checked when a worker starts, and every shipped one can be used."""

from pathlib import Path

import pytest

from activities.assembly import open_adapters
from activities.vendor.config import VendorConfig, VendorConfigInvalid, load_vendor, shipped_vendors
from activities.vendor.forms import NothingToFill, filled, filled_path
from tests.activities.desk import settings

MINIMAL = """
name = "minimal"
base_url = "https://vendor.example/api"
[open]
path = "/tickets"
reference = "/id"
headers = { idempotency-key = "{key}" }
"""


def load(place: Path, text: str) -> VendorConfig:
    file = place / "v.toml"
    file.write_text(text, encoding="utf-8")
    return load_vendor(str(file))


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    config = load(tmp_path, MINIMAL)
    assert config.origin == "https://vendor.example"
    assert config.follow_up is None
    assert not config.tried_live


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 3", "name"),
        ("name = [", "v.toml"),
        (MINIMAL.replace("https://", "ftp://"), "base_url"),
        (MINIMAL.replace("vendor.example", "user@vendor.example"), "base_url"),
        (MINIMAL.replace("{key}", "fixed"), "to be done once"),
        (MINIMAL.replace("/tickets", "/{subscription}/tickets"), "nothing is known of subscription"),
        (MINIMAL + "[variables]\nnumber = '1'\n", "may not say number"),
        (MINIMAL + "surprise = 1\n", "surprise"),
        (MINIMAL + "find = { path = '/t', items = '/all' }\n", "told by `echo`"),
        ('extends = "nobody"\n', "extends one of azure-support, practice"),
        ("x" * 70_000, "more than 65536 bytes"),
    ],
)
def test_a_file_that_cannot_work_is_refused_and_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(VendorConfigInvalid, match=said):
        load(tmp_path, text)


async def test_a_worker_does_not_start_with_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VendorConfigInvalid, match="No such file"):
        await open_adapters(settings(vendor_config=str(tmp_path / "none.toml")))
    with pytest.raises(VendorConfigInvalid, match="nobodys-desk"):
        load_vendor("nobodys-desk")


def test_a_file_that_extends_gives_only_what_is_its_own(tmp_path: Path) -> None:
    config = load(tmp_path, 'extends = "practice"\nbase_url = "https://v.example"\n[severities]\nP1 = "A"\n')
    shipped = load_vendor("practice")
    assert config == shipped.model_copy(update={"base_url": "https://v.example", "severities": {"P1": "A"}})


def test_a_shipped_file_that_needs_more_says_what() -> None:
    assert shipped_vendors() == ("azure-support", "practice")
    with pytest.raises(VendorConfigInvalid, match="subscription_id"):
        load_vendor("azure-support")


def test_text_of_a_person_stays_a_value() -> None:
    filling = {"text": '", "severity": "1', "key": "k", "none": None}
    form = {"a": "{text}", "b": "about {text} ({none})", "c": ["{none}", 1], "d": {"e": "{none|key}"}}
    assert filled(form, filling) == {
        "a": '", "severity": "1',
        "b": 'about ", "severity": "1 ()',
        "c": [1],
        "d": {"e": "k"},
    }


@pytest.mark.parametrize(
    ("reference", "path"), [("V/../x?a=b#c", "/t/V%2F..%2Fx%3Fa%3Db%23c"), ("V 1", "/t/V%201")]
)
def test_what_stands_in_a_path_stays_one_segment(reference: str, path: str) -> None:
    assert filled_path("/t/{reference}", {"reference": reference}) == path


@pytest.mark.parametrize("reference", [None, "", ".."])
def test_a_path_without_its_segment_is_no_path(reference: str | None) -> None:
    with pytest.raises(NothingToFill, match="reference"):
        filled_path("/t/{reference}", {"reference": reference})


def test_a_token_is_read_again_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sunrelay_vendor_token"
    file.write_text("first\n", encoding="utf-8")
    monkeypatch.setenv("SUNRELAY_SECRETS_DIR", str(tmp_path))
    found = settings()
    assert found.read_vendor_token() == "first"
    file.write_text("second\n", encoding="utf-8")
    assert found.read_vendor_token() == "second"
    assert "first" not in repr(found)
    monkeypatch.setenv("SUNRELAY_VENDOR_TOKEN", "by-hand")
    assert settings().read_vendor_token() == "by-hand"
