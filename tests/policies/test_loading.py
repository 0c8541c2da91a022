"""What is a policy and what is none; which versions there are; errors that lead to the line."""

import subprocess
import sys
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from activities.terms import TermsActivities
from domain.compiled_terms import policy_digest
from domain.terms import TermsRequest
from policies import (
    POLICY_DIR,
    PolicyInvalid,
    PolicyUnknown,
    load_policy,
    parse_policy,
    policy_names,
    policy_versions,
)

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
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
            ('calendar = "PH"', 'calendar = "XX"'),
            ('default_plan = "partner-24x7"', 'default_plan = "gold"'),
            ('channels = ["phone", "email", "portal"]', "channels = 3"),
        )
    )
    assert {error.split(":")[0] for error in errors} == {
        "rules.levels.P1.initial_response.within",
        "rules.informing.warn_at_share",
        "rules.closing.surprise",
        "rules.intake.channels",
        "regions.manila.calendar",
        "default_plan",
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


@pytest.mark.parametrize(
    "text", ["", "name = ", "\x00", "name = 'x'\nname = 'y'", "[[[", "x" * 100_000, "x = " + "[" * 5_000]
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    assert errors_of(text)


@pytest.mark.parametrize(
    ("wrong", "path", "line", "told"),
    [
        (
            ('update_every = "2h"', 'update_evry = "2h"'),
            "rules.levels.P2.update_evry",
            "update_evry",
            "did you mean update_every?",
        ),
        (('level = "P3" }', 'level = "P33" }'), "rules.matrix[2].level", None, "unknown level P33"),
        (
            ('default_level = "P2"', 'default_level = "P22"'),
            "rules.intake.default_level",
            "default_level =",
            "unknown level P22",
        ),
        (
            ('{ within = "4h" }', '"soon"'),
            "rules.levels.P2.initial_response",
            '"soon"',
            'give { within = "4h" }',
        ),
        (
            ('title = "Partner, 24x7x365"\n', ""),
            "plans.partner-24x7.title",
            "[plans.partner-24x7]",
            "missing",
        ),
        (
            ("survey = true", 'survey = "perhaps"'),
            "rules.closing.survey",
            '"perhaps"',
            "it should be a valid boolean",
        ),
        (
            ('channels = ["phone", "email", "portal"]', 'channels = "phone"'),
            "rules.intake.channels",
            'channels = "phone"',
            "give a list",
        ),
        (
            ("mon = [{ opens = 07:00:00", "mon = [{ opens = 20:00:00"),
            "plans.saas-12x5.hours.mon",
            "20:00:00",
            "closing after it opens",
        ),
        (
            ("mon = [{ opens = 07:00:00", 'mon = [{ opens = "seven"'),
            "plans.saas-12x5.hours.mon[0].opens",
            '"seven"',
            "valid time format",
        ),
    ],
)
def test_an_error_names_its_field_and_the_line_it_is_on(
    wrong: tuple[str, str], path: str, line: str | None, told: str
) -> None:
    text = changed(wrong)
    (error,) = errors_of(text)
    assert error.startswith(f"{path}: ")
    assert told in error
    if line is not None:
        number = next(at for at, row in enumerate(text.splitlines(), 1) if line in row)
        assert error.endswith(f" (line {number})")


def test_what_only_looks_like_the_end_of_a_line_moves_no_line() -> None:
    text = changed(
        ('title = "rhipe CSP support"', 'title = "rhipe\u2028CSP\x85support"'),
        ("survey = true", "survey = 3"),
    )
    for ending in ("\n", "\r\n"):
        (error,) = errors_of(text.replace("\n", ending))
        number = next(at for at, row in enumerate(text.split("\n"), 1) if row.startswith("survey = 3"))
        assert error.endswith(f"(line {number})")


def test_a_line_is_left_out_where_it_is_not_known() -> None:
    (error,) = errors_of(changed(('title = "rhipe CSP support"\n', "")))
    assert error == "title: missing"


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_a_text_that_looks_like_toml_moves_no_line(quotes: str) -> None:
    """A key inside a text of several lines is no key; what comes after is still found."""
    text = changed(
        ('title = "rhipe CSP support"', f"title = {quotes}\n[rules.closing]\nsurvey = 1\n{quotes} # [x]"),
        ("survey = true", "survey = 3"),
    )
    (error,) = errors_of(text)
    number = next(at for at, row in enumerate(text.splitlines(), 1) if row.startswith("survey = 3"))
    assert error.startswith("rules.closing.survey: ")
    assert error.endswith(f"(line {number})")


@pytest.mark.covers("WEST-17")
def test_a_referral_to_nobody_is_refused() -> None:
    rule = '[[rules.scope.rules]]\nname = "dns"\ncategories = ["dns"]\ndisposition = "refer"\n\n'
    errors = errors_of(changed(("[rules.informing]", f"{rule}[rules.informing]")), code="PolicyInvalid")
    assert [error.split(":")[0] for error in errors] == ["rules.scope.rules.dns.refer_to"]


DECLINED = """[[rules.scope.rules]]
name = "dns"
categories = ["dns"]
disposition = "decline"
explanation = "  "

"""


@pytest.mark.covers("CSS-04")
@pytest.mark.parametrize(
    ("change", "path"),
    [
        (
            ('on_incomplete = "await_information"', 'on_incomplete = "close_with_explanation"'),
            "rules.intake.incomplete_explanation",
        ),
        (
            ("[rules.informing]", DECLINED + "[rules.informing]"),
            "rules.scope.rules.dns.explanation",
        ),
    ],
)
def test_who_is_turned_away_is_told_why(change: tuple[str, str], path: str) -> None:
    (error,) = errors_of(changed(change), code="PolicyInvalid")
    assert error.startswith(f"{path}: say why")


@pytest.mark.covers("O365-08")
def test_a_level_without_any_word_on_its_target_is_refused() -> None:
    errors = errors_of(changed(("initial_response = { business_days = 1 }\n", "")), code="PolicyInvalid")
    assert [error.split(":")[0] for error in errors] == ["plans.partner-24x7.targets.P3.initial_response"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('  { impact = "low", urgency = "low", level = "P5" },\n', ""),
            "rules.matrix: give all nine cells of impact x urgency, or none",
        ),
        (
            ('{ name = "L3", title = "The vendor" }', '{ name = "L2", title = "The vendor" }'),
            "organisation.tiers: names must be unique",
        ),
        (
            ('reassignment_notice = "always"', 'phase_gates = { pilot = "A signed plan" }'),
            "organisation.phase_gates: unknown phase pilot",
        ),
    ],
    ids=["a matrix with a hole", "two tiers of one name", "a gate to no phase"],
)
def test_what_does_not_fit_together_is_refused_at_its_place(change: tuple[str, str], told: str) -> None:
    (error,) = errors_of(changed(change), code="PolicyInvalid")
    assert error.startswith(told)


def test_a_plan_that_never_opens_is_refused() -> None:
    text = SHIPPED
    for day in ("mon", "tue", "wed", "thu", "fri"):
        text = text.replace(f"{day} = [{{ opens = 07:00:00, closes = 19:00:00 }}]", f"{day} = []")
    (error,) = errors_of(text)
    assert error.startswith("plans.saas-12x5.hours: the plan never opens")


def own(place: Path, file: str, *changes: tuple[str, str]) -> None:
    (place / file).write_text(changed(*changes), encoding="utf-8")


GOLD = ('name = "rhipe-csp"', 'name = "gold"')


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    return tmp_path


def test_a_company_can_bring_its_own_policies(room: Path) -> None:
    shipped = set(policy_names())
    own(room, "acme.toml", ('name = "rhipe-csp"', 'name = "acme"'))
    own(room, "rhipe-csp.toml", ('version = "1"', 'version = "acme-1"'))
    assert set(policy_names()) == shipped | {"acme"}
    assert load_policy("acme").name == "acme"
    assert load_policy("rhipe-csp").version == "acme-1"
    assert load_policy("rhipe-csp@1").version == "1"
    assert policy_versions("rhipe-csp") == ("acme-1", "1")


def test_older_versions_are_kept_and_loaded_by_their_version(room: Path) -> None:
    own(room, "gold.toml", GOLD, ('version = "1"', 'version = "12"'))
    own(room, "gold@2.toml", GOLD, ('version = "1"', 'version = "2"'), ('within = "4h"', 'within = "3h"'))
    own(room, "gold@10.toml", GOLD, ('version = "1"', 'version = "10"'))
    assert policy_versions("gold") == ("12", "10", "2")
    assert load_policy("gold") == load_policy("gold@12")
    assert load_policy("gold@2").version == "2"
    assert policy_digest(load_policy("gold@2")) != policy_digest(load_policy("gold"))
    assert "gold@2" not in policy_names()
    with pytest.raises(PolicyUnknown, match="no version '3'; kept are 12, 10, 2"):
        load_policy("gold@3")


async def test_a_case_may_be_opened_under_an_older_version(room: Path) -> None:
    own(room, "gold.toml", GOLD, ('version = "1"', 'version = "2"'))
    own(room, "gold@1.toml", GOLD)
    compiled = TermsActivities()
    for reference, version in (("gold", "2"), ("gold@1", "1")):
        answer = await compiled.compile_terms(TermsRequest(policy=reference, at=AT))
        assert answer.terms is not None
        assert (answer.terms.policy, answer.terms.version) == ("gold", version)
        assert answer.terms.digest == policy_digest(load_policy(reference))


def test_what_is_no_file_is_no_policy(room: Path) -> None:
    (room / "gold.toml").mkdir()
    (room / "silver.toml").symlink_to(room / "nowhere")
    assert not {"gold", "silver"} & set(policy_names())


def test_two_files_cannot_be_one_version(room: Path) -> None:
    own(room, "gold.toml", GOLD)
    own(room, "gold@1.toml", GOLD, ('within = "4h"', 'within = "3h"'))
    for reference in ("gold", "gold@1"):
        with pytest.raises(PolicyInvalid, match="both claim to be gold@1"):
            load_policy(reference)


def test_a_shipped_version_cannot_be_given_other_rules(room: Path) -> None:
    own(room, "rhipe-csp.toml", ('within = "4h"', 'within = "8h"'))
    with pytest.raises(PolicyInvalid, match=r"\(own\) and .*\(shipped\) both claim to be rhipe-csp@1"):
        load_policy("rhipe-csp")


def test_an_older_version_that_cannot_be_read_does_not_touch_the_one_in_force(room: Path) -> None:
    own(room, "gold.toml", GOLD)
    (room / "gold@0.toml").write_text("name = ", encoding="utf-8")
    assert load_policy("gold").version == "1"
    with pytest.raises(PolicyInvalid, match=r"gold@0\.toml: not TOML"):
        load_policy("gold@0")


def test_a_file_of_an_older_version_says_that_version(room: Path) -> None:
    own(room, "gold@2.toml", GOLD)
    with pytest.raises(PolicyInvalid, match=r"gold@2\.toml: version: it says '1'"):
        load_policy("gold@2")


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


@pytest.mark.parametrize(
    "name",
    [
        "gold",
        "",
        "../pyproject",
        "rhipe-csp.toml",
        "/etc/passwd",
        "x\x00y",
        "@",
        "@1",
        "rhipe-csp@",
        "rhipe-csp@1@1",
    ],
)
def test_an_unknown_policy_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(PolicyUnknown, match=r"rhipe-csp|kept are 1") as caught:
        load_policy(name)
    assert caught.value.code == "PolicyValueUnknown"


def test_the_running_product_never_imports_the_holiday_library() -> None:
    program = "import sys, policies, activities.assembly; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
