"""`sunrelay policy`: files alone are read; what is wrong ends with a code, an exit code and what to do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from policies import POLICY_DIR, load_policy, policy_names
from policies.schema import SCHEMA_FILE, schema_text
from tests.starter.conftest import Commands

PRESETS = policy_names()
GOLD = """\
name = "gold"
version = "2"
title = "Gold [bold]desk\\u001b[31m"
extends = "rhipe-csp"
[[rules.levels]]
id = "P1"
initial_response = { within = "30m" }
"""


@pytest.fixture
def typed(tmp_path: Path) -> Commands:
    """Commands where there is no server, no worker and no store."""
    return Commands(tmp_path / "nowhere", "127.0.0.1:1")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    (tmp_path / "gold.toml").write_text(GOLD, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["show", "rhipe-csp"], ["schema"]])
def test_policies_are_read_without_temporal_and_the_database(arguments: list[str]) -> None:
    code = (
        "import sys, atexit; atexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr));"
        "from starter.cli.application import app; app()(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "policy", *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "typer" in loaded
    assert not loaded & {"temporalio", "sqlalchemy", "alembic", "pydantic_settings", "holidays", "workflows"}


def test_the_list_tells_of_every_policy_in_force(typed: Commands, gold: Path) -> None:
    rows = {row["name"]: row for row in typed.as_json("policy", "list", SUNRELAY_POLICY_DIR=str(gold))}
    assert set(rows) == {*PRESETS, "gold"}
    assert rows["gold"] | {"digest": None, "title": None} == {
        "name": "gold",
        "version": "2",
        "versions": ["2"],
        "title": None,
        "extends": "rhipe-csp@1",
        "levels": ["P1", "P2", "P3", "P4", "P5"],
        "plans": ["partner-24x7", "saas-24x7", "partner-branded", "saas-12x5"],
        "origin": "own",
        "digest": None,
        "errors": [],
    }
    assert {rows[name]["origin"] for name in PRESETS} == {"shipped"}
    assert len({row["digest"] for row in rows.values()}) == len(rows)


def test_the_list_for_people_shows_markup_and_escapes_as_they_are(typed: Commands, gold: Path) -> None:
    answer = typed("policy", "list", SUNRELAY_POLICY_DIR=str(gold))
    assert answer.code == 0
    assert "Gold [bold]desk\\u001b[31m" in answer.out
    assert "\x1b" not in answer.out
    assert answer.err == f"{len(PRESETS) + 1} policies, 1 of them your own\n"


def test_a_policy_with_errors_hides_no_other(typed: Commands, gold: Path) -> None:
    (gold / "bad.toml").write_text("name = ", encoding="utf-8")
    answer = typed("policy", "list", SUNRELAY_POLICY_DIR=str(gold))
    assert answer.code == 0
    assert all(name in answer.out for name in (*PRESETS, "gold", "bad"))
    assert "1 with errors" in answer.err


def test_an_older_version_is_listed_as_kept_and_shown_by_its_version(typed: Commands, gold: Path) -> None:
    older = GOLD.replace('version = "2"', 'version = "1"').replace("30m", "40m")
    (gold / "gold@1.toml").write_text(older, encoding="utf-8")
    place = {POLICY_DIR: str(gold)}
    (row,) = [row for row in typed.as_json("policy", "list", **place) if row["name"] == "gold"]
    assert row["versions"] == ["2", "1"]
    for reference, response in (("gold", "30 min"), ("gold@2", "30 min"), ("gold@1", "40 min")):
        shown = typed.as_json("policy", "show", reference, **place)
        assert shown["promises"]["partner-24x7"]["P1"]["initial_response"]["value"] == response


@pytest.mark.parametrize("name", PRESETS)
def test_a_policy_is_shown_with_every_target_and_its_mark(typed: Commands, name: str) -> None:
    policy = load_policy(name)
    shown = typed.as_json("policy", "show", name)
    assert list(shown["promises"]) == list(policy.plans)
    for promises in shown["promises"].values():
        assert list(promises) == [level.id for level in policy.rules.levels]
    marks = {value["mark"].partition(" ")[0] for value in shown["values"]}
    assert marks == {"stated", "assumed", "default"}
    page = typed("policy", "show", name)
    assert page.code == 0
    for section in ("Promises under", "Plans", "Levels", "Intake", "Scope", "Closing", "Organisation"):
        assert section in page.out


def test_no_commitment_is_said_in_so_many_words(typed: Commands) -> None:
    shown = typed.as_json("policy", "show", "o365-overview", "--plan", "standard")
    assert list(shown["promises"]) == ["standard"]
    told = {level["initial_response"]["value"] for level in shown["promises"]["standard"].values()}
    assert told == {"no commitment"}
    page = typed("policy", "show", "o365-overview", "--plan", "standard").out
    assert "no commitment" in page
    assert "Promises under standard\n" in page


def test_only_the_plan_that_is_asked_for_is_shown(typed: Commands) -> None:
    page = typed("policy", "show", "rhipe-csp", "--plan", "saas-12x5").out
    assert "saas-12x5.hours.mon" in page
    assert "partner-24x7.title" not in page
    answer = typed("policy", "show", "rhipe-csp", "--plan", "gold", "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == "PlanUnknown"
    assert "saas-12x5" in answer.fault["reason"]


def test_json_may_be_asked_for_in_either_way(typed: Commands) -> None:
    short = typed("policy", "show", "westcoast", "--json")
    assert short.record == typed.as_json("policy", "show", "westcoast")


@pytest.mark.parametrize("name", ["gold", "rhipe-csp@9", "", "../rhipe-csp"])
def test_a_policy_nobody_knows_is_refused_with_those_there_are(typed: Commands, name: str) -> None:
    answer = typed("policy", "show", name, "-o", "json")
    if "/" in name:  # it looks like a file
        assert (answer.code, answer.fault["code"]) == (2, "UsageError")
        return
    assert (answer.code, answer.fault["code"]) == (3, "PolicyValueUnknown")
    assert answer.out == ""


def test_a_good_file_is_summed_up(typed: Commands, gold: Path) -> None:
    answer = typed("policy", "check", str(gold / "gold.toml"))
    assert answer.code == 0
    first, levels, plans, found = answer.out.splitlines()
    assert first.startswith("gold@2 is a policy: Gold [bold]desk\\u001b[31m, extends rhipe-csp@1")
    assert levels == "5 levels: P1, P2, P3, P4, P5"
    assert plans == "4 plans: partner-24x7, saas-24x7, partner-branded, saas-12x5"
    assert "2 own" in found


@pytest.mark.covers("RHIPE-21", "RHIPE-24")
def test_a_bad_file_is_refused_with_every_error_on_its_own_line(typed: Commands, gold: Path) -> None:
    bad = GOLD.replace('"30m"', '"soon"') + '[regions.manila]\nzone = "MYT"\n[rules.closing]\nsurvay = true\n'
    (gold / "gold.toml").write_text(bad, encoding="utf-8")
    answer = typed("policy", "check", str(gold / "gold.toml"))
    assert answer.code == 3
    assert {line.partition(":")[0]: line.rpartition(" (")[2] for line in answer.out.splitlines()} == {
        "rules.levels.P1.initial_response.within": "line 7)",
        "regions.manila.zone": "line 9)",
        "rules.closing.survay": "line 11)",
    }
    assert "did you mean survey?" in answer.out
    assert answer.err.startswith("refused: PolicyInvalid: gold.toml has 3 errors; ")
    record = typed("policy", "check", str(gold / "gold.toml"), "-o", "json")
    assert record.record["valid"] is False
    assert record.record["errors"] == answer.out.splitlines()
    assert record.fault["code"] == "PolicyInvalid"


def test_what_is_legal_and_odd_is_a_warning(typed: Commands, gold: Path) -> None:
    odd = (
        GOLD
        + 'definition = ""\n[regions.perth]\nzone = "Australia/Perth"\ncalendar = "none"\n'
        + "[rules.intake]\nchannels = []\n"
    )
    (gold / "gold.toml").write_text(odd, encoding="utf-8")
    answer = typed("policy", "check", str(gold / "gold.toml"))
    assert answer.code == 0
    warnings = [line for line in answer.out.splitlines() if line.startswith("warning: ")]
    assert [line.split(": ")[1] for line in warnings] == [
        "rules.intake.channels",
        "rules.levels.P1.definition",
        "regions.perth.shifts",
    ]


@pytest.mark.parametrize("name", ["missing.toml", ".", "a/b"])
def test_a_file_that_cannot_be_read_is_wrong_usage(typed: Commands, tmp_path: Path, name: str) -> None:
    answer = typed("policy", "check", f"{tmp_path}/{name}")
    assert answer.code == 2
    assert name in answer.err


def test_a_difference_is_told_value_by_value(typed: Commands, gold: Path) -> None:
    file = str(gold / "gold.toml")
    found = typed.as_json("policy", "diff", "rhipe-csp@1", file)
    assert (found["a"], found["b"]) == ("rhipe-csp@1", "gold@2")
    assert (found["only_in_a"], found["only_in_b"]) == ([], [])
    title, response = found["different"]
    assert title["path"] == "title"
    assert response == {
        "path": "rules.levels.P1.initial_response",
        "a": "1 h",
        "b": "30 min",
        "mark_a": "stated RHIPE-13, RHIPE-14",
        "mark_b": "own",
    }
    answer = typed("policy", "diff", "rhipe-csp", file)
    assert answer.code == 0
    assert "30 min" in answer.out
    assert answer.err == "2 values not the same\n"


def test_what_only_one_of_two_has_is_told_as_such(typed: Commands) -> None:
    found = typed.as_json("policy", "diff", "rhipe-csp", "westcoast")
    assert "rules.levels.P1.initial_response" in {value["path"] for value in found["only_in_a"]}
    assert "rules.levels.high.rank" in {value["path"] for value in found["only_in_b"]}
    page = typed("policy", "diff", "rhipe-csp", "westcoast").out
    assert "Only in rhipe-csp@1" in page
    assert "Only in westcoast@1" in page


def test_a_policy_does_not_differ_from_itself(typed: Commands) -> None:
    answer = typed("policy", "diff", "westcoast", "westcoast@1")
    assert (answer.code, answer.out, answer.err) == (0, "", "nothing differs\n")


def test_a_new_policy_is_a_file_that_loads_and_says_what_to_do_next(typed: Commands, tmp_path: Path) -> None:
    answer = typed("policy", "new", "gold", "--extends", "rhipe-csp", "--dir", str(tmp_path))
    file = tmp_path / "gold.toml"
    assert answer.code == 0
    assert answer.out == f"{file}\n"
    assert f"sunrelay policy check {file}" in answer.err
    steps = (f"export SUNRELAY_POLICY_DIR={file.parent}", "sunrelay policy check", "sunrelay policy show")
    assert sorted(steps, key=answer.err.index) == list(steps)
    assert f"{POLICY_DIR}={tmp_path}" in answer.err
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"#:schema {SCHEMA_FILE}\n")
    assert 'extends = "rhipe-csp@1"' in text
    assert (tmp_path / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()
    assert typed("policy", "check", str(file)).code == 0
    assert typed.as_json("policy", "show", "gold", SUNRELAY_POLICY_DIR=str(tmp_path))["name"] == "gold"


def test_a_new_policy_goes_where_policies_are_read(typed: Commands, tmp_path: Path) -> None:
    made = typed.as_json(
        "policy", "new", "gold", "--extends", "westcoast@1", SUNRELAY_POLICY_DIR=str(tmp_path)
    )
    assert made == {
        "name": "gold",
        "extends": "westcoast@1",
        "file": str(tmp_path / "gold.toml"),
        "schema": str(tmp_path / SCHEMA_FILE),
    }


def test_nothing_that_is_there_is_overwritten(typed: Commands, gold: Path) -> None:
    (gold / SCHEMA_FILE).write_text("mine", encoding="utf-8")
    answer = typed("policy", "new", "gold", "--extends", "rhipe-csp", "--dir", str(gold))
    assert answer.code == 2
    assert (gold / "gold.toml").read_text(encoding="utf-8") == GOLD
    assert typed("policy", "new", "silver", "--extends", "rhipe-csp", "--dir", str(gold)).code == 0
    assert (gold / SCHEMA_FILE).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["../gold", "gold.toml", "", "a b", "x@1", "rhipe-csp", "g" * 65])
def test_a_name_that_is_none_or_taken_makes_no_file(typed: Commands, tmp_path: Path, name: str) -> None:
    answer = typed("policy", "new", name, "--extends", "rhipe-csp", "--dir", str(tmp_path))
    assert answer.code == 2
    assert not list(tmp_path.iterdir())


def test_a_policy_cannot_extend_one_that_is_not_there(typed: Commands, tmp_path: Path) -> None:
    answer = typed("policy", "new", "gold", "--extends", "rhipe-scp", "--dir", str(tmp_path), "-o", "json")
    assert (answer.code, answer.fault["code"]) == (3, "PolicyValueUnknown")
    assert "did you mean rhipe-csp?" in answer.fault["reason"]
    assert not list(tmp_path.iterdir())


def test_the_schema_is_printed_or_written(typed: Commands, tmp_path: Path) -> None:
    printed = typed("policy", "schema")
    assert json.loads(printed.out) == json.loads(schema_text())
    out = tmp_path / "schema.json"
    assert typed("policy", "schema", "--out", str(out)).code == 0
    assert out.read_text(encoding="utf-8") == schema_text()
    assert typed("policy", "schema", "--out", str(tmp_path / "no" / "where.json")).code == 2
