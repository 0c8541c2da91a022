"""The image of ours: what is sent to be built, what it is made of, and what stays outside."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.stack import EVERY, OURS, PROFILES, PROJECT, Service, names, of_profile

_PACKAGE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_every_image_is_pinned_to_a_version(service: Service) -> None:
    _, _, tag = service.given["image"].rpartition(":")
    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?", tag)


def test_server_and_its_tools_are_one_version_and_the_one_the_tests_run() -> None:
    pinned = {service.given["image"] for service in EVERY if service.given["image"].startswith("temporalio/")}
    assert pinned == {"temporalio/server:1.32.0", "temporalio/admin-tools:1.32.0", "temporalio/ui:2.54.1"}


def test_our_image_has_the_version_of_the_package() -> None:
    assert {service.given["image"] for service in OURS} == {f"sunrelay:{_PACKAGE['project']['version']}"}


@pytest.mark.parametrize("profile", PROFILES)
def test_our_image_is_built_once_and_before_anything_of_ours_is_started(profile: str) -> None:
    """Each that builds gets an image of its own, and the last one the name: the next `up` would differ."""
    ours = [service for service in of_profile(profile).values() if service.is_ours]
    (builder,) = [service for service in ours if "build" in service.given]
    assert all(builder.name in service.needs for service in ours if service is not builder)


def _dockerfile(instruction: str) -> list[str]:
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"{instruction} ") for line in lines if line.startswith(f"{instruction} ")]


def test_our_image_is_built_on_a_pinned_one_and_runs_as_nobody_in_particular() -> None:
    build, kept = (base.partition(" AS ")[0] for base in _dockerfile("FROM"))
    assert build == kept
    assert re.search(r":3\.11\.\d+-slim-\w+$", kept)
    assert [user for user in _dockerfile("USER") if user != "root" and int(user) > 1000]


def test_the_image_holds_every_room_and_nothing_else_is_sent_to_be_built() -> None:
    *copies, kept = _dockerfile("COPY")
    copied = {part.removesuffix("/") for line in copies for part in line.split()[:-1]}
    rooms = set(_PACKAGE["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert copied == rooms | {_RUN, _BUILD, "pyproject.toml", "README.md"}
    assert (
        kept == "--from=build /srv/sunrelay /srv/sunrelay"
    )  # of the stage that builds, no source a second time
    assert all((PROJECT / name).exists() for name in copied)
    rules = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied


# --- locks --------------------------------------------------------------------------------------------------

_RUN, _BUILD, _EVERYTHING = "requirements-run.txt", "requirements-build.txt", "requirements.txt"


def _locked(name: str) -> dict[str, str]:
    """The entries of a lock by the names of their packages: version, hashes, and where they are wanted."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    entries = re.split(r"\n(?=\S)", plain.strip())
    return {canonicalize_name(Requirement(entry.split(" \\")[0]).name): entry for entry in entries}


def _named(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


@pytest.mark.parametrize("name", [_RUN, _BUILD])
def test_what_the_image_is_made_of_is_what_the_tests_run(name: str) -> None:
    everything = _locked(_EVERYTHING)
    for package, entry in _locked(name).items():
        assert entry == everything[package]
        assert "==" in entry
        assert "--hash=sha256:" in entry


def test_what_the_image_runs_is_what_the_package_needs_and_none_of_its_extras() -> None:
    locked = _locked(_RUN).keys()
    assert _named(_PACKAGE["project"]["dependencies"]) <= locked
    for extra in _PACKAGE["project"]["optional-dependencies"].values():
        assert not _named(extra) & locked
    assert _named(_PACKAGE["build-system"]["requires"]) <= _locked(_BUILD).keys()


def test_a_lock_names_no_index() -> None:
    for name in (_RUN, _BUILD, _EVERYTHING):
        assert not re.search(
            r"://|--(?:index|extra-index|find-links)", (PROJECT / name).read_text(encoding="utf-8")
        )
