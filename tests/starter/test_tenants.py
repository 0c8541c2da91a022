"""The tenant directory from the command line: all or nothing, every error at once, no secret ever shown."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.tenants import TenantRecord
from starter.cli.pages.tenant import SECRET, SHOWN
from starter.imports.tenants import MAX_BYTES
from tests.servers import free_port
from tests.starter.conftest import Answer, Commands

ACME: dict[str, Any] = {
    "tenant": "acme",
    "kind": "partner",
    "plan": "premier",
    "region": "sydney",
    "zone": "Australia/Sydney",
    "calendar": "AU-NSW",
    "requesters": ["Priya Nair", "kim@acme.example"],
    "licence_source": "provider",
    "addons": ["on-premises"],
    "phase": "operate",
    "named_contacts": [
        {"name": "Priya Nair", "access_id": "s3cret-4711"},
        {"name": "Kim Ng", "access_id": "s3cret-4712"},
    ],
    "verification": {
        "admin_name": "s3cret Priya",
        "company_name": "s3cret Harbour",
        "company_address": "s3cret Quay",
        "alternate_email": "s3cret@home.example",
    },
    "authorised_contacts": ["Ana Ruiz"],
    "audiences": {"weekly": ["Kim Ng", "Ana Ruiz"]},
}
GLOBEX = {"tenant": "globex", "kind": "end_tenant", "entitled": False}
TOML = """
[[tenants]]
tenant = "acme"
kind = "partner"
zone = "Australia/Sydney"
named_contacts = [{ name = "Priya Nair", access_id = "s3cret-4711" }]

[[tenants]]
tenant = "globex"
entitled = false
"""


@pytest.fixture
def desk(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "home", None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tenants.json"


def imported(desk: Commands, *records: dict[str, Any], more: tuple[str, ...] = (), **settings: str) -> Any:
    given = json.dumps(records)
    return desk.as_json("tenant", "import", "-", *more, stdin=given, **settings)


def listed(desk: Commands, *flags: str) -> list[str]:
    return [row["tenant"] for row in desk.as_json("tenant", "list", *flags)]


def counts(new: int = 0, changed: int = 0, unchanged: int = 0, removed: int = 0) -> dict[str, Any]:
    return {"new": new, "changed": changed, "unchanged": unchanged, "removed": removed, "dry_run": False}


def refused(desk: Commands, file: Path | str, *more: str, stdin: str | None = None) -> Any:
    answer = desk("tenant", "import", str(file), *more, "-o", "json", stdin=stdin)
    assert answer.code == 3, answer.err
    assert answer.out == ""
    assert "s3cret" not in answer.err
    assert answer.fault["remedy"]
    return answer.fault


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tenants.json", json.dumps([ACME, GLOBEX], indent=2)),
        ("tenants.jsonl", f"{json.dumps(ACME)}\n\n{json.dumps(GLOBEX)}\r\n"),
        ("bom.json", "\ufeff" + json.dumps([ACME, GLOBEX])),
        ("without-a-suffix", json.dumps([ACME, GLOBEX])),
        ("tenants.toml", TOML),
    ],
)
def test_a_file_of_each_kind_is_read(desk: Commands, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert desk.as_json("tenant", "import", str(tmp_path / name)) == counts(new=2)
    assert listed(desk) == ["acme", "globex"]
    assert desk.as_json("tenant", "show", "globex")["entitled"] is False


def test_one_object_is_one_tenant(desk: Commands, file: Path) -> None:
    file.write_text(json.dumps(ACME, indent=1), encoding="utf-8")
    assert desk.as_json("tenant", "import", str(file)) == counts(new=1)


def test_an_import_says_what_it_changed_and_changes_nothing_the_second_time(desk: Commands) -> None:
    assert imported(desk, ACME, GLOBEX) == counts(new=2)
    at_first = desk.as_json("tenant", "show", "acme")
    assert imported(desk, ACME, GLOBEX | {"entitled": True}, {"tenant": "initech"}) == counts(1, 1, 1)
    assert desk.as_json("tenant", "show", "acme") == at_first
    assert desk.as_json("tenant", "show", "globex")["version"] == 2


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Commands, file: Path) -> None:
    imported(desk, ACME, GLOBEX)
    file.write_text(json.dumps([GLOBEX | {"entitled": True}]), encoding="utf-8")
    answer = desk("tenant", "import", str(file), "--dry-run", "--replace")
    assert answer.out == "0 new, 1 changed, 0 unchanged, 1 removed\n"
    assert "nothing was written" in answer.err
    assert listed(desk) == ["acme", "globex"]
    assert desk.as_json("tenant", "show", "globex")["entitled"] is False
    assert desk("tenant", "import", str(file), "--replace").out == answer.out
    assert listed(desk) == ["globex"]


def test_without_replace_nobody_is_removed(desk: Commands) -> None:
    imported(desk, ACME)
    assert imported(desk, GLOBEX) == counts(new=1)
    assert listed(desk) == ["acme", "globex"]
    assert imported(desk, GLOBEX, more=("--replace",)) == counts(unchanged=1, removed=1)


def test_who_changed_a_tenant_is_kept(desk: Commands) -> None:
    imported(desk, ACME, GLOBEX, SUNRELAY_ACTOR_NAME="Ana")
    imported(desk, ACME | {"plan": "base"}, GLOBEX, SUNRELAY_ACTOR_NAME="Bo")
    assert desk.as_json("tenant", "show", "acme")["changed_by"] == "Bo"
    assert desk.as_json("tenant", "show", "globex")["changed_by"] == "Ana"
    assert "by Bo, version 2" in desk("tenant", "show", "acme").out
    with closing(sqlite3.connect(desk.home / "cases.db")) as store:
        kept = dict(store.execute("select tenant, changed_by from tenants").fetchall())
    assert kept == {"acme": "Bo", "globex": "Ana"}


@pytest.mark.parametrize("command", [["show", "acme"], ["list"]])
@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_access_ids_and_items_are_never_shown(desk: Commands, command: list[str], format_: str) -> None:
    imported(desk, ACME)
    answer = desk("tenant", *command, "-o", format_)
    assert answer.code == 0
    assert "acme" in answer.out
    assert "s3cret" not in answer.out + answer.err


def test_of_secrets_it_is_shown_how_many_there_are(desk: Commands) -> None:
    some = {"admin_name": "s3cret", "company_name": "s3cret"}
    imported(desk, ACME, GLOBEX | {"verification": some})
    page = " ".join(desk("tenant", "show", "acme").out.split())
    assert "named contacts 2 named contacts verification items 4 of 4" in page
    shown = desk.as_json("tenant", "show", "acme")
    assert (shown["named_contacts"], shown["verification_items"]) == (2, "4 of 4")
    shown = desk.as_json("tenant", "show", "globex")
    assert (shown["named_contacts"], shown["verification_items"]) == (0, "2 of 4")
    imported(desk, {"tenant": "initech"})
    assert desk.as_json("tenant", "show", "initech")["verification_items"] == "0 of 4"


def test_everything_else_is_shown(desk: Commands) -> None:
    assert {*SHOWN, *SECRET} == set(TenantRecord.model_fields)
    imported(desk, ACME)
    shown, page = desk.as_json("tenant", "show", "acme"), desk("tenant", "show", "acme").out
    for name in set(ACME) - set(SECRET):
        assert shown[name] == ACME[name]
    for words in ("partner", "premier", "Australia/Sydney", "kim@acme.example", "weekly: Kim Ng, Ana Ruiz"):
        assert words in page
    assert "Traceback" not in page


def test_the_list_narrows_and_pages(desk: Commands) -> None:
    imported(desk, ACME, GLOBEX, {"tenant": "initech", "plan": "premier"})
    assert listed(desk, "--kind", "partner") == ["acme"]
    assert listed(desk, "--plan", "premier") == ["acme", "initech"]
    assert listed(desk, "--region", "sydney", "--phase", "operate") == ["acme"]
    assert listed(desk, "--limit", "2") == ["acme", "globex"]
    assert listed(desk, "--limit", "2", "--after", "globex") == ["initech"]
    answer = desk("tenant", "list", "--limit", "2")
    assert answer.err == "2 tenants, more with --after 'globex', from the case store\n"
    assert answer.out.splitlines()[1].split()[:2] == ["acme", "partner"]
    assert desk("tenant", "list", "--kind", "wizard").code == 2


def test_a_tenant_is_removed_once(desk: Commands) -> None:
    imported(desk, ACME, GLOBEX)
    assert desk("tenant", "remove", " acme ").out == "acme  removed\n"
    again: Answer = desk("tenant", "remove", "acme", "-o", "json")
    assert (again.code, again.fault["code"]) == (4, "TenantNotFound")
    assert listed(desk) == ["globex"]
    assert desk("tenant", "show", "Globex", "-o", "json").fault["code"] == "TenantNotFound"


def test_every_error_is_named_at_once_with_its_place_and_nothing_is_written(
    desk: Commands, file: Path
) -> None:
    imported(desk, GLOBEX)
    wrong = [
        ACME,
        {"tenant": "b", "zone": "AEST"},
        {"tenant": "c", "colour": "s3cret", "kind": "wizard"},
        {"tenant": " acme "},
        {"plan": "s3cret plan"},
        "s3cret",
        {"tenant": "d", "verification": {"admin_name": "s3cret\x07"}},
        {"tenant": "e", "named_contacts": [{"name": "Kim Ng", "access_id": "s3cret", "pin": "s3cret"}]},
        {"tenant": "f", "zone": "Mars/Olympus", "calendar": "MARS"},
    ]
    file.write_text(json.dumps(wrong), encoding="utf-8")
    fault = refused(desk, file, "--replace")
    assert fault["code"] == "ValidationError"
    assert "11 errors; nothing was written" in fault["reason"]
    assert [(one["position"], one["tenant"], one["field"]) for one in fault["problems"]] == [
        ("record 2", "b", "zone"),
        ("record 3", "c", "kind"),
        ("record 3", "c", "colour"),
        ("record 4", "acme", "tenant"),
        ("record 5", None, "tenant"),
        ("record 5", None, "plan"),
        ("record 6", None, "record"),
        ("record 7", "d", "verification.admin_name"),
        ("record 8", "e", "named_contacts.1.pin"),
        ("record 9", "f", "zone"),
        ("record 9", "f", "calendar"),
    ]
    assert listed(desk) == ["globex"]
    lines = desk("tenant", "import", str(file)).err.splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("record 2 (b): zone: a zone is an IANA name such as Australia/Sydney")
    assert lines[2] == "record 3 (c): colour: there is no such field"
    assert lines[3] == "record 4 (acme): tenant: the same tenant as record 1"
    assert lines[-1].startswith("refused: ValidationError: ")


def test_a_line_that_is_no_json_is_named_with_the_other_errors(desk: Commands, file: Path) -> None:
    file.write_text(f'{json.dumps(ACME)}\n{{"tenant": \n\n{{"tenant": "b", "zone": "AEST"}}\nNaN\n', "utf-8")
    places = [(one["position"], one["field"]) for one in refused(desk, file)["problems"]]
    assert places == [("line 2", "record"), ("line 4", "zone"), ("line 5", "record")]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('[{"tenant": "a", "plan": "x", "plan": "y"}]', "plan"),
        ('[{"tenant": "a", "verification": {"admin_name": "s3cret", "admin_name": "z"}}]', "admin_name"),
        ('[{"tenant": "a", "audiences": {"weekly": [], "weekly": ["Kim"]}}]', "weekly"),
    ],
)
def test_what_is_said_twice_is_an_error(desk: Commands, file: Path, text: str, field: str) -> None:
    file.write_text(text, encoding="utf-8")
    problems = refused(desk, file)["problems"]
    assert problems
    assert all(field in one["field"] and one["reason"] == "is given twice" for one in problems)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.json", b"", "FileEmpty"),
        ("a.json", b" \n\t", "FileEmpty"),
        ("a.json", b"[]", "FileEmpty"),
        ("a.toml", b"# nobody", "FileEmpty"),
        ("a.json", b'[{"tenant": "caf\xe9"}]', "FileNotUtf8"),
        ("a.json", "[]".encode("utf-16"), "FileEmpty"),
        ("a.json", b'[{"tenant": "acme"}', "FileMalformed"),
        ("a.json", b"tenant,kind\nacme,partner\n", "FileMalformed"),
        ("a.json", b'[{"tenant": "acme", "entitled": NaN}]', "FileMalformed"),
        ("a.json", b"[" * 100_000, "FileMalformed"),
        ("a.toml", b"[[tenants]\n", "FileMalformed"),
        ("a.toml", b'[[tenant]]\ntenant = "acme"\n', "FileMalformed"),
        ("a.toml", b'tenant = "acme"\n', "FileMalformed"),
        ("a.toml", b'[tenants]\ntenant = "acme"\nzone = "AEST"\n', "ValidationError"),
        ("a.json", b'["acme"]', "ValidationError"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_removes_nobody(
    desk: Commands, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    imported(desk, GLOBEX)
    (tmp_path / name).write_bytes(content)
    fault = refused(desk, tmp_path / name, "--replace")
    assert fault["code"] == code
    assert name in fault["reason"]
    assert "nothing was written" in fault["reason"]
    assert listed(desk) == ["globex"]


def test_a_file_of_more_than_20_mb_is_too_large(desk: Commands, file: Path) -> None:
    assert MAX_BYTES == 20 * 1024 * 1024
    text = json.dumps([GLOBEX])
    file.write_text(text + " " * (MAX_BYTES - len(text)), encoding="utf-8")
    assert desk.as_json("tenant", "import", str(file)) == counts(new=1)
    file.write_text(text + " " * (MAX_BYTES - len(text) + 1), encoding="utf-8")
    assert refused(desk, file)["code"] == "FileTooLarge"


def test_a_file_that_is_not_there_is_wrong_usage(desk: Commands, tmp_path: Path) -> None:
    for name in (str(tmp_path / "no.json"), str(tmp_path)):
        answer = desk("tenant", "import", name)
        assert answer.code == 2
        assert name in answer.err
    assert not desk.home.exists()


def test_a_refused_file_makes_no_store(desk: Commands, file: Path) -> None:
    file.write_text('[{"tenant": "a", "zone": "AEST"}]', encoding="utf-8")
    refused(desk, file)
    assert not desk.home.exists()


@pytest.mark.parametrize(
    "command", [["list"], ["show", "acme"], ["remove", "acme"], ["import", "-", "--dry-run"]]
)
def test_what_only_reads_makes_no_store(desk: Commands, command: list[str]) -> None:
    answer = desk("tenant", *command, "-o", "json", stdin=json.dumps([GLOBEX]))
    assert (answer.code, answer.fault["code"]) == (5, "StoreUnreachable")
    assert not desk.home.exists()


def test_a_store_that_is_away_is_one_line_without_its_password(desk: Commands) -> None:
    url = f"postgresql://sunrelay:hunter2@127.0.0.1:{free_port()}/cases"
    answer = desk("tenant", "import", "-", stdin=json.dumps([GLOBEX]), SUNRELAY_STORE_URL=url)
    assert answer.code == 5
    assert len(answer.err.splitlines()) == 1
    assert "127.0.0.1" in answer.err
    assert "hunter2" not in answer.err
    answer = desk("tenant", "import", "-", stdin=json.dumps([GLOBEX]), SUNRELAY_STORE_URL="mysql://x/y")
    assert answer.code == 2
    assert "SUNRELAY_STORE_URL" in answer.err


@pytest.mark.parametrize("kind", ["customer", "partner", "vendor"])
@pytest.mark.parametrize(
    "command", [["list"], ["show", "acme"], ["remove", "acme"], ["import", "-", "--replace"]]
)
def test_the_directory_is_for_our_own_people(desk: Commands, command: list[str], kind: str) -> None:
    imported(desk, ACME)
    door = {"SUNRELAY_ACTOR_KIND": kind, "SUNRELAY_ACTOR_TENANT": "acme"}
    answer = desk("tenant", *command, "-o", "json", stdin=json.dumps([GLOBEX]), **door)
    assert (answer.code, answer.fault["code"]) == (3, "RoleNotPermitted")
    assert answer.out == ""
    assert listed(desk) == ["acme"]


@pytest.mark.parametrize("name", ["' OR '1'='1", "%", "", "\x1b[31mred", "\u202eemca", "a" * 5000])
def test_a_hostile_name_finds_nobody_and_steers_no_terminal(desk: Commands, name: str) -> None:
    imported(desk, ACME)
    for command in ("show", "remove"):
        answer = desk("tenant", command, "--", name)
        assert answer.code == 4
        assert "\x1b" not in answer.err
        assert "\u202e" not in answer.err
    assert listed(desk) == ["acme"]


def test_the_examples_of_the_manual_can_be_imported(desk: Commands, tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "tenants.md").read_text(encoding="utf-8")
    for kind, names in (("toml", ["Corner Bakery", "Harbour Foods"]), ("json", ["Southern Cloud"])):
        example = tmp_path / f"example.{kind}"
        example.write_text(manual.split(f"```{kind}\n")[1].split("```")[0], encoding="utf-8")
        desk.as_json("tenant", "import", str(example), "--replace")
        assert listed(desk) == names


def test_the_manual_names_every_field() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "tenants.md").read_text(encoding="utf-8")
    for name in TenantRecord.model_fields:
        assert f"`{name}`" in manual
