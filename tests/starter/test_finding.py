"""`sunrelay find` and the filters of `list`: what somebody asks for by a name that nobody has is told so."""

import pytest

from tests.servers import dev_server
from tests.starter.conftest import Commands, complete, eventually, run

__all__ = ["dev_server", "run"]

TENANT = "Finding & Sons"
ADA = {"SUNRELAY_ACTOR_NAME": "Ada Finder"}


@pytest.fixture(scope="module")
def number(run: Commands) -> str:
    """A case of one tenant, owned by Ada; another of theirs has no owner yet."""
    flags = [
        "--phone",
        "+61 2 9374 4000",
        "--customer-reference",
        "FS-2026/77",
        "--title",
        "Frobnicator jammed",
    ]
    found = str(run.as_json("open", *complete("finding-1", TENANT), *flags)["number"])
    run.as_json("claim", found, **ADA)
    run.as_json("open", *complete("finding-2", TENANT), "--title", "Scanner lost")
    eventually(lambda: len(run.as_json("list", "--tenant", TENANT, "--owner", "Ada Finder")) == 1)
    eventually(lambda: len(run.as_json("list", "--tenant", TENANT)) == 2)
    return found


def _found(run: Commands, *words: str, **who: str) -> list[str]:
    return [one["row"]["number"] for one in run.as_json("find", *words, **who)["cases"]]


def test_a_case_is_found_by_whatever_its_customer_knows(run: Commands, number: str) -> None:
    for words in (
        [number.lower().replace("-", " ")],
        ["02 9374 4000"],
        ["fs2026 77"],
        ["frobnicator"],
        ["jammed", "frob"],
        ["frobnicatr"],
    ):
        assert _found(run, *words) == [number], words


def test_people_are_told_why_and_how_many(run: Commands, number: str) -> None:
    answer = run("find", "0293744000")
    assert number in answer.out
    assert "telephone +61 2 9374 4000" in answer.out
    assert answer.err == "1 case, 1 open, from the case store\n"
    nearly = run("find", "frobnicatr")
    assert nearly.err.startswith("nothing is spelled so; spelled nearly so: 1 case")
    assert run("find", "'\"*").err.startswith("0 cases: there is neither")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert f"the check character of {wrong} is wrong" in run("find", wrong).err
    pages = [run.as_json("find", TENANT, "--limit", "1", "--skip", skip)["cases"] for skip in ("0", "1", "2")]
    assert [len(page) for page in pages] == [1, 1, 0]


def test_who_asks_finds_what_they_may_see(run: Commands, number: str) -> None:
    mine = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": TENANT}
    assert _found(run, "frobnicator", **mine) == [number]
    stranger = {**mine, "SUNRELAY_ACTOR_TENANT": "Nobody At All"}
    for words in (number, "frobnicator", "02 9374 4000", "frobnicatr"):
        answer = run.as_json("find", words, **stranger)
        assert (answer["cases"], answer["total"], answer["nearly"]) == ([], 0, False)
    assert run("find", "frobnicator", "--tenant", TENANT, **stranger).code == 2
    vendor = run("find", "frobnicator", "-o", "json", SUNRELAY_ACTOR_KIND="vendor")
    assert (vendor.code, vendor.fault["code"]) == (3, "RoleNotPermitted")


def test_lists_narrow_by_owner_words_and_lateness_together(run: Commands, number: str) -> None:
    def listed(*flags: str, **who: str) -> list[str]:
        return [row["title"] for row in run.as_json("list", "--tenant", TENANT, *flags, **who)]

    assert listed("--mine", **ADA) == listed("--owner", "Ada Finder") == ["Frobnicator jammed"]
    assert listed("--unassigned") == ["Scanner lost"]
    assert listed("--text", "scan") == ["Scanner lost"]
    assert listed("--text", "scan", "--mine", **ADA) == []
    assert listed("--overdue") == []
    assert len(listed("--policy", "rhipe-csp")) == 2
    assert run("list", "--mine", "--unassigned", **ADA).code == 2
    assert "SUNRELAY_ACTOR_NAME" in run("list", "--mine").err


@pytest.mark.parametrize(
    ("flag", "typed", "code", "meant"),
    [
        ("--region", "sydny", "RegionUnknown", "sydney"),
        ("--offered-to", "Manilla", "RegionUnknown", "manila"),
        ("--tenant", "finding and sons", "TenantUnknown", TENANT),
        ("--tenant", "Findin", "TenantUnknown", TENANT),
        ("--owner", "Ada Findr", "EngineerNotFound", "Ada Finder"),
        ("--owner", "ada finder", "EngineerNotFound", "Ada Finder"),
        ("--policy", "rhipe-cps", "PolicyValueUnknown", "rhipe-csp"),
        ("--level", "p1", "UsageError", "P1"),
    ],
)
def test_a_name_that_nobody_has_is_refused_with_what_may_be_meant(
    run: Commands, number: str, flag: str, typed: str, code: str, meant: str
) -> None:
    answer = run("list", flag, typed, "-o", "json")
    assert answer.code in (2, 3, 4)
    assert answer.fault["code"] == code
    assert "did you mean" in answer.fault["remedy"]
    assert meant in answer.fault["remedy"]
    assert flag in answer.fault["flags"].values()


def test_every_unknown_name_is_told_at_once(run: Commands, number: str) -> None:
    answer = run("list", "--region", "sydny", "--owner", "nobody", "--tenant", "none")
    assert answer.code == 2
    assert all(word in answer.err for word in ("sydny", "nobody", "none", "sydney"))


def test_a_requester_learns_no_name_of_others(run: Commands, number: str) -> None:
    stranger = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Nobody At All"}
    answer = run("list", "--owner", "Ada Findr", **stranger)
    assert answer.code == 4
    assert "Ada Finder" not in answer.err
