"""A policy laid over another: what is inherited, what takes its place, where each value then comes from."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from domain.policy import SupportPolicy
from policies import POLICY_DIR, PolicyInvalid, load_policy, parse_policy, policy_names, values
from policies.beginning import new_policy
from policies.oddities import oddities

RHIPE = load_policy("rhipe-csp")


def file(text: str, name: str = "own", extends: str = "rhipe-csp", version: str = "1") -> str:
    return f'name = "{name}"\nversion = "{version}"\nextends = "{extends}"\n{text}\n'


def own(text: str) -> SupportPolicy:
    return parse_policy(file(text), "own.toml")


def errors_of(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyInvalid) as caught:
        own(text)
    return caught.value.errors


def words(policy: SupportPolicy) -> Mapping[str, str]:
    return {value.path: value.words for value in values(policy)}


def marks(policy: SupportPolicy) -> Mapping[str, str]:
    return {value.path: value.mark for value in values(policy)}


def changed(policy: SupportPolicy) -> dict[str, str | None]:
    """What is not as it is in rhipe-csp; None where it is gone."""
    before, now = words(RHIPE), words(policy)
    return {path: now.get(path) for path in {**before, **now} if before.get(path) != now.get(path)}


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", ["rhipe-csp", "rhipe-csp@1"])
def test_a_file_that_changes_nothing_promises_the_same_under_its_own_name(name: str) -> None:
    policy = parse_policy(file("", extends=name), "own.toml")
    assert (policy.name, policy.version, policy.extends) == ("own", "1", "rhipe-csp@1")
    assert changed(policy) == {}
    assert marks(policy) == marks(RHIPE)


def test_only_the_values_that_are_set_change() -> None:
    policy = own(
        """
        [[rules.levels]]
        id = "P2"
        initial_response = { within = "2h" }
        [[rules.levels]]
        id = "P4"
        update_every = "none"
        [rules.closing]
        survey = false
        """
    )
    assert changed(policy) == {
        "rules.levels.P2.initial_response": "2 h",
        "rules.levels.P4.update_every": "no commitment",
        "rules.closing.survey": "no",
    }
    assert [level.id for level in policy.rules.levels] == ["P1", "P2", "P3", "P4", "P5"]


@pytest.mark.parametrize(
    ("level", "target", "told"),
    [
        ("P3", '{ within = "8h" }', "8 h"),
        ("P2", "{ business_days = 1 }", "1 business day"),
        ("P3", '"none"', "no commitment"),
        ("P5", '{ within = "90h" }', "3 d 18 h"),
    ],
)
def test_a_target_is_one_value(level: str, target: str, told: str) -> None:
    policy = own(f'[[rules.levels]]\nid = "{level}"\ninitial_response = {target}')
    assert changed(policy) == {f"rules.levels.{level}.initial_response": told}


def test_a_new_level_comes_after_those_there_are() -> None:
    policy = own(
        """
        [[rules.levels]]
        id = "P6"
        rank = 5
        name = "Some day"
        initial_response = "none"
        definition = "A wish"
        """
    )
    assert [level.id for level in policy.rules.levels] == ["P1", "P2", "P3", "P4", "P5", "P6"]


def test_a_new_rule_of_scope_is_asked_before_the_parents() -> None:
    """The first rule that matches decides, so behind them it might never be asked."""
    policy = own(
        """
        [[rules.scope.rules]]
        name = "printers"
        categories = ["printers"]
        disposition = "refer"
        refer_to = "printer_vendor"
        [[rules.scope.rules]]
        name = "tenant_administration"
        explanation = "Ask the partner."
        [[rules.scope.rules]]
        name = "scanners"
        categories = ["scanners"]
        disposition = "best_effort"
        """
    )
    parents = [rule.name for rule in RHIPE.rules.scope.rules]
    assert [rule.name for rule in policy.rules.scope.rules] == ["printers", "scanners", *parents]
    rule = next(rule for rule in policy.rules.scope.rules if rule.name == "tenant_administration")
    assert rule.explanation == "Ask the partner."
    assert rule.categories == ("tenant_administration",)


def test_a_list_without_names_takes_the_place_of_the_whole_list() -> None:
    cells = "\n".join(
        f'{{ impact = "{impact}", urgency = "{urgency}", level = "P2" }},'
        for impact in ("high", "medium", "low")
        for urgency in ("high", "medium", "low")
    )
    policy = own(f'[rules]\nmatrix = [{cells}]\n[rules.intake]\nchannels = ["fax"]')
    assert policy.rules.intake.channels == ("fax",)
    assert {cell.level for cell in policy.rules.matrix} == {"P2"}
    assert len(policy.rules.matrix) == 9


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (
            "[plans.saas-12x5]\naround_the_clock = true",
            {
                "plans.saas-12x5.around_the_clock": "yes",
                **{f"plans.saas-12x5.hours.{day}": None for day in ("mon", "tue", "wed", "thu", "fri")},
            },
        ),
        (
            '[rules.closing]\nconfirmation = "required"\nreminder_every = "7d"',
            {
                "rules.closing.confirmation": "required",
                "rules.closing.auto_close_business_days": None,
                "rules.closing.reminder_every": "7 d",
            },
        ),
        (
            '[rules.closing]\nreopen_within = "10d"',
            {"rules.closing.reopen_business_days": None, "rules.closing.reopen_within": "10 d"},
        ),
        (
            '[plans.saas-12x5.hours]\nsat = [{ opens = 08:00:00, closes = "24:00" }]',
            {"plans.saas-12x5.hours.sat": "08:00-24:00"},
        ),
    ],
)
def test_what_contradicts_a_value_takes_its_place(text: str, changes: dict[str, str | None]) -> None:
    policy = own(text)
    assert changed(policy) == changes
    assert oddities(policy) == ()


def test_a_company_may_extend_its_own_policy_in_turn(room: Path) -> None:
    silver = '[[rules.levels]]\nid = "P1"\ninitial_response = { within = "45m" }\nupdate_every = "50m"'
    (room / "silver.toml").write_text(file(silver, name="silver", version="7"), encoding="utf-8")
    gold = file('[[rules.levels]]\nid = "P1"\nupdate_every = "20m"', name="gold", extends="silver")
    (room / "gold.toml").write_text(gold, encoding="utf-8")
    policy = load_policy("gold")
    assert policy.extends == "silver@7"
    assert changed(policy) == {
        "rules.levels.P1.initial_response": "45 min",
        "rules.levels.P1.update_every": "20 min",
    }


def test_what_is_extended_by_version_stays_when_another_comes_into_force(room: Path) -> None:
    (room / "gold.toml").write_text(file("", name="gold", extends="silver@1"), encoding="utf-8")
    for name, within in (("silver@1.toml", "45m"), ("silver.toml", "5m")):
        level = f'[[rules.levels]]\nid = "P1"\ninitial_response = {{ within = "{within}" }}'
        version = "1" if "@" in name else "2"
        (room / name).write_text(file(level, name="silver", version=version), encoding="utf-8")
    assert words(load_policy("gold"))["rules.levels.P1.initial_response"] == "45 min"


def test_a_company_may_lay_its_own_version_over_ours_of_the_same_name(room: Path) -> None:
    level = '[[rules.levels]]\nid = "P1"\ninitial_response = { within = "30m" }'
    text = file(level, name="rhipe-csp", extends="rhipe-csp@1", version="ours-1")
    (room / "rhipe-csp.toml").write_text(text, encoding="utf-8")
    policy = load_policy("rhipe-csp")
    assert (policy.version, policy.extends) == ("ours-1", "rhipe-csp@1")
    assert words(policy)["rules.levels.P1.initial_response"] == "30 min"


@pytest.mark.covers("RHIPE-21")
@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("[rules.informing]\nwarn_at_share = 1.5", {"rules.informing.warn_at_share": 5}),
        ('[[rules.levels]]\nid = "P1"\nrank = 1', {"rules.levels": 4}),
        ('[[rules.levels]]\nid = "P1"\nupdate_every = "soon"', {"rules.levels.P1.update_every": 6}),
        ('[rules.intake]\nphone_first_levels = ["P1", "P9"]', {"rules.intake.phone_first_levels": 5}),
        ('default_plan = "gold"', {"default_plan": 4}),
        (
            "[rules.closing]\nreopen_business_days = 0\nsurvay = true",
            {"rules.closing.reopen_business_days": 5, "rules.closing.survay": 6},
        ),
        ("[plans.gold]\naround_the_clock = true", {"plans.gold.title": 4}),
        ("[[rules.levels]]\nid = 'P1'\n[[rules.levels]]\nid = 'P1'\nname = 'x'", {"rules.levels": 4}),
        (
            "[[rules.levels]]\nname = 'Critical'\ninitial_response = 'none'",
            {"rules.levels.Critical.id": None, "rules.levels.Critical.rank": None},
        ),
        ("rules = 3", {"rules": 4}),
        ("[rules]\nlevels = 3", {"rules.levels": 5}),
    ],
)
def test_an_override_that_breaks_a_constraint_is_refused_with_its_path(
    text: str, errors: dict[str, int | None]
) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        own(text)
    assert caught.value.code == "PolicyInvalid"
    assert {error.split(":")[0] for error in caught.value.errors} == set(errors)
    for path, line in errors.items():
        (error,) = [error for error in caught.value.errors if error.startswith(f"{path}: ")]
        assert line is None or error.endswith(f"(line {line})")


@pytest.mark.parametrize("missing", ["name", "version"])
def test_name_and_version_are_never_inherited(missing: str) -> None:
    text = "\n".join(line for line in file("").splitlines() if not line.startswith(missing))
    with pytest.raises(PolicyInvalid, match=f"{missing}: missing"):
        parse_policy(text, "own.toml")


def test_a_parent_that_is_not_there_is_named_with_the_chain(room: Path) -> None:
    (room / "silver.toml").write_text(file("", name="silver", extends="bronze"), encoding="utf-8")
    (room / "gold.toml").write_text(file("", name="gold", extends="silver"), encoding="utf-8")
    with pytest.raises(PolicyInvalid) as caught:
        load_policy("gold")
    assert caught.value.origin == "silver.toml"
    (error,) = caught.value.errors
    assert error.startswith("extends: unknown policy 'bronze'")
    assert error.endswith("gold@1 -> silver@1 -> bronze")


@pytest.mark.parametrize("chain", [["gold"], ["gold", "silver"], ["gold", "silver", "bronze"]])
def test_a_circle_is_named_with_the_chain(room: Path, chain: list[str]) -> None:
    for name, parent in zip(chain, [*chain[1:], chain[0]], strict=True):
        (room / f"{name}.toml").write_text(file("", name=name, extends=parent), encoding="utf-8")
    with pytest.raises(PolicyInvalid, match="extends: a circle, ") as caught:
        load_policy("gold")
    assert str(caught.value).endswith(" -> ".join(f"{name}@1" for name in [*chain, "gold"]))


def test_an_error_of_the_parent_is_told_as_the_parents(room: Path) -> None:
    bad = file("[rules.closing]\nsurvey = 3", name="silver")
    (room / "silver.toml").write_text(bad, encoding="utf-8")
    (room / "gold.toml").write_text(file("", name="gold", extends="silver"), encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=r"^silver\.toml: rules\.closing\.survey"):
        load_policy("gold")


def test_a_value_of_our_own_carries_no_mark_of_the_guide() -> None:
    policy = own(
        """
        [[rules.levels]]
        id = "P1"
        initial_response = { within = "30m" }
        [[rules.levels]]
        id = "P6"
        rank = 5
        name = "Some day"
        initial_response = "none"
        """
    )
    before, now = marks(RHIPE), marks(policy)
    assert {path for path in before if before[path] != now[path]} == {"rules.levels.P1.initial_response"}
    assert now["rules.levels.P1.initial_response"] == "own"
    assert now["rules.levels.P6.rank"] == "own"
    assert now["rules.levels.P1.update_every"] == "assumed RHIPE-38, GAP-10"


def test_a_value_of_our_own_carries_our_own_mark_where_there_is_one() -> None:
    policy = own(
        """
        [[rules.levels]]
        id = "P1"
        initial_response = { within = "30m" }
        [rules.closing]
        survey = false
        [sources]
        "rules.levels.P1" = "stated contract 2026, section 3"
        """
    )
    now = marks(policy)
    assert now["rules.levels.P1.initial_response"] == "stated contract 2026, section 3"
    assert now["rules.closing.survey"] == "own"
    assert now["rules.closing.reopen_business_days"] == marks(RHIPE)["rules.closing.reopen_business_days"]
    assert oddities(policy) == ()


def test_a_mark_that_is_none_is_refused() -> None:
    (error,) = errors_of('[sources]\n"rules.closing" = "guessed"')
    assert error.startswith("sources.")


def test_a_mark_for_no_value_is_odd() -> None:
    policy = own('[sources]\n"rules.level.P1" = "stated contract"')
    (odd,) = oddities(policy)
    assert "rules.level.P1" in odd


@pytest.mark.parametrize("name", policy_names())
def test_every_example_in_a_new_file_is_true_of_what_it_extends(name: str) -> None:
    """With no sign of comment taken away it changes nothing; with all of them, all of it is read."""
    text = new_policy("gold", load_policy(name))
    assert words(parse_policy(text, "gold.toml")) == {**words(load_policy(name)), "title": "gold"}
    examples = [line.removeprefix("# ") if _is_toml(line) else line for line in text.splitlines()]
    policy = parse_policy("\n".join(examples), "gold.toml")
    assert policy.rules.scope.rules[0].name == "printers"
    assert "extended-hours" in policy.plans
    first = policy.rules.levels[0].id
    assert marks(policy)[f"rules.levels.{first}.initial_response"] == "stated contract 2026, section 3"
    assert marks(policy)["rules.closing.survey"] == "own"


def _is_toml(line: str) -> bool:
    return line.startswith(("# [", '# "')) or (line.startswith("# ") and " = " in line)


def test_a_level_slower_than_a_less_urgent_one_is_refused() -> None:
    response, updates = errors_of(
        '[[rules.levels]]\nid = "P1"\ninitial_response = { within = "9h" }\nupdate_every = "2d"'
    )
    assert response.startswith("rules.levels.P1.initial_response: 9 h at P1 is slower than 4 h at P2")
    assert updates.startswith("rules.levels.P1.update_every: 48 h at P1 is slower than 2 h at P2")


def test_business_days_slower_than_fewer_at_a_less_urgent_level_are_refused() -> None:
    levels = ("P1", 2), ("P2", 1)
    rows = (
        f'[[rules.levels]]\nid = "{level}"\ninitial_response = {{ business_days = {n} }}'
        for level, n in levels
    )
    (error,) = errors_of("\n".join(rows))
    assert error.startswith(
        "rules.levels.P1.initial_response: 2 business days at P1 is slower than 1 business"
    )
