import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from policies import POLICY_DIR, PolicyInvalid, PolicyUnknown, load_policy, parse_policy, policy_names

SHIPPED = files("policies").joinpath("rhipe-csp.toml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str]) -> str:
    text = SHIPPED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def errors_of(text: str, code: str = "PolicyInvalid") -> tuple[str, ...]:
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(text, "own.toml")
    assert caught.value.code == code
    assert str(caught.value).startswith("own.toml: ")
    return caught.value.errors


def test_every_shipped_policy_loads_under_its_own_name() -> None:
    assert "rhipe-csp" in policy_names()
    for name in policy_names():
        assert load_policy(name).name == name


def test_all_errors_are_told_at_once_each_with_its_path() -> None:
    errors = errors_of(
        changed(
            ('within = "1h"', 'within = "an hour"'),
            ("warn_at_share = 0.75", "warn_at_share = 1.75"),
            ("survey = true", "survey = true\nsurprise = 1"),
            ('channels = ["phone", "email", "portal"]', "channels = 3"),
        )
    )
    assert {error.split(":")[0] for error in errors} == {
        "rules.levels[0].initial_response.within",
        "rules.informing.warn_at_share",
        "rules.closing.surprise",
        "rules.intake.channels",
    }


@pytest.mark.covers("RHIPE-24")
@pytest.mark.parametrize(
    "zone", ["AEST", "MYT", "UTC+10", "+10:00", "Etc/GMT-10", "Asia/Manilla", "Asia/../x"]
)
def test_a_zone_is_the_name_of_a_place(zone: str) -> None:
    (error,) = errors_of(changed(('zone = "Asia/Manila"', f'zone = "{zone}"')), code="PolicyInvalid")
    assert error.startswith("regions.manila.zone: ")


def test_errors_only_our_tables_can_tell_are_told_together_too() -> None:
    errors = errors_of(
        changed(
            ('calendar = "PH"', 'calendar = "XX"'),
            ('zone = "Asia/Manila"', 'zone = "Asia/Nowhere"'),
            ('countries = ["PH"]', 'countries = ["AU"]'),
        )
    )
    assert [error.split(":")[0] for error in errors] == [
        "regions.manila.zone",
        "regions.manila.calendar",
        "regions.manila.countries",
    ]


@pytest.mark.covers("RHIPE-21")
def test_a_policy_that_breaks_a_rule_of_its_own_is_refused() -> None:
    broken = changed(('default_plan = "partner-24x7"', 'default_plan = "gold"'))
    (error,) = errors_of(broken, code="PolicyInvalid")
    assert "default_plan" in error


@pytest.mark.parametrize("text", ["", "name = ", "\x00", "name = 'x'\nname = 'y'", "[[[", "x" * 100_000])
def test_what_is_no_policy_is_refused(text: str) -> None:
    assert errors_of(text)


def test_a_company_can_bring_its_own_policies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    (tmp_path / "acme.toml").write_text(changed(('name = "rhipe-csp"', 'name = "acme"')), encoding="utf-8")
    (tmp_path / "rhipe-csp.toml").write_text(
        changed(('version = "1"', 'version = "acme-1"')), encoding="utf-8"
    )
    assert policy_names() == ("acme", "rhipe-csp")
    assert load_policy("acme").name == "acme"
    assert load_policy("rhipe-csp").version == "acme-1"


def test_a_file_must_be_named_after_its_policy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    (tmp_path / "gold.toml").write_text(SHIPPED, encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=r"gold\.toml: name: .*rhipe-csp.*gold"):
        load_policy("gold")


def test_a_file_that_is_not_utf_8_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    (tmp_path / "gold.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(PolicyInvalid, match=r"gold\.toml: not UTF-8"):
        load_policy("gold")


@pytest.mark.parametrize("name", ["gold", "", "../pyproject", "rhipe-csp.toml", "/etc/passwd", "x\x00y"])
def test_an_unknown_policy_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(PolicyUnknown, match="rhipe-csp") as caught:
        load_policy(name)
    assert caught.value.code == "PolicyValueUnknown"


def test_the_running_product_never_imports_the_holiday_library() -> None:
    program = "import sys, policies, activities.assembly; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
