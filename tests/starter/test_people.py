"""People and keys from the command line: a key is shown once, a list shows none, who may not is audited."""

import json
from pathlib import Path

import pytest

from tests.starter.conftest import Commands

KIM = ("people", "add", "Kim Ng", "--role", "customer", "--tenant", "acme")


@pytest.fixture
def desk(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "home", None)


def test_a_key_is_printed_once_with_what_to_do_with_it(desk: Commands) -> None:
    assert desk(*KIM).code == 0
    made = desk("people", "key", "Kim Ng", "--expires", "90d")
    key = made.out.strip()
    assert len(key) == len("sr_") + 8 + 1 + 52
    for said in ("shown this once", "Authorization: Bearer", f"people revoke {key[:11]}"):
        assert said in made.err
    assert key not in made.err
    for form in ("text", "json", "jsonl"):
        shown = desk("people", "list", "-o", form).out
        assert key[:11] in shown
        assert key[12:] not in shown
    assert desk.as_json("people", "revoke", key) == {"revoked": key[:11], "keys": 1}
    (kim,) = desk.as_json("people", "list")
    assert kim["keys"][0]["revoked_at"] is not None
    assert desk.as_json("people", "revoke", "Kim Ng") == {"revoked": "Kim Ng", "keys": 0}
    assert desk("people", "key", "Kim Ng", "-o", "json").fault["code"] == "PersonNotFound"


def test_a_link_is_printed_once_for_somebody_who_was_let_in(desk: Commands) -> None:
    assert desk("people", "add", "Ana Reyes", "--role", "engineer").code == 0
    made = desk("people", "link", "Ana Reyes", "--url", "https://desk.example/")
    link = made.out.strip()
    assert link.startswith("https://desk.example/link/")
    assert "signs in Ana Reyes, once" in made.err
    assert link.rpartition("/")[2] not in made.err
    assert desk.as_json("people", "link", "Ana Reyes")["link"] != link
    assert desk("people", "link", "Nobody", "-o", "json").fault["code"] == "PersonNotFound"
    assert desk("people", "revoke", "Ana Reyes").code == 0
    assert desk("people", "link", "Ana Reyes", "-o", "json").fault["code"] == "PersonNotFound"


def test_a_customer_without_a_tenant_is_refused_with_what_to_type(desk: Commands) -> None:
    refused = desk("people", "add", "Kim", "--role", "customer")
    assert refused.code == 3
    assert "belongs to a tenant" in refused.err
    assert "--tenant" in refused.err


@pytest.mark.parametrize("kind", ["customer", "partner", "vendor"])
def test_nobody_but_our_own_people_gives_credentials_and_the_audit_says_who_tried(
    desk: Commands, kind: str
) -> None:
    assert desk(*KIM).code == 0
    mal = {"SUNRELAY_ACTOR_KIND": kind, "SUNRELAY_ACTOR_TENANT": "globex", "SUNRELAY_ACTOR_NAME": "Mal"}
    for typed in (("add", "Mal", "--role", "manager"), ("key", "Kim Ng"), ("list",), ("revoke", "Kim Ng")):
        refused = desk("people", *typed, "-o", "json", **mal)
        assert (refused.code, refused.fault["code"]) == (3, "RoleNotPermitted")
    assert desk("audit", **mal).code == 3
    found = desk.as_json("audit")
    assert {one["asked"] for one in found} == {
        "people add",
        "people key",
        "people list",
        "people revoke",
        "audit list",
    }
    assert {(one["who"], one["door"], one["code"]) for one in found} == {("Mal", "cli", "RoleNotPermitted")}


def test_who_takes_cases_is_in_the_rota_where_one_is_kept(desk: Commands, tmp_path: Path) -> None:
    assert desk("people", "add", "Linh", "--role", "engineer").code == 0
    rota = tmp_path / "rota.json"
    rota.write_text(json.dumps([{"name": "Ana Ruiz", "region": "sydney"}]))
    assert desk("rota", "import", str(rota)).code == 0
    refused = desk("people", "add", "Ana", "--role", "lead", "-o", "json")
    assert (refused.code, refused.fault["code"]) == (3, "EngineerNotFound")
    assert desk("people", "add", "Ana Ruiz", "--role", "lead").code == 0
    assert desk("people", "add", "Mo", "--role", "manager").code == 0


def test_a_refusal_makes_no_store(desk: Commands) -> None:
    mal = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "globex"}
    assert desk("people", "list", **mal).code == 3
    assert not (desk.home / "cases.db").exists()
